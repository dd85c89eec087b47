"""Imports run one way, pure modules stay pure, and nothing slow is imported before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generator" / "saga_scaffold"

# From the bottom up; a module may import from its own layer and from those before it.
LAYERS = [
    {"errors", "assets", "__init__"},
    {"language"},
    {"spec"},
    {"architecture"},
    {"architect", "project"},
    {"regenerate"},
    {"smoke", "console", "source", "report", "samples"},
    {"understand"},
    {"build"},
    {"account", "regeneration"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
PURE = ["language", "spec", "architecture"]
IMPURE = {"os", "subprocess", "socket", "time", "random", "tempfile", "openai", "typer"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def layer_of(part: str) -> int:
    return next(index for index, layer in enumerate(LAYERS) if part in layer)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    mine = layer_of(part_of(path))
    for name in imports_of(path):
        if name.startswith("saga_scaffold.") and not name.startswith("saga_scaffold.__version__"):
            assert layer_of(name.split(".")[1]) <= mine, f"{path} imports {name}"


@pytest.mark.parametrize("path", [p for p in modules() if part_of(p) in PURE], ids=lambda path: path.stem)
def test_pure_modules_touch_no_outside_world(path: Path) -> None:
    assert not IMPURE & {name.split(".")[0] for name in imports_of(path)}


def test_only_one_module_imports_openai() -> None:
    importers = {
        part_of(p) + "/" + p.name for p in modules() if any(n.split(".")[0] == "openai" for n in imports_of(p))
    }

    assert importers <= {"architect/openai.py"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_import_nothing_slow(arguments: list[str]) -> None:
    script = (
        "import sys; from saga_scaffold import cli\n"
        f"sys.argv = ['saga-scaffold', *{arguments}]\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "heavy = {'black', 'cookiecutter', 'openai', 'jinja2', 'pydantic', 'yaml'}\n"
        "print(*{m.split('.')[0] for m in sys.modules} & heavy)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=True)

    assert done.stdout.splitlines()[-1] == ""

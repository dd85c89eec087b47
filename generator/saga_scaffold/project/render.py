"""Plan to tree: cookiecutter for what there is once, Jinja for what carries the saga, the runtime copied as it lies."""

import re
import tempfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from saga_scaffold import assets
from saga_scaffold.architecture.write import write_architecture
from saga_scaffold.project.plan import Plan
from saga_scaffold.project.tree import Tree
from saga_scaffold.project.view import code, docs
from saga_scaffold.spec.dump import dump_spec

# Stored without their dot, so that no nested .gitignore or workflow acts on the repository that holds the templates.
_DOTTED = {name: f".{name}" for name in ("dockerignore", "env.example", "github", "gitignore")}
_PER_CONTEXT = re.compile(r"(?<=contexts/)(|test_)context(?=\.py$)")
_NOT_COPIED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def render(plan: Plan) -> Tree:
    """Every file of the project but its record, as rendered: not yet formatted."""
    tree = {PurePosixPath("saga.yaml"): dump_spec(plan.spec)}
    tree[PurePosixPath("architecture.md")] = write_architecture(plan.spec)
    tree[PurePosixPath("docs/asyncapi.yaml")] = _yaml(plan.asyncapi)
    tree[PurePosixPath("deploy/topics.yaml")] = _yaml(plan.topics)
    source = PurePosixPath("src", plan.package)
    tree |= {source / f"orchestrator/definitions/v{one}.json": text for one, text in plan.definitions.items()}
    tree |= {source / path: text for path, text in runtime().items()}
    tree |= _rendered(plan)
    tree |= _once(plan)
    return dict(sorted(tree.items()))


@cache
def runtime() -> Tree:
    """The part of a project that is the same in all of them, by path below its package."""
    root = assets.path("templates", "runtime")
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and not _NOT_COPIED & set(path.parts))
    found = {PurePosixPath(path.relative_to(root).as_posix()): path.read_text(encoding="utf-8") for path in files}
    found.pop(PurePosixPath("__init__.py"))
    return found


def _rendered(plan: Plan) -> dict[PurePosixPath, str]:
    environment = _environment()
    tree: dict[PurePosixPath, str] = {}
    for name in environment.list_templates(extensions=["jinja"]):
        target = name.removesuffix(".jinja").replace("src/package/", f"src/{plan.package}/")
        if _PER_CONTEXT.search(target):
            for context in plan.contexts:
                path = PurePosixPath(_PER_CONTEXT.sub(rf"\g<1>{context.module}", target))
                tree[path] = environment.get_template(name).render(plan=plan, context=context)
        else:
            tree[PurePosixPath(target)] = environment.get_template(name).render(plan=plan)
    return tree


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(assets.path("templates", "saga")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {
        "literal": code.literal,
        "md": docs.text,
        "docstring": code.docstring,
        "arguments": _arguments,
    }
    return environment


def _arguments(call: Any) -> str:
    """What stands between the parentheses of a call."""
    return ", ".join(f"{one.name}={one.value}" for one in call.arguments)


def _once(plan: Plan) -> dict[PurePosixPath, str]:
    """The files of templates/project, by way of a temporary directory, since cookiecutter writes to one."""
    from cookiecutter.generate import generate_files

    template = assets.path("templates", "project")
    context = {"cookiecutter": _cookiecutter(plan)}
    with tempfile.TemporaryDirectory(prefix="saga-scaffold-") as scratch:
        root = Path(generate_files(str(template), context=context, output_dir=scratch, accept_hooks=False))
        files = (path for path in sorted(root.rglob("*")) if path.is_file())
        return {_dotted(path.relative_to(root)): path.read_text(encoding="utf-8") for path in files}


def _cookiecutter(plan: Plan) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "package": plan.package,
        "script": plan.script,
        "summary": plan.summary.replace("\\", "\\\\").replace('"', '\\"'),
        "contexts": {"names": [context.name for context in plan.contexts]},
        "_jinja2_env_vars": {"trim_blocks": True, "lstrip_blocks": True},
    }


def _dotted(path: Path) -> PurePosixPath:
    parts = [_DOTTED.get(part, part) for part in path.parts]
    return PurePosixPath(*parts[:-1], parts[-1].removesuffix(".template"))


def _yaml(document: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)

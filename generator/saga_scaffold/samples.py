"""Samples: complete projects with real handlers, that come with saga-scaffold and that `new --sample` copies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from saga_scaffold import assets
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.lock import FOLDER, base_path
from saga_scaffold.project.tidy import format_python
from saga_scaffold.project.tree import Tree
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec

_NOT_PART = {"__pycache__", ".venv", "data", ".pytest_cache", ".mypy_cache", ".hypothesis"}


@dataclass(frozen=True)
class Sample:
    """A sample: its saga, and by path what was written by hand, in place of or beside what was generated."""

    name: str
    spec: SagaSpec
    by_hand: Mapping[PurePosixPath, str]

    @property
    def summary(self) -> str:
        """What it is about, in one line."""
        return " ".join(self.spec.summary.split())


def samples() -> tuple[Sample, ...]:
    """Every sample, by name."""
    root = assets.path("samples")
    folders = (path for path in sorted(root.iterdir()) if (path / "saga.yaml").is_file())
    return tuple(_sample(folder) for folder in folders)


def sample(name: str) -> Sample:
    """The sample of that name; raises `ScaffoldError` naming those there are."""
    found = {one.name: one for one in samples()}
    if name not in found:
        raise ScaffoldError(f"there is no sample `{name}`", f"there are: {', '.join(found)}")
    return found[name]


def renamed(one: Sample, tree: Tree, package: str) -> Tree:
    """The tree of the sample's saga under another package name, with what was written by hand in it."""
    by_hand = {_moved(path, one, package): _named(text, one, package) for path, text in one.by_hand.items()}
    # Another name has another length, so lines may break elsewhere.
    return {**tree, **{path: format_python(text) if path.suffix == ".py" else text for path, text in by_hand.items()}}


def _sample(folder: Path) -> Sample:
    spec = load_spec((folder / "saga.yaml").read_text(encoding="utf-8"), str(folder / "saga.yaml"))
    return Sample(folder.name, spec, dict(_by_hand(folder)))


def _by_hand(folder: Path) -> list[tuple[PurePosixPath, str]]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    parts = ((PurePosixPath(path.relative_to(folder).as_posix()), path) for path in files)
    return [
        (relative, text)
        for relative, path in parts
        if relative.parts[0] != FOLDER.name and not _NOT_PART & set(relative.parts)
        if (text := path.read_text(encoding="utf-8")) != _generated(folder, relative)
    ]


def _generated(folder: Path, path: PurePosixPath) -> str | None:
    base = folder / base_path(path)
    return base.read_text(encoding="utf-8") if base.is_file() else None


def _moved(path: PurePosixPath, one: Sample, package: str) -> PurePosixPath:
    return PurePosixPath(*(package if part == one.spec.package else part for part in path.parts))


def _named(text: str, one: Sample, package: str) -> str:
    """The text with the package's name replaced where it stands as a word, with underscores or with dashes."""
    old = one.spec.package
    text = re.sub(rf"\b{re.escape(old)}\b", package, text)
    dashed = old.replace("_", "-")
    return text if dashed == old else re.sub(rf"\b{re.escape(dashed)}\b", package.replace("_", "-"), text)

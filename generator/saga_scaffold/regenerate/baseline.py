"""What the generator wrote last: lock.json and base/. Without it nothing can be told apart, so nothing is touched."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from saga_scaffold import __version__
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.history import Recorded
from saga_scaffold.project.lock import BASE, LOCK, LOCK_VERSION, base_path, spec_path
from saga_scaffold.project.tidy import formatter
from saga_scaffold.project.tree import Tree, digest
from saga_scaffold.regenerate.layout import plain
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec

SPEC = PurePosixPath("saga.yaml")


@dataclass(frozen=True)
class Baseline:
    """The project as it was generated: every file whose recorded hash still fits, and the version of its structure.

    `doubtful` are files whose record does not fit: they count as their owner's. `formatted` has texts as the formatter
    of today writes them, by the hash that they had before.
    """

    tree: Tree
    doubtful: frozenset[PurePosixPath]
    version: int
    generator: str
    formatted: Mapping[str, str]

    @property
    def spec(self) -> SagaSpec:
        """The saga that it was generated from."""
        return load_spec(self.tree[SPEC], str(base_path(SPEC)))


def read_baseline(project: Path) -> Baseline:
    """The record of a project; raises `ScaffoldError` where there is none, or none that this generator can read."""
    lock = _lock(project)
    files = lock.get("files")
    if not isinstance(files, Mapping) or not all(isinstance(path, str) for path in files):
        raise _not_ours(project, "it has no list of files")
    known = {PurePosixPath(path): _kept(project, PurePosixPath(path)) for path in files if _is_inside(path)}
    fits = {path: text for path, text in known.items() if text is not None and digest(text) == files[str(path)]}
    if SPEC not in fits:
        hint = f"restore `{BASE}` and `{LOCK}` from version control; they belong to the project and are committed"
        raise ScaffoldError(f"the record of `{SPEC}` in `{BASE}` is missing, or was changed", hint)
    return Baseline(
        fits,
        frozenset(known.keys() - fits.keys()),
        _version(project, lock, known.keys()),
        str(lock.get("generator", "")),
        _formatted(lock, fits),
    )


def read_history(project: Path, baseline: Baseline, package: str) -> tuple[Recorded, ...]:
    """The recorded versions before the current one that have not been dropped, oldest first."""
    paths = {version: definition_path(package, version) for version in range(1, baseline.version)}
    kept = [version for version, path in paths.items() if path in baseline.tree or path in baseline.doubtful]
    return tuple(_recorded(project, version, baseline.tree.get(paths[version])) for version in kept)


def _recorded(project: Path, version: int, definition: str | None) -> Recorded:
    """A version that running sagas may need: without its record nothing is touched."""
    path = spec_path(version)
    spec = project / path
    if definition is None or not spec.is_file():
        missing = f"`{path}`" if definition else f"the definition of v{version} in `{BASE}`"
        hint = "restore it from version control; running sagas need it until the version is dropped"
        raise ScaffoldError(f"{missing} is missing, or was changed", hint)
    return Recorded(version, load_spec(spec.read_text(encoding="utf-8"), str(path)), definition)


def definition_path(package: str, version: int) -> PurePosixPath:
    """Where the definition of a version lies in a project."""
    return PurePosixPath("src", package, "orchestrator", "definitions", f"v{version}.json")


def _lock(project: Path) -> dict[str, Any]:
    path = project / LOCK
    if not path.is_file():
        hint = "run it in a directory that `saga-scaffold new` wrote, or restore `.saga-scaffold` from version control"
        raise ScaffoldError(f"`{project}` is no project of saga-scaffold: there is no `{LOCK}`", hint)
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as problem:
        raise _not_ours(project, str(problem)) from None
    if not isinstance(lock, dict) or not isinstance(lock.get("version"), int):
        raise _not_ours(project, "it names no version")
    if lock["version"] > LOCK_VERSION:
        generator = lock.get("generator", "a newer one")
        raise _newer(generator)
    if _numbers(str(lock.get("generator", ""))) > _numbers(__version__):
        raise _newer(lock["generator"])
    return lock


def _newer(generator: object) -> ScaffoldError:
    told = f"`{LOCK}` was written by saga-scaffold {generator}, which is newer than this one ({__version__})"
    return ScaffoldError(told, "install that version or a later one")


def _numbers(version: str) -> tuple[int, ...]:
    """`1.10.2` as numbers that can be compared; empty for what is no version."""
    parts = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, parts[0].split("."))) if parts else ()


def _version(project: Path, lock: Mapping[str, Any], paths: Collection[PurePosixPath]) -> int:
    """The current version of the structure: the newest definition that is recorded."""
    version = lock.get("definition")
    found = (re.fullmatch(r"v([1-9]\d*)\.json", path.name) for path in paths if path.parent.name == "definitions")
    newest = max((int(one[1]) for one in found if one), default=None)
    if not isinstance(version, int) or version != newest:
        raise _not_ours(project, f"version {version} of the structure is not the newest that it lists")
    return newest


def _formatted(lock: Mapping[str, Any], tree: Tree) -> dict[str, str]:
    drafts = lock.get("drafts")
    if lock.get("formatter") != formatter() or not isinstance(drafts, Mapping):
        return {}
    found = ((str(draft), tree.get(PurePosixPath(path))) for path, draft in drafts.items())
    return {draft: text for draft, text in found if text is not None}


def _kept(project: Path, path: PurePosixPath) -> str | None:
    try:
        return plain((project / base_path(path)).read_bytes().decode())
    except (OSError, UnicodeDecodeError):
        return None


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts


def _not_ours(project: Path, why: str) -> ScaffoldError:
    hint = f"restore `{project / LOCK}` from version control; it is not meant to be edited"
    return ScaffoldError(f"`{LOCK}` cannot be read: {why}", hint)

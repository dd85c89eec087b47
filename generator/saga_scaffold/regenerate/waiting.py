"""A regeneration that waits for its owner: files hold conflicts, the new record waits, the old files are kept."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from saga_scaffold.errors import Place, ScaffoldError
from saga_scaffold.project.lock import FOLDER
from saga_scaffold.regenerate.journal import Changes, read
from saga_scaffold.regenerate.lines import marked_lines
from saga_scaffold.regenerate.settled import settled
from saga_scaffold.regenerate.verdict import Row

WAITING = FOLDER / "waiting"
_NEXT, _BEFORE, _INDEX = WAITING / "next", WAITING / "before", WAITING / "index.json"


def is_waiting(project: Path) -> bool:
    """Whether conflicts of an earlier run have not been resolved yet."""
    return (project / _INDEX).is_file()


def refuse(project: Path) -> None:
    """Raises `ScaffoldError` while conflicts wait: nothing new begins before."""
    if is_waiting(project):
        hint = "resolve them and run `saga-scaffold regenerate --continue`, or `--abort` to go back"
        raise ScaffoldError("the conflicts of the last regeneration are not resolved yet", hint)


def kept_back(record: Changes, rows: tuple[Row, ...], yours: Mapping[PurePosixPath, str | None]) -> Changes:
    """What is written instead of the record: the record to come, and the files as they were, for `--abort`."""
    touched = [row.path for row in rows if row.text is not None or row.verdict.value == "removed"]
    index = {
        "record": {str(path): text is not None for path, text in record.items()},
        "touched": {str(path): yours.get(path) is not None for path in touched},
        "conflicts": [str(row.path) for row in rows if row.conflicts],
    }
    held: dict[PurePosixPath, str | None] = {_INDEX: json.dumps(index, indent=2) + "\n"}
    held |= {_held(_NEXT, path): text for path, text in record.items() if text is not None}
    held |= {_held(_BEFORE, path): text for path in touched if (text := yours.get(path)) is not None}
    return held


def unresolved(project: Path) -> Iterator[Place]:
    """Where every conflict is that is left."""
    for name in _index(project)["conflicts"]:
        for line in marked_lines(read(project, PurePosixPath(name)) or ""):
            yield Place(name, line)


def continued(project: Path) -> Changes:
    """The changes that make the record current; raises `ScaffoldError` while something is unresolved."""
    if not is_waiting(project):
        raise ScaffoldError("there is nothing to continue", "run `saga-scaffold regenerate` first")
    left = list(unresolved(project))
    if left:
        raise ScaffoldError(
            f"there are conflicts left: {', '.join(map(str, left))}",
            "resolve them, then run `regenerate --continue` again",
        )
    index = _index(project)
    for name in index["conflicts"]:
        _refuse_broken(project, name)
    record = {PurePosixPath(name) for name, there in index["record"].items() if there}
    gone: Changes = {PurePosixPath(name): None for name, there in index["record"].items() if not there}
    return {**gone, **{path: read(project, _held(_NEXT, path)) for path in record}, **_cleared(project)}


def laid_out(project: Path) -> Iterator[tuple[PurePosixPath, str, str]]:
    """The Python files that held conflicts and are not laid out as before: path, text, and the text as it should be."""
    for path in map(PurePosixPath, _index(project)["conflicts"]):
        text = read(project, path)
        if text is not None and path.suffix == ".py":
            new = settled(text, read(project, _held(_BEFORE, path)))
            if new != text:
                yield path, text, new


def aborted(project: Path) -> Changes:
    """The changes that bring the files back as they were; raises `ScaffoldError` where nothing waits."""
    if not is_waiting(project):
        raise ScaffoldError("there is nothing to abort", "run `saga-scaffold regenerate` to begin")
    touched = {PurePosixPath(name): there for name, there in _index(project)["touched"].items()}
    before = {path: read(project, _held(_BEFORE, path)) if there else None for path, there in touched.items()}
    return {**before, **_cleared(project)}


def _refuse_broken(project: Path, name: str) -> None:
    text = read(project, PurePosixPath(name))
    if text is None or not name.endswith(".py"):
        return
    try:
        compile(text, name, "exec")
    except (SyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        raise ScaffoldError(
            f"{name}:{line or 1}: it is not Python any more: {problem.args[0]}", "correct it, then continue"
        ) from None


def _held(folder: PurePosixPath, path: PurePosixPath) -> PurePosixPath:
    return folder / path.parent / f"{path.name}.held"


def _index(project: Path) -> dict[str, dict[str, bool]]:
    index: dict[str, dict[str, bool]] = json.loads(read(project, _INDEX) or "{}")
    return index


def _cleared(project: Path) -> Changes:
    files = (path for path in (project / WAITING).rglob("*") if path.is_file())
    return {PurePosixPath(path.relative_to(project).as_posix()): None for path in files}

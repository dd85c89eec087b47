"""All or nothing, on files that are there: staged beside them, committed by one rename, then applied.

Below `.saga-scaffold/pending` lie the new contents. The rename of `journal.json` into place is the commit: before it
nothing has happened, after it everything will, by this run or by the next. The journal has the hash of each file before
and after.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, count
from pathlib import Path, PurePosixPath

from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.lock import FOLDER, LOCK
from saga_scaffold.project.tree import digest

PENDING = FOLDER / "pending"
PROPOSED = ".proposed"
_JOURNAL, _STAGED = "journal.json", "new"

Changes = Mapping[PurePosixPath, str | None]
"""The text of each file afterwards; None removes it."""
Step = Callable[[str], None]


def apply(
    project: Path, changes: Changes, seen: Mapping[PurePosixPath, str | None], step: Step = lambda told: None
) -> None:
    """Write all changes, the lock last. `seen` is what was read before: a file that differs now stops it, unharmed.

    `step` is told before each thing that lasts.
    """
    _refuse_escapes(project, changes)
    pending = project / PENDING
    shutil.rmtree(pending, ignore_errors=True)
    try:
        _stage(project, pending, changes, step)
        _refuse_changed(project, changes, seen)
        step("commit")
        os.replace(pending / f"{_JOURNAL}.tmp", pending / _JOURNAL)
    except OSError as problem:
        shutil.rmtree(pending, ignore_errors=True)
        hint = "nothing was changed; make room, or check the permissions"
        raise ScaffoldError(f"cannot write to `{project}`: {_told(problem)}", hint) from None
    except BaseException:
        if not (pending / _JOURNAL).exists():
            shutil.rmtree(pending, ignore_errors=True)
        raise
    finish(project, step)


def interrupted(project: Path) -> bool:
    """Whether a run was killed after its commit; what was staged before one counts for nothing."""
    return (project / PENDING / _JOURNAL).exists()


def recover(project: Path) -> tuple[str, ...] | None:
    """Finishes what was committed, and tells what `finish` does; throws away what was only staged, and gives None."""
    if interrupted(project):
        return finish(project)
    shutil.rmtree(project / PENDING, ignore_errors=True)
    return None


def finish(project: Path, step: Step = lambda told: None) -> tuple[str, ...]:
    """Apply what is committed; again from the start does no harm. A file that was changed since keeps what it has.

    Returns where the new text of each such file lies. Raises `ScaffoldError` where it cannot go on.
    """
    pending = project / PENDING
    journal = json.loads((pending / _JOURNAL).read_text(encoding="utf-8"))
    try:
        aside = [_applied(project, path, journal[path], step) for path in sorted(journal, key=_lock_last)]
        step("clean up")
        os.replace(pending / _JOURNAL, pending / "done.json")
        shutil.rmtree(pending)
    except OSError as problem:
        hint = "what is left to do is kept: make room, or check the permissions, then run `saga-scaffold regenerate`"
        raise ScaffoldError(f"cannot go on writing to `{project}`: {_told(problem)}", hint) from None
    return tuple(filter(None, aside))


def _lock_last(path: str) -> tuple[bool, str]:
    return path == str(LOCK), path


def _applied(project: Path, path: str, hashes: Sequence[str | None], step: Step) -> str | None:
    """One change; where its owner was faster, the name beside the file under which the new text lies."""
    before, after = hashes
    target, staged = project / path, project / PENDING / _STAGED / path
    step(f"apply {path}")
    if (there := _digest(target)) == after:
        return None
    if there != before:
        return _put_aside(project, PurePosixPath(path), staged)
    if after is None:
        target.unlink()
        _remove_empty(target.parent, project)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staged, target)
    return None


def _put_aside(project: Path, path: PurePosixPath, staged: Path) -> str | None:
    if not staged.exists():
        return None
    beside = free_place(project, path)
    os.replace(staged, project / beside)
    return str(beside)


def free_place(project: Path, path: PurePosixPath, text: str | None = None) -> PurePosixPath:
    """The name beside a file for a proposal: one that nothing has, unless it is `text` already."""
    endings = chain([""], (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{path.name}{PROPOSED}{ending}") for ending in endings)
    return next(name for name in names if not (project / name).exists() or read(project, name) == text)


def _stage(project: Path, pending: Path, changes: Changes, step: Step) -> None:
    for path, text in changes.items():
        step(f"stage {path}")
        current = project / path
        if current.exists() and not os.access(current, os.W_OK):
            raise PermissionError(13, f"`{path}` is read-only")
        _refuse_closed(project, current.parent)
        if text is not None:
            staged = pending / _STAGED / path
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_text(text, encoding="utf-8", newline="\n")
            if current.exists():
                shutil.copymode(current, staged)
    journal = {
        str(path): (_digest(project / path), None if text is None else digest(text)) for path, text in changes.items()
    }
    pending.mkdir(parents=True, exist_ok=True)
    (pending / f"{_JOURNAL}.tmp").write_text(json.dumps(journal, indent=2), encoding="utf-8")


def _refuse_closed(project: Path, directory: Path) -> None:
    """A file is replaced and removed by its directory, which must allow it before anything is committed."""
    while not directory.exists():
        directory = directory.parent
    if not os.access(directory, os.W_OK | os.X_OK):
        raise PermissionError(13, f"the directory `{directory.relative_to(project)}` is read-only")


def _refuse_changed(project: Path, changes: Changes, seen: Mapping[PurePosixPath, str | None]) -> None:
    for path in changes:
        if path in seen and read(project, path) != seen[path]:
            hint = "nothing was changed; save your files and run it again"
            raise ScaffoldError(f"`{path}` was changed while this ran", hint)


def _refuse_escapes(project: Path, changes: Changes) -> None:
    root = project.resolve()
    for path in changes:
        target = project / path
        if path.is_absolute() or ".." in path.parts or not target.parent.resolve().is_relative_to(root):
            raise ScaffoldError(f"`{path}` leaves the project", "nothing was changed; replace the link by a directory")
        if target.is_symlink():
            raise ScaffoldError(f"`{path}` is a symbolic link", "nothing was changed; replace it by the file itself")


def read(project: Path, path: PurePosixPath) -> str | None:
    """The text of a file as it is, line ends and all; None where there is none. Raises `ScaffoldError`."""
    try:
        return (project / path).read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise ScaffoldError(f"`{path}` is not UTF-8", "save it as UTF-8; nothing was changed") from None
    except OSError as problem:
        raise ScaffoldError(f"cannot read `{path}`: {problem.strerror}", "check its permissions") from None


def _digest(file: Path) -> str | None:
    try:
        return digest(file.read_bytes().decode(errors="replace"))
    except FileNotFoundError:
        return None


def _told(problem: OSError) -> str:
    return problem.strerror or str(problem)


def _remove_empty(directory: Path, project: Path) -> None:
    while directory != project and directory.is_dir() and not any(directory.iterdir()):
        directory.rmdir()
        directory = directory.parent

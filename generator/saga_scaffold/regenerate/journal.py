"""All or nothing, on files that are there: staged beside them, committed by one rename, then applied.

Below `.saga-scaffold/pending` lie the new contents. The rename of `journal.json` into place is the commit: before it
nothing has happened, after it everything will, by this run or by the next.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.lock import FOLDER, LOCK
from saga_scaffold.project.tree import digest

PENDING = FOLDER / "pending"
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
        raise ScaffoldError(f"cannot write to `{project}`: {problem.strerror or problem}", hint) from None
    except BaseException:
        if not (pending / _JOURNAL).exists():
            shutil.rmtree(pending, ignore_errors=True)
        raise
    finish(project, step)


def interrupted(project: Path) -> bool:
    """Whether a run was killed after its commit; what was staged before one is thrown away."""
    pending = project / PENDING
    if pending.exists() and not (pending / _JOURNAL).exists():
        shutil.rmtree(pending, ignore_errors=True)
    return (pending / _JOURNAL).exists()


def finish(project: Path, step: Step = lambda told: None) -> None:
    """Apply what is committed; again from the start does no harm."""
    pending = project / PENDING
    journal = json.loads((pending / _JOURNAL).read_text(encoding="utf-8"))
    for path in sorted(journal, key=lambda one: one == str(LOCK)):
        target = project / path
        step(f"apply {path}")
        if journal[path] is None:
            target.unlink(missing_ok=True)
            _remove_empty(target.parent, project)
        elif (staged := pending / _STAGED / path).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, target)
    step("clean up")
    os.replace(pending / _JOURNAL, pending / "done.json")
    shutil.rmtree(pending)


def _stage(project: Path, pending: Path, changes: Changes, step: Step) -> None:
    for path, text in changes.items():
        step(f"stage {path}")
        current = project / path
        if current.exists() and not os.access(current, os.W_OK):
            raise PermissionError(13, f"`{path}` is read-only")
        if text is not None:
            staged = pending / _STAGED / path
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_text(text, encoding="utf-8", newline="\n")
            if current.exists():
                shutil.copymode(current, staged)
    journal = {str(path): None if text is None else digest(text) for path, text in changes.items()}
    pending.mkdir(parents=True, exist_ok=True)
    (pending / f"{_JOURNAL}.tmp").write_text(json.dumps(journal, indent=2), encoding="utf-8")


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


def _remove_empty(directory: Path, project: Path) -> None:
    while directory != project and directory.is_dir() and not any(directory.iterdir()):
        directory.rmdir()
        directory = directory.parent

"""All or nothing: the project is written beside its place and moved there as a whole.

Into an empty directory that is there already, its parts are moved: it may be where somebody stands, or a mount.
"""

import shutil
import tempfile
from pathlib import Path

from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.tree import Tree


def refuse_occupied(directory: Path) -> None:
    """Raises `ScaffoldError` where a project cannot go: a file, a link, a directory that is not empty."""
    if directory.is_symlink():
        raise ScaffoldError(f"`{directory}` is a symbolic link", "name a directory that does not exist yet")
    if directory.is_file():
        raise ScaffoldError(f"`{directory}` is a file", "name a directory that does not exist yet")
    if directory.is_dir() and any(directory.iterdir()):
        raise ScaffoldError(
            f"`{directory}` is not empty",
            "name a new directory; in a project that saga-scaffold wrote, run `saga-scaffold regenerate` instead",
        )


def publish(tree: Tree, directory: Path) -> None:
    """Writes the whole tree to a new directory. Whatever stops it, Ctrl-C too, leaves nothing behind."""
    refuse_occupied(directory)
    made = _make_parents(directory)
    is_there = directory.is_dir()
    try:
        scratch = Path(tempfile.mkdtemp(prefix=".saga-scaffold-", dir=directory if is_there else directory.parent))
    except OSError as error:
        _remove_empty(made)
        raise _cannot_write(directory, error) from None
    try:
        _write(tree, scratch)
        if is_there:
            _move_parts(scratch, directory)
        else:
            scratch.chmod(0o755)
            scratch.rename(directory)
    except BaseException as error:
        shutil.rmtree(scratch, ignore_errors=True)
        _remove_empty(made)
        if isinstance(error, OSError):
            raise _cannot_write(directory, error) from None
        raise


def _write(tree: Tree, root: Path) -> None:
    for path, text in tree.items():
        if path.is_absolute() or ".." in path.parts:
            raise AssertionError(f"{path} leaves the project")
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def _move_parts(scratch: Path, directory: Path) -> None:
    """All of them, or none."""
    names = [part.name for part in scratch.iterdir()]
    try:
        for name in names:
            (scratch / name).rename(directory / name)
        scratch.rmdir()
    except BaseException:
        for name in names:
            part = directory / name
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)
        raise


def _make_parents(directory: Path) -> list[Path]:
    """The parents that had to be made, outermost first."""
    missing = [parent for parent in reversed(directory.absolute().parents) if not parent.exists()]
    for index, parent in enumerate(missing):
        try:
            parent.mkdir()
        except OSError as error:
            _remove_empty(missing[:index])
            raise _cannot_write(directory, error) from None
    return missing


def _remove_empty(made: list[Path]) -> None:
    for parent in reversed(made):
        parent.rmdir()


def _cannot_write(directory: Path, error: OSError) -> ScaffoldError:
    what = (error.strerror or str(error)).lower()
    return ScaffoldError(
        f"cannot write `{directory}`: {what}; nothing was left behind", "choose another directory, or make room"
    )

"""One run at a time: two that write the same project at once would mix what they write.

The system holds the lock by an open handle, so that it goes with its process, however that ends, and leaves nothing.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.lock import FOLDER

if sys.platform == "win32":
    TAKEN = FileExistsError

    def _locked(folder: Path) -> int:
        """A file that only one process can make, and that goes with its handle."""
        return os.open(folder / "running", os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY)

else:
    import fcntl

    TAKEN = BlockingIOError

    def _locked(folder: Path) -> int:
        """The directory itself, so that no file is needed."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise
        return handle


@contextmanager
def alone(project: Path) -> Iterator[None]:
    """For as long as the block lasts no other run begins. Raises `ScaffoldError` while another one is at work."""
    handle = _handle(project)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _handle(project: Path) -> int | None:
    """The lock; None for what is no project, or lies where nothing can be locked."""
    try:
        return _locked(project / FOLDER)
    except TAKEN:
        problem = f"another run of `saga-scaffold regenerate` is at work on `{project}`"
        raise ScaffoldError(problem, "nothing was changed; run it again when the other one has ended") from None
    except OSError:
        return None

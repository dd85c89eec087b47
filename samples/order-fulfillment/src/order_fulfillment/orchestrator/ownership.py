"""Who owns the shards. The lease row in the database is the only authority; its epoch fences every write.

On PostgreSQL processes share the shards: see `balance.py`. With SQLite one process owns all of them, and a lock beside
the file keeps a second one out. The lock goes with its process, however that ends, so the next one may begin at once.
"""

import os
import socket
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ..database import sqlite_path
from ..errors import Refused

EMBEDDED = "embedded"


def node_name() -> str:
    """A name that no other process has had or will have."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"


@dataclass(frozen=True)
class Lease:
    """For whom shards are taken, and how long they stay taken without a sign of life. Seconds."""

    owner: str = EMBEDDED
    seconds: float = 10.0

    @property
    def renewal(self) -> float:
        """How often an idle owner gives a sign of life."""
        return self.seconds / 3


class FileLock:
    """Held by the one process that runs the sagas of a SQLite file."""

    def __init__(self, url: str) -> None:
        path = sqlite_path(url)
        self._path = path.with_name(path.name + ".owner")
        self._connection: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Whether the lock is ours now."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=0)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def release(self) -> None:
        """Let the next process in."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def is_held(self) -> bool:
        """Whether some process runs the sagas of this file right now."""
        if not self._path.exists():
            return False
        free = self.acquire()
        self.release()
        return not free

    def acquire_or_refuse(self, database: Path) -> None:
        """Take the lock. Raises Refused when another process has it."""
        if not self.acquire():
            raise Refused(
                f"another process already runs the sagas of {database}", "stop it first, or use its HTTP port"
            )

"""What the handlers of a drill did: in the participant's own transaction, or outside under a key."""

import asyncio
import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import Float, Integer, MetaData, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ..adapters import open_barrier
from ..participant.handlers import Participant
from ..participant.transaction import Transaction

What = Literal["do", "undo"]


class Base(DeclarativeBase):
    """Common ground of the table below."""

    metadata = MetaData()


class Entry(Base):
    """One effect in a participant's database."""

    __tablename__ = "drill_effect"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    saga_id: Mapped[str]
    step: Mapped[str]
    what: Mapped[str]
    at: Mapped[float] = mapped_column(Float(53))


class Effect(NamedTuple):
    """That a step was done or undone. `at` is this machine's time, in seconds since 1970."""

    saga_id: str
    step: str
    what: str
    at: float


async def write(tx: Transaction, step: str, what: What) -> None:
    """With the answer or not at all. Nobody looks whether it is there already: that is the barrier's to prevent."""
    await tx.session.execute(insert(Entry).values(saga_id=tx.saga_id, step=step, what=what, at=time.time()))


async def read(participants: Iterable[Participant], urls: Mapping[str, str]) -> list[Effect]:
    """What lasts in the databases of the bounded contexts."""
    found: list[Effect] = []
    for one in participants:
        barrier = await open_barrier(one, urls[one.context])
        try:
            async with barrier.transaction() as work:
                rows = await work.session().execute(select(Entry.saga_id, Entry.step, Entry.what, Entry.at))
                found += [Effect(*row) for row in rows]
        finally:
            await barrier.close()
    return found


class Outside:
    """Somebody else's system: it carries a request out once per key, however often it is asked."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def write(self, tx: Transaction, step: str, what: What) -> None:
        """Returns when it is carried out."""
        await asyncio.to_thread(self._write, (tx.key, tx.saga_id, step, what, time.time()))

    def read(self) -> list[Effect]:
        """Everything that was carried out."""
        with sqlite3.connect(self._file, timeout=30) as connection:
            connection.execute(CREATE)
            return [Effect(*row) for row in connection.execute("SELECT saga_id, step, what, at FROM effect")]

    def _write(self, row: tuple[object, ...]) -> None:
        with sqlite3.connect(self._file, timeout=30) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(CREATE)
            connection.execute("INSERT OR IGNORE INTO effect VALUES (?, ?, ?, ?, ?)", row)


CREATE = "CREATE TABLE IF NOT EXISTS effect (key TEXT PRIMARY KEY, saga_id TEXT, step TEXT, what TEXT, at REAL)"

"""The barrier in the participant's own database: one row per saga and step, written in the handler's transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ..messaging.broker import Record
from ..messaging.dead_letters import KeptLetter

MIGRATIONS = Path(__file__).parent / "migrations"


class BarrierKey(NamedTuple):
    """Which step of which saga."""

    saga_id: str
    step: str


class BarrierRow(NamedTuple):
    """A step of a saga as its participant saw it. Command, result and undone are JSON."""

    saga_id: str
    step: str
    state: str
    command: str | None = None
    result_type: str | None = None
    result: str | None = None
    undone_type: str | None = None
    undone: str | None = None
    run: int = 0
    at: float = 0.0

    @property
    def key(self) -> BarrierKey:
        """Which step of which saga."""
        return BarrierKey(self.saga_id, self.step)


class Letter(NamedTuple):
    """A command that could not be used, as it came."""

    record: Record
    saga_id: str | None
    error: str


class Conflict(Exception):
    """Another process changed a row since it was read: nothing is written, read it again."""


class HandlerTooSlow(Exception):
    """A handler kept a transaction waiting for longer than is good for everybody else: nothing is written."""


class BarrierUnavailable(Exception):
    """The participant's database does not answer: the commands stay where they are until it does."""


class HandlerSession(AsyncSession):
    """A session inside a savepoint. What it holds commits with the barrier row, so a commit of its own only flushes."""

    async def commit(self) -> None:
        """Send what is pending to the database; the transaction goes on."""
        await self.flush()

    async def keep(self) -> None:
        """Release the savepoint: what was written stays with the transaction."""
        await super().commit()


class Work(Protocol):
    """One transaction of the participant: barrier rows, and sessions for handlers, all committed at once."""

    async def rows(self, keys: Iterable[BarrierKey]) -> dict[BarrierKey, BarrierRow]:
        """The rows that exist."""

    async def save(self, rows: Iterable[BarrierRow]) -> None:
        """Write rows as they are now, provided that they are still as `rows` found them. Raises Conflict."""

    async def bury(self, letters: Sequence[Letter]) -> None:
        """Keep commands that cannot be used."""

    async def letters(self, limit: int) -> Sequence[KeptLetter]:
        """Letters that nobody has dealt with, oldest first."""

    async def resolve(self, letters: Sequence[int]) -> None:
        """These letters are dealt with."""

    async def forget(self, saga_ids: Sequence[str]) -> None:
        """Remove all that is known of sagas: a command of theirs that came now would be carried out."""

    def session(self) -> HandlerSession:
        """A session whose savepoint opens with its first statement."""


class Barrier(Protocol):
    """A participant's database."""

    def transaction(self) -> AbstractAsyncContextManager[Work]:
        """Commits at the end, and rolls back when anything is raised. Raises BarrierUnavailable."""

    async def close(self) -> None:
        """Let go of the database."""


def session_in(connection: AsyncConnection) -> HandlerSession:
    """A session in a savepoint of the connection's transaction, which it opens where it is not open yet."""
    sync = connection.sync_connection
    if sync is not None and not sync.in_transaction():
        sync.begin()  # This sends nothing: it only lets SQLAlchemy know.
    return HandlerSession(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


def letter_values(letter: Letter) -> tuple[object, ...]:
    """The columns of a dead letter that come from its record: saga_id, topic, part, off, key, headers, body, error."""
    record = letter.record
    headers: Mapping[str, str] = dict(record.headers)
    place = (record.topic, record.partition, record.offset, record.key)
    return (letter.saga_id, *place, json.dumps(headers), record.value, letter.error)

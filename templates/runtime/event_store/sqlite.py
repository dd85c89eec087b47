"""The event store in one SQLite file: a single writer, a whole batch of all shards in one durable commit."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from ..database import bring_up_to_date, connect, open_engine
from ..messaging.dead_letters import KeptLetter
from . import reading, upkeep
from .models import Table
from .store import (
    Appended,
    Batch,
    Done,
    Fenced,
    Filter,
    Health,
    Outcome,
    OutcomeUnknown,
    Rejected,
    Request,
    SagaRow,
    StoredDefinition,
    StoredEvent,
    StoredSaga,
    Taken,
)

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"

FENCE = """
    UPDATE shard SET head = head + ?, lease_until = ?, published = ?, in_offsets = ?
    WHERE id = ? AND epoch = ? AND head = ? RETURNING head
"""
EVENT = """
    INSERT INTO event (shard, pos, epoch, saga_id, seq, type, v, data, out, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SAGA = f"""
    INSERT INTO saga ({", ".join(SagaRow._fields)}) VALUES ({", ".join("?" * len(SagaRow._fields))})
    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, status = excluded.status, label = excluded.label,
        wake_at = excluded.wake_at, state = coalesce(excluded.state, saga.state), state_seq = excluded.state_seq,
        closed_at = excluded.closed_at
"""
DEAD_LETTER = """
    INSERT INTO dead_letter (shard, saga_id, topic, part, off, "key", headers, body, error, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ACTION = """
    INSERT INTO operator_action (saga_id, verb, step, "by", why, outcome, at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
DONE = "UPDATE inbox SET outcome = ?, done_at = ? WHERE id = ? AND done_at IS NULL"
REQUEST = 'INSERT INTO inbox (shard, saga_id, verb, body, "by", at) VALUES (?, ?, ?, ?, ?, ?)'
TAKE = """
    UPDATE shard SET owner = ?, epoch = epoch + 1, lease_until = ?
    WHERE id = ? AND (owner IS NULL OR owner = ? OR lease_until < ?)
    RETURNING epoch, head, published, in_offsets
"""
RELEASE = "UPDATE shard SET owner = NULL, lease_until = ? WHERE id = ? AND epoch = ? AND owner = ?"


def open_store(url: str) -> "SqliteStore":
    """The event store in the file behind a database URL, with its tables. Raises Refused."""
    engine = open_engine(url)
    bring_up_to_date(engine, MIGRATIONS, Table.metadata)
    return SqliteStore(engine)


class SqliteStore:
    """The event store in a file. Its tables must be there: see `open_store`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = ThreadPoolExecutor(1, "event-store")
        self._connection: sqlite3.Connection | None = None

    async def now(self) -> float:
        """The machine's time, which all its processes share."""
        return time.time()

    async def create_shards(self, count: int) -> int:
        """Create the shards unless there are some; returns how many there are."""
        return await self._write(lambda connection: _create_shards(connection, count))

    async def take(self, shards: Iterable[int], owner: str, lease_seconds: float) -> Sequence[Taken]:
        """Those of the shards that were free, lapsed or ours already, each under a new epoch."""
        wanted = list(shards)
        return await self._write(lambda connection: _take(connection, wanted, owner, lease_seconds))

    async def release(self, shards: Iterable[tuple[int, int]], owner: str) -> None:
        """Hand over (shard, epoch) pairs in good order."""
        rows = [(time.time(), shard, epoch, owner) for shard, epoch in shards]
        await self._write(lambda connection: connection.executemany(RELEASE, rows))

    async def append(self, batches: Sequence[Batch]) -> Sequence[Outcome]:
        """Each batch entirely or not at all, all in one commit. Raises OutcomeUnknown."""
        return await self._in_writer(lambda connection: _append(connection, batches))

    async def open_sagas(self, shard: int) -> Sequence[StoredSaga]:
        """Every saga of the shard that has not ended."""
        return await self._read(lambda connection: reading.open_sagas(connection, shard))

    async def sagas(self, ids: Iterable[str]) -> Mapping[str, StoredSaga]:
        """Those of the sagas that exist, ended ones too."""
        wanted = list(ids)
        return await self._read(lambda connection: reading.sagas(connection, wanted))

    async def outbox(self, shard: int, after: int) -> Sequence[tuple[int, str]]:
        """(position, records as JSON) of what may not be published yet."""
        return await self._read(lambda connection: reading.outbox(connection, shard, after))

    async def history(self, saga_id: str) -> Sequence[StoredEvent]:
        """All events of a saga, in order."""
        return await self._read(lambda connection: reading.history(connection, saga_id))

    async def list(self, wanted: Filter) -> Sequence[SagaRow]:
        """Summaries of sagas, newest first."""
        return await self._read(lambda connection: reading.listed(connection, wanted))

    async def health(self) -> Health:
        """Counts for people."""
        return await self._read(reading.health)

    async def submit(self, requests: Sequence[Request]) -> Sequence[int]:
        """Leave requests for the owners of their shards; returns their ids."""
        return await self._write(lambda connection: _submit(connection, requests))

    async def waiting(self, shards: Iterable[int], limit: int) -> Sequence[Request]:
        """Requests that nobody has dealt with, oldest first."""
        wanted = list(shards)
        return await self._read(lambda connection: reading.waiting(connection, wanted, limit))

    async def outcome(self, request: int) -> str | None:
        """What came of a request, once it is known."""
        return await self._read(lambda connection: reading.outcome(connection, request))

    async def definitions(self) -> Sequence[StoredDefinition]:
        """Every structure that sagas were started under."""
        return await self._read(reading.definitions)

    async def record_definitions(self, definitions: Sequence[StoredDefinition]) -> None:
        """Keep structures for good; those that are there already stay as they are."""
        insert = "INSERT OR IGNORE INTO definition (name, version, body, sha) VALUES (?, ?, ?, ?)"
        rows = [(kept.name, kept.version, kept.body, kept.sha) for kept in definitions]
        await self._write(lambda connection: connection.executemany(insert, rows))

    async def finish(self, done: Sequence[Done]) -> None:
        """Say what came of requests that no saga answers."""
        rows = [(one.outcome, one.at, one.id) for one in done]
        await self._write(lambda connection: connection.executemany(DONE, rows))

    async def closed(self, before: float, limit: int) -> Sequence[str]:
        """The oldest sagas that ended before a time and have nothing left to publish."""
        return await self._read(lambda connection: upkeep.closed(connection, before, limit))

    async def forget(self, ids: Iterable[str]) -> int:
        """Remove those of the sagas that have ended, with all that is known of them; returns how many there were."""
        wanted = list(ids)
        return await self._change(lambda connection: upkeep.forget(connection, wanted))

    async def forget_settled(self, before: float) -> None:
        """Remove requests and dead letters that were dealt with before a time."""
        await self._change(lambda connection: upkeep.forget_settled(connection, before))

    async def letters(self, limit: int) -> Sequence[KeptLetter]:
        """Dead letters that nobody has dealt with, oldest first."""
        return await self._read(lambda connection: upkeep.letters(connection, limit))

    async def resolve(self, letters: Iterable[int]) -> None:
        """These letters are dealt with."""
        wanted = list(letters)
        await self._change(lambda connection: upkeep.resolve(connection, wanted))

    async def close(self) -> None:
        """Let go of the file."""
        await self._in_writer(lambda connection: connection.close())
        self._connection = None
        self._writer.shutdown()
        self._engine.dispose()

    async def _write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        return await self._in_writer(lambda connection: _in_transaction(connection, change))

    async def _in_writer(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: work(self._own_connection()))

    def _own_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(Path(str(self._engine.url.database)))
        return self._connection

    async def _read(self, query: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._engine.connect() as connection:
                return query(connection)

        return await asyncio.to_thread(run)

    async def _change(self, change: Callable[[Connection], T]) -> T:
        """What is written without the driver's own connection: rare, and never in the way of an append for long."""

        def run() -> T:
            with self._engine.begin() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return change(connection)

        return await asyncio.to_thread(run)


def _in_transaction(connection: sqlite3.Connection, change: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = change(connection)
        connection.commit()
        return result
    except BaseException:
        connection.rollback()
        raise


def _append(connection: sqlite3.Connection, batches: Sequence[Batch]) -> Sequence[Outcome]:
    """All batches in one transaction; if one of them is refused, each in a transaction of its own."""
    try:
        return _in_transaction(connection, lambda _: _append_all(connection, batches))
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, OverflowError) as refusal:
        if len(batches) == 1:
            return [Rejected(str(refusal))]
        return [outcome for batch in batches for outcome in _append(connection, [batch])]
    except sqlite3.Error as trouble:
        raise OutcomeUnknown(str(trouble)) from trouble


def _append_all(connection: sqlite3.Connection, batches: Sequence[Batch]) -> Sequence[Outcome]:
    outcomes = [_pass_fence(connection, batch) for batch in batches]
    through = [batch for batch, outcome in zip(batches, outcomes, strict=True) if isinstance(outcome, Appended)]
    connection.executemany(EVENT, [row for batch in through for row in _event_rows(batch)])
    connection.executemany(SAGA, [row for batch in through for row in batch.sagas])
    connection.executemany(DEAD_LETTER, [row for batch in through for row in _letter_rows(batch)])
    connection.executemany(ACTION, [row for batch in through for row in batch.actions])
    connection.executemany(DONE, [(done.outcome, done.at, done.id) for batch in through for done in batch.done])
    return outcomes


def _pass_fence(connection: sqlite3.Connection, batch: Batch) -> Outcome:
    values = (
        len(batch.events),
        batch.lease_until,
        batch.published,
        json.dumps(batch.in_offsets),
        batch.shard,
        batch.epoch,
        batch.head,
    )
    row = connection.execute(FENCE, values).fetchone()
    return Fenced() if row is None else Appended(row[0])


def _event_rows(batch: Batch) -> Iterable[tuple[object, ...]]:
    for pos, new in enumerate(batch.events, batch.head + 1):
        yield (batch.shard, pos, batch.epoch, *new)


def _letter_rows(batch: Batch) -> Iterable[tuple[object, ...]]:
    for letter in batch.dead_letters:
        record = letter.record
        place = (record.topic, record.partition, record.offset, record.key)
        yield (
            batch.shard,
            letter.saga_id,
            *place,
            json.dumps(dict(record.headers)),
            record.value,
            letter.error,
            letter.at,
        )


def _create_shards(connection: sqlite3.Connection, count: int) -> int:
    insert = "INSERT INTO shard (id, epoch, lease_until, head, published, in_offsets) VALUES (?, 0, 0, 0, 0, '{}')"
    if connection.execute("SELECT count(*) FROM shard").fetchone()[0] == 0:
        connection.executemany(insert, [(number,) for number in range(count)])
    return int(connection.execute("SELECT count(*) FROM shard").fetchone()[0])


def _take(connection: sqlite3.Connection, shards: Sequence[int], owner: str, lease_seconds: float) -> Sequence[Taken]:
    now = time.time()
    taken = []
    for shard in shards:
        last = connection.execute("SELECT owner FROM shard WHERE id = ?", (shard,)).fetchone()
        row = connection.execute(TAKE, (owner, now + lease_seconds, shard, owner, now)).fetchone()
        if row is not None:
            epoch, head, published, offsets = row
            taken.append(Taken(shard, epoch, head, published, json.loads(offsets), last[0] is not None))
    return taken


def _submit(connection: sqlite3.Connection, requests: Sequence[Request]) -> Sequence[int]:
    ids = []
    for request in requests:
        values = (request.shard, request.saga_id, request.verb, request.body, request.by, time.time())
        ids.append(int(connection.execute(REQUEST, values).lastrowid or 0))
    return ids

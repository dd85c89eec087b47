"""The event store in PostgreSQL: one statement, and so one commit, for all the shards of a batch."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ..messaging.dead_letters import KeptLetter
from ..postgres import AWAY, Place, bring_up_to_date, check_up_to_date, first_line
from . import append, reading, upkeep
from .models import Table
from .store import (
    Alive,
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
    StoreUnavailable,
    Taken,
)

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
NOW = "extract(epoch FROM clock_timestamp())::float8"
GONE = (*AWAY, asyncpg.InterfaceError, asyncpg.PostgresError)
BAD_INPUT = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)
TAKE = f"""
    UPDATE shard SET owner = $2, epoch = shard.epoch + 1, lease_until = {NOW} + $3
    FROM (SELECT id, owner FROM shard WHERE id = ANY($1) ORDER BY id FOR UPDATE) AS last
    WHERE shard.id = last.id AND (shard.owner IS NULL OR shard.owner = $2 OR shard.lease_until < {NOW})
    RETURNING shard.id, epoch, head, published, in_offsets, last.owner IS NOT NULL
"""
RELEASE = f"""
    UPDATE shard SET owner = NULL, lease_until = {NOW}
    FROM unnest($1::int[], $2::bigint[]) AS ours (id, epoch)
    WHERE shard.id = ours.id AND shard.epoch = ours.epoch AND shard.owner = $3
"""
CREATE = """
    INSERT INTO shard (id, epoch, lease_until, head, published, in_offsets)
    SELECT number, 0, 0, 0, 0, '{}' FROM generate_series(0, $1::int - 1) AS number
    WHERE NOT EXISTS (SELECT FROM shard)
    ON CONFLICT DO NOTHING
"""
REQUEST = f"""
    INSERT INTO inbox (shard, saga_id, verb, body, "by", at)
    SELECT shard, saga_id, verb, body::json, "by", {NOW}
    FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new (shard, saga_id, verb, body, "by")
    RETURNING id
"""
DEFINITION = "INSERT INTO definition (name, version, body, sha) VALUES ($1, $2, $3::json, $4) ON CONFLICT DO NOTHING"
FINISH = """
    UPDATE inbox SET outcome = new.outcome, done_at = new.at
    FROM unnest($1::bigint[], $2::text[], $3::float8[]) AS new (id, outcome, at)
    WHERE inbox.id = new.id AND inbox.done_at IS NULL
"""
ANNOUNCE = f"""
    INSERT INTO node (id, seen_at, version, definitions) VALUES ($1, {NOW}, $2, '[]')
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
"""
FORGET = f"DELETE FROM node WHERE seen_at < {NOW} - 100 * $1::float8"
ALIVE = f"SELECT id, version FROM node WHERE seen_at >= {NOW} - $1::float8 ORDER BY id"
OWNERS = f"SELECT id, owner FROM shard WHERE owner IS NOT NULL AND lease_until >= {NOW}"


async def prepare(place: Place) -> None:
    """Make its tables, or bring them up to date. Raises Refused."""
    await bring_up_to_date(place, MIGRATIONS, Table.metadata)


async def open_store(place: Place) -> "PostgresStore":
    """The event store in a schema that is up to date. Raises Refused."""
    await check_up_to_date(place, MIGRATIONS)
    return PostgresStore(place)


class PostgresStore:
    """The event store in PostgreSQL. Its tables must be there: see `prepare`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._engine = place.engine(json_as_text=True)
        self._turn = asyncio.Lock()
        self._connection: asyncpg.Connection | None = None

    async def now(self) -> float:
        """The database's time, which all owners share."""
        return float(await self._write(lambda connection: connection.fetchval(f"SELECT {NOW}")))

    async def create_shards(self, count: int) -> int:
        """Create the shards unless there are some; returns how many there are."""
        await self._write(lambda connection: connection.execute(CREATE, count))
        return int(await self._write(lambda connection: connection.fetchval("SELECT count(*) FROM shard")))

    async def take(self, shards: Iterable[int], owner: str, lease_seconds: float) -> Sequence[Taken]:
        """Those of the shards that were free, lapsed or ours already, each under a new epoch."""
        wanted = list(shards)
        rows = await self._write(lambda connection: connection.fetch(TAKE, wanted, owner, lease_seconds))
        return [
            Taken(shard, epoch, head, published, json.loads(offsets), lapsed)
            for shard, epoch, head, published, offsets, lapsed in sorted(map(tuple, rows))
        ]

    async def release(self, shards: Iterable[tuple[int, int]], owner: str) -> None:
        """Hand over (shard, epoch) pairs in good order."""
        ours = list(shards)
        numbers, epochs = [shard for shard, _ in ours], [epoch for _, epoch in ours]
        await self._write(lambda connection: connection.execute(RELEASE, numbers, epochs, owner))

    async def append(self, batches: Sequence[Batch]) -> Sequence[Outcome]:
        """Each batch entirely or not at all, all in one statement. Raises OutcomeUnknown."""
        try:
            heads = dict(map(tuple, await self._append(batches)))
        except BAD_INPUT as refusal:
            if len(batches) == 1:
                return [Rejected(str(refusal))]
            return [outcome for batch in batches for outcome in await self.append([batch])]
        return [Appended(heads[batch.shard]) if batch.shard in heads else Fenced() for batch in batches]

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
        columns = [[one[place] for one in requests] for place in range(1, 6)]
        rows = await self._write(lambda connection: connection.fetch(REQUEST, *columns))
        return [row[0] for row in rows]

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
        rows = [(kept.name, kept.version, kept.body, kept.sha) for kept in definitions]
        await self._write(lambda connection: connection.executemany(DEFINITION, rows))

    async def finish(self, done: Sequence[Done]) -> None:
        """Say what came of requests that no saga answers."""
        columns = [[one[place] for one in done] for place in range(3)]
        await self._write(lambda connection: connection.execute(FINISH, *columns))

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

    async def announce(self, alive: Alive, lapse: float) -> Sequence[Alive]:
        """Say that a process is there; returns all that were there in the last `lapse` seconds, by name."""
        await self._write(lambda connection: connection.execute(ANNOUNCE, alive.node, str(alive.version)))
        await self._write(lambda connection: connection.execute(FORGET, lapse))
        rows = await self._write(lambda connection: connection.fetch(ALIVE, lapse))
        return [Alive(node, int(version)) for node, version in rows]

    async def leave(self, node: str) -> None:
        """Say that a process is there no more."""
        await self._write(lambda connection: connection.execute("DELETE FROM node WHERE id = $1", node))

    async def owners(self) -> Mapping[int, str]:
        """Who owns which shard right now. A shard whose lease has lapsed is nobody's."""
        return dict(map(tuple, await self._write(lambda connection: connection.fetch(OWNERS))))

    async def close(self) -> None:
        """Let go of the database."""
        async with self._turn:
            await self._drop()
        await self._engine.dispose()

    async def _append(self, batches: Sequence[Batch]) -> Sequence[asyncpg.Record]:
        """The rows of the shards that were ours. Raises what is in BAD_INPUT, and OutcomeUnknown."""
        text, values = append.statement(batches), append.arguments(batches)
        return await self._write(lambda connection: connection.fetch(text, *values))

    async def _write(self, change: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """A statement on the one connection that writes; one that lost a deadlock did nothing and is sent again.

        Raises what is in BAD_INPUT, OutcomeUnknown, and StoreUnavailable when nothing was sent.
        """
        while True:
            with suppress(asyncpg.DeadlockDetectedError):
                return await self._once(change)

    async def _once(self, change: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        async with self._turn:
            connection = await self._own_connection()
            try:
                return await change(connection)
            except (*BAD_INPUT, asyncpg.DeadlockDetectedError):
                raise
            except GONE as trouble:
                await self._drop()
                raise OutcomeUnknown(f"{type(trouble).__name__}: {trouble}") from trouble
            except asyncio.CancelledError:
                await self._drop()
                raise

    async def _own_connection(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await self._place.connect()
            except GONE as trouble:
                raise StoreUnavailable(f"{self._place.setting}: {first_line(trouble)}") from trouble
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _read(self, query: Callable[[Connection], T]) -> T:
        return await self._change(query)

    async def _change(self, change: Callable[[Connection], T]) -> T:
        try:
            async with self._engine.begin() as connection:
                return await connection.run_sync(change)
        except (SQLAlchemyError, *GONE) as trouble:
            raise StoreUnavailable(f"{self._place.setting}: {first_line(trouble)}") from trouble

"""The barrier in PostgreSQL: rows are read without a lock, and written only where they are still as they were read.

A batch whose handlers touch no table is two statements and one commit. A transaction is begun when a handler opens
its session, or when rows change that were there before.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from ..messaging.dead_letters import KeptLetter, kept_letter
from ..postgres import AWAY, Place, bring_up_to_date, check_up_to_date, first_line
from .barrier import (
    MIGRATIONS,
    BarrierKey,
    BarrierRow,
    BarrierUnavailable,
    Conflict,
    HandlerSession,
    HandlerTooSlow,
    Letter,
    letter_values,
    session_in,
)
from .models import Table

NAMES = "saga_id, step, state, command, result_type, result, undone_type, undone, run, at"
AS_TEXT = "saga_id, step, state, command::text, result_type, result::text, undone_type, undone::text, run, at"
AS_JSON = "saga_id, step, state, command::json, result_type, result::json, undone_type, undone::json, run, at"
FIND = f"""
    SELECT {AS_TEXT} FROM unnest($1::text[], $2::text[]) AS wanted (saga_id, step) JOIN barrier USING (saga_id, step)
"""
ARRAYS = "$1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[]"
ARRAYS += ", $10::float8[]"
ADD = f"INSERT INTO barrier ({NAMES}) SELECT {AS_JSON} FROM unnest({ARRAYS}) AS new ({NAMES})"
CHANGE = f"""
    UPDATE barrier SET state = new.state, command = new.command::json, result_type = new.result_type,
        result = new.result::json, undone_type = new.undone_type, undone = new.undone::json, run = new.run, at = new.at
    FROM unnest({ARRAYS}, $11::text[], $12::int[]) AS new ({NAMES}, last_state, last_run)
    WHERE (barrier.saga_id, barrier.step, barrier.state, barrier.run)
        = (new.saga_id, new.step, new.last_state, new.last_run)
    RETURNING barrier.run
"""
BURY = """
    INSERT INTO dead_letter (saga_id, topic, part, off, "key", headers, body, error, at)
    VALUES ($1, $2, $3, $4, $5, $6::text::json, $7, $8, $9)
"""


LETTERS = """
    SELECT id, saga_id, topic, part, off, "key", headers::text, body, error, at FROM dead_letter
    WHERE resolved_at IS NULL ORDER BY id LIMIT $1
"""


class PostgresWork:
    """One transaction of the participant: barrier rows, and sessions for handlers, all committed at once."""

    def __init__(self, connection: AsyncConnection, driver: asyncpg.Connection) -> None:
        self._connection = connection
        self._driver = driver
        self._found: dict[BarrierKey, BarrierRow] = {}

    async def rows(self, keys: Iterable[BarrierKey]) -> dict[BarrierKey, BarrierRow]:
        """The rows that exist."""
        wanted = list(dict.fromkeys(keys))
        values = await self._driver.fetch(FIND, [key.saga_id for key in wanted], [key.step for key in wanted])
        self._found = {row.key: row for row in (BarrierRow(*one) for one in values)}
        return dict(self._found)

    async def save(self, rows: Iterable[BarrierRow]) -> None:
        """Write rows as they are now, provided that they are still as `rows` found them. Raises Conflict."""
        wanted = list(rows)
        new = [row for row in wanted if row.key not in self._found]
        changed = [row for row in wanted if row.key in self._found]
        if changed:
            await self._begin()
        if new:
            await self._add(new)
        if changed:
            await self._change(changed)

    async def bury(self, letters: Sequence[Letter]) -> None:
        """Keep commands that cannot be used."""
        await self._driver.executemany(BURY, [(*letter_values(letter), time.time()) for letter in letters])

    async def letters(self, limit: int) -> Sequence[KeptLetter]:
        """Letters that nobody has dealt with, oldest first."""
        return [kept_letter(tuple(row)) for row in await self._driver.fetch(LETTERS, limit)]

    async def resolve(self, letters: Sequence[int]) -> None:
        """These letters are dealt with."""
        settle = "UPDATE dead_letter SET resolved_at = $2 WHERE id = ANY($1)"
        await self._driver.execute(settle, list(letters), time.time())

    async def forget(self, saga_ids: Sequence[str]) -> None:
        """Remove all that is known of sagas."""
        await self._begin()
        await self._driver.execute("DELETE FROM barrier WHERE saga_id = ANY($1)", list(saga_ids))
        settled = "DELETE FROM dead_letter WHERE saga_id = ANY($1) AND resolved_at IS NOT NULL"
        await self._driver.execute(settled, list(saga_ids))

    def session(self) -> HandlerSession:
        """A session whose savepoint opens with its first statement."""
        return session_in(self._connection)

    async def commit(self) -> None:
        """Make it last, where it does not already."""
        if self._connection.in_transaction():
            await self._connection.commit()
        if self._driver.is_in_transaction():
            await self._driver.execute("COMMIT")

    async def _begin(self) -> None:
        if not self._driver.is_in_transaction():
            await self._driver.execute("BEGIN")

    async def _add(self, rows: Sequence[BarrierRow]) -> None:
        try:
            await self._driver.execute(ADD, *_turned(rows))
        except asyncpg.UniqueViolationError as twice:
            raise Conflict(str(twice)) from twice

    async def _change(self, rows: Sequence[BarrierRow]) -> None:
        last = [self._found[row.key] for row in rows]
        arrays = [*_turned(rows), [row.state for row in last], [row.run for row in last]]
        done = await self._driver.fetch(CHANGE, *arrays)
        if len(done) != len(rows):
            raise Conflict(f"{len(rows) - len(done)} of {len(rows)} steps were changed by another process")


class PostgresBarrier:
    """A participant's schema."""

    def __init__(self, place: Place) -> None:
        self._setting = place.setting
        self._engine = place.engine()
        self._idle: list[AsyncConnection] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresWork]:
        """Commits at the end, and rolls back when anything is raised. Raises BarrierUnavailable."""
        connection, driver = await self._connect()
        work = PostgresWork(connection, driver)
        try:
            yield work
            await work.commit()
        except BaseException as trouble:
            gone = isinstance(trouble, AWAY) or (driver.is_closed() and not isinstance(trouble, HandlerTooSlow))
            await _let_go(connection, driver)
            if gone and isinstance(trouble, Exception):
                raise BarrierUnavailable(f"{self._setting}: {first_line(trouble)}") from trouble
            raise
        self._idle.append(connection)

    async def close(self) -> None:
        """Let go of the database."""
        for connection in self._idle:
            await connection.close()
        await self._engine.dispose()

    async def _connect(self) -> tuple[AsyncConnection, asyncpg.Connection]:
        while self._idle:
            connection = self._idle.pop()
            driver = await _driver(connection)
            if not driver.is_closed():
                return connection, driver
            await _let_go(connection, driver)
        try:
            connection = await self._engine.connect()
            return connection, await _driver(connection)
        except (*AWAY, SQLAlchemyError, asyncpg.PostgresError) as trouble:
            raise BarrierUnavailable(f"{self._setting}: {first_line(trouble)}") from trouble


async def prepare(place: Place, tables: MetaData | None) -> None:
    """Make the barrier and the tables that handlers write to, or bring them up to date. Raises Refused."""
    await bring_up_to_date(place, MIGRATIONS, Table.metadata, _creator(tables))


async def open_barrier(place: Place) -> PostgresBarrier:
    """The barrier in a schema that is up to date. Raises Refused."""
    await check_up_to_date(place, MIGRATIONS)
    return PostgresBarrier(place)


def _creator(tables: MetaData | None) -> Callable[[Any], None]:
    return (lambda _: None) if tables is None else tables.create_all


async def _driver(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


async def _let_go(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    """What was begun is rolled back; a connection that broke is not used again."""
    with suppress(Exception):
        if not driver.is_closed() and driver.is_in_transaction() and not connection.in_transaction():
            await driver.execute("ROLLBACK")
    with suppress(Exception):
        if driver.is_closed():
            await connection.invalidate()
        await connection.close()


def _turned(rows: Sequence[BarrierRow]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]

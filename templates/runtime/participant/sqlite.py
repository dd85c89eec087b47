"""The barrier in a SQLite file. One transaction at a time, which holds the write lock from its beginning."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
from sqlalchemy import MetaData, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..database import PRAGMAS, bring_up_to_date, open_engine, sqlite_path
from ..messaging.dead_letters import KeptLetter, kept_letter
from .barrier import MIGRATIONS, BarrierKey, BarrierRow, HandlerSession, Letter, letter_values, session_in
from .models import Table

COLUMNS = ", ".join(BarrierRow._fields)
CHANGED = ", ".join(f"{name} = excluded.{name}" for name in BarrierRow._fields[2:])
SAVE = f"""
    INSERT INTO barrier ({COLUMNS}) VALUES ({", ".join("?" * len(BarrierRow._fields))})
    ON CONFLICT (saga_id, step) DO UPDATE SET {CHANGED}
"""
BURY = """
    INSERT INTO dead_letter (saga_id, topic, part, off, "key", headers, body, error, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
LETTERS = """
    SELECT id, saga_id, topic, part, off, "key", headers, body, error, at FROM dead_letter
    WHERE resolved_at IS NULL ORDER BY id LIMIT ?
"""
MOST_KEYS = 400


class SqliteWork:
    """One transaction of the participant: barrier rows, and sessions for handlers, all committed at once."""

    def __init__(self, connection: AsyncConnection, driver: aiosqlite.Connection) -> None:
        self._connection = connection
        self._driver = driver

    async def rows(self, keys: Iterable[BarrierKey]) -> dict[BarrierKey, BarrierRow]:
        """The rows that exist, held until the transaction ends."""
        found: dict[BarrierKey, BarrierRow] = {}
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), MOST_KEYS):
            chunk = wanted[start : start + MOST_KEYS]
            query = (
                f"SELECT {COLUMNS} FROM barrier WHERE (saga_id, step) IN (VALUES {', '.join(['(?, ?)'] * len(chunk))})"
            )
            for values in await self._driver.execute_fetchall(query, [part for key in chunk for part in key]):
                row = BarrierRow(*values)
                found[row.key] = row
        return found

    async def save(self, rows: Iterable[BarrierRow]) -> None:
        """Write rows as they are now."""
        await self._driver.executemany(SAVE, list(rows))

    async def bury(self, letters: Sequence[Letter]) -> None:
        """Keep commands that cannot be used."""
        await self._driver.executemany(BURY, [(*letter_values(letter), time.time()) for letter in letters])

    async def letters(self, limit: int) -> Sequence[KeptLetter]:
        """Letters that nobody has dealt with, oldest first."""
        return [kept_letter(tuple(row)) for row in await self._driver.execute_fetchall(LETTERS, (limit,))]

    async def resolve(self, letters: Sequence[int]) -> None:
        """These letters are dealt with."""
        rows = [(time.time(), number) for number in letters]
        await self._driver.executemany("UPDATE dead_letter SET resolved_at = ? WHERE id = ?", rows)

    async def forget(self, saga_ids: Sequence[str]) -> None:
        """Remove all that is known of sagas."""
        rows = [(saga_id,) for saga_id in saga_ids]
        await self._driver.executemany("DELETE FROM barrier WHERE saga_id = ?", rows)
        settled = "DELETE FROM dead_letter WHERE saga_id = ? AND resolved_at IS NOT NULL"
        await self._driver.executemany(settled, rows)

    def session(self) -> HandlerSession:
        """A session whose savepoint opens with its first statement."""
        return session_in(self._connection)


class SqliteBarrier:
    """A participant's database. One transaction at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteWork]:
        """Begins holding the write lock, commits at the end, and rolls back when anything is raised."""
        async with self._turn:
            connection, driver = await self._connect()
            await driver.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteWork(connection, driver)
                await (connection.commit() if connection.in_transaction() else driver.commit())
            except BaseException:
                await (connection.rollback() if connection.in_transaction() else driver.rollback())
                raise

    async def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            await self._connection.close()
        await self._engine.dispose()

    async def _connect(self) -> tuple[AsyncConnection, aiosqlite.Connection]:
        if self._connection is None:
            self._connection = await self._engine.connect()
        driver = (await self._connection.get_raw_connection()).driver_connection
        assert isinstance(driver, aiosqlite.Connection)
        return self._connection, driver


def open_barrier(url: str, tables: MetaData | None) -> SqliteBarrier:
    """The database of a participant with its barrier and the tables its handlers write to. Raises Refused."""
    engine = open_engine(url)
    bring_up_to_date(engine, MIGRATIONS, Table.metadata, _creator(tables))
    engine.dispose()
    asynchronous = create_async_engine(f"sqlite+aiosqlite:///{sqlite_path(url)}")
    event.listen(asynchronous.sync_engine, "connect", _prepare)
    return SqliteBarrier(asynchronous)


def _creator(tables: MetaData | None) -> Callable[[Any], None]:
    return (lambda _: None) if tables is None else tables.create_all


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

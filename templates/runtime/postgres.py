"""PostgreSQL: how connections are made, what is wrong when they are not, and bringing a schema up to date."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import asyncpg
from sqlalchemy import URL, Connection, MetaData, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from .database import newest, upgrade
from .errors import Refused

log = logging.getLogger(__name__)

PATIENCE = 30.0
MIGRATING = 6 * 3600.0
PAUSE = 0.5
PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,62}")
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.CrashShutdownError,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A schema of a database, and the setting that names it. `timeout` bounds each statement, in seconds."""

    url: URL
    schema: str
    setting: str
    timeout: float = 30.0

    @property
    def shown(self) -> str:
        """The URL without its password, and without what may be one."""
        return self.url.set(query={}).render_as_string()

    async def connect(self) -> asyncpg.Connection:
        """A connection of the driver's own, whose tables are those of the schema."""
        milliseconds = str(int(self.timeout * 1000))
        return await asyncpg.connect(
            self.url.render_as_string(hide_password=False),
            timeout=10,
            command_timeout=self.timeout + 1,
            server_settings={
                "search_path": f'"{self.schema}"',
                "statement_timeout": milliseconds,
                "idle_in_transaction_session_timeout": milliseconds,
                "tcp_keepalives_idle": "5",
                "tcp_keepalives_interval": "2",
                "tcp_keepalives_count": "3",
            },
        )

    def engine(self, json_as_text: bool = False) -> AsyncEngine:
        """SQLAlchemy over connections of the same kind."""
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_pre_ping=True,
            json_deserializer=str if json_as_text else None,
        )


def place(url: str, setting: str, schema: str = "public", timeout: float = 30.0) -> Place:
    """What a database URL names; `?schema=` wins over `schema`. Raises Refused."""
    parts = make_url(url).set(drivername="postgresql")
    named = parts.query.get("schema", schema)
    if not isinstance(named, str) or not PLAIN.fullmatch(named):
        problem = f"{setting}: {named!r} cannot be the name of a schema"
        raise Refused(problem, "use small letters, digits and underscores, not beginning with a digit")
    return Place(parts.difference_update_query(["schema"]), named, setting, timeout)


async def reach(at: Place) -> None:
    """Wait until the database answers, for a while. Raises Refused when it does not, or does not let us in."""
    await _patiently(at, _hello)


async def bring_up_to_date(
    at: Place, migrations: Path, metadata: MetaData, and_then: Callable[[Connection], None] = lambda _: None
) -> None:
    """Apply the migrations that are missing; however many processes try at once, one does it. Raises Refused."""
    await reach(at)
    unhurried = replace(at, timeout=MIGRATING)
    try:
        async with _engine(unhurried) as engine, engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({crc32(at.schema.encode())})"))
            await connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{at.schema}"'))
            await connection.run_sync(lambda sync: upgrade(sync, migrations, metadata))
            await connection.run_sync(and_then)
    except (*AWAY, asyncpg.PostgresError, SQLAlchemyError) as trouble:
        problem = f"{at.setting}: the schema {at.schema} cannot be brought up to date: {first_line(trouble)}"
        raise Refused(problem, "use a role that may create schemas and tables there, and try again") from None
    except Refused as other:
        raise Refused(f"{at.setting}: in the schema {at.schema} {other.problem}", other.hint) from None


async def check_up_to_date(at: Place, migrations: Path) -> None:
    """Raises Refused when migrations are missing, or when the database does not answer for a while."""
    wanted = newest(migrations)
    found = await _patiently(at, _version)
    if found is None or found < wanted:
        state = "has no tables yet" if found is None else f"is at version {found}, {wanted} is needed"
        raise Refused(f"{at.setting}: the schema {at.schema} of {at.shown} {state}", "run `db upgrade`")


async def drop(at: Place) -> None:
    """Forget the schema with everything in it."""
    connection = await at.connect()
    try:
        await connection.execute(f'DROP SCHEMA IF EXISTS "{at.schema}" CASCADE')
    finally:
        await connection.close()


async def _patiently(at: Place, ask: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Ask until there is an answer, for a while: a server that restarts is waited for. Raises Refused."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    waits = False
    while True:
        try:
            connection = await at.connect()
            try:
                return await ask(connection)
            finally:
                await connection.close()
        except ValueError as unfit:
            raise _not_let_in(at, unfit) from None
        except (*AWAY, asyncpg.InterfaceError) as trouble:
            if asyncio.get_running_loop().time() > deadline:
                problem = f"{at.setting}: {at.shown} does not answer: {first_line(trouble)}"
                raise Refused(problem, "check host and port, and that PostgreSQL runs there") from None
            if not waits:
                log.warning(
                    "%s: %s does not answer yet; it is waited for, %d s at most", at.setting, at.shown, PATIENCE
                )
            waits = True
            await asyncio.sleep(PAUSE)
        except asyncpg.PostgresError as trouble:
            raise _not_let_in(at, trouble) from None


async def _hello(connection: asyncpg.Connection) -> None:
    await connection.execute("SELECT 1")


async def _version(connection: asyncpg.Connection) -> str | None:
    try:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))
    except asyncpg.UndefinedTableError:
        return None


@asynccontextmanager
async def _engine(at: Place) -> AsyncIterator[AsyncEngine]:
    engine = at.engine()
    try:
        yield engine
    finally:
        await engine.dispose()


def _not_let_in(at: Place, trouble: Exception) -> Refused:
    problem = f"{at.setting}: {first_line(trouble)} ({at.shown})"
    if isinstance(trouble, asyncpg.InvalidCatalogNameError):
        return Refused(problem, f"create it with `createdb {at.url.database}`, or name another one")
    if isinstance(trouble, asyncpg.InvalidAuthorizationSpecificationError):
        return Refused(problem, "check user and password")
    if isinstance(trouble, asyncpg.InsufficientPrivilegeError):
        return Refused(problem, "give the user the right to use the schema and its tables, or name another one")
    return Refused(problem, "write it as postgresql://user:password@host:5432/database")


def first_line(trouble: Exception) -> str:
    """What went wrong, in a line; its name where it says nothing, as a connection that takes too long."""
    told = trouble.orig if isinstance(trouble, DBAPIError) and trouble.orig is not None else trouble
    return str(told).splitlines()[0].rpartition(">: ")[2] if str(told) else type(told).__name__

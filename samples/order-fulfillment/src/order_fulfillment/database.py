"""SQLite files, and bringing a schema up to date with Alembic from code, without a configuration file."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url

from .errors import Refused

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000")


def sqlite_path(url: str) -> Path:
    """The file behind a database URL. Raises Refused for what is not a SQLite file."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database or parts.database == ":memory:":
        problem = f"{parts.render_as_string()} is not a SQLite file"
        raise Refused(problem, "write it as sqlite:///data/orchestrator.db")
    return Path(parts.database)


def open_engine(url: str) -> Engine:
    """An engine for a SQLite file whose commits survive a power cut; its folder is made if need be."""
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _: prepare(connection))
    return engine


def connect(path: Path) -> sqlite3.Connection:
    """A connection of the driver's own, for the thread that asks for it."""
    connection = sqlite3.connect(path)
    prepare(connection)
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Write-ahead log, every commit on disk, transactions begun by us."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def bring_up_to_date(
    engine: Engine, migrations: Path, metadata: MetaData, and_then: Callable[[Connection], None] = lambda _: None
) -> None:
    """Apply the migrations that are missing, in one transaction; two processes may try at once."""
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        upgrade(connection, migrations, metadata)
        and_then(connection)


def upgrade(connection: Connection, migrations: Path, metadata: MetaData) -> None:
    """Apply the migrations that are missing, within the caller's transaction. Raises Refused.

    Tables that a newer program has brought further stay as they are: migrations only add.
    """
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = _config(migrations)
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found > max(known):
        log.warning("the tables are at version %s, which is newer than this program; they stay as they are", found)
        return
    if found is not None and found not in known:
        problem = f"the tables are at version {found}, which this program does not know"
        raise Refused(problem, "name another database or schema: what is there was not made by this program")
    config.attributes.update(connection=connection, metadata=metadata)
    command.upgrade(config, "head")


def newest(migrations: Path) -> str:
    """The version that a schema has once all migrations are applied."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(_config(migrations)).get_current_head())


def _config(migrations: Path) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config

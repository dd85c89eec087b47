"""The SQLite file: its schema, its durability, and other processes that write to it."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from runtime.database import bring_up_to_date, connect, open_engine, sqlite_path
from runtime.errors import Refused
from runtime.event_store import models as event_store_models
from runtime.event_store import sqlite as event_store
from runtime.event_store.sqlite import MIGRATIONS as EVENT_STORE
from runtime.event_store.store import Appended, Batch, NewEvent, OutcomeUnknown
from runtime.participant import models as participant_models
from runtime.participant.barrier import MIGRATIONS as PARTICIPANT


@pytest.mark.parametrize(
    ("migrations", "metadata"),
    [(EVENT_STORE, event_store_models.Table.metadata), (PARTICIPANT, participant_models.Table.metadata)],
    ids=["event store", "participant"],
)
def test_the_migrations_make_exactly_the_models(tmp_path: Path, migrations: Path, metadata: MetaData) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/fresh.db")
    bring_up_to_date(engine, migrations, metadata)
    bring_up_to_date(engine, migrations, metadata)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_a_commit_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    connection = connect(tmp_path / "durable.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_outbox_view_shows_what_is_not_published(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    bring_up_to_date(engine, EVENT_STORE, event_store_models.Table.metadata)
    with sqlite3.connect(tmp_path / "store.db") as connection:
        connection.execute("INSERT INTO shard VALUES (1, NULL, 1, 0, 3, 2, '{}')")
        for pos, out in ((1, "[1]"), (2, None), (3, "[3]")):
            values = (f"1.{pos}", 1, 1, pos, "StepStarted", 1, "{}", out, 0, 1)
            connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        assert connection.execute("SELECT saga_id, out FROM outbox").fetchall() == [("1.3", "[3]")]


def test_what_the_file_does_not_take_has_an_unknown_outcome_and_leaves_no_trace(tmp_path: Path) -> None:
    async def story() -> None:
        store = event_store.open_store(f"sqlite:///{tmp_path}/store.db")
        await store.create_shards(1)
        (taken,) = await store.take([0], "me", 60)
        with connect(tmp_path / "store.db") as other:
            other.execute("ALTER TABLE saga RENAME TO hidden")
        with pytest.raises(OutcomeUnknown, match="no such table"):
            await store.append([Batch(0, taken.epoch, 0, 1e12, 0, {}, [NewEvent("0.1", 1, "E", 1, "{}", None, 1.0)])])
        with connect(tmp_path / "store.db") as other:
            other.execute("ALTER TABLE hidden RENAME TO saga")
        assert await store.append([Batch(0, taken.epoch, 0, 1e12, 0, {})]) == [Appended(0)]
        assert await store.history("0.1") == []
        await store.close()

    asyncio.run(asyncio.wait_for(story(), 120))


@pytest.mark.parametrize("url", ["postgresql://somewhere/orders", "sqlite://"])
def test_what_is_not_a_file_is_refused_with_a_hint(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        sqlite_path(url)
    assert refusal.value.hint == "write it as sqlite:///data/orchestrator.db"

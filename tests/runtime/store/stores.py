"""Every kind of event store, fresh, and what is put into them. Another one joins by adding how it is opened."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from runtime.event_store import postgres, sqlite
from runtime.event_store.store import Batch, NewEvent, SagaRow, Store
from runtime.postgres import place

Story = Callable[[Store], Awaitable[None]]
Tell = Callable[[Story], None]


async def on_sqlite(request: pytest.FixtureRequest) -> Store:
    folder: Path = request.getfixturevalue("tmp_path")
    return sqlite.open_store(f"sqlite:///{folder}/store.db")


async def on_postgres(request: pytest.FixtureRequest) -> Store:
    where = place(request.getfixturevalue("schema_url"), "DATABASE_URL")
    await postgres.prepare(where)
    return await postgres.open_store(where)


STORES = {"sqlite": on_sqlite, "postgres": on_postgres}


def happened(saga_id: str, seq: int, out: str | None = None) -> NewEvent:
    return NewEvent(saga_id, seq, "StepStarted", 1, json.dumps({"step": "reserve", "seq": seq}), out, 100.0 + seq)


def row(
    saga_id: str, seq: int, *, state: str | None = None, state_seq: int = 0, closed: float | None = None
) -> SagaRow:
    shard = int(saga_id.split(".")[0])
    status = "RUNNING" if closed is None else "COMPLETED"
    started = 50.0 + int(saga_id.split(".")[1])
    business = f"order-{saga_id}"
    return SagaRow(
        saga_id, "fulfillment", 1, shard, seq, status, status, business, None, 200.0, state, state_seq, started, closed
    )


def batch(shard: int, epoch: int, head: int, *events: NewEvent) -> Batch:
    return Batch(shard, epoch, head, 1e12, 0, {}, events)


async def owned(store: Store, shard: int, owner: str = "me") -> int:
    (taken,) = await store.take([shard], owner, 60)
    return taken.epoch


async def lies_in(store: Any, table: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table as people read them, in order."""

    def rows(connection: Connection) -> list[tuple[Any, ...]]:
        return sorted(tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}")))

    found: list[tuple[Any, ...]] = await store._read(rows)
    return found

"""Starts sagas of the ledger application, and checks from ledgers and logs what became of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from servers.topics import create_topics

from runtime.adapters import open_store, upgrade
from runtime.event_store.store import Store, StoredSaga, StoreUnavailable
from runtime.messaging.topics import topics_of
from runtime.orchestrator import inbox
from runtime.orchestrator.ids import saga_id as new_saga_id
from runtime.postgres import place
from runtime.settings import Settings, database_urls

from .app import REFUSED, application

DONE = Counter({"ReserveInventory": 1, "ArrangeShipment": 1, "SendConfirmation": 1})
UNDONE = Counter({"ReserveInventory": 1, "ReleaseInventory": 1})
UNHURRIED = 600
"""Seconds of a lease: no statement is given up within a good part of it, however slow the server is."""


def run(story: Callable[[], Awaitable[None]], seconds: float = 900) -> None:
    """Run it to its end. Raises TimeoutError."""
    asyncio.run(asyncio.wait_for(story(), seconds))


async def prepare(url: str, kafka_address: str, prefix: str) -> None:
    """Tables and topics."""
    await create_topics(kafka_address, prefix, topics_of(application.definitions))
    await upgrade(Settings(database_url=url), application.participants, urls(url))


def urls(url: str) -> dict[str, str]:
    return dict(database_urls([one.context for one in application.participants], url))


@asynccontextmanager
async def desk(url: str) -> AsyncIterator[Store]:
    store = await open_store(Settings(database_url=url, lease_seconds=UNHURRIED))
    await store.create_shards(application.definitions[-1].shards)
    try:
        yield store
    finally:
        await store.close()


async def start(store: Store, count: int) -> list[str]:
    """Leave starts; every fourth will be refused by shipping."""
    ids = []
    for number in range(count):
        saga_id = new_saga_id(application.definitions[-1].shards)
        order = f"{REFUSED if number % 4 == 0 else 'order'}-{number}"
        values = application.example.model_copy(update={"order_id": order}).model_dump(mode="json")
        await inbox.submit(store, saga_id, "start", values, None, "test")
        ids.append(saga_id)
    return ids


async def begun(store: Store, ids: Sequence[str], count: int) -> None:
    """Returns once so many of the sagas have begun."""
    while len(await store.sagas(ids)) < count:
        await asyncio.sleep(0.02)


async def all_ended(store: Store, ids: Sequence[str], seconds: float = 300) -> Counter[str]:
    """How the sagas ended, once all have."""
    async with asyncio.timeout(seconds):
        while True:
            rows = [saga.row for saga in (await _found(store, ids)).values()]
            if len(rows) == len(ids) and all(row.closed_at is not None for row in rows):
                return Counter(row.label for row in rows)
            await asyncio.sleep(0.1)


async def _found(store: Store, ids: Sequence[str]) -> Mapping[str, StoredSaga]:
    try:
        return await store.sagas(ids)
    except StoreUnavailable:
        return {}


async def ledgers(url: str) -> dict[str, Counter[str]]:
    """What was done for each saga, by all participants with tables of their own."""
    done: dict[str, Counter[str]] = {}
    for context in ("inventory", "shipping", "notification"):
        connection = await place(urls(url)[context], "").connect()
        for saga_id, what in await connection.fetch("SELECT saga_id, what FROM ledger"):
            done.setdefault(saga_id, Counter())[what] += 1
        await connection.close()
    return done


async def check(url: str, store: Store, ids: Sequence[str]) -> None:
    """Every saga has ended as it must, its history has no gap, and each effect is there exactly once."""
    ends = await all_ended(store, ids)
    assert ends == Counter(COMPLETED=len(ids) - (len(ids) + 3) // 4, COMPENSATED=(len(ids) + 3) // 4)
    await check_effects(url, store, ids)


async def check_effects(url: str, store: Store, ids: Sequence[str]) -> None:
    """The history of each ended saga has no gap, and each effect is there exactly once."""
    found = await ledgers(url)
    for number, saga_id in enumerate(ids):
        assert found[saga_id] == (UNDONE if number % 4 == 0 else DONE)
        history = [event.seq for event in await store.history(saga_id)]
        assert history == list(range(1, len(history) + 1))

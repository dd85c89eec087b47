"""Real servers, and every part a process of its own: whatever is killed, each saga ends, and nothing is done twice."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from ledger.app import REFUSED, application
from ledger.processes import PARTS, Processes, processes
from servers.topics import create_topics

from runtime.adapters import open_store, upgrade
from runtime.event_store.store import Store
from runtime.messaging.topics import topics_of
from runtime.orchestrator import inbox
from runtime.orchestrator.ids import saga_id as new_saga_id
from runtime.postgres import place
from runtime.settings import Settings, database_urls

pytestmark = pytest.mark.slow

DONE = Counter({"ReserveInventory": 1, "ArrangeShipment": 1, "SendConfirmation": 1})
UNDONE = Counter({"ReserveInventory": 1, "ReleaseInventory": 1})


@pytest.fixture
def parts(schema_url: str, kafka_address: str, tmp_path: Path) -> Iterator[Processes]:
    prefix = f"test-{uuid4().hex[:12]}."
    asyncio.run(create_topics(kafka_address, prefix, topics_of(application.definitions)))
    settings = Settings(database_url=schema_url)
    asyncio.run(upgrade(settings, application.participants, urls(schema_url)))
    with processes(schema_url, kafka_address, prefix, tmp_path) as ready:
        yield ready


def urls(url: str) -> dict[str, str]:
    return dict(database_urls([one.context for one in application.participants], url))


@asynccontextmanager
async def desk(url: str) -> AsyncIterator[Store]:
    store = await open_store(Settings(database_url=url))
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


async def all_ended(store: Store, ids: Sequence[str], seconds: float = 90) -> Counter[str]:
    """How the sagas ended, once all have."""
    async with asyncio.timeout(seconds):
        while True:
            rows = [saga.row for saga in (await store.sagas(ids)).values()]
            if len(rows) == len(ids) and all(row.closed_at is not None for row in rows):
                return Counter(row.label for row in rows)
            await asyncio.sleep(0.1)


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
    found = await ledgers(url)
    for number, saga_id in enumerate(ids):
        assert found[saga_id] == (UNDONE if number % 4 == 0 else DONE)
        history = [event.seq for event in await store.history(saga_id)]
        assert history == list(range(1, len(history) + 1))


def test_parts_in_processes_of_their_own_bring_sagas_to_their_end(parts: Processes, schema_url: str) -> None:
    async def story() -> None:
        async with desk(schema_url) as store:
            parts.start(*PARTS)
            await check(schema_url, store, await start(store, 40))
            assert parts.stop() == dict.fromkeys(PARTS, 0)

    asyncio.run(story())


def test_killed_at_random_under_load_nothing_is_lost_and_nothing_done_twice(parts: Processes, schema_url: str) -> None:
    chance = random.Random(7)

    async def story() -> None:
        async with desk(schema_url) as store:
            parts.start(*PARTS)
            ids: list[str] = []
            for _ in range(8):
                ids += await start(store, 24)
                await asyncio.sleep(chance.uniform(0.3, 1.2))
                victim = chance.choice(PARTS)
                parts.kill(victim)
                parts.start(victim)
            await check(schema_url, store, ids)

    asyncio.run(story())


def test_an_orchestrator_that_slept_past_its_lease_changes_nothing_when_it_wakes(
    parts: Processes, schema_url: str
) -> None:
    async def story() -> None:
        async with desk(schema_url) as store:
            parts.start(*PARTS)
            ids = await start(store, 40)
            await asyncio.sleep(2.5)
            parts.tell("orchestrator", signal.SIGSTOP)
            ids += await start(store, 40)
            parts.start("orchestrator-2")
            await all_ended(store, ids)
            parts.tell("orchestrator", signal.SIGCONT)
            ids += await start(store, 40)
            await check(schema_url, store, ids)

    asyncio.run(story())

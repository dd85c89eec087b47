"""Several processes on one PostgreSQL: shards are shared fairly, and handed over at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from example.app import application

from runtime.adapters import upgrade
from runtime.event_store.store import Alive
from runtime.orchestrator.balance import fair_share
from runtime.orchestrator.front import Front
from runtime.settings import Settings, database_urls
from runtime.up import everything

LEASE = 6.0


@asynccontextmanager
async def node(url: str) -> AsyncIterator[Front]:
    settings = Settings(database_url=url, lease_seconds=LEASE)
    urls = database_urls([one.context for one in application.participants], url)
    async with everything(application, settings, urls) as front:
        yield front


async def prepared(url: str) -> None:
    settings = Settings(database_url=url)
    await upgrade(settings, application.participants, database_urls([p.context for p in application.participants], url))


def shards_of(front: Front) -> set[int]:
    return set(front._node.shards)


async def until(true: Callable[[], bool], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 300))


def test_shards_are_shared_fairly_among_those_who_know_the_newest_version() -> None:
    alive = [Alive("a", 2), Alive("b", 2), Alive("c", 2), Alive("old", 1)]
    shares = [fair_share(16, alive, one.node) for one in alive]
    assert shares == [6, 5, 5, 0]


@pytest.mark.slow
def test_a_second_process_gets_half_and_a_saga_of_either_can_be_started_at_both(schema_url: str) -> None:
    async def story() -> None:
        await prepared(schema_url)
        async with node(schema_url) as first, node(schema_url) as second:
            every = application.definitions[-1].shards
            await until(
                lambda: len(shards_of(first)) == len(shards_of(second)) == every // 2
                and not shards_of(first) & shards_of(second)
            )
            started = [await first.start(application.example, f"order-{number}") for number in range(8)]
            again = [await second.start(application.example, f"order-{number}") for number in range(8)]
            assert [one.saga_id for one in started] == [one.saga_id for one in again]
            assert ({one.new for one in started}, {one.new for one in again}) == ({True}, {False})
            ends = [await second.ended(one.saga_id) for one in started]
            assert {row.label for row in ends} == {"COMPLETED"}

    run(story)


@pytest.mark.slow
def test_a_process_that_stops_in_good_order_leaves_its_shards_to_the_others_at_once(schema_url: str) -> None:
    async def story() -> None:
        await prepared(schema_url)
        every = application.definitions[-1].shards
        async with AsyncExitStack() as stack:
            async with node(schema_url) as first:
                second = await stack.enter_async_context(node(schema_url))
                await until(lambda: len(shards_of(second)) == every // 2)
                started = [await first.start(application.example) for _ in range(20)]
            members = second._node.members
            assert members is not None
            assert first._node.lease.owner not in (await members.owners()).values()
            await until(lambda: len(shards_of(second)) == every)
            ends = [await second.ended(one.saga_id) for one in started]
            assert {row.label for row in ends} == {"COMPLETED"}

    run(story)

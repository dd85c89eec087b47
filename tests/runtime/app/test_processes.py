"""Real servers, and every part a process of its own: whatever is killed, each saga ends, and nothing is done twice."""

import asyncio
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from ledger.checking import all_ended, check, desk, prepare, start
from ledger.processes import PARTS, Processes, processes

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(schema_url: str, kafka_address: str, tmp_path: Path) -> Iterator[Processes]:
    prefix = f"test-{uuid4().hex[:12]}."
    asyncio.run(prepare(schema_url, kafka_address, prefix))
    with processes(schema_url, kafka_address, prefix, tmp_path) as ready:
        yield ready


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

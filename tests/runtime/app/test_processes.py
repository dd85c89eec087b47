"""Real servers, and every part a process of its own: whatever is killed, each saga ends, and nothing is done twice."""

import asyncio
import random
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from ledger.checking import all_ended, begun, check, desk, prepare, run, start
from ledger.processes import PARTS, Processes, processes
from servers.places import wait_until

from runtime.postgres import place

pytestmark = pytest.mark.slow

WHY = re.compile("belongs to somebody else now|the event store is away, and is waited for; the shards are taken again")


@pytest.fixture
def parts(schema_url: str, kafka_address: str, tmp_path: Path) -> Iterator[Processes]:
    prefix = f"test-{uuid4().hex[:12]}."
    asyncio.run(prepare(schema_url, kafka_address, prefix))
    with processes(schema_url, kafka_address, prefix, tmp_path) as ready:
        yield ready


async def epochs(url: str) -> dict[tuple[int, int], int]:
    """How many events each shard has of each epoch but its last: an owner that was replaced adds none."""
    connection = await place(url, "").connect()
    rows = await connection.fetch(
        "SELECT event.shard, event.epoch, count(*) FROM event JOIN shard ON shard.id = event.shard"
        " WHERE event.epoch < shard.epoch GROUP BY 1, 2"
    )
    await connection.close()
    return {(shard, epoch): count for shard, epoch, count in rows}


def test_parts_in_processes_of_their_own_bring_sagas_to_their_end(parts: Processes, schema_url: str) -> None:
    async def story() -> None:
        async with desk(schema_url) as store:
            parts.start(*PARTS)
            await check(schema_url, store, await start(store, 40))
            assert parts.stop() == dict.fromkeys(PARTS, 0)

    run(story)


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

    run(story)


def test_an_orchestrator_that_slept_past_its_lease_changes_nothing_when_it_wakes(
    parts: Processes, schema_url: str
) -> None:
    async def story() -> None:
        async with desk(schema_url) as store:
            parts.start(*PARTS)
            ids = await start(store, 40)
            await begun(store, ids, 10)
            parts.tell("orchestrator", signal.SIGSTOP)
            ids += await start(store, 40)
            parts.start("orchestrator-2")
            await all_ended(store, ids)
            before = await epochs(schema_url)
            assert before
            parts.tell("orchestrator", signal.SIGCONT)
            ids += await start(store, 40)
            await check(schema_url, store, ids)
            written = await epochs(schema_url)
            assert {old: written[old] for old in before} == before
            await asyncio.to_thread(wait_until, lambda: bool(WHY.search(parts.log("orchestrator"))), "it says why")

    run(story)

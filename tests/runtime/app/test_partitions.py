"""Lines that break between a part and a server: somebody else takes over, and nothing is lost or done twice."""

import asyncio
import random
from pathlib import Path
from uuid import uuid4

import pytest
from ledger.checking import all_ended, check, desk, prepare, run, start
from ledger.processes import PARTS, processes
from servers.kafka import Kafka
from servers.proxy import Line
from sqlalchemy import make_url

pytestmark = pytest.mark.slow


def test_an_orchestrator_cut_off_from_the_broker_is_replaced_even_when_idle(
    schema_url: str, own_kafka: Kafka, tmp_path: Path
) -> None:
    async def story() -> None:
        line = Line(own_kafka.line_end)
        await line.open(own_kafka.line)
        await prepare(schema_url, own_kafka.address, "")
        with processes(schema_url, f"127.0.0.1:{own_kafka.line}", "", tmp_path) as cut_off:
            async with desk(schema_url) as store:
                cut_off.start("orchestrator")
                parts.start(*PARTS[1:])
                ids = await start(store, 20)
                await all_ended(store, ids)
                line.cut()
                parts.start("orchestrator-2")
                ids += await start(store, 20)
                await all_ended(store, ids)
                while "the broker is away, and is waited for; no timer rings, and no lease" not in cut_off.log(
                    "orchestrator"
                ):
                    await asyncio.sleep(0.1)
                line.mend()
                ids += await start(store, 20)
                await check(schema_url, store, ids)
        await line.close()

    with processes(schema_url, own_kafka.address, "", tmp_path) as parts:
        run(story)


def test_an_orchestrator_cut_off_from_broker_and_database_at_once_is_replaced_and_does_no_harm(
    schema_url: str, own_kafka: Kafka, tmp_path: Path
) -> None:
    async def story() -> None:
        to_broker, to_database = Line(own_kafka.line_end), Line(make_url(schema_url).port or 5432)
        await to_broker.open(own_kafka.line)
        await to_database.open()
        through = make_url(schema_url).set(port=to_database.port).render_as_string(hide_password=False)
        await prepare(schema_url, own_kafka.address, "")
        with processes(through, f"127.0.0.1:{own_kafka.line}", "", tmp_path) as cut_off:
            async with desk(schema_url) as store:
                cut_off.start("orchestrator")
                parts.start(*PARTS[1:])
                ids = await start(store, 20)
                await all_ended(store, ids)
                ids += await start(store, 20)
                for line in (to_broker, to_database):
                    line.cut()
                parts.start("orchestrator-2")
                await all_ended(store, ids)
                for line in (to_broker, to_database):
                    line.mend()
                ids += await start(store, 20)
                await check(schema_url, store, ids)
        for line in (to_broker, to_database):
            await line.close()

    with processes(schema_url, own_kafka.address, "", tmp_path) as parts:
        run(story)


def test_commits_whose_answer_is_lost_are_neither_lost_nor_done_twice(
    schema_url: str, kafka_address: str, tmp_path: Path
) -> None:
    prefix, chance = f"deaf-{uuid4().hex[:12]}.", random.Random(7)

    async def story() -> None:
        line = Line(make_url(schema_url).port or 5432)
        await line.open()
        through = make_url(schema_url).set(port=line.port).render_as_string(hide_password=False)
        await prepare(schema_url, kafka_address, prefix)
        with processes(through, kafka_address, prefix, tmp_path) as parts:
            async with desk(schema_url) as store:
                parts.start(*PARTS)
                ids = await start(store, 4)
                await all_ended(store, ids)
                while len(
                    ids
                ) < 100 or "the event store is away, and is waited for; the shards are taken again" not in (
                    parts.log("orchestrator")
                ):
                    ids += await start(store, 20)
                    await asyncio.sleep(chance.uniform(0.1, 0.4))
                    line.swallow_answers()
                    await asyncio.sleep(0.2)
                    line.cut()
                    line.mend()
                await check(schema_url, store, ids)
        await line.close()

    run(story)

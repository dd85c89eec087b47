"""Servers that crash and lines that break while sagas run: everything waits, goes on, and nothing is done twice."""

import asyncio
from pathlib import Path

import pytest
from ledger.checking import all_ended, begun, check, desk, prepare, run, start
from ledger.processes import PARTS, processes
from servers.kafka import Kafka
from servers.postgres import Postgres
from servers.proxy import Line
from sqlalchemy import make_url

pytestmark = pytest.mark.slow


def test_crashes_of_database_and_broker_cost_time_and_nothing_else(
    own_postgres: Postgres, own_kafka: Kafka, tmp_path: Path
) -> None:
    url = own_postgres.url()

    async def story() -> None:
        await prepare(url, own_kafka.address, "")
        async with desk(url) as store:
            parts.start(*PARTS)
            ids = await start(store, 40)
            await asyncio.to_thread(parts.all_at_work)
            await begun(store, ids, 10)
            await asyncio.to_thread(own_postgres.crash)
            ids += await start(store, 40)
            await asyncio.to_thread(own_kafka.stop)
            ids += await start(store, 40)
            await asyncio.to_thread(own_kafka.start)
            await asyncio.to_thread(own_postgres.crash)
            ids += await start(store, 40)
            await check(url, store, ids)

    with processes(url, own_kafka.address, "", tmp_path) as parts:
        run(story)
        assert parts.stop() == dict.fromkeys(PARTS, 0)


def test_an_orchestrator_cut_off_from_the_database_is_replaced_and_does_no_harm(
    schema_url: str, kafka_address: str, tmp_path: Path
) -> None:
    prefix = f"cut-{tmp_path.name}."

    async def story() -> None:
        line = Line(make_url(schema_url).port or 5432)
        await line.open()
        through = make_url(schema_url).set(port=line.port).render_as_string(hide_password=False)
        await prepare(schema_url, kafka_address, prefix)
        with processes(through, kafka_address, prefix, tmp_path) as cut_off:
            async with desk(schema_url) as store:
                cut_off.start("orchestrator")
                parts.start(*PARTS[1:])
                ids = await start(store, 40)
                await begun(store, ids, 10)
                line.cut()
                parts.start("orchestrator-2")
                ids += await start(store, 40)
                await all_ended(store, ids)
                line.mend()
                ids += await start(store, 40)
                await check(schema_url, store, ids)
        await line.close()

    with processes(schema_url, kafka_address, prefix, tmp_path) as parts:
        run(story)

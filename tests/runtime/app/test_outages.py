"""What is said while a server is away: once that it is, and once that it is back, without a traceback."""

import asyncio
import logging
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from shard.site import Site

from runtime.messaging.kafka_log import Seldom
from runtime.outage import Outage
from runtime.participant.barrier import BarrierUnavailable
from runtime.participant.sqlite import SqliteBarrier


def test_an_outage_is_told_once_however_often_it_is_met(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage, now = Outage("the broker", "no timer rings"), 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in range(3):
        outage.back()
        outage.away(OSError("refused"))
        now += 7
        outage.away(OSError("still refused"))
    outage.back()
    assert caplog.messages == [
        message
        for _ in range(3)
        for message in (
            "the broker is away, and is waited for; no timer rings: refused",
            "the broker is back after 7.0 s",
        )
    ]


def test_a_participant_whose_database_is_away_says_so_in_one_line_and_goes_on_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    usual, left = SqliteBarrier.transaction, 20

    def transaction(barrier: SqliteBarrier) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            raise BarrierUnavailable("INVENTORY_DATABASE_URL: connection refused")
        return usual(barrier)

    async def story() -> None:
        site = Site(tmp_path)
        async with site.participants(), site.running(await site.orchestrator()) as front:
            monkeypatch.setattr(SqliteBarrier, "transaction", transaction)
            assert await site.ends(front, await site.start(front, 1)) == Counter(COMPLETED=1)

    asyncio.run(asyncio.wait_for(story(), 120))
    away = [record for record in caplog.records if "is away" in record.message]
    assert [(record.levelname, record.exc_info) for record in away] == [("ERROR", None)]
    assert away[0].message.endswith(
        "commands for inventory stay where they are: INVENTORY_DATABASE_URL: connection refused"
    )


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("kafka", logging.ERROR, "", 0, text, (), None)


def test_the_client_library_does_not_repeat_itself() -> None:
    seldom = Seldom()
    said = [
        "FAIL [rdkafka#producer-9] [thrd:10.0.0.1:9092/bootstrap]: Connect failed: refused (after 0ms)",
        "FAIL [rdkafka#consumer-2] [thrd:10.0.0.1:9092/bootstrap]: Connect failed: refused (after 12ms)",
        "MAXPOLL [rdkafka#consumer-2] [thrd:main]: Application maximum poll interval exceeded",
    ]
    assert [seldom.filter(record(text)) for text in said * 2] == [True, False, True, False, False, False]

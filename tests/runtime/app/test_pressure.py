"""More starts than can be dealt with: the edge says so at once, and nothing that was accepted is lost."""

import asyncio
import json
import re
import subprocess
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from uuid import uuid4

import pytest
from example.app import application
from ledger.app import REFUSED
from ledger.checking import DONE, UNDONE, all_ended, desk, ledgers, prepare, run
from ledger.processes import PARTS, Processes, processes

from runtime.event_store.store import Store
from runtime.orchestrator.front import Busy, Front
from runtime.postgres import place
from runtime.settings import Settings
from runtime.up import everything

CALLERS, SECONDS, MAX_OPEN = 100, 8, 60


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"waiting": 20}, "20 requests wait to be recorded already"),
        ({"max_open": 20}, "sagas are open in this process already"),
    ],
)
def test_beyond_its_limits_the_edge_refuses_and_what_it_accepted_comes_to_its_end(
    limits: dict[str, int], said: str, tmp_path: Path
) -> None:
    urls = {one.context: f"sqlite:///{tmp_path}/{one.context}.db" for one in application.participants}
    here = Settings(database_url=f"sqlite:///{tmp_path}/orchestrator.db", kafka_bootstrap_servers=None)
    settings = here.model_copy(update=limits)
    refusals = set[str]()

    async def attempt(front: Front) -> str | None:
        try:
            return (await front.start(application.example)).saga_id
        except Busy as busy:
            refusals.add(busy.problem)
            return None

    async def story() -> None:
        async with everything(application, settings, urls) as front:
            for _ in range(3):
                told = await asyncio.gather(*(attempt(front) for _ in range(100)))
                accepted = [saga_id for saga_id in told if saga_id is not None]
                assert len(accepted) == 20
                assert all(said in one for one in refusals)
                assert {(await front.ended(saga_id)).label for saga_id in accepted} == {"COMPLETED"}

    asyncio.run(asyncio.wait_for(story(), 120))


@dataclass
class Callers:
    """Callers who never give up. `accepted` has the orders by the saga that was started for them."""

    url: str
    until: float
    accepted: dict[str, str] = field(default_factory=dict)
    refused: int = 0

    def call(self, caller: int) -> None:
        """Start one saga after the other; come again when told to."""
        number = 0
        while time.monotonic() < self.until:
            order = f"{REFUSED if number % 4 == 0 else 'order'}-{caller}-{number}"
            try:
                self.accepted[self._start(order)] = order
                number += 1
            except HTTPError as answer:
                if (answer.code, answer.headers["Retry-After"]) != (429, "1"):
                    raise
                self.refused += 1
                time.sleep(0.05)

    def _start(self, order: str) -> str:
        body = application.example.model_copy(update={"order_id": order}).model_dump_json().encode()
        asked = urllib.request.Request(f"{self.url}/api/sagas", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return str(json.load(answer)["id"])


@pytest.mark.slow
def test_starts_beyond_the_capacity_leave_few_sagas_open_and_memory_where_it_was(
    schema_url: str, kafka_address: str, tmp_path: Path
) -> None:
    prefix = f"pressure-{uuid4().hex[:12]}."

    async def story(parts: Processes) -> None:
        await prepare(schema_url, kafka_address, prefix)
        async with desk(schema_url) as store:
            parts.start(*PARTS)
            url = await _address(parts)
            memory, most_open, callers = await _pressed(parts, url)
            assert callers.refused > len(callers.accepted) > 0
            assert most_open <= MAX_OPEN
            assert memory[-1] < 1.5 * memory[0]
            await _check(store, callers.accepted)

    async def _pressed(parts: Processes, url: str) -> tuple[list[int], int, Callers]:
        callers, most_open, memory = Callers(url, time.monotonic() + SECONDS), 0, list[int]()
        connection = await place(schema_url, "").connect()
        with ThreadPoolExecutor(CALLERS) as pool:
            calls = [asyncio.wrap_future(pool.submit(callers.call, one)) for one in range(CALLERS)]
            while not all(call.done() for call in calls):
                most_open = max(
                    most_open, await connection.fetchval("SELECT count(*) FROM saga WHERE closed_at IS NULL")
                )
                if callers.accepted:
                    memory.append(_resident(parts.running["orchestrator"].pid))
                await asyncio.sleep(0.1)
            await asyncio.gather(*calls)
        await connection.close()
        return memory, most_open, callers

    async def _check(store: Store, accepted: dict[str, str]) -> None:
        ends = await all_ended(store, list(accepted))
        undone = sum(order.startswith(REFUSED) for order in accepted.values())
        assert ends == Counter(COMPLETED=len(accepted) - undone, COMPENSATED=undone)
        found = await ledgers(schema_url)
        assert found == {id: UNDONE if order.startswith(REFUSED) else DONE for id, order in accepted.items()}

    with processes(schema_url, kafka_address, prefix, tmp_path, {"MAX_OPEN": str(MAX_OPEN)}) as parts:
        run(lambda: story(parts))
        assert parts.stop() == dict.fromkeys(PARTS, 0)


async def _address(parts: Processes) -> str:
    while (found := re.search("listening on (http://[0-9.:]+)", parts.log("orchestrator"))) is None:
        await asyncio.sleep(0.05)
    return found[1]


def _resident(process: int) -> int:
    """Kilobytes."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(process)]))

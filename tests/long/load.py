"""An hour of load: `python tests/long/load.py [--minutes 60] [--rate 20]`.

Starts PostgreSQL and Kafka, two orchestrators and the four participants of the ledger example, each a process of its
own, and starts sagas at a steady rate; every fourth is refused at its third step and undone. Then waits until all have
ended, compares histories and ledgers, and prints one line of JSON: sagas ended in each minute, how long they took in
the first and the last tenth of the time, and for each process its memory after a tenth of the time, at the end, and
how it grew over the second half. Ends with 1 where a saga is lost, unfinished, or not done or undone exactly once.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("templates", "tests", "tests/runtime")]

from ledger import checking  # noqa: E402
from ledger.processes import PARTS, Processes, processes  # noqa: E402
from servers.kafka import kafka  # noqa: E402
from servers.postgres import postgres  # noqa: E402

from runtime.postgres import place  # noqa: E402

AT_ONCE = 4
SAMPLE = 15.0
LOST_AFTER = 600.0
ALL = (*PARTS, "orchestrator-2")
ENDED = "SELECT closed_at, 1000 * (closed_at - started_at) FROM saga ORDER BY closed_at"

Memory = dict[str, list[tuple[float, float]]]


async def load(url: str, parts: Processes, minutes: float, rate: float) -> dict[str, Any]:
    """What was measured. Raises AssertionError and TimeoutError where something is not as it must be."""
    memory: Memory = {name: [] for name in ALL}
    async with checking.desk(url) as store:
        parts.start(*ALL)
        began, sampled, ids = time.time(), 0.0, list[str]()
        while (now := time.time() - began) < minutes * 60:
            if now >= sampled:
                sampled = now + SAMPLE
                sample(parts, now, memory)
            if len(ids) < now * rate:
                ids += await checking.start(store, AT_ONCE)
            else:
                await asyncio.sleep(0.01)
        ends = await checking.all_ended(store, ids, LOST_AFTER)
        sample(parts, time.time() - began, memory)
        assert set(parts.stop().values()) == {0}, "a part did not end in good order"
        await checking.check_effects(url, store, ids)
    return {"sagas": len(ids), "ends": dict(ends), **await told(url, began, minutes), **grown(memory, minutes)}


def sample(parts: Processes, now: float, memory: Memory) -> None:
    """The resident memory of each part, in MB. A part that has ended by itself is an AssertionError."""
    ended = [name for name, process in parts.running.items() if process.poll() is not None]
    assert not ended, f"{', '.join(ended)} ended by itself"
    names = {process.pid: name for name, process in parts.running.items()}
    command = ["ps", "-o", "pid=,rss=", "-p", ",".join(map(str, names))]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        pid, kilobytes = map(int, line.split())
        memory[names[pid]].append((now, kilobytes / 1000))


async def told(url: str, began: float, minutes: float) -> dict[str, Any]:
    """Sagas that ended in each minute, and how long they took, from the event store."""
    connection = await place(url, "").connect()
    rows = [(closed - began, took) for closed, took in await connection.fetch(ENDED)]
    await connection.close()
    by_minute = [sum(at // 60 == minute for at, _ in rows) for minute in range(int(minutes))]
    tenth = minutes * 6
    return {
        "ended_per_minute": {"least": min(by_minute), "median": statistics.median(by_minute), "most": max(by_minute)},
        "saga_ms": {
            "first tenth": quantiles([took for at, took in rows if at < tenth]),
            "last tenth": quantiles([took for at, took in rows if at >= minutes * 60 - tenth]),
        },
    }


def quantiles(values: Sequence[float]) -> dict[str, int]:
    """What half, and what 99 % of them stay below; nothing where there are none, as in the first seconds."""
    if len(values) < 2:
        return {}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49]), "p99": round(cuts[98])}


def grown(memory: Mapping[str, Sequence[tuple[float, float]]], minutes: float) -> dict[str, Any]:
    """By process, its memory early and late, and its slope over the second half."""
    found = {}
    for name, samples in memory.items():
        early = next(megabytes for at, megabytes in samples if at >= minutes * 6)
        late = [one for one in samples if one[0] >= minutes * 30]
        slope = statistics.linear_regression(*zip(*late, strict=True)).slope * 3600
        found[name] = {"early": round(early, 1), "end": round(samples[-1][1], 1), "an_hour": round(slope, 1)}
    return {"memory_mb": found}


def main() -> None:
    """Run, and tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--rate", type=float, default=20, help="sagas a second")
    options = asked.parse_args()

    async def run(url: str, address: str, folder: Path) -> dict[str, Any]:
        await checking.prepare(url, address, "load.")
        with processes(url, address, "load.", folder) as parts:
            return await load(url, parts, options.minutes, options.rate)

    with postgres() as database, kafka() as broker, tempfile.TemporaryDirectory(prefix="saga-load-") as folder:
        measured = asyncio.run(run(database.url(), broker.address, Path(folder)))
    print(json.dumps({"minutes": options.minutes, "rate": options.rate, **measured}))


if __name__ == "__main__":
    main()

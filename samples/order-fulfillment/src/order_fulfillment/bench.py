"""How many sagas a second: starts of the example, so many at once, until so many have ended."""

import asyncio
import json
import statistics
import time
from dataclasses import asdict, dataclass

from .application import Application
from .fresh import fresh
from .messaging.message import Command
from .orchestrator.front import Front
from .up import everything

WARM_UP = 20


@dataclass(frozen=True)
class Measured:
    """One run. Times are milliseconds from the start's acknowledgement wanted to the saga ended."""

    in_flight: int
    sagas: int
    sagas_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    def line(self, as_json: bool) -> str:
        """One line, for people or for scripts."""
        if as_json:
            return json.dumps({name: round(value, 2) for name, value in asdict(self).items()})
        return (
            f"{self.sagas_s:.0f} sagas/s at {self.in_flight} in flight "
            f"(p50 {self.p50_ms:.1f} ms, p95 {self.p95_ms:.1f} ms, p99 {self.p99_ms:.1f} ms)"
        )


async def bench(application: Application, in_flight: int, sagas: int) -> Measured:
    """Measured on fresh data, on the servers that the settings name, with the handlers as they are."""
    async with fresh(application) as (settings, urls), everything(application, settings, urls) as front:
        await _run(front, application.example, min(in_flight, WARM_UP), WARM_UP)
        began = time.perf_counter()
        times = await _run(front, application.example, in_flight, sagas)
        took = time.perf_counter() - began
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Measured(in_flight, sagas, sagas / took, cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000)


async def _run(front: Front, example: Command, in_flight: int, sagas: int) -> list[float]:
    left = iter(range(sagas))
    times: list[float] = []

    async def work() -> None:
        for _ in left:
            began = time.perf_counter()
            await front.ended((await front.start(example)).saga_id)
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(work() for _ in range(in_flight)))
    return times

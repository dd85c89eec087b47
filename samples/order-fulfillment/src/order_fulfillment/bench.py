"""How many sagas a second: starts of the example, so many at once, until so many have ended."""

import asyncio
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass

from .application import Application
from .children import environment, ourselves
from .errors import Refused
from .event_store.store import StoredEvent
from .fresh import fresh
from .messaging.message import Command
from .orchestrator.events import StepFailed, StepStarted, StepSucceeded
from .orchestrator.front import Front
from .settings import Settings
from .tasks import collect_seldom
from .up import everything, orchestrator

WARM_UP = 20
LOOKED_AT = 1000
ANSWERS = {StepSucceeded.__name__, StepFailed.__name__}


@dataclass(frozen=True)
class Quantiles:
    """Milliseconds that half, 95 % and 99 % of the cases stay below."""

    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms, p99 {self.p99:.1f} ms"


@dataclass(frozen=True)
class Measured:
    """One run. `saga_ms`: from asking for the start to the end; `step_ms`: from a command to its answer, by the log.

    `cpu_ms` is what this process spends on one saga, `peak_mb` the most memory that it held.
    """

    in_flight: int
    sagas: int
    sagas_s: float
    saga_ms: Quantiles
    step_ms: Quantiles
    cpu_ms: float
    peak_mb: float

    def line(self, as_json: bool) -> str:
        """What was measured, for people or, as one line, for scripts."""
        if as_json:
            return json.dumps(_rounded(asdict(self)))
        return "\n".join(
            (
                f"{self.sagas_s:.0f} sagas/s at {self.in_flight} in flight",
                f"  a saga   {self.saga_ms}",
                f"  a step   {self.step_ms}",
                f"  here     {self.cpu_ms:.2f} ms of CPU a saga, {self.peak_mb:.0f} MB at most",
            )
        )


async def bench(application: Application, in_flight: int, sagas: int, rate: float | None = None) -> Measured:
    """Measured on fresh data, on the servers that the settings name, with the handlers as they are.

    `rate` is how many are started a second; without it, one is started whenever one has ended.
    """
    collect_seldom()
    async with fresh(application) as (settings, urls), _running(application, settings, urls) as front:
        await _run(front, application.example, min(in_flight, WARM_UP), _as_they_come(WARM_UP))
        began, cpu = time.perf_counter(), time.process_time()
        done = await _run(front, application.example, in_flight, _paced(sagas, rate) if rate else _as_they_come(sagas))
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        steps = [took for saga_id in list(done)[-LOOKED_AT:] for took in _steps(await front.history(saga_id))]
    return Measured(
        in_flight,
        sagas,
        sagas / took,
        _quantiles(done.values()),
        _quantiles(steps),
        spent * 1000 / sagas,
        _peak_mb(),
    )


@asynccontextmanager
async def _running(application: Application, settings: Settings, urls: Mapping[str, str]) -> AsyncIterator[Front]:
    """Everything in this process; with a broker, the participants in one of their own."""
    if not settings.kafka_bootstrap_servers:
        async with everything(application, settings, urls) as front:
            yield front
        return
    contexts = [one.context for one in application.participants]
    async with _participants(contexts, environment(settings, urls)), orchestrator(application, settings) as front:
        yield front


@asynccontextmanager
async def _participants(contexts: Sequence[str], told: Mapping[str, str]) -> AsyncIterator[None]:
    command = [*ourselves(), "participant", *contexts]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **told}, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None, "it was asked for"
    try:
        if not await process.stdout.readline():
            raise Refused("the participants could not start", "see what they say above")
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _run(front: Front, example: Command, in_flight: int, turns: Iterator[float]) -> dict[str, float]:
    """By saga, how long it took in seconds. A turn is how long to wait before the next start."""
    done: dict[str, float] = {}

    async def work() -> None:
        for wait in turns:
            if wait > 0:
                await asyncio.sleep(wait)
            began = time.perf_counter()
            saga_id = (await front.start(example)).saga_id
            await front.ended(saga_id)
            done[saga_id] = time.perf_counter() - began

    await asyncio.gather(*(work() for _ in range(in_flight)))
    return done


def _as_they_come(sagas: int) -> Iterator[float]:
    return iter([0.0] * sagas)


def _paced(sagas: int, rate: float) -> Iterator[float]:
    began = time.perf_counter()
    for number in range(sagas):
        yield began + number / rate - time.perf_counter()


def _steps(history: Iterable[StoredEvent]) -> Iterator[float]:
    """From each first command to its answer, in seconds."""
    begun: dict[str, float] = {}
    for event in history:
        if event.type == StepStarted.__name__:
            begun.setdefault(json.loads(event.data)["step"], event.at)
        elif event.type in ANSWERS and (step := json.loads(event.data)["step"]) in begun:
            yield event.at - begun.pop(step)


def _quantiles(seconds: Iterable[float]) -> Quantiles:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return Quantiles(cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000)


def _peak_mb() -> float:
    """The system counts in kilobytes, on macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, 2) if isinstance(value, float) else value

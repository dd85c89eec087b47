"""Steps that take effect outside: no transaction is open while they wait, and the stored outcome decides.

Commands of one key wait for each other; commands of different keys run beside each other. What must be known after a
crash is committed before the call (`started`, `undoing`); an outcome counts only if the row is still as it was then.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from ..messaging.broker import Outbound
from ..messaging.message import Event, Refusal
from .answers import TryAgain, reply, try_again
from .assignment import Job
from .barrier import Barrier, BarrierKey, BarrierRow, BarrierUnavailable, Conflict
from .calls import call_do, call_find, call_undo, end_of_undo
from .matrix import Call, next_move
from .rows import begun, run_again, settled, without_call

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Calling:
    """A call to make: what is committed about it, and for which command."""

    job: Job
    call: Call
    row: BarrierRow


@dataclass(frozen=True, slots=True)
class Called:
    """A call that came back, and what came of it."""

    begun: Calling
    answer: Event | TryAgain | None

    @property
    def job(self) -> Job:
        """The command it was made for."""
        return self.begun.job


@dataclass(frozen=True, slots=True)
class Answered:
    """A command that is dealt with, and what is to be sent."""

    job: Job
    records: list[Outbound]


Ready = Job | Called
Finish = Callable[[Sequence[Answered]], Awaitable[None]]


class Lanes:
    """Carries out commands that wait for the outside world, beside everything else."""

    def __init__(self, barrier: Barrier, finish: Finish) -> None:
        self._barrier = barrier
        self._finish = finish
        self._lanes: dict[BarrierKey, deque[Job]] = {}
        self._ready: list[Ready] = []
        self._wake = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()

    def put(self, jobs: Iterable[Job]) -> None:
        """Carry these out, each after those of its key that came before."""
        for job in jobs:
            if job.key in self._lanes:
                self._lanes[job.key].append(job)
            else:
                self._lanes[job.key] = deque()
                self._is_ready(job)

    async def run(self) -> None:
        """Take what is ready into one transaction, again and again, until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                ready, self._ready = self._ready, []
                await self._turn(ready)
        finally:
            for call in self._calls:
                call.cancel()

    async def _turn(self, ready: Sequence[Ready]) -> None:
        steps = await self._recorded(ready)
        answered = [step for step in steps if isinstance(step, Answered)]
        await self._finish(answered)
        for done in answered:
            self._free(done.job.key)
        for calling in steps:
            if isinstance(calling, Calling):
                self._start(calling)

    async def _recorded(self, ready: Sequence[Ready]) -> list[Answered | Calling]:
        try:
            return await self._in_one_transaction(ready)
        except Conflict:
            return await self._recorded(ready)
        except BarrierUnavailable:
            raise
        except Exception as problem:
            log.exception("commands could not be recorded")
            again = TryAgain(f"{type(problem).__name__}: {problem}")
            return [Answered(_job(item), [try_again(_job(item), again)]) for item in ready]

    async def _in_one_transaction(self, ready: Sequence[Ready]) -> list[Answered | Calling]:
        async with self._barrier.transaction() as work:
            rows = await work.rows(_job(item).key for item in ready)
            before = dict(rows)
            steps = [_advance(item, rows) for item in ready]
            await work.save(row for key, row in rows.items() if row != before.get(key))
        return steps

    def _start(self, calling: Calling) -> None:
        task = asyncio.create_task(self._call(calling))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call(self, calling: Calling) -> None:
        self._is_ready(Called(calling, await _call(calling)))

    def _is_ready(self, item: Ready) -> None:
        self._ready.append(item)
        self._wake.set()

    def _free(self, key: BarrierKey) -> None:
        if self._lanes[key]:
            self._is_ready(self._lanes[key].popleft())
        else:
            del self._lanes[key]


def _advance(item: Ready, rows: dict[BarrierKey, BarrierRow]) -> Answered | Calling:
    """Put what came back into its row, then follow the matrix to an answer or to the next call."""
    job = _job(item)
    if isinstance(item, Called):
        again = _take_in(item, rows)
        if again is not None:
            return Answered(job, [try_again(job, again)])
    row = rows.get(job.key)
    if row is not None and row.state == "undoing" and job.envelope.stated is not None:
        row = rows[job.key] = without_call(job, row, end_of_undo(job.envelope.stated))
    move = next_move(row and row.state, job.envelope.phase)
    if isinstance(move, Call):
        rows[job.key] = begun(job, row, move)
        return Calling(job, move, rows[job.key])
    if move.becomes is not None:
        rows[job.key] = without_call(job, row, move.becomes)
    return Answered(job, reply(job, rows[job.key], move))


def _take_in(called: Called, rows: dict[BarrierKey, BarrierRow]) -> TryAgain | None:
    """Compare and set: the outcome counts only if nobody has settled the row meanwhile."""
    job, before, answer = called.job, called.begun.row, called.answer
    if isinstance(answer, TryAgain):
        return answer
    row = rows.get(job.key)
    if row is None or (row.state, row.run) != (before.state, before.run):
        return None
    if isinstance(answer, Refusal) and job.envelope.refusal == "retry":
        rows[job.key] = run_again(row)
        return TryAgain(answer.reason)
    rows[job.key] = settled(job, row, called.begun.call, answer)
    return None


async def _call(calling: Calling) -> Event | TryAgain | None:
    match calling.call:
        case Call.DO:
            return await call_do(calling.job, calling.row)
        case Call.FIND:
            return await call_find(calling.job, calling.row)
        case Call.UNDO:
            return await call_undo(calling.job, calling.row)


def _job(item: Ready) -> Job:
    return item.job if isinstance(item, Called) else item

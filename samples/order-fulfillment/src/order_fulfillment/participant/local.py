"""Steps that take effect in the participant's own database: a batch of commands in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from ..messaging.broker import Outbound
from ..messaging.message import Event, Refusal
from .answers import TryAgain, reply, try_again
from .assignment import Job
from .barrier import Barrier, BarrierKey, BarrierRow, BarrierUnavailable, Conflict, HandlerSession, HandlerTooSlow, Work
from .calls import call_do, call_undo
from .matrix import Call, Reply, next_move
from .rows import settled, without_call

log = logging.getLogger(__name__)

SLOWEST = 20.0  # Seconds; PostgreSQL ends a transaction that nothing was said in for 30.


@dataclass
class Savepoint:
    """The session of one handler, opened when the handler first asks for it."""

    open_session: Callable[[], HandlerSession]
    session: HandlerSession | None = None

    def __call__(self) -> AsyncSession:
        if self.session is None:
            self.session = self.open_session()
        return self.session

    async def settle(self, answer: Event | TryAgain | None) -> None:
        """Keep what the handler wrote if it succeeded, else forget it."""
        if self.session is None:
            return
        if isinstance(answer, TryAgain | Refusal):
            await self.session.rollback()
        else:
            await self.session.keep()
        await self.session.close()


@dataclass
class Batch:
    """The rows that a transaction has touched so far, and what it will answer."""

    work: Work
    rows: dict[BarrierKey, BarrierRow]
    limit: asyncio.Timeout
    slowest: float
    changed: dict[BarrierKey, BarrierRow] = field(default_factory=dict)
    answers: list[Outbound] = field(default_factory=list)

    def put(self, row: BarrierRow) -> None:
        """The row as it is from now on."""
        self.rows[row.key] = self.changed[row.key] = row

    def session(self) -> HandlerSession:
        """A session for a handler. From the first one on no handler may keep the transaction waiting."""
        self._begin_to_count()
        return self.work.session()

    def give_time(self) -> None:
        """The next handler may take as long as any other."""
        if self.limit.when() is not None:
            self._begin_to_count()

    def _begin_to_count(self) -> None:
        self.limit.reschedule(asyncio.get_running_loop().time() + self.slowest)


async def carry_out(barrier: Barrier, jobs: Sequence[Job], slowest: float = SLOWEST) -> list[Outbound]:
    """Carry out a batch of commands and return the answers; if the batch fails as a whole, one by one.

    `slowest` is how many seconds a handler may keep a session open. Raises BarrierUnavailable.
    """
    try:
        return await _in_one_transaction(barrier, jobs, slowest)
    except BarrierUnavailable:
        raise
    except Conflict:
        return await carry_out(barrier, jobs, slowest)  # Another process has settled one of them: its row answers now.
    except Exception as problem:
        if len(jobs) == 1:
            if isinstance(problem, HandlerTooSlow):
                await _reach(barrier)  # With a database that is away every handler is slow.
            log.exception("%s could not be carried out", jobs[0].envelope.key)
            return [try_again(jobs[0], TryAgain(f"{type(problem).__name__}: {problem}"))]
    return [answer for job in jobs for answer in await carry_out(barrier, [job], slowest)]


async def _in_one_transaction(barrier: Barrier, jobs: Sequence[Job], slowest: float) -> list[Outbound]:
    async with barrier.transaction() as work:
        batch = Batch(work, await work.rows(job.key for job in jobs), asyncio.timeout(None), slowest)
        await _settle_all(batch, jobs)
        await work.save(batch.changed.values())
    return batch.answers


async def _settle_all(batch: Batch, jobs: Sequence[Job]) -> None:
    try:
        async with batch.limit:
            for job in jobs:
                batch.give_time()
                batch.answers += await _settle(batch, job)
    except TimeoutError as late:
        if batch.limit.expired():
            problem = f"a handler kept its session open for {batch.slowest:g} s: wait before it is touched, or outside"
            raise HandlerTooSlow(problem) from late
        raise


async def _reach(barrier: Barrier) -> None:
    async with barrier.transaction() as work:
        await work.rows([])


async def _settle(batch: Batch, job: Job) -> list[Outbound]:
    """Follow the matrix until it gives an answer."""
    while True:
        row = batch.rows.get(job.key)
        move = next_move(row and row.state, job.envelope.phase)
        if isinstance(move, Reply):
            if move.becomes is not None:
                batch.put(without_call(job, row, move.becomes))
            return reply(job, batch.rows[job.key], move)
        answer = await _call(batch, job, row, move)
        if isinstance(answer, TryAgain):
            return [try_again(job, answer)]
        batch.put(settled(job, row, move, answer))


async def _call(batch: Batch, job: Job, row: BarrierRow | None, call: Call) -> Event | TryAgain | None:
    savepoint = Savepoint(batch.session)
    answer = await _undo(job, row, savepoint) if call is Call.UNDO else await call_do(job, row, savepoint)
    if isinstance(answer, Refusal) and job.envelope.refusal == "retry":
        answer = TryAgain(answer.reason)
    await savepoint.settle(answer)
    return answer


async def _undo(job: Job, row: BarrierRow | None, savepoint: Savepoint) -> Event | TryAgain | None:
    assert row is not None, "only what was done is undone"
    return await call_undo(job, row, savepoint)

"""Calling a handler: whatever it does, the result is an event that it may return, or another attempt."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from ..messaging.message import Command, Event, Refusal
from .answers import TryAgain
from .assignment import Job
from .barrier import BarrierRow
from .handlers import Handler, TryLater
from .matrix import State
from .transaction import Transaction, no_session

log = logging.getLogger(__name__)

Sessions = Callable[[], AsyncSession]


async def call_do(job: Job, row: BarrierRow | None, sessions: Sessions = no_session) -> Event | TryAgain:
    """What the forward handler makes of the command; of the stored one, where it was begun before."""
    step, handling = job.assignment.step, job.assignment.handling
    return await _forward(job, handling.do, _forward_command(job, row), row, sessions, (step.done, *step.refused))


async def call_find(job: Job, row: BarrierRow) -> Event | TryAgain:
    """What became of a request that was begun outside; a person may have said it."""
    if job.envelope.stated is not None:
        return _as_stated(job, job.envelope.stated)
    step, handling = job.assignment.step, job.assignment.handling
    find = handling.find or handling.do
    return await _forward(job, find, _forward_command(job, row), row, no_session, (step.done, *step.refused))


async def call_undo(job: Job, row: BarrierRow, sessions: Sessions = no_session) -> Event | TryAgain | None:
    """What the undo handler makes of what was done; None where there is no such handler."""
    step, undo = job.assignment.step, job.assignment.handling.undo
    if undo is None or step.undo is None or step.undone is None:
        return None
    try:
        command = _undo_command(step.undo, job.body, row)
    except ValidationError as problem:
        return _gave_up(job, f"{step.undo.stored_name} cannot be completed: {problem}")
    return await _call(job, undo, command, _transaction(job, "undo", 0, sessions), (step.undone,))


def end_of_undo(stated: str) -> State:
    """How an undo ended that was begun outside, as a person says: it was done, or it will not be."""
    return "undone" if json.loads(stated)["outcome"] == "ok" else "kept"


def _as_stated(job: Job, stated: str) -> Event | TryAgain:
    step = job.assignment.step
    try:
        told = json.loads(stated)
        word = next(word for word in (step.done, *step.refused) if word.stored_name == told["event"])
        return word.model_validate(told["body"])
    except (ValueError, KeyError, TypeError, StopIteration) as problem:
        return _gave_up(job, f"what is stated is not an event of the step: {problem!r}")


async def _forward(
    job: Job,
    handler: Handler,
    command: Command,
    row: BarrierRow | None,
    sessions: Sessions,
    words: tuple[type[Event], ...],
) -> Event | TryAgain:
    return await _call(job, handler, command, _transaction(job, "do", row.run if row else 0, sessions), words)


async def _call(
    job: Job, handler: Handler, command: Command, tx: Transaction, words: tuple[type[Event], ...]
) -> Event | TryAgain:
    try:
        answer = await handler(command, tx)
    except TryLater as wait:
        return TryAgain(str(wait), None if wait.after is None else wait.after.total_seconds())
    except Exception as problem:
        log.exception("%s of %s failed", command.stored_name, tx.saga_id)
        return TryAgain(f"{type(problem).__name__}: {problem}")
    if not isinstance(answer, words):
        allowed = " or ".join(word.__name__ for word in words)
        return _gave_up(job, f"the handler of {command.stored_name} returned {answer!r}, which is not {allowed}")
    if isinstance(answer, Refusal) and job.envelope.refusal == "retry":
        log.warning(
            "%s of %s must succeed in the end, but was refused: %s", command.stored_name, tx.saga_id, answer.reason
        )
    return answer


def _gave_up(job: Job, problem: str) -> TryAgain:
    log.error("%s: %s", job.envelope.key, problem)
    return TryAgain(problem)


def _transaction(job: Job, phase: str, run: int, sessions: Sessions) -> Transaction:
    asked = job.envelope
    key = f"{asked.saga_id}:{asked.step}:{phase}" + (f":{run}" if run else "")
    return Transaction(key, asked.saga_id, asked.attempt, datetime.fromtimestamp(asked.deadline, UTC), sessions)


def _forward_command(job: Job, row: BarrierRow | None) -> Command:
    if row is not None and row.command is not None:
        return job.assignment.step.do.model_validate_json(row.command)
    assert job.command is not None, "only `do` runs a handler that has no row"
    return job.command


def _undo_command(word: type[Command], body: Mapping[str, Any], row: BarrierRow) -> Command:
    """What the orchestrator knew, completed from what the step itself was told and answered."""
    told = {name: value for name, value in body.items() if value is not None}
    known = {**_fields(row.command), **told, **_fields(row.result)}
    return word.model_validate({name: value for name, value in known.items() if name in word.model_fields})


def _fields(stored: str | None) -> Mapping[str, Any]:
    return {} if stored is None else json.loads(stored)

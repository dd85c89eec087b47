"""How a barrier row changes: before a call outside, after a call, and where no handler is called."""

import time

from ..messaging.message import Event, Refusal
from .assignment import Job
from .barrier import BarrierRow
from .matrix import Call


def begun(job: Job, row: BarrierRow | None, call: Call) -> BarrierRow:
    """The row that must be committed before a call outside."""
    row = row or _new(job)
    return row._replace(state="undoing" if call is Call.UNDO else "started", at=time.time())


def settled(job: Job, row: BarrierRow | None, call: Call, answer: Event | None) -> BarrierRow:
    """The row after a handler has answered."""
    row = row or _new(job)
    if call is Call.UNDO:
        kind, body = (None, None) if answer is None else (answer.stored_name, answer.model_dump_json())
        return row._replace(state="undone", undone_type=kind, undone=body, at=time.time())
    assert answer is not None, "a forward handler always answers"
    state = "refused" if isinstance(answer, Refusal) else "ok"
    return row._replace(state=state, result_type=answer.stored_name, result=answer.model_dump_json(), at=time.time())


def without_call(job: Job, row: BarrierRow | None, state: str) -> BarrierRow:
    """The row where the matrix knows the outcome by itself."""
    return (row or _new(job))._replace(state=state, at=time.time())


def run_again(row: BarrierRow) -> BarrierRow:
    """The provider keeps its refusal under this key, but the step must succeed: the next attempt has another key."""
    return row._replace(run=row.run + 1, at=time.time())


def _new(job: Job) -> BarrierRow:
    command = None if job.command is None else job.command.model_dump_json()
    return BarrierRow(job.envelope.saga_id, job.envelope.step, "", command)

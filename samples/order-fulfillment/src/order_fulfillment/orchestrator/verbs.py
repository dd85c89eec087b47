"""What people may ask of a saga: each verb by the states it is possible in, and why not in the others.

Nothing may still happen behind their back, so an open step is fenced first: its participant is told to resolve or to
close it, and only its answer settles the step. All verbs can be repeated without doing anything twice.
"""

from typing import assert_never

from .definitions import Definition, Policy
from .events import (
    AbandonRequested,
    CancelRequested,
    Event,
    ForceUndoRequested,
    OutcomeStated,
    RetryRequested,
    SkipRequested,
)
from .states import (
    IDLE,
    Abandon,
    Asked,
    Backoff,
    Cancel,
    Close,
    Denied,
    Done,
    ForceUndo,
    Found,
    Ignored,
    Open,
    Resolve,
    Retry,
    Run,
    SagaState,
    Skip,
    Skipped,
    Undo,
    Verb,
)

Said = Event | Ignored | Denied


def on_verb(definition: Definition, policy: Policy, state: SagaState, given: Verb, now: float) -> Said:
    """What comes of a verb, for a saga that has not ended."""
    if state.status == "ABANDONING" and isinstance(given, Cancel | ForceUndo):
        return Denied("it is being abandoned")
    match given:
        case Cancel():
            return _cancel(definition, policy, state, given, now)
        case ForceUndo(by=by, reason=reason):
            return _force_undo(definition, state, by, reason)
        case Abandon(by=by, reason=reason):
            return Ignored("already-abandoning") if state.status == "ABANDONING" else AbandonRequested(by, reason)
        case Retry() | Skip() | Found():
            if given.step not in definition.by_id:
                return Denied(f"it has no step {given.step}: there are {', '.join(definition.by_id)}")
            return _on_step(definition, state, given, now + policy.steps[given.step].timeout_s)
        case _:
            assert_never(given)


def past_no_return(definition: Definition, state: SagaState) -> bool:
    """The pivot is done; without one, or where it was skipped, a retriable step was issued."""
    issued = [(step.kind, state.steps[step.id]) for step in definition.decisive if step.id in state.steps]
    return any(isinstance(at, Done) if kind == "pivot" else not isinstance(at, Skipped) for kind, at in issued)


def _cancel(definition: Definition, policy: Policy, state: SagaState, given: Cancel, now: float) -> Said:
    if state.status == "COMPENSATING":
        return Ignored("already-compensating")
    if past_no_return(definition, state):
        return Denied("it is past its point of no return")
    pivot = next((step for step in definition.steps if step.kind == "pivot"), None)
    current = state.step(pivot.id) if pivot else IDLE
    if isinstance(current, Resolve):
        return Ignored("pivot-being-resolved")
    asked = pivot.id if pivot and isinstance(current, Run | Backoff) else None
    timer_at = now + policy.steps[asked].timeout_s if asked else now
    return CancelRequested(given.why, given.by, given.reason, resolve=asked, timer_at=timer_at)


def _force_undo(definition: Definition, state: SagaState, by: str, reason: str) -> Said:
    if state.status == "COMPENSATING":
        return Ignored("already-compensating")
    if not past_no_return(definition, state):
        return Denied("it is not past its point of no return, so it can be cancelled")
    return ForceUndoRequested(by, reason)


def _on_step(definition: Definition, state: SagaState, given: Retry | Skip | Found, timer_at: float) -> Said:
    step = state.step(given.step)
    if not isinstance(step, Open):
        return Denied(f"{given.step} is not under way: it is {type(step).__name__.lower()}")
    match given:
        case Retry():
            if not step.parked:
                return Denied(f"{given.step} has not used up its attempts, so it is tried again anyway")
            return RetryRequested(given.step, given.by, given.reason, timer_at)
        case Skip():
            if isinstance(step, Close) or (isinstance(step, Resolve) and step.given is not None):
                return Ignored("already-skipped")
            if isinstance(step, Resolve):
                return Denied(f"{given.step} is being asked how it ended; its answer decides")
            return SkipRequested(given.step, given.by, given.reason, given.result, timer_at)
        case Found():
            return _state_outcome(definition, step, given, timer_at)


def _state_outcome(definition: Definition, step: Open, given: Found, timer_at: float) -> Said:
    shape = definition.step(given.step)
    if not shape.external:
        return Denied(f"{given.step} takes effect in its participant's own database, which knows how it ended")
    if given.outcome == "refused" and shape.kind == "retriable" and not isinstance(step, Undo | Close):
        return Denied(f"{given.step} must succeed in the end: skip it with a result")
    if isinstance(step, Asked) and step.stated is not None:
        return Ignored("already-stated")
    return OutcomeStated(given.step, given.by, given.reason, given.outcome, given.event, given.body, timer_at)

"""What the orchestrator does, as pure functions: no clock, no I/O, no randomness, no user code.

`decide` turns an input into events, `evolve` turns events into state, `react` says which commands follow from an event,
`outstanding` which of them are unanswered. Two rules give order both ways: a step starts when all its predecessors are
settled forward; a step is undone when all its descendants are settled.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, assert_never

from .definitions import Definition, Policy, StepDefinition
from .events import (
    AbandonRequested,
    CancelRequested,
    Event,
    ForceUndoRequested,
    OutcomeStated,
    RetryRequested,
    SagaAbandoned,
    SagaCompensated,
    SagaCompleted,
    SagaStarted,
    SkipRequested,
    StepClosed,
    StepCompensated,
    StepFailed,
    StepFenced,
    StepRetried,
    StepRetryScheduled,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    StepTimedOut,
    UndoStarted,
)
from .guards import holds
from .ids import key_of
from .states import (
    ASKED,
    DONE,
    OPEN,
    UNDONE,
    Answer,
    Asked,
    Backoff,
    Cancel,
    Close,
    Decided,
    Decision,
    Denied,
    Done,
    Failed,
    Idle,
    Ignored,
    Input,
    Open,
    Outgoing,
    Resolve,
    Run,
    SagaState,
    Skipped,
    Start,
    StepState,
    Tick,
    Undo,
    Undone,
    Verb,
    phase_of,
)
from .verbs import on_verb, past_no_return

SLOW_S = 60.0
PASSED = (Done, Skipped)
SETTLED_BACK = (Failed, Undone, Skipped)
ASKING = (StepStarted, StepRetried, UndoStarted, StepFenced, RetryRequested, SkipRequested, OutcomeStated)


def decide(definition: Definition, policy: Policy, state: SagaState | None, given: Input, now: float) -> Decision:
    """The events that follow from an input, to the point where only the world can go on."""
    if isinstance(given, Start):
        started = SagaStarted(given.input, given.client_key, now + policy.deadline_s)
        if state is not None:
            return Ignored("already-started")
        return _decided(definition, policy, initial(definition, given.id), started, now)
    if state is None:
        return Ignored("unknown-saga")
    if not state.is_open:
        return Denied(f"it has ended: {state.status}") if isinstance(given, Verb) else Ignored("saga-ended")
    if isinstance(given, Tick):
        return _on_tick(definition, policy, state, now)
    said = (
        _on_answer(definition, policy, state, given, now)
        if isinstance(given, Answer)
        else on_verb(definition, policy, state, given, now)
    )
    return said if isinstance(said, Ignored | Denied) else _decided(definition, policy, state, said, now)


def initial(definition: Definition, id: str) -> SagaState:
    """A saga that nothing has happened to yet."""
    return SagaState(id, definition.version)


def evolve(definition: Definition, state: SagaState, event: Event) -> SagaState:
    """The state once this has happened."""
    seq = state.seq + 1
    match event:
        case StepSucceeded(step=step, result=result):
            return state._replace(seq=seq, steps={**state.steps, step: DONE}, data={**state.data, **result})
        case SagaStarted(input=given, client_key=key, deadline_at=deadline):
            return state._replace(seq=seq, input=given, data=given, client_key=key, deadline_at=deadline)
        case SagaCompleted():
            return state._replace(seq=seq, status="COMPLETED")
        case SagaCompensated():
            return state._replace(seq=seq, status="COMPENSATED")
        case SagaAbandoned():
            return state._replace(seq=seq, status="ABANDONED")
        case AbandonRequested():
            return state._replace(seq=seq, status="ABANDONING")
        case ForceUndoRequested():
            return state._replace(seq=seq, status="COMPENSATING", forced=True)
        case CancelRequested(resolve=pivot, timer_at=due):
            if pivot is None:
                return state._replace(seq=seq, status="COMPENSATING")
            return state._replace(seq=seq, steps={**state.steps, pivot: Resolve(1, due, "cancel")})
        case _:
            steps = {**state.steps, event.step: _step_after(state.step(event.step), event)}
            aborts = isinstance(event, StepFailed) or getattr(event, "then", "") == "abort"
            undone = aborts and state.status == "RUNNING"
            return state._replace(seq=seq, status="COMPENSATING" if undone else state.status, steps=steps)


StepEvent = (
    StepSkipped
    | StepStarted
    | StepFailed
    | StepTimedOut
    | StepRetryScheduled
    | StepRetried
    | UndoStarted
    | StepCompensated
    | RetryRequested
    | SkipRequested
    | OutcomeStated
    | StepFenced
    | StepClosed
)


def _step_after(step: StepState, event: StepEvent) -> StepState:
    match event:
        case StepSkipped():
            return Skipped()
        case StepStarted(timer_at=due):
            return Run(1, due)
        case StepFailed():
            return Failed()
        case UndoStarted(timer_at=due):
            return Undo(1, due)
        case StepCompensated() | StepClosed():
            return UNDONE
        case StepTimedOut(attempt=n, then=then, wake_at=due) | StepRetryScheduled(attempt=n, then=then, wake_at=due):
            if isinstance(step, ASKED):
                return replace(step, due=due)
            return Resolve(1, due, "timeout") if then == "resolve" else Backoff(n, due, then == "park")
        case StepRetried(attempt=n, timer_at=due, parked=parked):
            return replace(step, n=n, due=due, parked=parked) if isinstance(step, ASKED) else Run(n, due, parked)
        case RetryRequested(timer_at=due):
            return replace(step, n=1, due=due, parked=False) if isinstance(step, ASKED) else Run(1, due)
        case SkipRequested(result=result, timer_at=due):
            return Close(1, due) if isinstance(step, Undo) else Resolve(1, due, "skip", given=result)
        case OutcomeStated(outcome=outcome, event=name, result=result, timer_at=due):
            stated = {"outcome": outcome, "event": name, "body": result}
            asked = step if isinstance(step, ASKED) else Resolve(1, due, "stated")
            return replace(asked, n=1, due=due, parked=False, stated=stated)
        case StepFenced(timer_at=due):
            return Close(1, due) if isinstance(step, Undo) else Resolve(1, due, "abandon")
        case _:
            assert_never(event)


def _on_answer(definition: Definition, policy: Policy, state: SagaState, given: Answer, now: float) -> Event | Ignored:
    if given.step not in definition.by_id:
        return Ignored("unknown-step")
    step = state.step(given.step)
    if isinstance(step, OPEN) and given.attempt > step.n and phase_of(step) == given.phase:
        return Ignored("later-attempt")
    match step, given.outcome:
        case (Run() | Backoff(), "ok") if given.phase == "do":
            return StepSucceeded(given.step, given.body)
        case (Run() | Backoff(), "refused") if given.phase == "do" and definition.step(given.step).kind != "retriable":
            return StepFailed(given.step, given.event, given.reason)
        case (Resolve(), "ok") if given.phase in ("do", "resolve"):
            return StepSucceeded(given.step, given.body)
        case (Resolve(given=None), "refused") if given.phase in ("do", "resolve"):
            return StepFailed(given.step, given.event, given.reason)
        case (Resolve(given=dict(result)), "refused") if given.phase == "resolve":
            return StepSucceeded(given.step, result)
        case Undo(), "undone":
            return StepCompensated(given.step)
        case (Close(), "ok" | "refused") if given.phase == "close":
            return StepClosed(given.step, in_effect=given.outcome == "ok")
        case (Run(n=n) | Undo(n=n) | Resolve(n=n) | Close(n=n), "retry" | "refused") if (
            given.phase,
            given.attempt,
        ) == (phase_of(step), n):
            return _put_off(definition, policy, state, given, now)
        case (Idle(), _):
            return Ignored("step-not-issued")
        case (Done() | Failed() | Undone() | Skipped(), _):
            return Ignored("settled-step")
        case _:
            return Ignored("older-phase" if given.phase != phase_of(step) else "older-attempt")


def _put_off(definition: Definition, policy: Policy, state: SagaState, given: Answer, now: float) -> Event:
    step = state.step(given.step)
    then, due = _after_attempt(definition, policy, state, definition.step(given.step), now)
    if given.retry_after is not None and then == "retry":
        due = now + given.retry_after
    return StepRetryScheduled(given.step, step.n if isinstance(step, OPEN) else 0, then, due, given.reason)


def _after_attempt(
    definition: Definition, policy: Policy, state: SagaState, step: StepDefinition, now: float
) -> tuple[Literal["retry", "abort", "resolve", "park"], float]:
    """What follows an attempt that came to nothing, and when."""
    rule, current = policy.steps[step.id], state.step(step.id)
    n = current.n if isinstance(current, OPEN) else 1
    if n < rule.attempts or not isinstance(current, Run):
        return "retry", now + rule.pause(n, key_of(state.id, step.id, phase_of(current)))
    match step.kind:
        case "compensatable":
            return "abort", now
        case "pivot":
            return "resolve", now + rule.timeout_s
        case _:
            return "park", now + max(rule.cap_s, SLOW_S)


def _on_tick(definition: Definition, policy: Policy, state: SagaState, now: float) -> Decision:
    events: list[Event] = []
    for step in definition.ordered:
        current = state.step(step.id)
        if isinstance(current, OPEN) and current.due <= now:
            rest = to_rest(definition, policy, state, [_rung(definition, policy, state, step, now)], now)
            events += rest
            state = _folded(definition, state, rest)
            if not state.is_open:
                break
    if state.is_open and deadline_counts(definition, state) and state.deadline_at <= now:
        late = on_verb(definition, policy, state, Cancel("deadline", "the deadline has passed", "deadline"), now)
        events += [] if isinstance(late, Ignored | Denied) else to_rest(definition, policy, state, [late], now)
    return Decided(tuple(events)) if events else Ignored("nothing-due")


def _rung(definition: Definition, policy: Policy, state: SagaState, step: StepDefinition, now: float) -> Event:
    rule, current = policy.steps[step.id], state.step(step.id)
    match current:
        case Run(n=n):
            then, due = _after_attempt(definition, policy, state, step, now)
            return StepTimedOut(step.id, n, then, due)
        case Backoff(n=n):
            return StepRetried(step.id, n + 1, now + rule.timeout_s, n >= rule.attempts)
        case Undo(n=n) | Resolve(n=n) | Close(n=n):
            wait = rule.wait(n + 1, key_of(state.id, step.id, phase_of(current)))
            return StepRetried(step.id, n + 1, now + wait, n >= rule.attempts)
        case _:
            raise AssertionError(f"{current} has no timer")


def deadline_counts(definition: Definition, state: SagaState) -> bool:
    """Whether the deadline could still undo the saga; a pivot that is being resolved decides for itself."""
    resolving = any(isinstance(step, Resolve) for step in state.steps.values())
    return state.status == "RUNNING" and not resolving and not past_no_return(definition, state)


def wake_at(definition: Definition, state: SagaState) -> float | None:
    """When time alone changes something; None where it never does."""
    if not state.is_open:
        return None
    times = [step.due for step in state.steps.values() if isinstance(step, OPEN)]
    if deadline_counts(definition, state):
        times.append(state.deadline_at)
    return min(times, default=None)


def _decided(definition: Definition, policy: Policy, state: SagaState, event: Event, now: float) -> Decided:
    return Decided(tuple(to_rest(definition, policy, state, [event], now)))


def _folded(definition: Definition, state: SagaState, events: list[Event]) -> SagaState:
    for event in events:
        state = evolve(definition, state, event)
    return state


def to_rest(definition: Definition, policy: Policy, state: SagaState, events: list[Event], now: float) -> list[Event]:
    """`events` and what follows from them by the two rules."""
    state = _folded(definition, state, events)
    while state.is_open and (event := next(_follow(definition, policy, state, now), None)) is not None:
        events.append(event)
        state = evolve(definition, state, event)
    return events


def _follow(definition: Definition, policy: Policy, state: SagaState, now: float) -> Iterator[Event]:
    match state.status:
        case "COMPENSATING":
            return _backward(definition, policy, state, now)
        case "ABANDONING":
            return _leaving(definition, policy, state, now)
    return _forward(definition, policy, state, now)


def _forward(definition: Definition, policy: Policy, state: SagaState, now: float) -> Iterator[Event]:
    steps = state.steps
    for step in definition.ordered:
        if step.id not in steps and all(isinstance(steps.get(before), PASSED) for before in step.after):
            runs = holds(step.when, definition.types, state.data)
            yield StepStarted(step.id, now + policy.steps[step.id].timeout_s) if runs else StepSkipped(step.id)
    if len(steps) == len(definition.steps) and all(isinstance(step, PASSED) for step in steps.values()):
        yield SagaCompleted()


def _backward(definition: Definition, policy: Policy, state: SagaState, now: float) -> Iterator[Event]:
    steps = state.steps
    settled = {step.id for step in definition.steps if step.id not in steps or isinstance(steps[step.id], SETTLED_BACK)}
    if len(settled) == len(definition.steps):
        yield SagaCompensated()
    for step in reversed(definition.ordered):
        may_be_undone = state.forced or step.kind == "compensatable"
        in_effect = may_be_undone and isinstance(steps.get(step.id), Run | Backoff | Done)
        if in_effect and definition.descendants[step.id] <= settled:
            yield UndoStarted(step.id, now + policy.steps[step.id].timeout_s)


def _leaving(definition: Definition, policy: Policy, state: SagaState, now: float) -> Iterator[Event]:
    """Every open step is fenced, so that nothing happens behind the back of whoever gave the saga up."""
    for step in definition.ordered:
        if isinstance(state.step(step.id), Run | Backoff | Undo):
            yield StepFenced(step.id, now + policy.steps[step.id].timeout_s)
    if not any(isinstance(step, OPEN) for step in state.steps.values()):
        yield SagaAbandoned()


def react(definition: Definition, state: SagaState, event: Event) -> list[Outgoing]:
    """The commands that follow from an event; `state` is the one after it."""
    if isinstance(event, ASKING):
        return [_command(definition, state, event.step)]
    match event:
        case StepTimedOut(step=step, then="resolve") | StepRetryScheduled(step=step, then="resolve"):
            return [_command(definition, state, step)]
        case CancelRequested(resolve=str(step)):
            return [_command(definition, state, step)]
        case _:
            return []


def outstanding(definition: Definition, state: SagaState) -> list[Outgoing]:
    """The commands that are waiting for an answer, as they were sent last: what a new owner sends again."""
    waiting = (step.id for step in definition.ordered if isinstance(state.step(step.id), Run | Asked))
    return [_command(definition, state, id) for id in waiting] if state.is_open else []


def _command(definition: Definition, state: SagaState, id: str) -> Outgoing:
    step, current = definition.step(id), state.step(id)
    assert isinstance(current, Open)
    phase = phase_of(current)
    said = step.undo if phase == "undo" and step.undo else step.do
    body = {name: state.data[name] for name in said.takes if name in state.data}
    stated = current.stated if isinstance(current, Asked) else None
    return Outgoing(id, phase, current.n, said.command, said.topic, body, key_of(state.id, id, phase), stated)


def label(definition: Definition, state: SagaState) -> str:
    """What people call the state of the saga."""
    if not state.is_open or state.status == "ABANDONING":
        ends = {"COMPLETED": definition.terminal.completed, "COMPENSATED": definition.terminal.compensated}
        return ends.get(state.status, state.status)
    steps = [(step, state.steps[step.id]) for step in definition.ordered if step.id in state.steps]
    for step, current in reversed(steps):
        if isinstance(current, Undo | Close):
            return step.undo.state if step.undo else step.do.state
    running = (step.do.state for step, current in steps if isinstance(current, OPEN))
    return next(running, state.status)

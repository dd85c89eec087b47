"""What the orchestrator does, as pure functions: no clock, no I/O, no randomness, no user code.

`decide` turns an input into events, `evolve` turns events into state, `react` says which commands follow from an event,
`outstanding` which of them are unanswered. Two rules give order both ways: a step starts when all its predecessors are
settled forward; a step is undone when all its descendants are settled.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, assert_never

from .definitions import Definition, Policy, StepDefinition
from .events import (
    CancelRequested,
    Event,
    SagaAbandoned,
    SagaCompensated,
    SagaCompleted,
    SagaStarted,
    StepCompensated,
    StepFailed,
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

Phase = Literal["do", "undo", "resolve", "close"]
Status = Literal["RUNNING", "COMPENSATING", "COMPLETED", "COMPENSATED", "ABANDONED"]


@dataclass(frozen=True, slots=True)
class Idle:
    """Not issued yet."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Its guard was false."""


@dataclass(frozen=True, slots=True)
class Run:
    """Attempt `n` is under way; at `due` it counts as lost."""

    n: int
    due: float
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Backoff:
    """Attempt `n` came to nothing; the next one goes out at `due`."""

    n: int
    due: float
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """It has taken effect."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It was refused and has taken no effect."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """Its participant is asked how it ended, because of `why`."""

    n: int
    due: float
    why: str
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """It is being undone."""

    n: int
    due: float
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Undone:
    """It has no effect any more."""


StepState = Idle | Skipped | Run | Backoff | Done | Failed | Resolve | Undo | Undone
Open = Run | Backoff | Resolve | Undo
IDLE = Idle()
SLOW_S = 60.0


@dataclass(frozen=True, slots=True)
class SagaState:
    """A saga as it stands: the fold of its events. `steps` leaves out idle ones, `data` is input and all results."""

    id: str
    version: int
    status: Status = "RUNNING"
    steps: Mapping[str, StepState] = field(default_factory=dict)
    input: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    client_key: str | None = None
    deadline_at: float = 0.0
    seq: int = 0

    def step(self, id: str) -> StepState:
        """The state of a step."""
        return self.steps.get(id, IDLE)

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.status in ("RUNNING", "COMPENSATING")

    @property
    def parked(self) -> bool:
        """Whether a step has used up its attempts and needs a person."""
        return any(isinstance(step, Open) and step.parked for step in self.steps.values())


@dataclass(frozen=True, slots=True)
class Start:
    """Begin, with this input."""

    id: str
    input: Mapping[str, Any]
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a participant says of a command. `retry_after` and `reason` belong to `retry` and `refused`."""

    step: str
    phase: Phase
    attempt: int
    outcome: Literal["ok", "refused", "retry", "undone"]
    event: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; whatever is due is dealt with."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Somebody wants the saga undone."""

    by: str
    reason: str = ""


Input = Start | Answer | Tick | Cancel


@dataclass(frozen=True, slots=True)
class Decided:
    """What happens."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing happens; the reason is counted."""

    reason: str


@dataclass(frozen=True, slots=True)
class Denied:
    """What was asked for is not possible, and why."""

    reason: str


Decision = Decided | Ignored | Denied


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A command to a participant. The key is the same for every attempt."""

    step: str
    phase: Phase
    attempt: int
    command: str
    topic: str
    body: Mapping[str, Any]
    key: str


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
        return Denied(f"it has ended: {state.status}") if isinstance(given, Cancel) else Ignored("saga-ended")
    match given:
        case Answer():
            return _on_answer(definition, policy, state, given, now)
        case Tick():
            return _on_tick(definition, policy, state, now)
        case Cancel(by=by, reason=reason):
            return _on_cancel(definition, policy, state, ("operator", by, reason), now)
        case _:
            assert_never(given)


def initial(definition: Definition, id: str) -> SagaState:
    """A saga that nothing has happened to yet."""
    return SagaState(id, definition.version)


def evolve(definition: Definition, state: SagaState, event: Event) -> SagaState:
    """The state once this has happened."""
    seq = state.seq + 1
    match event:
        case SagaStarted(input=given, client_key=key, deadline_at=deadline):
            return replace(state, input=given, data=given, client_key=key, deadline_at=deadline, seq=seq)
        case StepSucceeded(step=step, result=result):
            return replace(state, steps={**state.steps, step: Done()}, data={**state.data, **result}, seq=seq)
        case SagaCompleted():
            return replace(state, status="COMPLETED", seq=seq)
        case SagaCompensated():
            return replace(state, status="COMPENSATED", seq=seq)
        case SagaAbandoned():
            return replace(state, status="ABANDONED", seq=seq)
        case CancelRequested(resolve=pivot, timer_at=due):
            if pivot is None:
                return replace(state, status="COMPENSATING", seq=seq)
            return replace(state, steps={**state.steps, pivot: Resolve(1, due, "cancel")}, seq=seq)
        case _:
            aborts = isinstance(event, StepFailed) or getattr(event, "then", "") == "abort"
            steps = {**state.steps, event.step: _step_after(state.step(event.step), event)}
            return replace(state, status="COMPENSATING" if aborts else state.status, steps=steps, seq=seq)


StepEvent = (
    StepSkipped
    | StepStarted
    | StepFailed
    | StepTimedOut
    | StepRetryScheduled
    | StepRetried
    | UndoStarted
    | StepCompensated
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
        case StepCompensated():
            return Undone()
        case StepTimedOut(attempt=n, then=then, wake_at=due) | StepRetryScheduled(attempt=n, then=then, wake_at=due):
            if isinstance(step, Undo | Resolve):
                return replace(step, due=due)
            return Resolve(1, due, "timeout") if then == "resolve" else Backoff(n, due, then == "park")
        case StepRetried(attempt=n, timer_at=due, parked=parked):
            if isinstance(step, Undo | Resolve):
                return replace(step, n=n, due=due, parked=parked)
            return Run(n, due, parked)
        case _:
            assert_never(event)


def _on_answer(definition: Definition, policy: Policy, state: SagaState, given: Answer, now: float) -> Decision:
    if given.step not in definition.by_id:
        return Ignored("unknown-step")
    step = state.step(given.step)
    if isinstance(step, Open) and given.attempt > step.n and _phase_of(step) == given.phase:
        return Ignored("later-attempt")
    match step, given.outcome:
        case (Run() | Backoff(), "ok") if given.phase == "do":
            return _decided(definition, policy, state, StepSucceeded(given.step, given.body), now)
        case (Run() | Backoff(), "refused") if given.phase == "do" and definition.step(given.step).kind != "retriable":
            return _decided(definition, policy, state, StepFailed(given.step, given.event, given.reason), now)
        case (Resolve(), "ok") if given.phase in ("do", "resolve"):
            return _decided(definition, policy, state, StepSucceeded(given.step, given.body), now)
        case (Resolve(), "refused") if given.phase in ("do", "resolve"):
            return _decided(definition, policy, state, StepFailed(given.step, given.event, given.reason), now)
        case Undo(), "undone":
            return _decided(definition, policy, state, StepCompensated(given.step), now)
        case (Run(n=n) | Undo(n=n) | Resolve(n=n), "retry" | "refused") if (given.phase, given.attempt) == (
            _phase_of(step),
            n,
        ):
            return _decided(definition, policy, state, _put_off(definition, policy, state, given, now), now)
        case (Idle(), _):
            return Ignored("step-not-issued")
        case (Done() | Failed() | Undone() | Skipped(), _):
            return Ignored("settled-step")
        case _:
            return Ignored("older-phase" if given.phase != _phase_of(step) else "older-attempt")


def _is_current(step: Open, given: Answer) -> bool:
    return (given.phase, given.attempt) == (_phase_of(step), step.n)


def _put_off(definition: Definition, policy: Policy, state: SagaState, given: Answer, now: float) -> Event:
    step = state.step(given.step)
    then, due = _after_attempt(definition, policy, state, definition.step(given.step), now)
    if given.retry_after is not None and then == "retry":
        due = now + given.retry_after
    return StepRetryScheduled(given.step, step.n if isinstance(step, Open) else 0, then, due, given.reason)


def _after_attempt(
    definition: Definition, policy: Policy, state: SagaState, step: StepDefinition, now: float
) -> tuple[Literal["retry", "abort", "resolve", "park"], float]:
    """What follows an attempt that came to nothing, and when."""
    rule, current = policy.steps[step.id], state.step(step.id)
    n = current.n if isinstance(current, Open) else 1
    if n < rule.attempts or not isinstance(current, Run):
        return "retry", now + rule.pause(n, key_of(state.id, step.id, _phase_of(current)))
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
        if isinstance(current, Open) and current.due <= now:
            rest = to_rest(definition, policy, state, [_rung(definition, policy, state, step, now)], now)
            events += rest
            state = _folded(definition, state, rest)
            if not state.is_open:
                break
    if state.is_open and deadline_counts(definition, state) and state.deadline_at <= now:
        late = _on_cancel(definition, policy, state, ("deadline", "deadline", "the deadline has passed"), now)
        events += late.events if isinstance(late, Decided) else ()
    return Decided(tuple(events)) if events else Ignored("nothing-due")


def _rung(definition: Definition, policy: Policy, state: SagaState, step: StepDefinition, now: float) -> Event:
    rule, current = policy.steps[step.id], state.step(step.id)
    match current:
        case Run(n=n):
            then, due = _after_attempt(definition, policy, state, step, now)
            return StepTimedOut(step.id, n, then, due)
        case Backoff(n=n) | Undo(n=n) | Resolve(n=n):
            forward = isinstance(current, Backoff)
            wait = rule.timeout_s if forward else rule.wait(n + 1, key_of(state.id, step.id, _phase_of(current)))
            return StepRetried(step.id, n + 1, now + wait, n >= rule.attempts)
        case _:
            raise AssertionError(f"{current} has no timer")


def _on_cancel(
    definition: Definition,
    policy: Policy,
    state: SagaState,
    who: tuple[Literal["operator", "deadline"], str, str],
    now: float,
) -> Decision:
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
    return _decided(definition, policy, state, CancelRequested(*who, resolve=asked, timer_at=timer_at), now)


def past_no_return(definition: Definition, state: SagaState) -> bool:
    """The pivot is done; without one, or where it was skipped, a retriable step was issued."""
    kinds = {step.id: step.kind for step in definition.steps}
    if any(kinds[id] == "pivot" and isinstance(step, Done) for id, step in state.steps.items()):
        return True
    return any(kinds[id] == "retriable" and not isinstance(step, Skipped) for id, step in state.steps.items())


def deadline_counts(definition: Definition, state: SagaState) -> bool:
    """Whether the deadline could still undo the saga; a pivot that is being resolved decides for itself."""
    resolving = any(isinstance(step, Resolve) for step in state.steps.values())
    return state.status == "RUNNING" and not resolving and not past_no_return(definition, state)


def wake_at(definition: Definition, state: SagaState) -> float | None:
    """When time alone changes something; None where it never does."""
    if not state.is_open:
        return None
    times = [step.due for step in state.steps.values() if isinstance(step, Open)]
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
    follow = _backward if state.status == "COMPENSATING" else _forward
    while state.is_open and (event := next(follow(definition, policy, state, now), None)) is not None:
        events.append(event)
        state = evolve(definition, state, event)
        follow = _backward if state.status == "COMPENSATING" else _forward
    return events


def _forward(definition: Definition, policy: Policy, state: SagaState, now: float) -> Iterator[Event]:
    for step in definition.ordered:
        ready = all(isinstance(state.step(before), Done | Skipped) for before in step.after)
        if isinstance(state.step(step.id), Idle) and ready:
            runs = holds(step.when, definition.types, state.data)
            yield StepStarted(step.id, now + policy.steps[step.id].timeout_s) if runs else StepSkipped(step.id)
    if all(isinstance(state.step(step.id), Done | Skipped) for step in definition.steps):
        yield SagaCompleted()


def _backward(definition: Definition, policy: Policy, state: SagaState, now: float) -> Iterator[Event]:
    settled = {
        step.id for step in definition.steps if isinstance(state.step(step.id), Idle | Failed | Undone | Skipped)
    }
    if len(settled) == len(definition.steps):
        yield SagaCompensated()
    for step in reversed(definition.ordered):
        in_effect = step.kind == "compensatable" and isinstance(state.step(step.id), Run | Backoff | Done)
        if in_effect and definition.descendants[step.id] <= settled:
            yield UndoStarted(step.id, now + policy.steps[step.id].timeout_s)


def react(definition: Definition, state: SagaState, event: Event) -> list[Outgoing]:
    """The commands that follow from an event; `state` is the one after it."""
    match event:
        case StepStarted(step=step) | StepRetried(step=step) | UndoStarted(step=step):
            return [_command(definition, state, step)]
        case StepTimedOut(step=step, then="resolve") | StepRetryScheduled(step=step, then="resolve"):
            return [_command(definition, state, step)]
        case CancelRequested(resolve=str(step)):
            return [_command(definition, state, step)]
        case _:
            return []


def outstanding(definition: Definition, state: SagaState) -> list[Outgoing]:
    """The commands that are waiting for an answer, as they were sent last: what a new owner sends again."""
    waiting = (step.id for step in definition.ordered if isinstance(state.step(step.id), Run | Undo | Resolve))
    return [_command(definition, state, id) for id in waiting] if state.is_open else []


def _command(definition: Definition, state: SagaState, id: str) -> Outgoing:
    step, current = definition.step(id), state.step(id)
    assert isinstance(current, Open)
    phase = _phase_of(current)
    said = step.undo if phase == "undo" and step.undo else step.do
    body = {name: state.data[name] for name in said.takes if name in state.data}
    return Outgoing(id, phase, current.n, said.command, said.topic, body, key_of(state.id, id, phase))


def _phase_of(step: StepState) -> Phase:
    if isinstance(step, Undo):
        return "undo"
    return "resolve" if isinstance(step, Resolve) else "do"


def label(definition: Definition, state: SagaState) -> str:
    """What people call the state of the saga."""
    if not state.is_open:
        ends = {"COMPLETED": definition.terminal.completed, "COMPENSATED": definition.terminal.compensated}
        return ends.get(state.status, state.status)
    undoing = [step for step in definition.ordered if isinstance(state.step(step.id), Undo)]
    if undoing:
        last = undoing[-1]
        return last.undo.state if last.undo else last.do.state
    running = [step for step in definition.ordered if isinstance(state.step(step.id), Run | Backoff | Resolve)]
    return running[0].do.state if running else state.status

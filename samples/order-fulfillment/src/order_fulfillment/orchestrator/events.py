"""The event catalogue: everything that can be recorded of a saga. Times are seconds since 1970, decided when recorded.

The stored name of an event is its class name, `v` its version. Fields are only added, with an upcaster in `decode`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

Then = Literal["retry", "abort", "resolve", "park"]


@dataclass(frozen=True, slots=True)
class SagaStarted:
    """A saga exists: its input, the caller's key, and when it is undone if it has not come through."""

    input: Mapping[str, Any]
    client_key: str | None
    deadline_at: float


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """The guard was false."""

    step: str


@dataclass(frozen=True, slots=True)
class StepStarted:
    """The command was issued for the first time."""

    step: str
    timer_at: float


@dataclass(frozen=True, slots=True)
class StepSucceeded:
    """The participant did it; `result` holds the fields of its success event."""

    step: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepFailed:
    """The participant refused: with which event, and why."""

    step: str
    event: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepTimedOut:
    """Attempt `attempt` was not answered in time; `then` says what was decided."""

    step: str
    attempt: int
    then: Then
    wake_at: float


@dataclass(frozen=True, slots=True)
class StepRetryScheduled:
    """The participant asked for attempt `attempt` to be repeated later; `then` says what was decided."""

    step: str
    attempt: int
    then: Then
    wake_at: float
    reason: str


@dataclass(frozen=True, slots=True)
class StepRetried:
    """The command was issued again, as attempt `attempt`; `parked` when its attempts are used up."""

    step: str
    attempt: int
    timer_at: float
    parked: bool


@dataclass(frozen=True, slots=True)
class UndoStarted:
    """The compensating command was issued for the first time."""

    step: str
    timer_at: float


@dataclass(frozen=True, slots=True)
class StepCompensated:
    """The participant has undone it, or there was nothing to undo."""

    step: str


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """Somebody, or the deadline, wants the saga undone. A pivot under way, `resolve`, is asked how it ended first."""

    why: Literal["operator", "deadline"]
    by: str
    reason: str
    resolve: str | None
    timer_at: float


@dataclass(frozen=True, slots=True)
class RetryRequested:
    """Somebody has a step that used up its attempts tried again, from the first attempt on."""

    step: str
    by: str
    reason: str
    timer_at: float


@dataclass(frozen=True, slots=True)
class SkipRequested:
    """Somebody has the saga go on without a step, once its participant is told; `result` stands in for an effect."""

    step: str
    by: str
    reason: str
    result: Mapping[str, Any]
    timer_at: float


@dataclass(frozen=True, slots=True)
class OutcomeStated:
    """Somebody says what the outside did; its participant is told, and answers accordingly."""

    step: str
    by: str
    reason: str
    outcome: Literal["ok", "refused"]
    event: str
    result: Mapping[str, Any]
    timer_at: float


@dataclass(frozen=True, slots=True)
class ForceUndoRequested:
    """Somebody has the saga undone although it is past its point of no return."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AbandonRequested:
    """Somebody gives the saga up: what is open is fenced, nothing else begins."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepFenced:
    """The participant of an open step of an abandoned saga is told to settle it."""

    step: str
    timer_at: float


@dataclass(frozen=True, slots=True)
class StepClosed:
    """The participant does nothing more for the step; `in_effect` says whether what was done stays."""

    step: str
    in_effect: bool


@dataclass(frozen=True, slots=True)
class SagaCompleted:
    """Every step is done or skipped."""


@dataclass(frozen=True, slots=True)
class SagaCompensated:
    """Everything that was done is undone."""


@dataclass(frozen=True, slots=True)
class SagaAbandoned:
    """A person has given it up; what was done stays as it is."""


Event = (
    SagaStarted
    | StepSkipped
    | StepStarted
    | StepSucceeded
    | StepFailed
    | StepTimedOut
    | StepRetryScheduled
    | StepRetried
    | UndoStarted
    | StepCompensated
    | CancelRequested
    | RetryRequested
    | SkipRequested
    | OutcomeStated
    | ForceUndoRequested
    | AbandonRequested
    | StepFenced
    | StepClosed
    | SagaCompleted
    | SagaCompensated
    | SagaAbandoned
)
CATALOGUE: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__args__}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in CATALOGUE.values()}


def encode(event: Event) -> tuple[str, int, dict[str, Any]]:
    """Its stored name, its version, and its fields."""
    return type(event).__name__, 1, {name: getattr(event, name) for name in _FIELDS[type(event)]}


def decode(type_: str, v: int, data: Mapping[str, Any]) -> Event:
    """The event behind a stored one. Raises `ValueError` for a name or version that this build does not know."""
    kind = CATALOGUE.get(type_)
    if kind is None or v != 1:
        raise ValueError(f"this build does not know the event {type_} in version {v}")
    return kind(**data)

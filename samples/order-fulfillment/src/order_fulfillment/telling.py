"""A saga's history in words: one line for each thing that people care about."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .event_store.store import StoredEvent
from .orchestrator.definitions import Definition
from .orchestrator.events import (
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
    StepRetryScheduled,
    StepSkipped,
    StepSucceeded,
    StepTimedOut,
    decode,
)
from .orchestrator.fsm import evolve, initial, label
from .story import Saga, Step

ENDS = (SagaCompleted, SagaCompensated, SagaAbandoned)


@dataclass(frozen=True)
class Line:
    """What happened: a mark, who it was about, what was said, and the label of the saga meanwhile."""

    at: float
    mark: str
    about: str
    said: str
    label: str


def tell(saga: Saga, definition: Definition, history: Sequence[StoredEvent]) -> Iterator[Line]:
    """The history in lines, oldest first."""
    steps = {step.id: saga.step(step.id, definition.version) for step in definition.steps}
    state = initial(definition, history[0].saga_id)
    for stored in history:
        event = decode(stored.type, stored.v, json.loads(stored.data))
        before, state = label(definition, state) if state.seq else "", evolve(definition, state, event)
        words = _words(steps, event)
        if words is not None:
            mark, about, said = words
            yield Line(stored.at, mark, about, said, label(definition, state) if isinstance(event, ENDS) else before)


def aligned(lines: Iterable[Line]) -> list[str]:
    """The lines as columns."""
    told = list(lines)
    about = max((len(line.about) for line in told), default=0)
    said = max((len(line.said) for line in told), default=0)
    return [f"{line.mark} {line.about:<{about}}  {line.said:<{said}}  {line.label}".rstrip() for line in told]


def _words(steps: dict[str, Step], event: Event) -> tuple[str, str, str] | None:
    match event:
        case SagaStarted():
            return "▸", "Started", ""
        case StepSucceeded(step=step):
            return "✓", steps[step].title, steps[step].done.stored_name
        case StepSkipped(step=step):
            return "–", steps[step].title, "not needed"
        case StepFailed(step=step, event=name, reason=reason):
            return "✗", steps[step].title, f"{name}: {reason}" if name else reason
        case StepCompensated(step=step):
            undone = steps[step].undone
            return "↩", steps[step].title, "nothing to undo" if undone is None else undone.stored_name
        case StepRetryScheduled(step=step, reason=reason):
            return "…", steps[step].title, f"tried again: {reason}"
        case StepTimedOut(step=step):
            return "…", steps[step].title, "no answer in time"
        case CancelRequested(by=by, reason=reason):
            return "✗", "Cancelled", _by(by, reason)
        case ForceUndoRequested(by=by, reason=reason):
            return "✗", "Undone by force", _by(by, reason)
        case AbandonRequested(by=by, reason=reason):
            return "✗", "Given up", _by(by, reason)
        case RetryRequested(step=step, by=by, reason=reason):
            return "!", steps[step].title, f"tried again by {_by(by, reason)}"
        case SkipRequested(step=step, by=by, reason=reason):
            return "!", steps[step].title, f"skipped by {_by(by, reason)}"
        case OutcomeStated(step=step, by=by, reason=reason, outcome=outcome):
            return "!", steps[step].title, f"found {outcome} by {_by(by, reason)}"
        case StepClosed(step=step, in_effect=in_effect):
            return "–", steps[step].title, "left in effect" if in_effect else "not in effect"
        case SagaCompleted() | SagaCompensated() | SagaAbandoned():
            return "●", "Ended", ""
    return None


def _by(who: str, why: str) -> str:
    return f"{who}: {why}" if who and why else who or why

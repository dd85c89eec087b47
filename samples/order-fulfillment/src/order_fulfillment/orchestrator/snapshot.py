"""A saga's state as JSON, kept so that its events need not be folded from the first."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from . import states
from .states import SagaState, StepState

STATES: Mapping[str, type[StepState]] = {
    kind.__name__: kind
    for kind in (
        states.Idle,
        states.Skipped,
        states.Run,
        states.Backoff,
        states.Done,
        states.Failed,
        states.Resolve,
        states.Undo,
        states.Close,
        states.Undone,
    )
}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in STATES.values()}


def to_json(state: SagaState) -> dict[str, Any]:
    """Everything that the state holds."""
    steps = {id: _told(step) for id, step in state.steps.items()}
    return {
        "id": state.id,
        "version": state.version,
        "status": state.status,
        "steps": steps,
        "input": dict(state.input),
        "data": dict(state.data),
        "client_key": state.client_key,
        "deadline_at": state.deadline_at,
        "forced": state.forced,
        "seq": state.seq,
    }


def from_json(kept: Mapping[str, Any]) -> SagaState:
    """The state out of what was kept."""
    steps = {id: _step(told) for id, told in kept["steps"].items()}
    return SagaState(**{**kept, "steps": steps})


def _told(step: StepState) -> dict[str, Any]:
    return {"is": type(step).__name__} | {name: getattr(step, name) for name in _FIELDS[type(step)]}


def _step(told: Mapping[str, Any]) -> StepState:
    values = {name: value for name, value in told.items() if name != "is"}
    return STATES[told["is"]](**values)

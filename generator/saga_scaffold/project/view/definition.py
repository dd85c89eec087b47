"""The saga's structure as the JSON to which running sagas are pinned: everything needed to issue and read messages."""

import json
from decimal import Decimal
from typing import Any

from saga_scaffold.spec.guard import parse_guard
from saga_scaffold.spec.model import Message, SagaSpec, Step


def definition_json(spec: SagaSpec, version: int) -> str:
    """The text of `definitions/v<version>.json`."""
    return json.dumps(definition(spec, version), indent=2, ensure_ascii=False) + "\n"


def definition(spec: SagaSpec, version: int) -> dict[str, Any]:
    """The structure as plain values. Policy (timeouts, retries, deadline, titles) is not part of it."""
    return {
        "saga": spec.saga,
        "version": version,
        "shards": spec.event_store.shards,
        "business_key": spec.business_key,
        "input": dict(spec.input),
        "topics": {"replies": spec.replies_topic, "starts": spec.starts_topic, "events": spec.lifecycle_topic},
        "terminal": {"completed": spec.terminal.completed, "compensated": spec.terminal.compensated},
        "steps": [_step(spec, step) for step in spec.steps],
    }


def _step(spec: SagaSpec, step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "context": step.context,
        "kind": step.kind.value,
        "effect": step.effect.value,
        "after": list(step.after),
        "when": _guard(step),
        "do": {
            "command": step.command.stored_name,
            "topic": spec.command_topic(step),
            "takes": list(step.takes),
            "state": step.state,
            "success": _event(spec, step, step.success) | {"gives": dict(step.gives)},
            "failures": [_event(spec, step, failure) for failure in step.failure],
        },
        "undo": _undo(spec, step),
    }


def _undo(spec: SagaSpec, step: Step) -> dict[str, Any] | None:
    undo = step.compensation
    if undo is None:
        return None
    return {
        "command": undo.command.stored_name,
        "topic": spec.command_topic(step, undo.command),
        "takes": list(undo.takes),
        "state": undo.state,
        "success": _event(spec, step, undo.success),
    }


def _event(spec: SagaSpec, step: Step, message: Message) -> dict[str, Any]:
    return {"event": message.stored_name, "topic": spec.event_topic(step, message)}


def _guard(step: Step) -> list[dict[str, Any]]:
    conditions = parse_guard(step.when) if step.when else ()
    return [{"field": one.field, "op": one.op, "value": _plain(one.literal)} for one in conditions]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value

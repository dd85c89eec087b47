"""docs/asyncapi.yaml: the topics and messages of the saga in AsyncAPI 3.0."""

from typing import Any

from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.fields import command_fields, event_fields, undo_fields
from saga_scaffold.spec.model import Message, SagaSpec, Step

_SCALARS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "description": "A decimal number, as text so that nothing is rounded."},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "uuid": {"type": "string", "format": "uuid"},
}


def asyncapi(spec: SagaSpec) -> dict[str, Any]:
    """The document as plain values; the orchestrator sends commands and receives starts."""
    messages = _messages(spec)
    topics: dict[str, list[str]] = {}
    for topic, name, _ in messages:
        topics.setdefault(topic, []).append(name)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": spec.title, "version": "1.0.0", "description": spec.summary or spec.title},
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, names) for topic, names in topics.items()},
        "operations": {_operation(topic): _action(spec, topic) for topic in topics},
        "components": {"messages": {name: body for _, name, body in messages}},
    }


def _messages(spec: SagaSpec) -> list[tuple[str, str, dict[str, Any]]]:
    start = {name: parse_type(type_) for name, type_ in spec.input.items()}
    found = [(spec.starts_topic, f"{spec.saga}.start", _message(f"{spec.saga}.start", start))]
    for step in spec.steps:
        found += _of_step(spec, step)
    return found


def _of_step(spec: SagaSpec, step: Step) -> list[tuple[str, str, dict[str, Any]]]:
    refusal = {"reason": parse_type("string")}
    found = [_entry(spec.command_topic(step), step.command, dict(command_fields(spec, step)))]
    found.append(_entry(spec.event_topic(step, step.success), step.success, dict(event_fields(step))))
    found += [_entry(spec.event_topic(step, failure), failure, refusal) for failure in step.failure]
    if (undo := step.compensation) is not None:
        topic = spec.command_topic(step, undo.command)
        found.append(_entry(topic, undo.command, dict(undo_fields(spec, step))))
        found.append(_entry(spec.event_topic(step, undo.success), undo.success, {}))
    return found


def _entry(topic: str, message: Message, fields: dict[str, FieldType]) -> tuple[str, str, dict[str, Any]]:
    return topic, message.name, _message(message.stored_name, fields)


def _message(stored_name: str, fields: dict[str, FieldType]) -> dict[str, Any]:
    required = [name for name, type_ in fields.items() if not type_.optional]
    payload: dict[str, Any] = {"type": "object", "properties": {name: _schema(type_) for name, type_ in fields.items()}}
    return {"name": stored_name, "payload": payload | ({"required": required} if required else {})}


def _schema(type_: FieldType) -> dict[str, Any]:
    scalar = dict(_SCALARS[type_.scalar])
    return {"type": "array", "items": scalar} if type_.many else scalar


def _channel(topic: str, names: list[str]) -> dict[str, Any]:
    return {"address": topic, "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names}}


def _operation(topic: str) -> str:
    return "use-" + topic.replace(".", "-").replace("_", "-")


def _action(spec: SagaSpec, topic: str) -> dict[str, Any]:
    commands = {spec.command_topic(step) for step in spec.steps}
    commands |= {spec.command_topic(step, step.compensation.command) for step in spec.steps if step.compensation}
    action = "send" if topic in commands else "receive"
    return {"action": action, "channel": {"$ref": f"#/channels/{_pointer(topic)}"}}


def _pointer(topic: str) -> str:
    return topic.replace("~", "~0").replace("/", "~1")

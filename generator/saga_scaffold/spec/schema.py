"""The JSON Schema of saga.yaml, for editors and other tools: what the model says, and the short forms of the file."""

from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from saga_scaffold.spec import duration, field_type, naming
from saga_scaffold.spec.model import SagaSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema of draft 2020-12; what it refuses, `load_spec` or `check` refuses too."""
    schema = SagaSpec.model_json_schema()
    models: Schema = schema.pop("$defs")
    for model in (schema, *models.values()):
        _tidy(model.get("properties", {}))
    _derive(models)
    _shorten(models)
    _bound(schema, models)
    head = {
        "$schema": DIALECT,
        "title": "saga.yaml",
        "description": "One saga: its steps, contexts, messages and policy.",
    }
    return {**head, **{key: value for key, value in schema.items() if key not in head}, "$defs": models}


def _tidy(properties: Schema) -> None:
    """Without titles that repeat the key, durations as the file writes them, no default for what is derived."""
    for property in properties.values():
        property.pop("title", None)
        if property.get("default") in ("", None):
            property.pop("default", None)
        elif property.get("pattern") == duration.PATTERN:
            property["default"] = duration.format_duration(TypeAdapter(timedelta).validate_python(property["default"]))


def _derive(models: Schema) -> None:
    """`after` need not be there; an empty title or state is as good as none."""
    models["Step"]["required"].remove("after")
    models["Step"]["properties"]["after"] = _or_null(models["Step"]["properties"]["after"])


def _shorten(models: Schema) -> None:
    """A message is also its name, a channel its topic, one refusal a list of one."""
    models["Message"] = _or_text(models["Message"], "A message: its name, or a mapping.", ["ReserveInventory"])
    models["Channel"] = _or_text(models["Channel"], "A channel: its topic, or a mapping.", ["payment.commands.v1"])
    failure = models["Step"]["properties"]["failure"]
    several = {key: failure.pop(key) for key in ("type", "items")}
    failure["anyOf"] = [{"$ref": "#/$defs/Message"}, several]


def _bound(schema: Schema, models: Schema) -> None:
    """Spellings that an editor can check while one types."""
    step = models["Step"]["properties"]
    kebab, snake = _pattern(naming.KEBAB.pattern), _pattern(naming.SNAKE.pattern)
    field = {"type": "string", "pattern": f"^{field_type.PATTERN}$"}
    schema["properties"]["saga"] |= kebab
    schema["properties"]["package"] |= snake
    schema["properties"]["steps"] |= {"minItems": 1}
    schema["properties"]["contexts"] |= {"minProperties": 1, "propertyNames": kebab}
    schema["properties"]["input"] |= {"minProperties": 1, "propertyNames": snake, "additionalProperties": field}
    step["id"] |= kebab
    step["gives"] |= {"propertyNames": snake, "additionalProperties": field}
    for takes in (step["takes"], models["Undo"]["properties"]["takes"]):
        takes |= {"uniqueItems": True, "items": {"type": "string", **snake}}


def _pattern(pattern: str) -> Schema:
    return {"pattern": f"^{pattern}$", "maxLength": naming.LONGEST}


def _or_text(mapping: Schema, description: str, examples: list[str]) -> Schema:
    return {"description": description, "anyOf": [{"type": "string", "examples": examples}, mapping]}


def _or_null(property: Schema) -> Schema:
    kind = {key: property.pop(key) for key in ("type", "items")}
    return {**property, "anyOf": [kind, {"type": "null"}]}

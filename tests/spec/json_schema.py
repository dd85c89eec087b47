"""As much of JSON Schema as that of saga.yaml uses; a keyword that is not known here fails the test."""

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
_NOTES = {"$schema", "$defs", "title", "description", "examples", "default"}


def problems(schema: Schema, value: Any, root: Schema | None = None, path: str = "") -> Iterator[str]:
    """Where the value is not what the schema says."""
    root = root or schema
    for keyword, wanted in schema.items():
        if keyword not in _NOTES:
            yield from (f"{path}: {problem}" for problem in _ask(keyword, wanted, schema, value, root))
    if isinstance(value, dict):
        for key, one in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if isinstance(inner, dict):
                yield from problems(inner, one, root, f"{path}/{key}")
    if isinstance(value, list) and "items" in schema:
        for index, one in enumerate(value):
            yield from problems(schema["items"], one, root, f"{path}/{index}")


def _ask(keyword: str, wanted: Any, schema: Schema, value: Any, root: Schema) -> Iterator[str]:
    if not _holds(keyword, wanted, schema, value, root):
        yield f"{keyword} {wanted if keyword != 'anyOf' else ''}".strip()


def _holds(keyword: str, wanted: Any, schema: Schema, value: Any, root: Schema) -> bool:
    match keyword:
        case "$ref":
            return not any(problems(root["$defs"][wanted.removeprefix("#/$defs/")], value, root))
        case "anyOf":
            return any(not any(problems(one, value, root)) for one in wanted)
        case "type":
            return isinstance(value, _TYPES[wanted]) and not isinstance(value, bool)
        case "enum":
            return value in wanted
        case "const":
            return bool(value == wanted)
        case "pattern":
            return not isinstance(value, str) or re.search(wanted, value) is not None
        case "propertyNames":
            return not isinstance(value, dict) or not any(any(problems(wanted, key, root)) for key in value)
        case "required":
            return not isinstance(value, dict) or set(wanted) <= set(value)
        case "additionalProperties":
            return wanted is not False or not isinstance(value, dict) or set(value) <= set(schema["properties"])
        case "uniqueItems":
            return not isinstance(value, list) or len(set(value)) == len(value)
        case "maxLength":
            return not isinstance(value, str) or len(value) <= wanted
        case "minItems" | "minProperties":
            return not isinstance(value, list | dict) or len(value) >= wanted
        case "minimum" | "exclusiveMinimum" | "maximum":
            return not isinstance(value, int | float) or _within(keyword, wanted, value)
        case "properties" | "items":
            return True
        case _:
            raise AssertionError(f"the schema uses {keyword}")


def _within(keyword: str, wanted: float, value: float) -> bool:
    return {"minimum": value >= wanted, "maximum": value <= wanted, "exclusiveMinimum": value > wanted}[keyword]

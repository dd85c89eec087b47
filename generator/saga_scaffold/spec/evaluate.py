"""What a guard says of values, and whether it can say anything of a type."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from saga_scaffold.spec.guard import Condition, Guard, Literal

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def type_problem(condition: Condition, type_: str) -> str | None:
    """Why a field of that type cannot be compared so, or None: `express` is of type boolean; compare it with true."""
    plain = type_.removesuffix("?")
    literals = condition.literal if isinstance(condition.literal, tuple) else (condition.literal,)
    if plain.startswith("list["):
        return f"`{condition.field}` is a list, which a guard cannot compare"
    if not all(_fits(literal, plain) for literal in literals):
        return f"`{condition.field}` is of type {plain}; compare it with {_EXAMPLES[plain]}"
    if plain in {"boolean", "uuid"} and condition.op in {"<", "<=", ">", ">="}:
        return f"`{condition.field}` is of type {plain}, which has no order; compare it with == or !="
    return None


def holds(guard: Guard, values: Mapping[str, Any], types: Mapping[str, str]) -> bool:
    """Whether every condition is true of the values; a value that is absent or None makes its condition false."""
    return all(_holds(one, values.get(one.field), types[one.field].removesuffix("?")) for one in guard)


def _holds(condition: Condition, value: Any, type_: str) -> bool:
    if value is None:
        return False
    left, literal = _typed(value, type_), condition.literal
    if isinstance(literal, tuple):
        return left in {_typed(one, type_) for one in literal}
    right = _typed(literal, type_)
    return bool(_OPERATORS[condition.op](left, right))


def _typed(value: Any, type_: str) -> Any:
    """The value as what it is compared as; values may come from JSON, where dates and decimals are strings."""
    match type_:
        case "integer" | "decimal":
            return Decimal(str(value))
        case "date":
            return value if isinstance(value, date) else date.fromisoformat(value)
        case "datetime":
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
        case "uuid":
            return value if isinstance(value, UUID) else UUID(value)
        case _:
            return value


_EXAMPLES = {
    "string": 'a text, like "DE"',
    "integer": "a whole number, like 3",
    "decimal": "a number, like 9.50",
    "boolean": "true or false",
    "date": 'a date, like "2030-01-31"',
    "datetime": 'a moment with its zone, like "2030-01-31T12:00:00+00:00"',
    "uuid": 'a UUID, like "123e4567-e89b-12d3-a456-426614174000"',
}


def _fits(literal: Literal, type_: str) -> bool:
    match literal:
        case bool():
            return type_ == "boolean"
        case int():
            return type_ in {"integer", "decimal"}
        case Decimal():
            return type_ == "decimal"
        case str():
            return type_ in {"string", "date", "datetime", "uuid"} and _reads_as(literal, type_)
        case _:
            return False


def _reads_as(text: str, type_: str) -> bool:
    try:
        value = _typed(text, type_)
    except ValueError:
        return False
    return value.tzinfo is not None if isinstance(value, datetime) else True

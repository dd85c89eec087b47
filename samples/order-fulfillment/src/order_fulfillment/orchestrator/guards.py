"""Guards: comparisons of a saga's fields with literals, by the type of the field."""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from .definitions import Condition

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
READERS: Mapping[str, Callable[[Any], Any]] = {
    "integer": lambda value: Decimal(str(value)),
    "decimal": lambda value: Decimal(str(value)),
    "uuid": lambda value: UUID(str(value)),
    "datetime": lambda value: datetime.fromisoformat(str(value)),
    "date": lambda value: date.fromisoformat(str(value)),
}


def holds(guard: Iterable[Condition], types: Mapping[str, str], data: Mapping[str, Any]) -> bool:
    """Whether every condition is true. A field without a value satisfies none."""
    return all(_holds(condition, types.get(condition.field, "string"), data) for condition in guard)


def _holds(condition: Condition, kind: str, data: Mapping[str, Any]) -> bool:
    value = data.get(condition.field)
    if value is None:
        return False
    read = READERS.get(kind.removesuffix("?"), lambda given: given)
    if condition.op == "in":
        return read(value) in [read(one) for one in condition.value]
    return OPERATORS[condition.op](read(value), read(condition.value))

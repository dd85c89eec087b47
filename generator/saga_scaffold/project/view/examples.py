"""Example values: for a start that walks every step, and for what default handlers answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from saga_scaffold.project.view import code
from saga_scaffold.spec.evaluate import holds
from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.graph import in_order
from saga_scaffold.spec.guard import Condition, parse_guard
from saga_scaffold.spec.model import SagaSpec, Step

_TEXTS = {"address": "1 Main Street", "email": "ada@example.com", "currency": "EUR", "country": "DE", "name": "Ada"}


@dataclass(frozen=True)
class Argument:
    """`name=value` of a call."""

    name: str
    value: str


def start_arguments(spec: SagaSpec) -> tuple[Argument, ...]:
    """The fields of a start for which every guard is true."""
    return tuple(Argument(name, _example(spec, name, parse_type(type_))) for name, type_ in spec.input.items())


def start_values(spec: SagaSpec) -> dict[str, Any]:
    """The same start as plain JSON values."""
    return {name: _json(spec, name, parse_type(type_)) for name, type_ in spec.input.items()}


def handler_arguments(spec: SagaSpec, step: Step) -> tuple[Argument, ...]:
    """What the default handler answers: ids that are the same for every attempt, else true examples."""
    return tuple(Argument(name, _answer(spec, name, parse_type(type_))) for name, type_ in step.gives.items())


def result_arguments(spec: SagaSpec, step: Step) -> tuple[Argument, ...]:
    """What the step answers in tests."""
    return tuple(Argument(name, _example(spec, name, parse_type(type_))) for name, type_ in step.gives.items())


def example_arguments(spec: SagaSpec, fields: Mapping[str, FieldType]) -> tuple[Argument, ...]:
    """Values for the fields of any message."""
    return tuple(Argument(name, _example(spec, name, type_)) for name, type_ in fields.items())


def walked(spec: SagaSpec) -> tuple[Step, ...]:
    """The steps that the example start runs, in order: where guards exclude each other, some are skipped."""
    types = dict(spec.input) | {name: type_ for step in spec.steps for name, type_ in step.gives.items()}
    values, found = start_values(spec), []
    for step in in_order(spec):
        if step.when is None or holds(parse_guard(step.when), values, types):
            found.append(step)
            values |= {name: _json(spec, name, parse_type(type_)) for name, type_ in step.gives.items()}
    return tuple(found)


def _answer(spec: SagaSpec, name: str, type_: FieldType) -> str:
    guarded = any(one.field == name for one in _conditions(spec))
    if type_.many or guarded:
        return _example(spec, name, type_)
    match type_.scalar:
        case "string" if name.endswith(("_id", "_number", "_code", "_reference")):
            return f"tx.new_id({code.literal(name.removesuffix('_id'))})"
        case "uuid":
            return f"UUID(tx.new_id({code.literal(name.removesuffix('_id'))}))"
        case "datetime":
            return "tx.deadline"
        case "date":
            return "tx.deadline.date()"
        case _:
            return _example(spec, name, type_)


def _example(spec: SagaSpec, name: str, type_: FieldType) -> str:
    if type_.many:
        return "()"
    satisfying = _satisfying(spec, name)
    return _expression(type_.scalar, _default(name, type_.scalar) if satisfying is None else satisfying)


def _json(spec: SagaSpec, name: str, type_: FieldType) -> Any:
    if type_.many:
        return []
    satisfying = _satisfying(spec, name)
    value = _default(name, type_.scalar) if satisfying is None else satisfying
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) or type_.scalar == "decimal" else value


def _default(name: str, scalar: str) -> Any:
    match scalar:
        case "integer":
            return 2
        case "decimal":
            return Decimal("39.90")
        case "boolean":
            return True
        case "date":
            return date(2030, 1, 31)
        case "datetime":
            return datetime.fromisoformat("2030-01-31T12:00:00+00:00")
        case "uuid":
            return "123e4567-e89b-12d3-a456-426614174000"
        case _:
            return _TEXTS.get(name, f"{name.removesuffix('_id').replace('_', '-')}-1")


def _expression(scalar: str, value: Any) -> str:
    match scalar:
        case "decimal":
            return f'Decimal("{value}")'
        case "date":
            return f"date.fromisoformat({code.literal(str(value))})"
        case "datetime":
            text = value.isoformat() if isinstance(value, datetime) else str(value)
            return f"datetime.fromisoformat({code.literal(text)})"
        case "uuid":
            return f"UUID({code.literal(str(value))})"
        case _:
            return code.literal(value)


def _conditions(spec: SagaSpec) -> list[Condition]:
    return [one for step in spec.steps if step.when for one in parse_guard(step.when)]


def _satisfying(spec: SagaSpec, name: str) -> Any:
    """A value for which every condition on the field is true; None where no simple candidate is."""
    conditions = [one for one in _conditions(spec) if one.field == name]
    candidates = [candidate for one in conditions for candidate in _candidates(one)]
    return next((value for value in candidates if all(_true(one, value) for one in conditions)), None)


def _candidates(one: Condition) -> Iterator[Any]:
    literals = one.literal if isinstance(one.literal, tuple) else (one.literal,)
    for literal in literals:
        match literal:
            case bool():
                yield from (literal, not literal)
            case int() | Decimal():
                yield from (literal, literal + 1, literal - 1)
            case str():
                yield from _texts(literal)


def _texts(literal: str) -> Iterator[str]:
    yield literal
    try:
        day = date.fromisoformat(literal)
    except ValueError:
        yield f"not {literal}"
        return
    yield (day + timedelta(days=1)).isoformat()
    yield (day - timedelta(days=1)).isoformat()


def _true(one: Condition, value: Any) -> bool:
    match one.op:
        case "in":
            return isinstance(one.literal, tuple) and value in one.literal
        case "==":
            return bool(value == one.literal)
        case "!=":
            return bool(value != one.literal)
        case "<":
            return bool(value < one.literal)
        case "<=":
            return bool(value <= one.literal)
        case ">":
            return bool(value > one.literal)
        case _:
            return bool(value >= one.literal)

"""Conditions of a text as guards; a field that nobody gives becomes part of the input."""

import re
from decimal import Decimal

from saga_scaffold.architecture.completion.fields import Supply
from saga_scaffold.architecture.completion.notes import Notes
from saga_scaffold.spec import naming
from saga_scaffold.spec.evaluate import type_problem
from saga_scaffold.spec.guard import Condition, format_guard, parse_guard

_NO_WORDS = {"if", "when", "only", "the", "a", "an", "is", "are"}
_TYPES: dict[type, str] = {bool: "boolean", int: "decimal", Decimal: "decimal", str: "string"}


def guard_of(condition: str, path: str, sure: set[str], supply: Supply, notes: Notes) -> str:
    """A guard that is supplied; a condition in words becomes a yes or no of that name, which the caller decides."""
    try:
        conditions = tuple(
            Condition(naming.field_name(one.field), one.op, one.literal) for one in parse_guard(condition)
        )
    except ValueError:
        conditions = (Condition(_flag(condition), "==", True),)
        problem = f"the condition `{_short(condition)}` is no comparison"
        hint = f"whoever starts the saga says it in `{conditions[0].field}`; change `when` in saga.yaml"
        notes.warn("when", path, problem, hint)
    return format_guard(tuple(_supplied(one, sure, supply) for one in conditions))


def _supplied(one: Condition, sure: set[str], supply: Supply) -> Condition:
    known = _known_type(one.field, sure, supply)
    if known is not None and type_problem(one, known) is None:
        return one
    literal = one.literal[0] if isinstance(one.literal, tuple) else one.literal
    name = supply.supply(one.field, _TYPES[type(literal)], sure, "condition")
    return Condition(name, one.op, one.literal)


def _known_type(name: str, sure: set[str], supply: Supply) -> str | None:
    if name in supply.input:
        return supply.input[name]
    step, type_ = supply.given.get(name, ("", ""))
    return type_ if step in sure else None


def _flag(condition: str) -> str:
    words = [word for word in naming.words(condition) if word.lower() not in _NO_WORDS]
    return naming.field_name("_".join(words[:6]) or "condition")


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:60].replace("`", "'")

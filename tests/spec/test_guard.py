"""Guards: read, written, and asked."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saga_scaffold.spec.evaluate import holds, type_problem
from saga_scaffold.spec.guard import UNDERSTOOD, Condition, Guard, format_guard, parse_guard

TYPES = {
    "quantity": "integer",
    "amount": "decimal",
    "country": "string",
    "express": "boolean",
    "due": "date",
    "at": "datetime",
    "id": "uuid",
}


def test_conditions_are_joined_by_and() -> None:
    assert parse_guard('quantity > 0 and country == "DE" and express == true') == (
        Condition("quantity", ">", 0),
        Condition("country", "==", "DE"),
        Condition("express", "==", True),
    )


def test_a_field_is_compared_with_several_literals_at_once() -> None:
    assert parse_guard("country in ['DE', \"AT\"]") == (Condition("country", "in", ("DE", "AT")),)


def test_spaces_may_be_missing() -> None:
    assert parse_guard("amount>=-1.50") == (Condition("amount", ">=", Decimal("-1.50")),)


literals = st.one_of(st.text(), st.booleans(), st.integers(), st.decimals(-(10**6), 10**6, places=2))
conditions = st.one_of(
    st.builds(Condition, st.sampled_from(list(TYPES)), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), literals),
    st.builds(Condition, st.sampled_from(list(TYPES)), st.just("in"), st.lists(literals, min_size=1).map(tuple)),
)


@given(st.lists(conditions, min_size=1).map(tuple))
def test_what_is_written_is_read_back(guard: Guard) -> None:
    assert parse_guard(format_guard(guard)) == guard


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the guard is empty"),
        ("quantity", "the guard has nothing where ==, !=, <, <=, >, >= or in is expected"),
        ("quantity >", "the guard has nothing where a number, a text in quotes, true or false is expected"),
        ("quantity > stock", "the guard has `stock` where a number, a text in quotes, true or false is expected"),
        ("a > 1 or b < 2", "the guard has `or` where `and` is expected"),
        ("a = 1", "the guard cannot be read from `= 1` on"),
        ("a > 1.2.3", "the guard cannot be read from `1.2.3` on"),
        ("a == 'x", "the guard cannot be read from `'x` on"),
        ("1 > a", "the guard has `1` where a field is expected"),
        ("not a == 1", "the guard has `not` where a field is expected"),
        ("a in []", "the guard has `]` where a number, a text in quotes, true or false is expected"),
        ("a in [1", "the guard has nothing where a comma or a closing bracket is expected"),
        ("__import__('os')", "the guard cannot be read from `('os')` on"),
    ],
)
def test_what_is_not_understood_is_shown(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="the guard") as caught:
        parse_guard(text)
    assert str(caught.value) == f"{problem}; {UNDERSTOOD}"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("quantity > 0", 1, True),
        ("quantity > 0", 0, False),
        ("amount <= 9.5", "9.50", True),
        ("amount == 10", Decimal("10.00"), True),
        ('country != "DE"', "AT", True),
        ('country < "B"', "AT", True),
        ("country in ['DE', 'AT']", "CH", False),
        ("express == false", False, True),
        ('due >= "2030-01-31"', "2030-01-31", True),
        ('due < "2030-01-31"', date(2030, 1, 30), True),
        ('at < "2030-01-31T12:00:00+00:00"', datetime(2030, 1, 31, 11, tzinfo=UTC), True),
        ("id == '123e4567-e89b-12d3-a456-426614174000'", "123E4567-E89B-12D3-A456-426614174000", True),
        ("quantity > 0", None, False),
        ("quantity != 0", None, False),
    ],
)
def test_a_guard_asks_values_by_their_type(text: str, value: object, expected: bool) -> None:
    guard = parse_guard(text)
    assert holds(guard, {guard[0].field: value}, TYPES) is expected


def test_all_conditions_must_hold() -> None:
    guard = parse_guard("quantity > 0 and express == true")
    assert holds(guard, {"quantity": 1, "express": True}, TYPES)
    assert not holds(guard, {"quantity": 1, "express": False}, TYPES)
    assert not holds(guard, {"quantity": 1}, TYPES)


@pytest.mark.parametrize(
    ("text", "type_", "problem"),
    [
        ("a == 'x'", "boolean", "`a` is of type boolean; compare it with true or false"),
        ("a == true", "integer", "`a` is of type integer; compare it with a whole number, like 3"),
        ("a > 1.5", "integer", "`a` is of type integer; compare it with a whole number, like 3"),
        ("a > 'soon'", "date", '`a` is of type date; compare it with a date, like "2030-01-31"'),
        ("a > '2030-01-31T12:00:00'", "datetime", "`a` is of type datetime; compare it with a moment with its zone"),
        ("a < true", "boolean?", "`a` is of type boolean, which has no order; compare it with == or !="),
        ("a == 'x'", "list[string]", "`a` is a list, which a guard cannot compare"),
        ("a == 1", "decimal", None),
        ("a in ['x', 1]", "string", '`a` is of type string; compare it with a text, like "DE"'),
    ],
)
def test_a_guard_that_makes_no_sense_for_a_type_is_told(text: str, type_: str, problem: str | None) -> None:
    told = type_problem(parse_guard(text)[0], type_)
    assert (told or "").startswith(problem or "")
    assert (told is None) == (problem is None)

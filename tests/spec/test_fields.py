"""What is known at each point of a saga, and in which order steps come."""

from typing import Any

import pytest

from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.fields import command_fields, event_fields, fields_before, fields_before_undo, undo_fields
from saga_scaffold.spec.graph import ancestors, find_cycle, in_order, ordered
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.partition import key_fields

from .sagas import saga, step


def shop() -> SagaSpec:
    """Stock and discount side by side, the discount only where it is wanted; then the payment."""
    undo: dict[str, Any] = {"command": "Refund", "takes": ["payment_id", "shelf"], "success": "Refunded"}
    return saga(
        step("stock", after=[], gives={"shelf": "string"}),
        step("discount", after=[], when="express == true", gives={"percent": "decimal"}),
        step(
            "pay",
            after=["stock", "discount"],
            takes=["shelf", "percent"],
            gives={"payment_id": "list[uuid]"},
            undo=undo,
        ),
        step("mail", takes=["order_id", "payment_id"]),
    )


def shown(fields: Any) -> dict[str, str]:
    return {name: str(type_) for name, type_ in fields.items()}


def test_a_step_knows_the_input_and_what_came_before() -> None:
    spec = shop()
    known = fields_before(spec, spec.step("pay"))
    assert {name: field.supplier for name, field in known.items()} == {
        "order_id": "input",
        "quantity": "input",
        "express": "input",
        "shelf": "stock",
        "percent": "discount",
    }
    assert [name for name, field in known.items() if not field.sure] == ["percent"]
    assert "shelf" not in fields_before(spec, spec.step("discount"))
    assert "percent" in fields_before(spec, spec.step("mail"))


def test_what_a_skipped_step_would_have_given_is_optional_in_the_message() -> None:
    spec = shop()
    assert shown(command_fields(spec, spec.step("pay"))) == {"shelf": "string", "percent": "decimal?"}
    assert shown(command_fields(spec, spec.step("mail"))) == {"order_id": "string", "payment_id": "list[uuid]"}


def test_an_undo_may_run_before_its_step_has_answered() -> None:
    spec = shop()
    assert shown(undo_fields(spec, spec.step("pay"))) == {"payment_id": "list[uuid]?", "shelf": "string"}
    assert not fields_before_undo(spec, spec.step("pay"))["payment_id"].sure
    assert undo_fields(saga(step(undo="none", because="x")), saga(step(undo="none", because="x")).steps[0]) == {}


def test_an_event_carries_what_its_step_gives() -> None:
    assert shown(event_fields(shop().step("pay"))) == {"payment_id": "list[uuid]"}


def test_steps_come_after_what_they_wait_for() -> None:
    spec = saga(step("c", after=["b"]), step("b", after=["a"]), step("a", after=[]))
    assert [one.id for one in in_order(spec)] == ["a", "b", "c"]
    before = ancestors(spec)
    assert before["c"] == {"a", "b"}
    assert ordered(before, "a", "c")
    assert not ordered(ancestors(shop()), "stock", "discount")


def test_a_circle_is_found_in_the_direction_in_which_it_waits() -> None:
    spec = saga(step("a", after=[]), step("b", after=["a", "d"]), step("c", after=["b"]), step("d", after=["c"]))
    assert find_cycle(spec) == ("b", "c", "d", "b")
    assert find_cycle(shop()) == ()


def test_long_chains_do_not_recurse() -> None:
    spec = saga(*(step(f"s{number}") for number in range(2000)))
    assert find_cycle(spec) == ()


@pytest.mark.parametrize("text", ["string", "integer?", "list[uuid]", "list[decimal]?"])
def test_types_are_read_and_written(text: str) -> None:
    assert str(parse_type(text)) == text


def test_a_list_may_be_absent() -> None:
    assert parse_type("list[date]?") == FieldType("date", many=True, optional=True)


@pytest.mark.parametrize("text", ["", "text", "list[list[string]]", "list[string?]", "string??", "string\n", "String"])
def test_other_types_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write string, integer, decimal"):
        parse_type(text)


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("order_id", ("order_id",)),
        ("/orderId", ("order_id",)),
        ("SETTLEMENT#<orderId>", ("order_id",)),
        ("tenant-${tenant}", ("tenant",)),
        ("tenant#order_id", ("tenant", "order_id")),
        ("sagaId", ("saga_id",)),
        ("shard", ("shard",)),
        ("customer", ()),
        ("tenant#customer", ()),
    ],
)
def test_a_partition_key_names_fields_in_any_spelling(key: str, fields: tuple[str, ...]) -> None:
    assert key_fields(key, ["order_id", "tenant"]) == fields

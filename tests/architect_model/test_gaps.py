"""Filling gaps: only what is open, only what is well-formed, only as long as the saga stays sound."""

import json
from typing import Any

import pytest

from architect_model.sagas import PAY, RESERVE, saga
from saga_scaffold.architect.facts import Facts, Unreadable, read_facts, schema
from saga_scaffold.architect.gaps import fill, gaps
from saga_scaffold.spec.model import SagaSpec

PAYMENT = "steps.process-payment"


def facts(*steps: dict[str, Any], input: list[dict[str, str]] | None = None) -> Facts:
    return Facts.model_validate({"input": input or [], "steps": list(steps)})


def filled(spec: SagaSpec, *steps: dict[str, Any], input: list[dict[str, str]] | None = None) -> SagaSpec:
    return fill(spec, facts(*steps, input=input)).spec


def test_undo_events_and_fields_are_gaps_and_policies_are_not() -> None:
    worth = (
        "input",
        "input.amount",
        f"{PAYMENT}.undo",
        f"{PAYMENT}.undo.takes",
        f"{PAYMENT}.success",
        f"{PAYMENT}.takes",
    )
    not_worth = (
        f"{PAYMENT}.timeout",
        f"{PAYMENT}.retry",
        f"{PAYMENT}.state",
        "deadline",
        "terminal",
        "contexts.payment.title",
    )

    assert gaps(saga(assumed=(*worth, *not_worth))) == worth


def test_a_stated_undo_is_never_replaced() -> None:
    stated = saga(assumed=(f"{PAYMENT}.undo.takes", f"{PAYMENT}.success"))

    after = filled(
        stated, {"id": "process-payment", "undo_command": "RefundPayment", "undo_success": "PaymentRefunded"}
    )
    assert after == stated


def test_an_undo_that_does_not_exist_takes_the_reason() -> None:
    open_undo = saga(assumed=(f"{PAYMENT}.undo",))

    after = filled(open_undo, {"id": "process-payment", "nothing_to_undo_because": "the hold expires by itself"})
    assert after.step("process-payment").undo == "none"
    assert after.step("process-payment").because == "the hold expires by itself"
    assert after.assumed == ()


def test_names_are_respelled_into_the_form_of_the_spec() -> None:
    open_events = saga(assumed=(f"{PAYMENT}.success", f"{PAYMENT}.failure"))

    after = filled(
        open_events, {"id": "process-payment", "success": "PAYMENT_TAKEN", "failure": ["card declined", "fraud-found"]}
    )
    step = after.step("process-payment")
    assert step.success.name == "PaymentTaken"
    assert [message.name for message in step.failure] == ["CardDeclined", "FraudFound"]


def test_fields_are_filled_together() -> None:
    open_fields = saga(assumed=("input", f"{PAYMENT}.takes", f"{PAYMENT}.gives", f"{PAYMENT}.undo.takes"))

    after = filled(
        open_fields,
        {
            "id": "process-payment",
            "takes": ["order_id", "iban"],
            "gives": [{"name": "charge_id", "type": "uuid"}],
            "undo_takes": ["charge_id", "iban"],
        },
        input=[{"name": "order_id", "type": "string"}, {"name": "iban", "type": "string"}],
    )
    step = after.step("process-payment")
    assert after.input == {"order_id": "string", "iban": "string"}
    assert step.takes == ("order_id", "iban")
    assert step.gives == {"charge_id": "uuid"}
    assert step.compensation is not None
    assert step.compensation.takes == ("charge_id", "iban")
    assert after.assumed == ()


@pytest.mark.parametrize(
    "step",
    [
        {"id": "process-payment", "takes": ["unknown_field"]},
        {"id": "process-payment", "gives": [{"name": "payment_id", "type": "monkey"}]},
        {"id": "process-payment", "gives": [{"name": "reservation_id", "type": "string"}]},
        {"id": "process-payment", "success": "InventoryReserved"},
        {"id": "process-payment", "success": "!!!"},
        {"id": "no-such-step", "success": "PaymentTaken"},
    ],
    ids=["unknown field", "unknown type", "two suppliers", "taken name", "no name", "unknown step"],
)
def test_a_fact_that_would_make_the_saga_unsound_is_not_taken(step: dict[str, Any]) -> None:
    everything = saga(assumed=(f"{PAYMENT}.takes", f"{PAYMENT}.gives", f"{PAYMENT}.success"))

    assert filled(everything, step) == everything


def test_one_bad_fact_does_not_spoil_the_others() -> None:
    both = saga(assumed=(f"{PAYMENT}.undo", "steps.reserve-inventory.takes"))

    after = filled(
        both,
        {"id": "reserve-inventory", "takes": ["unknown_field"]},
        {"id": "process-payment", "undo_command": "RefundPayment", "undo_success": "PaymentRefunded"},
    )
    assert after.assumed == ("steps.reserve-inventory.takes",)
    assert after.step("reserve-inventory").takes == ("order_id",)


@pytest.mark.parametrize(
    "answer",
    [
        '{"input": [], "steps": []}',
        '```json\n{"input": [], "steps": []}\n```',
        'Here they are:\n\n{"input": [], "steps": []}\n\nAnything else?',
        '<think>{"steps": 3}</think>{"steps": []}',
    ],
    ids=["plain", "fenced", "between words", "after a thought"],
)
def test_facts_are_found_wherever_the_answer_holds_them(answer: str) -> None:
    assert read_facts(answer) == Facts(steps=())


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("I do not know.", "there is no JSON object in the answer"),
        ('{"steps": [}', "the JSON is broken at line 1, column 12: Expecting value"),
        ('{"steps": "none"}', "steps: Input should be a valid tuple"),
        ("{}", "steps: Field required"),
    ],
)
def test_an_answer_without_facts_says_why(answer: str, problem: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_facts(answer)

    assert raised.value.problem == problem


def test_the_schema_is_in_the_subset_that_every_server_takes() -> None:
    text = json.dumps(schema())

    def walk(node: Any) -> None:
        if isinstance(node, dict) and node.get("type") == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(value)

    walk(schema())
    assert not [word for word in ("default", "minimum", "maxLength", "$ref", "anyOf", "pattern") if f'"{word}"' in text]


def test_the_small_saga_of_these_tests_is_sound() -> None:
    from saga_scaffold.spec.check import check

    assert check(saga(RESERVE, PAY)) == ()

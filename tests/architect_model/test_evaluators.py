"""Evaluators: each says yes and no for the right reason."""

from typing import Any

import pytest

from architect_model.sagas import PAY, RESERVE, saga
from saga_scaffold.architect.evaluators import Subject, Verdict, judge, parse_evaluator
from saga_scaffold.errors import Place, ScaffoldError
from saga_scaffold.spec.model import SagaSpec

HERE = Place("x.prompt.yml", 7)
TEXT = "# Order saga\n\nCompensating action: ReleaseInventory, CancelPayment\n"


def verdict(item: dict[str, Any], spec: SagaSpec | None = None, text: str = TEXT, **values: str) -> Verdict:
    return judge(parse_evaluator({"name": "it", **item}, HERE), Subject(text, spec, "no steps found"), values)


@pytest.mark.parametrize(
    ("string", "passed", "details"),
    [
        ({"contains": "compensating ACTION"}, True, "contains `compensating ACTION`"),
        ({"contains": "poem"}, False, "contains `poem`"),
        ({"startsWith": "# order"}, True, "starts with `# order`"),
        ({"startsWith": "order"}, False, "starts with `order`"),
        ({"endsWith": "cancelpayment"}, True, "ends with `cancelpayment`"),
        ({"endsWith": "saga"}, False, "ends with `saga`"),
        ({"equals": TEXT}, True, f"equals `{TEXT}`"),
        ({"equals": TEXT.lower()}, False, f"equals `{TEXT.lower()}`"),
    ],
)
def test_strings(string: dict[str, str], passed: bool, details: str) -> None:
    assert verdict({"string": string}) == Verdict("it", passed, details)


@pytest.mark.parametrize("item", [{"type": "regex", "pattern": "(?i)order|x"}, {"regex": {"pattern": "(?i)order|x"}}])
def test_patterns_in_both_spellings(item: dict[str, Any]) -> None:
    assert verdict(item) == Verdict("it", True, "found `Order`")
    assert verdict(item, text="poem") == Verdict("it", False, "nothing matches `(?i)order|x`")


def test_an_evaluator_may_refer_to_the_test_case() -> None:
    assert verdict({"string": {"contains": "{{expected}}"}}, expected="compensating").passed
    assert verdict({"saga": {"steps": "{{ steps }}"}}, saga(), steps="2").passed


def test_a_text_that_is_no_saga_fails_every_saga_rule_with_the_reason() -> None:
    for rule in ("parses", "undo", "topics", "fsm", {"steps": "2"}):
        assert verdict({"saga": rule}) == Verdict("it", False, "no steps found")


def test_a_sound_saga_passes_every_rule() -> None:
    for rule in ("parses", "undo", "topics", "fsm", {"steps": "2"}):
        assert verdict({"saga": rule}, saga()).passed


def test_a_wrong_number_of_steps_names_those_that_are_there() -> None:
    assert verdict({"saga": {"steps": "4"}}, saga()) == Verdict(
        "it", False, "2 steps, 4 expected: reserve-inventory, process-payment"
    )


def test_an_assumed_undo_that_the_text_does_not_write_is_missing() -> None:
    assumed = saga(assumed=("steps.process-payment.undo",))

    assert verdict({"saga": "undo"}, assumed).passed
    assert verdict({"saga": "undo"}, assumed, text="# Order saga") == Verdict(
        "it", False, "no compensating action is written for process-payment"
    )


def test_topics_of_two_owners_and_names_used_twice_are_named() -> None:
    mixed = saga(
        RESERVE,
        {**PAY, "command": {"name": "ProcessPayment", "topic": "inventory.commands"}, "success": "InventoryReserved"},
    )

    assert verdict({"saga": "topics"}, mixed) == Verdict(
        "it", False, "topics of two owners: inventory.commands; names used twice: InventoryReserved"
    )


def test_commands_and_events_do_not_share_a_topic() -> None:
    mixed = saga(
        {
            **RESERVE,
            "command": {"name": "ReserveInventory", "topic": "inventory"},
            "success": {"name": "InventoryReserved", "topic": "inventory"},
        }
    )

    assert verdict({"saga": "topics"}, mixed).details == "topics of two owners: inventory"


def test_states_that_do_not_tell_apart_are_named() -> None:
    unclear = saga({**RESERVE, "state": "WORKING"}, {**PAY, "state": "WORKING"})

    assert verdict({"saga": "fsm"}, unclear) == Verdict("it", False, "states of two phases: WORKING")


def test_steps_that_nothing_leads_to_are_named() -> None:
    circle = saga({**RESERVE, "after": ["process-payment"]}, PAY)

    assert verdict({"saga": "fsm"}, circle).details == "never reached: reserve-inventory, process-payment"


def test_an_evaluator_that_needs_a_judge_is_refused_and_never_passes() -> None:
    with pytest.raises(ScaffoldError) as raised:
        verdict({"llm": {"modelId": "judge"}})

    assert raised.value.problem == "the evaluator `it` is of the kind `llm`, which is not judged here"
    assert raised.value.hint == "use `string`, `regex` or `saga`, or remove it"
    assert raised.value.place == HERE


def test_a_number_of_steps_that_is_no_number_is_refused() -> None:
    with pytest.raises(ScaffoldError) as raised:
        verdict({"saga": {"steps": "{{steps}}"}}, saga())

    assert raised.value.problem == "`steps` is a number, not `{{steps}}`"

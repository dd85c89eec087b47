"""A new text of the workflow changes what it states, and nothing else."""

from saga_scaffold.architect.offline import design
from saga_scaffold.spec.check import check
from saga_scaffold.spec.diff import diff
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.revise import revised

THREE = (
    "1. Reserve Inventory (Inventory Service), 2. Process Payment (Payment Service), "
    "3. Ship Parcel (Shipping Service). "
    "If shipping fails, payment must be refunded, and inventory released."
)


def designed(text: str) -> SagaSpec:
    return design(text, "shop").spec


def changes(present: SagaSpec, text: str) -> set[tuple[str, str, object]]:
    new = revised(present, designed(text))
    assert not check(new)
    return {(change.path, change.sort.value, change.after) for change in diff(present, new).changes}


def test_the_same_text_changes_nothing() -> None:
    spec = designed(THREE)

    assert revised(spec, designed(THREE)) == spec


def test_what_the_owner_has_changed_stays_where_the_text_does_not_state_it() -> None:
    values = designed(THREE).model_dump(mode="json")
    values["steps"][1] |= {"timeout": "2m", "kind": "pivot", "undo": "none", "because": "settled at once"}
    values["steps"][1]["gives"] = {"receipt": "string"}
    values["steps"][2] |= {"kind": "retriable", "undo": "none", "because": "x", "failure": []}
    values["assumed"] = []
    mine = SagaSpec.model_validate(values)

    told = {path for path, _, _ in changes(mine, "1. Reserve Inventory, 2. Process Payment, 3. Ship Parcel")}

    assert told == set()


def test_a_stated_timeout_is_taken_over() -> None:
    told = changes(designed(THREE), THREE.replace("(Payment Service)", "(Payment Service) within 45 seconds"))

    assert told == {("steps.process-payment.timeout", "changed", "45s")}


def test_a_new_step_joins_with_what_it_needs() -> None:
    present = designed(THREE)

    new = revised(present, designed(THREE.replace("3. Ship", "3. Deduct Loyalty Points (CRM Service), 4. Ship")))

    assert [step.id for step in new.steps] == [
        "reserve-inventory",
        "process-payment",
        "deduct-loyalty-points",
        "ship-parcel",
    ]
    assert new.step("reserve-inventory") == present.step("reserve-inventory")
    assert new.step("ship-parcel").after == ("deduct-loyalty-points",)
    assert not check(new)
    assert "steps.deduct-loyalty-points.timeout" in new.assumed


def test_a_step_under_another_id_is_known_by_the_words_of_its_command() -> None:
    values = designed(THREE).model_dump(mode="json")
    values["steps"][0]["id"] = "hold"
    values["steps"][1]["after"] = ["hold"]
    values["assumed"] = []

    assert changes(SagaSpec.model_validate(values), THREE) == set()


def test_branches_of_the_owner_survive_a_text_that_only_goes_down_the_page() -> None:
    values = designed(THREE).model_dump(mode="json")
    values["steps"][2]["after"] = ["reserve-inventory"]
    mine = SagaSpec.model_validate(values)

    assert revised(mine, designed(THREE)).step("ship-parcel").after == ("reserve-inventory",)

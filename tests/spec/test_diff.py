"""What changed between two specs, and whether running sagas can go on."""

from typing import Any

import pytest

from saga_scaffold.spec.change import Change, Impact, Sort
from saga_scaffold.spec.check import check
from saga_scaffold.spec.diff import SpecDiff, diff
from saga_scaffold.spec.model import SagaSpec

from .sagas import saga, step

GIVES = {"reservation_id": "string"}
TWO = {"inventory": {"title": "Inventory Service"}, "payment": {"title": "Payment Service"}}


def order(*steps: dict[str, Any], **changes: Any) -> SagaSpec:
    """Reserve, pay, ship, where the payment takes what the reservation gives; or the steps given."""
    usual = [step("reserve", gives=GIVES), step("pay", takes=["reservation_id"]), step("ship", context="payment")]
    spec = saga(*(steps or usual), **{"contexts": TWO, **changes})
    assert check(spec) == ()
    return spec


def steps(**changes: Any) -> list[dict[str, Any]]:
    """The usual three, the first one with the changes."""
    first = {"gives": GIVES, **changes}
    return [step("reserve", **first), step("pay", takes=["reservation_id"]), step("ship", context="payment")]


def told(changes: SpecDiff) -> list[tuple[str, str, str]]:
    return [(change.path, change.sort.value, str(change.impact)) for change in changes.changes]


def only(old: SagaSpec, new: SagaSpec) -> Change:
    (change,) = diff(old, new).changes
    return change


def test_nothing_changed() -> None:
    changes = diff(order(), order())
    assert changes == SpecDiff(())
    assert (changes.impact, changes.affects_definition) == (Impact.SAFE, False)


@pytest.mark.parametrize(
    ("changes", "path", "before", "after"),
    [
        ({"deadline": "2h"}, "deadline", "24h", "2h"),
        ({"title": "Orders"}, "title", "Order fulfillment", "Orders"),
        ({"topics": {"retention": {"commands": "9d"}}}, "topics.retention.commands", "7d", "9d"),
        ({"event_store": {"snapshot_every": 20}}, "event_store.snapshot_every", "8", "20"),
        ({"contexts": {**TWO, "payment": {"title": "Pay"}}}, "contexts.payment.title", "Payment Service", "Pay"),
    ],
)
def test_policy_and_words_are_safe(changes: dict[str, Any], path: str, before: str, after: str) -> None:
    assert only(order(), order(**changes)) == Change(path, Sort.CHANGED, before, after)


@pytest.mark.parametrize(
    ("changes", "path", "before", "after"),
    [
        ({"timeout": "1m"}, "timeout", "30s", "1m"),
        ({"retry": {"attempts": 3}}, "retry.attempts", "5", "3"),
        ({"title": "Hold"}, "title", "Reserve", "Hold"),
        (
            {"command": {"name": "Hold", "wire": "Reserve"}, "title": "Reserve", "state": "RESERVING"},
            "command",
            "Reserve",
            "Hold",
        ),
    ],
)
def test_policy_and_names_in_the_code_of_a_step_are_safe(changes: Any, path: str, before: str, after: str) -> None:
    old = order(*steps(title="Reserve", state="RESERVING"))
    new = order(*steps(**{"title": "Reserve", "state": "RESERVING", **changes}))
    assert only(old, new) == Change(f"steps.reserve.{path}", Sort.CHANGED, before, after, step="reserve")


def test_labels_are_safe_but_recorded() -> None:
    changes = diff(order(), order(*steps(state="HOLDING"), terminal={"completed": "SHIPPED"}))
    assert told(changes) == [("steps.reserve.state", "changed", "safe"), ("terminal.completed", "changed", "safe")]
    assert changes.affects_definition


def test_a_new_optional_result_is_safe() -> None:
    changes = diff(order(), order(*steps(gives={**GIVES, "shelf": "string?"})))
    assert told(changes) == [("steps.reserve.gives.shelf", "added", "safe")]
    assert changes.affects_definition


def test_an_inserted_step_is_a_new_version_and_moves_nothing() -> None:
    reserve, pay, ship = steps()
    changes = diff(order(), order(reserve, step("check-fraud"), pay, ship))
    assert told(changes) == [("steps.check-fraud", "added", "new version")]
    assert changes.steps(Sort.ADDED) == ("check-fraud",)


def test_a_removed_step_is_a_new_version_and_moves_nothing() -> None:
    reserve, pay, ship = steps()
    changes = diff(order(reserve, step("check-fraud"), pay, ship), order())
    assert told(changes) == [("steps.check-fraud", "removed", "new version")]
    assert changes.steps(Sort.REMOVED) == ("check-fraud",)


def test_steps_that_change_places_are_moved() -> None:
    reserve, pay, ship = steps()
    changes = diff(order(), order(reserve, ship, pay))
    assert told(changes) == [
        ("steps.ship.after", "moved", "new version"),
        ("steps.pay.after", "moved", "new version"),
    ]
    assert changes.steps(Sort.MOVED) == ("ship", "pay")


def test_an_edge_that_says_nothing_new_is_recorded() -> None:
    reserve, pay, ship = steps()
    change = only(order(), order(reserve, pay, {**ship, "after": ["reserve", "pay"]}))
    assert (change.path, change.sort, change.before, change.after) == (
        "steps.ship.after",
        Sort.CHANGED,
        "pay",
        "reserve, pay",
    )


def test_the_order_in_the_file_alone_is_safe_but_recorded() -> None:
    one, other = step("one", after=[]), step("two", after=[])
    contexts = {"inventory": TWO["inventory"]}
    changes = diff(order(one, other, contexts=contexts), order(other, one, contexts=contexts))
    assert told(changes) == [("steps", "changed", "safe")]
    assert changes.affects_definition


def test_a_step_with_its_old_id_at_hand_is_renamed() -> None:
    reserve, pay, ship = steps()
    pay = {**pay, "id": "take-payment", "was": "pay"}
    changes = diff(order(), order(reserve, pay, ship))
    assert told(changes) == [("steps.take-payment", "renamed", "new version")]
    assert changes.steps(Sort.RENAMED) == ("take-payment",)
    assert changes.look_alikes == ()


def test_a_step_that_only_looks_like_a_removed_one_is_asked_about() -> None:
    reserve, pay, ship = steps()
    changes = diff(order(), order(reserve, {**pay, "id": "take-payment"}, ship))
    assert told(changes) == [
        ("steps.pay", "removed", "new version"),
        ("steps.take-payment", "added", "new version"),
    ]
    assert changes.look_alikes == (("pay", "take-payment"),)


@pytest.mark.parametrize(
    ("changes", "path", "why"),
    [
        ({"effect": "external"}, "effect", "running sagas have asked for it the old way"),
        ({"when": "quantity > 0"}, "when", "running sagas decide by the old guard"),
        ({"takes": ["order_id", "quantity"]}, "takes", "running sagas send the old fields"),
        ({"success": {"name": "ReserveDone", "wire": "v2"}}, "success", "running sagas send and read the old name"),
        ({"success": {"name": "ReserveDone", "topic": "t"}}, "success.topic", "running sagas use the old topic"),
        ({"failure": ["ReserveRefused", "Gone"]}, "failure", "running sagas read the old refusals"),
        ({"undo": "none", "because": None}, "undo", "running sagas are undone as they were begun"),
        ({"gives": {"reservation_id": "string?"}}, "gives.reservation_id", "running sagas give the old fields"),
    ],
)
def test_structure_is_a_new_version(changes: dict[str, Any], path: str, why: str) -> None:
    if "because" in changes:
        changes = {**changes, "because": "nothing was reserved"}
    found = diff(order(), order(*steps(**changes)))
    (change,) = (one for one in found.changes if one.impact is Impact.NEW_VERSION)
    assert (change.path, change.why, change.structure) == (f"steps.reserve.{path}", why, True)
    assert found.impact is Impact.NEW_VERSION


def test_a_changed_input_is_a_new_version_unless_it_is_optional() -> None:
    assert only(
        order(), order(input={"order_id": "string", "quantity": "integer", "express": "boolean", "note": "string?"})
    ) == (Change("input.note", Sort.ADDED, None, "string?", structure=True))
    assert only(order(), order(input={"order_id": "string", "quantity": "integer"})).impact is Impact.NEW_VERSION


@pytest.mark.parametrize(
    ("changes", "path", "why", "instead"),
    [
        (
            {"saga": "orders"},
            "saga",
            "running sagas answer on topics of the old name",
            "keep the name, and change the title",
        ),
        (
            {"event_store": {"shards": 32}},
            "event_store.shards",
            "every running saga lives in one of the old shards",
            "keep the number; it is fixed when the database is created",
        ),
        (
            {"contexts": {**TWO, "payment": {"title": "Payment Service", "commands": "payments.v2"}}},
            "contexts.payment.commands",
            "running sagas use the old topic",
            "keep it, or name the new one at the messages of new steps",
        ),
    ],
)
def test_what_running_sagas_need_cannot_go(changes: dict[str, Any], path: str, why: str, instead: str) -> None:
    (change,) = diff(order(title="Orders"), order(**{"title": "Orders", **changes})).breaking
    assert (change.path, change.why, change.instead) == (path, why, instead)


def test_a_context_that_running_sagas_call_cannot_go() -> None:
    reserve, pay, ship = steps()
    new = order(reserve, pay, {**ship, "context": "inventory"}, contexts={"inventory": TWO["inventory"]})
    (change,) = diff(order(), new).breaking
    assert (change.path, change.why) == ("contexts.payment", "running sagas still call it")


@pytest.mark.parametrize(
    ("gives", "why", "instead"),
    [
        (
            {**GIVES, "shelf": "string"},
            "stored events lack it",
            "make it optional, `string?`, or give the event another `wire`",
        ),
        (
            {"reservation_id": "uuid"},
            "stored events have it in the old type",
            "add a field of another name, or give the event another `wire`",
        ),
    ],
)
def test_stored_events_stay_readable(gives: dict[str, str], why: str, instead: str) -> None:
    (change,) = diff(order(), order(*steps(gives=gives))).breaking
    assert (change.why, change.instead) == (why, instead)
    rewired = order(*steps(gives=gives, success={"name": "ReserveDone", "wire": "ReserveDone.v2"}))
    assert diff(order(), rewired).impact is Impact.NEW_VERSION


def test_a_result_that_running_sagas_take_cannot_go() -> None:
    reserve, pay, ship = steps(gives=None)
    (change,) = diff(order(), order(reserve, {**pay, "takes": []}, ship)).breaking
    assert (change.path, change.why) == ("steps.reserve.gives.reservation_id", "running sagas still take it")


def test_partitions_only_grow() -> None:
    def partitioned(count: int) -> SagaSpec:
        channel = {"topic": "payment.commands", "partitions": count}
        return order(contexts={**TWO, "payment": {"title": "Payment Service", "commands": channel}})

    assert only(partitioned(8), partitioned(16)).impact is Impact.SAFE
    assert only(partitioned(16), partitioned(8)).why == "Kafka does not take partitions away"

"""Every rule: the smallest saga that breaks it, and what is said then."""

from dataclasses import dataclass
from typing import Any

import pytest

from saga_scaffold.errors import Finding, Severity
from saga_scaffold.spec import check as checking
from saga_scaffold.spec.check import Rule, check, errors
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.rules import declarations, kinds, messages, names, numbers, order, texts, topics, uses

from .sagas import found, only, saga, step


@dataclass(frozen=True)
class Case:
    rule: Rule
    spec: SagaSpec
    path: str
    problem: str
    hint: str


def two(**changes: Any) -> SagaSpec:
    """A saga of two steps, the second one with the changes."""
    return saga(step(), step("pay", **changes))


def undo(**changes: Any) -> dict[str, Any]:
    return {"command": "Revert", "takes": ["order_id"], "success": "Reverted", **changes}


OTHER = {"inventory": {"title": "Inventory"}, "payment": {"title": "Payment"}}

CASES = [
    Case(
        names.step_ids_are_unique,
        saga(
            step(),
            step(command="Other", success="OtherDone", failure="OtherRefused", after=[], undo="none", because="x"),
        ),
        "steps.reserve-stock.id",
        "two steps have the id `reserve-stock`",
        "give one of them another id",
    ),
    Case(
        names.contexts_are_there,
        two(context="stock"),
        "steps.pay.context",
        "the step `pay` names the context `stock`, which is not there",
        "add it under `contexts`, or write `inventory`",
    ),
    Case(
        names.contexts_have_steps,
        saga(contexts=OTHER),
        "contexts.payment",
        "no step is carried out by the context `payment`",
        "remove it, or name it in a step",
    ),
    Case(
        names.saga_is_kebab,
        saga(saga="OrderFulfillment"),
        "saga",
        "the saga `OrderFulfillment` is not in kebab-case",
        "write `order-fulfillment`",
    ),
    Case(
        names.package_is_importable,
        saga(package="email"),
        "package",
        "the package `email` would hide the module of that name",
        "call it `email_saga`",
    ),
    Case(
        names.step_ids_are_kebab,
        saga(step(), {**step("pay"), "id": "Pay Now"}),
        "steps.Pay Now.id",
        "the step id `Pay Now` is not in kebab-case",
        "write `pay-now`",
    ),
    Case(
        names.former_ids_are_former,
        two(was="reserve-stock"),
        "steps.pay.was",
        "the step `pay` was `reserve-stock`, which is still the id of a step",
        "remove `was`, or rename the other step",
    ),
    Case(
        names.contexts_are_kebab,
        saga(step(context="messages"), contexts={"messages": {"title": "Messages"}}),
        "contexts.messages",
        "the context `messages` is reserved",
        "add a word that says more",
    ),
    Case(
        names.states_are_words,
        two(state='PAYING"]'),
        "steps.pay.state",
        'the state `PAYING"]` is no name of a state',
        "write it in words of letters and digits, like RESERVING_INVENTORY",
    ),
    Case(
        names.states_tell_apart,
        two(state="COMPLETED"),
        "steps.pay.state",
        "the state `COMPLETED` of a running saga is also the name of its end",
        "rename it, or rename `terminal.completed`",
    ),
    Case(
        declarations.types_are_understood,
        two(gives={"payment_id": "text"}),
        "steps.pay.gives.payment_id",
        "the field `payment_id` has the type `text`, which is not understood",
        "write string, integer, decimal, boolean, datetime, date, uuid, list[T], or T? for a field that may be absent",
    ),
    Case(
        declarations.fields_are_snake,
        two(gives={"paymentId": "string"}),
        "steps.pay.gives.paymentId",
        "the field `paymentId` is not in snake_case",
        "write `payment_id`",
    ),
    Case(
        declarations.fields_have_one_supplier,
        two(gives={"quantity": "integer"}),
        "steps.pay.gives.quantity",
        "the field `quantity` is supplied by the input and by `pay`",
        "give it a name of its own, like pay_quantity",
    ),
    Case(
        declarations.the_business_key_is_plain,
        saga(input={"order_id": "decimal?"}),
        "input.order_id",
        "the first field of the input, `order_id`, is the business key and cannot be of type decimal?",
        "put a field of type string, integer or uuid first",
    ),
    Case(
        order.there_are_steps,
        saga(steps=[], contexts={}),
        "steps",
        "the saga has no steps",
        "add one: an id, a context, a command, a success and an undo",
    ),
    Case(
        order.predecessors_are_there,
        two(after=["deliver"]),
        "steps.pay.after",
        "the step `pay` comes after `deliver`, which is not there",
        "name the id of another step",
    ),
    Case(
        order.steps_do_not_wait_in_a_circle,
        saga(step(after=["pay"]), step("pay", after=["reserve-stock"])),
        "steps.reserve-stock.after",
        "steps wait for each other in a circle: reserve-stock -> pay -> reserve-stock",
        "take one of them out of another's `after`",
    ),
    Case(
        uses.takes_name_a_field_once,
        two(takes=["order_id", "order_id"]),
        "steps.pay.takes",
        "the field `order_id` is taken twice",
        "name it once",
    ),
    Case(
        uses.guards_are_understood,
        two(when="quantity is big"),
        "steps.pay.when",
        "the guard has `is` where ==, !=, <, <=, >, >= or in is expected, at the step `pay`",
        'write comparisons joined by `and`, like: quantity > 0 and country == "DE" and express == true',
    ),
    Case(
        uses.takes_are_known,
        two(takes=["quantiti"]),
        "steps.pay.takes",
        "the step `pay` takes `quantiti`, which nothing supplies",
        "did you mean `quantity`?",
    ),
    Case(
        uses.undo_takes_are_known,
        saga(step(undo=undo(takes=["payment_id"])), step("pay", gives={"payment_id": "string"})),
        "steps.reserve-stock.undo.takes",
        "the undo of `reserve-stock` takes `payment_id`, but `pay`, which gives it, is not done before",
        "let the step come after `pay`, or take another field",
    ),
    Case(
        uses.guards_are_known,
        two(when="express > true"),
        "steps.pay.when",
        "the guard of `pay` cannot be asked: `express` is of type boolean, which has no order",
        "compare it with == or !=",
    ),
    Case(
        messages.messages_are_pascal,
        two(command="pay_order"),
        "steps.pay.command",
        "the message `pay_order` is not in PascalCase",
        "write `PayOrder`; how it is called on the wire goes into `wire`",
    ),
    Case(
        messages.messages_are_free,
        two(success="TimeoutError"),
        "steps.pay.success",
        "the message `TimeoutError` is called like something of Python or of the project",
        "add a word that says more, like ReserveInventory",
    ),
    Case(
        messages.messages_mean_one_thing,
        two(success="ReserveStockDone"),
        "steps.pay.success",
        "the message `ReserveStockDone` is also at `steps.reserve-stock.success`",
        "give it a name of its own; steps can share only a refusal",
    ),
    Case(
        messages.stored_names_are_plain,
        two(success={"name": "Paid", "wire": "paid now"}),
        "steps.pay.success",
        "the stored name `paid now` is not plain",
        "write letters, digits and . _ : / - only, at most 200 characters",
    ),
    Case(
        messages.stored_names_mean_one_thing,
        two(success={"name": "Paid", "wire": "ReserveStockDone"}),
        "steps.pay.success",
        "the stored name `ReserveStockDone` is also that of `ReserveStockDone` at `steps.reserve-stock.success`",
        "give one of them another `wire`",
    ),
    Case(
        messages.handlers_have_their_own_names,
        saga(step(effect="external"), step("find-reserve-stock")),
        "steps.find-reserve-stock.command",
        "`FindReserveStock` and `ReserveStock` would both be handled by `find_reserve_stock`",
        "rename one of the commands",
    ),
    Case(
        kinds.nothing_to_undo_has_a_reason,
        two(undo="none"),
        "steps.pay.undo",
        "the step `pay` has no undo and does not say why",
        "add a reason, for example: because: an e-mail cannot be unsent",
    ),
    Case(
        kinds.there_is_one_pivot,
        saga(step(kind="pivot"), step("pay", kind="pivot")),
        "steps.pay.kind",
        "`pay` is a second pivot beside `reserve-stock`",
        "keep the one after which nothing is undone any more",
    ),
    Case(
        kinds.nothing_runs_beside_the_pivot,
        two(kind="pivot", after=[]),
        "steps.pay.after",
        "`reserve-stock` can run beside the pivot `pay`",
        "let every step come before or after the pivot",
    ),
    Case(
        kinds.the_pivot_divides_the_kinds,
        saga(step(kind="pivot"), step("pay")),
        "steps.pay.kind",
        "`pay` is compensatable but comes after the pivot `reserve-stock`",
        "make it retriable, or let it come before the pivot",
    ),
    Case(
        kinds.retriable_steps_come_last,
        two(kind="retriable", after=[]),
        "steps.pay.kind",
        "`pay` is retriable but does not come after `reserve-stock`",
        "let retriable steps come after all compensatable ones, or make it compensatable",
    ),
    Case(
        topics.topics_are_legal,
        two(command={"name": "Pay", "topic": "pay now"}),
        "steps.pay.command",
        "`pay now` is no name for a topic in Kafka",
        "write letters, digits and . _ - only, at most 245 characters",
    ),
    Case(
        topics.topics_do_not_collide,
        two(command={"name": "Pay", "topic": "inventory_commands"}),
        "steps.pay.command",
        "the topics `inventory_commands` and `inventory.commands` collide: Kafka takes `.` for `_`",
        "write it like the one at `contexts.inventory.commands`, or choose another name",
    ),
    Case(
        topics.topics_have_one_purpose,
        two(command={"name": "Pay", "topic": "order-fulfillment.events"}),
        "steps.pay.command",
        "the topic `order-fulfillment.events` is for commands here, but for lifecycle events at `saga`",
        "name another one with `topic`",
    ),
    Case(
        topics.partitions_agree,
        saga(
            step(),
            step("pay", context="payment"),
            contexts={
                "inventory": {"title": "Inventory", "commands": {"topic": "shop.commands", "partitions": 4}},
                "payment": {"title": "Payment", "commands": {"topic": "shop.commands", "partitions": 8}},
            },
        ),
        "contexts.payment.commands",
        "the topic `shop.commands` has 8 partitions here, but 4 at `contexts.inventory.commands`",
        "give it the same number in both places",
    ),
    Case(
        topics.the_partition_key_is_known,
        saga(event_store={"partition_key": "customer_id"}),
        "event_store.partition_key",
        "the partition key `customer_id` is no field of the input",
        "write a field of the input, saga_id or shard",
    ),
    Case(
        numbers.durations_are_possible,
        saga(event_store={"retention": "0s"}),
        "event_store.retention",
        "`retention` is 0ms",
        "make it longer than 0ms and at most 36500d",
    ),
    Case(
        numbers.timeouts_fit_the_deadline,
        two(timeout="2d"),
        "steps.pay.timeout",
        "one attempt of `pay` may take 2d, longer than the saga",
        "make it at most the deadline, 24h, or move the deadline",
    ),
    Case(
        numbers.pauses_grow_to_their_cap,
        two(retry={"first": "1m"}),
        "steps.pay.retry.first",
        "the first pause of `pay` is 1m, longer than its cap",
        "make it at most 30s, or raise `cap`",
    ),
    Case(
        numbers.attempts_fit_the_deadline,
        saga(deadline="90s"),
        "steps.reserve-stock.retry",
        "all attempts of `reserve-stock` may take 153s, longer than the saga",
        "make fewer attempts or shorter ones; the deadline is 90s",
    ),
    Case(
        numbers.messages_outlive_the_saga,
        saga(topics={"retention": {"commands": "1h"}}),
        "topics.retention.commands",
        "commands are kept for 1h, shorter than a saga may take",
        "keep them for at least 24h",
    ),
    Case(
        texts.titles_are_of_one_line,
        two(title="Pay\nnow"),
        "steps.pay.title",
        "the text at `steps.pay.title` is longer than a line of 200 characters",
        "shorten it",
    ),
    Case(
        texts.titles_say_something,
        saga(contexts={"inventory": {"title": " "}}),
        "contexts.inventory.title",
        "the context `inventory` has an empty title",
        "write what people call it",
    ),
    Case(
        texts.texts_are_bounded,
        saga(summary="x" * 20_001),
        "summary",
        "the text at `summary` is longer than 20000 characters",
        "shorten it",
    ),
    Case(
        texts.texts_show_what_they_say,
        saga(summary="harmless \u202e"),
        "summary",
        "the text at `summary` has the invisible character U+202E",
        "remove it",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule.__name__)
def test_a_broken_rule_is_told_with_what_to_do(case: Case) -> None:
    assert found(case.spec) == [(case.path, case.problem, case.hint)]
    assert [finding.problem for finding in case.rule(case.spec)] == [case.problem]


def test_every_rule_is_shown_here() -> None:
    asked = {*checking.SHAPE, *checking.NAMES, *checking.SENSE}
    assert asked == {case.rule for case in CASES}


def test_a_sound_saga_has_no_findings() -> None:
    assert check(saga()) == ()
    assert check(two(when='express == true and order_id != ""', takes=["order_id", "quantity"])) == ()


def test_findings_of_several_rules_are_told_together() -> None:
    spec = saga(step(), step("pay", undo="none", takes=["money"]), saga="Order")
    assert [finding.rule for finding in check(spec)] == ["name", "undo", "takes"]


def test_a_saga_without_a_shape_is_not_asked_for_sense() -> None:
    assert [finding.rule for finding in check(two(after=["deliver"], takes=["money"]))] == ["after"]


def test_only_warnings_let_generation_go_on() -> None:
    findings = check(saga(deadline="90s"))
    assert [finding.severity for finding in findings] == [Severity.WARNING]
    assert errors(findings) == ()


def test_steps_may_share_a_refusal_and_topics() -> None:
    refusal = {"name": "OrderFailed", "wire": "order.failed", "topic": "orders.failures"}
    assert check(saga(step(failure=refusal), step("pay", failure=refusal))) == ()


def test_a_step_does_not_name_a_refusal_twice() -> None:
    assert only(two(failure=["No", "No"])).problem == "the message `No` is also at `steps.pay.failure.0`"


def test_messages_that_differ_in_case_only_are_the_same_file_and_handler() -> None:
    problems = [problem for _, problem, _ in found(two(success="RESERVESTOCKDONE"))]
    assert "the message `RESERVESTOCKDONE` is also at `steps.reserve-stock.success`" in problems


def test_the_command_that_starts_the_saga_is_nobody_elses() -> None:
    spec = two(command={"name": "StartOrderFulfillment", "wire": "x"})
    assert only(spec).problem == "the message `StartOrderFulfillment` is also at `saga`"


def test_a_context_called_like_the_saga_would_share_its_topic() -> None:
    spec = saga(step(context="booking"), saga="booking", contexts={"booking": {"title": "Booking"}})
    assert only(spec).hint == "name another one: events: {topic: another.name}"


def test_a_step_that_may_be_skipped_supplies_but_cannot_be_asked_for() -> None:
    first = step(when="quantity > 0", gives={"shelf": "string"})
    assert check(saga(first, step("pay", takes=["shelf"]))) == ()
    assert only(saga(first, step("pay", when='shelf == "A"'))).problem == (
        "the guard of `pay` asks for `shelf`, which is not there when `reserve-stock` was skipped"
    )


def test_what_runs_beside_a_step_does_not_supply_it() -> None:
    first = step(gives={"shelf": "string"})
    assert only(saga(first, step("pay", after=[], takes=["shelf"]))).hint == (
        "let the step come after `reserve-stock`, or take another field"
    )


def test_an_undo_may_take_what_its_own_step_gave() -> None:
    assert check(two(gives={"payment_id": "string"}, undo=undo(takes=["payment_id"]))) == ()


def test_kinds_follow_each_other_across_branches() -> None:
    left, right = step("left", after=[]), step("right", after=[])
    pivot = step("decide", kind="pivot", after=["left", "right"])
    tail = [step("mail", kind="retriable", after=["decide"]), step("points", kind="retriable", after=["decide"])]
    assert check(saga(left, right, pivot, *tail)) == ()


@pytest.mark.parametrize(
    "key", ["order_id", "/orderId", "ORDER#<orderId>", "saga_id", "sagaId", "shard", "order_id|quantity"]
)
def test_a_partition_key_is_taken_as_the_document_writes_it(key: str) -> None:
    assert check(saga(event_store={"partition_key": key})) == ()


@pytest.mark.parametrize("key", ["", "pk", "ORDER#<number>", "order_id#customer", "#"])
def test_a_partition_key_that_no_saga_has_is_refused(key: str) -> None:
    assert only(saga(event_store={"partition_key": key})).rule == "partition-key"


@pytest.mark.parametrize(
    "hostile",
    ["'; DROP TABLE saga; --", "{{ 7*7 }}", "$(rm -rf /)", "../../etc/passwd", "a\nb", "<script>", "ID\u202e"],
)
def test_hostile_names_are_refused(hostile: str) -> None:
    places: list[dict[str, Any]] = [
        {"saga": hostile},
        {"package": hostile},
        {"terminal": {"completed": hostile}},
        {"input": {"order_id": "string", hostile: "string"}},
        {"contexts": {"inventory": {"title": "x"}, hostile: {"title": "x"}}},
    ]
    for changes in places:
        assert _errors(saga(**changes))
    for key in ("command", "success", "failure"):
        assert _errors(two(**{key: hostile}))
        assert _errors(two(**{key: {"name": "Fine", "topic": hostile}}))
    assert _errors(two(gives={hostile: "string"}))
    assert _errors(two(state=hostile))
    assert _errors(two(when=hostile))
    assert _errors(saga({**step(), "id": hostile}))


def _errors(spec: SagaSpec) -> tuple[Finding, ...]:
    return errors(check(spec))

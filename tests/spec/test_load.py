"""Reading saga.yaml: what it means, and every refusal with its line."""

import time
from datetime import timedelta

import pytest

from saga_scaffold.errors import Refused
from saga_scaffold.spec.check import check
from saga_scaffold.spec.load import load, load_spec, locate
from saga_scaffold.spec.model import Effect, Kind, Message, Undo

from .example import ORDER


def refusals(text: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        load_spec(text, "saga.yaml")
    return [f"{one.place}: {one.problem} | {one.hint}" for one in caught.value.findings]


def changed(before: str, after: str) -> str:
    assert before in ORDER
    return ORDER.replace(before, after, 1)


def test_the_file_is_the_saga() -> None:
    spec = load_spec(ORDER, "saga.yaml")
    reserve, pay, ship, _ = spec.steps
    assert spec.business_key == "order_id"
    assert reserve.failure == (Message(name="InventoryNotReserved"),)
    assert pay.command.stored_name == "payments.process.v1"
    assert (pay.effect, ship.kind) == (Effect.EXTERNAL, Kind.PIVOT)
    assert ship.compensation is None
    assert spec.deadline == timedelta(days=1)
    assert check(spec) == ()


def test_what_the_file_leaves_out_is_filled_in() -> None:
    spec = load_spec(ORDER, "saga.yaml")
    pay = spec.step("process-payment")
    assert (pay.after, pay.title, pay.state) == (("reserve-inventory",), "Process payment", "PROCESSING_PAYMENT")
    assert isinstance(pay.undo, Undo)
    assert pay.undo.state == "REFUNDING_PAYMENT"
    assert spec.event_topic(spec.step("deduct-points"), Message(name="PointsDeducted")) == "loyalty.events"
    assert spec.command_topic(spec.step("deduct-points")) == "crm.commands"


def test_an_unknown_key_is_told_with_the_nearest_known_one() -> None:
    assert refusals(changed("    timeout: 30s", "    timout: 30s")) == [
        "saga.yaml:36:5: the step `reserve-inventory` has no key `timout` | did you mean `timeout`?"
    ]
    assert refusals(changed("retry: {attempts: 5,", "retry: {zzz: 5,")) == [
        "saga.yaml:37:13: `steps.reserve-inventory.retry` has no key `zzz` "
        "| the keys here are attempts, first, factor, cap"
    ]
    assert refusals(changed("deadline: 24h", "deadlines: 24h")) == [
        "saga.yaml:6:1: the saga has no key `deadlines` | did you mean `deadline`?"
    ]


def test_a_missing_key_is_told_with_an_example() -> None:
    assert refusals(changed("    command: DeductPoints\n", "")) == [
        "saga.yaml:58:5: the step `deduct-points` lacks `command` | add it, for example: command: ReserveInventory"
    ]
    assert refusals(changed("  - id: deduct-points\n    context", "  - context")) == [
        "saga.yaml:58:5: step 4 lacks `id` | add it, for example: id: reserve-inventory"
    ]
    assert refusals(changed("      success: InventoryReleased\n", "")) == [
        "saga.yaml:32:7: `steps.reserve-inventory.undo` lacks `success` "
        "| add it, for example: success: InventoryReleased"
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "timeout: 30s",
            "timeout: 30",
            "36:14: `timeout` is 30, which is not understood | write a duration as a number",
        ),
        ("deadline: 24h", "deadline: 1 day", "6:11: `deadline` is `1 day`, which is not understood | write a duration"),
        (
            "24h",
            "99999999999999999d",
            "6:11: `deadline` is `99999999999999999d`, which is not understood | write a dur",
        ),
        ("kind: pivot", "kind: pivotal", "51:11: `kind` is `pivotal` | did you mean `pivot`?"),
        ("effect: external", "effect: x", "40:13: `effect` is `x` | write local or external"),
        ("undo: none", "undo: nothing", "56:11: `undo` is `nothing` | write a mapping with command, takes and success"),
        ("shards: 16", "shards: many", "67:23: `shards` is `many`, not a whole number | make it a whole number"),
        ("shards: 16", "shards: true", "67:23: `shards` is true, not a whole number | make it a whole number"),
        ("shards: 16", "shards: 0", "67:23: `shards` is 0 | make it at least 1"),
        ("shards: 16", "shards: 5000", "67:23: `shards` is 5000 | make it at most 4096"),
        ("partitions: 24", "partitions: 0", "18:97: `partitions` is 0 | make it greater than 0"),
        ("factor: 2", "factor: 0.5", "37:48: `factor` is 0.5 | make it at least 1"),
        ("title: Order fulfillment", "title: 5", '4:8: `title` is 5, not a text | put it in quotes: "5"'),
        (
            "summary: Reserve stock, take the payment, schedule freight, deduct loyalty points.",
            "summary:",
            "5:9: `summary` is empty, not a text | make it a text",
        ),
        ("title: Order fulfillment", "title: [a]", "4:8: `title` is a list, not a text | make it a text"),
        ("takes: [reservation_id]", "takes: reservation_id", "33:14: `takes` is `reservation_id`, not a list, like"),
        ("gives: {payment_id: string}", "gives: [a]", "44:12: `gives` is a list, not a mapping, like {name: value}"),
        ("inventory: {title: Inventory Service}", "inventory: Stock", "17:14: `inventory` is `Stock`, not a mapping"),
        ("command: DeductPoints", "command: 7", "61:14: `command` is 7, not a mapping, like {key: value} |"),
        ("wire: payments.process.v1", "wire: 1.5", '41:43: `wire` is 1.5, not a text | put it in quotes: "1.5"'),
        ("order_id: string", "order_id: {type: x}", "9:13: `order_id` is a mapping, not a text | make it a text"),
    ],
)
def test_a_value_that_does_not_fit_is_told(before: str, after: str, told: str) -> None:
    (only,) = refusals(changed(before, after))
    assert only.startswith(f"saga.yaml:{told}")


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        changed("deadline: 24h", "deadline: soon").replace("kind: pivot", "kind: x").replace("shards: 16", "shards: x")
    )
    assert [line.split(":")[1] for line in refusals(text)] == ["6", "51", "67"]


def test_a_key_that_is_there_twice_is_told_with_both_lines() -> None:
    assert refusals(changed("deadline: 24h", "deadline: 24h\ntitle: Other")) == [
        "saga.yaml:7:1: the key `title` is there twice; first on line 4 | keep one of them"
    ]


@pytest.mark.parametrize(
    ("value", "reading"),
    [
        ("no", "true or false"),
        ("On", "true or false"),
        ("1:30", "a number in base sixty"),
        ("017", "an octal number"),
        ("0o17", "an octal number"),
        ("0x1F", "a hexadecimal number"),
        ("1_000", "a number without its underscores"),
        (".inf", "infinity or not a number"),
        ("2030-01-31", "a date"),
        ("1.", "a number"),
        ("12345678901234567890", "a number"),
    ],
)
def test_what_yaml_readers_disagree_about_is_refused(value: str, reading: str) -> None:
    assert refusals(changed("title: Order fulfillment", f"title: {value}")) == [
        f'saga.yaml:4:8: some YAML readers take `{value}` for {reading} | put it in quotes: "{value}"'
    ]


def test_the_same_in_quotes_is_a_text() -> None:
    assert load_spec(changed("title: Order fulfillment", 'title: "no"'), "saga.yaml").title == "no"
    assert load_spec(changed("title: Order fulfillment", "title: '1:30'"), "saga.yaml").title == "1:30"


def test_a_doubtful_key_is_refused_too() -> None:
    assert refusals(changed("  sku: string", "  no: string")) == [
        'saga.yaml:10:3: some YAML readers take `no` for true or false | put it in quotes: "no"'
    ]
    assert refusals(changed("  sku: string", "  5: string")) == [
        'saga.yaml:10:3: the key `5` is not a text | put it in quotes: "5"'
    ]
    assert refusals(changed("  sku: string", "  [a]: string")) == [
        "saga.yaml:10:3: a list or a mapping stands where a key is expected | write the key as a plain word"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "saga.yaml: the file is empty | start it with `saga: a-name`"),
        ("# nothing\n", "saga.yaml: the file is empty | start it with `saga: a-name`"),
        ("- a\n", "saga.yaml:1:1: the file is not a saga | start it with `saga: a-name`"),
        ("saga: a\n---\nsaga: b\n", "saga.yaml:2:1: the file holds more than one document | keep one saga to a file"),
        ("saga: a\n\tpackage: b\n", "saga.yaml:2:1: a tab stands where YAML wants spaces | indent with spaces"),
        ("saga: a: b\n", "saga.yaml:1:8: there is a colon where YAML expects none | put the text in quotes"),
        (
            "saga: [a\n",
            "saga.yaml:2:1: this is not YAML: expected ',' or ']', but got '<stream end>' | check indentation",
        ),
        ("saga: !!python/object:os.system x\n", "saga.yaml:1:7: the tag `!!python/object:os.system` is not understood"),
        ("saga: !own x\n", "saga.yaml:1:7: the tag `!own` is not understood | remove it"),
        (
            "saga: &a [*a]\n",
            "saga.yaml:1:7: an alias refers to a value that it is itself part of | write the value out",
        ),
        ("saga: *a\n", "saga.yaml:1:7: an alias refers to an anchor that is not there | write the value out"),
        ("saga: a\0b\n", "saga.yaml:1: the file has a character that a text cannot hold: U+0000 | remove it"),
        ("saga: a\nb: \x1b\n", "saga.yaml:2: the file has a character that a text cannot hold: U+001B | remove it"),
        ("saga: " + "[" * 30 + "]" * 30, "saga.yaml:1:30: it is nested more than 24 levels deep |"),
        ("a" * 2_000_000, "saga.yaml: the file is larger than 1024 KB | keep one saga to a file"),
    ],
    ids=range(15),
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, told: str) -> None:
    (only,) = refusals(text)
    assert only.startswith(told)


def test_an_anchor_may_be_used_again() -> None:
    text = changed("retry: {attempts: 5,", "retry: &patient {attempts: 7,")
    text = text.replace("    undo: {command: RefundPayment", "    retry: *patient\n    undo: {command: RefundPayment")
    assert load_spec(text, "saga.yaml").step("process-payment").retry.attempts == 7


def test_anchors_that_explode_are_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    spent = time.thread_time()
    (only,) = refusals("\n".join(lines))
    assert "aliases make it more than 50000 values" in only
    assert time.thread_time() - spent < 5


def test_a_hostile_name_is_refused_with_its_line() -> None:
    spec, document = load(changed("  sku: string", '  "a\\eb": string\n  sku: string'), "saga.yaml")
    (finding,) = locate(check(spec), document)
    assert (str(finding.place), finding.problem) == ("saga.yaml:10:11", "the field `a�b` is not in snake_case")


def test_findings_of_check_get_the_lines_of_their_values() -> None:
    spec, document = load(changed("takes: [order_id, points]", "takes: [order_id, pints]"), "saga.yaml")
    (finding,) = locate(check(spec), document)
    assert str(finding.place) == "saga.yaml:62:12"

"""A changed saga is written into its file: it says what it should, and what did not change keeps every byte."""

from hypothesis import given
from hypothesis import strategies as st
from properties import examples
from strategies import sagas

from saga_scaffold.spec.dump import dump_spec
from saga_scaffold.spec.edit import edited
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec

TEXT = """\
# Our orders. Do not touch on Fridays.
saga: order
package: orders
deadline: 24h

input:
  order_id: string   # what people call it
  # in cents
  amount: integer

contexts:
  stock: {title: Stock}   # Berlin
  bank: {title: Bank}

steps:
  # the shelf
  - id: reserve
    context: stock
    command: Reserve
    takes: [ order_id ]
    success: Reserved
    # finance asked for it
    timeout:   45s
    undo: {command: Release, takes: [order_id], success: Released}

  # the money
  - id: pay
    context: bank
    command: Pay
    takes: [order_id, amount]
    success: Paid   # in the end
    failure: NotPaid
    undo: {command: Refund, takes: [order_id], success: Refunded}

# nothing below is ours
terminal: {completed: DONE, compensated: UNDONE}
"""


def with_steps(*changes: dict[str, object], spec: SagaSpec | None = None) -> SagaSpec:
    values = (spec or load_spec(TEXT, "saga.yaml")).model_dump(mode="json")
    values["steps"] = list(changes)
    return SagaSpec.model_validate(values)


def steps() -> list[dict[str, object]]:
    return list(load_spec(TEXT, "saga.yaml").model_dump(mode="json")["steps"])


def check(new: SagaSpec) -> str:
    text = edited(TEXT, "saga.yaml", new)
    assert load_spec(text, "saga.yaml") == new
    return text


def test_nothing_changes_where_nothing_has_changed() -> None:
    assert check(load_spec(TEXT, "saga.yaml")) == TEXT


def test_a_changed_key_is_the_only_line_that_changes() -> None:
    reserve, pay = steps()

    text = check(with_steps({**reserve, "timeout": "60s"}, pay))

    assert text == TEXT.replace("    timeout:   45s\n", "    timeout: 1m\n")


def test_a_new_key_is_put_behind_those_that_are_there() -> None:
    reserve, pay = steps()

    text = check(with_steps(reserve, {**pay, "retry": {"attempts": 3, "first": "1s", "factor": 2, "cap": "30s"}}))

    assert [line for line in text.splitlines() if line not in TEXT.splitlines()] == [
        "    retry: {attempts: 3, first: 1s, factor: 2, cap: 30s}"
    ]


def test_a_new_step_stands_apart_like_the_others_and_the_others_stay() -> None:
    reserve, pay = steps()
    check_credit = {**pay, "id": "check", "command": "Check", "success": "Checked", "failure": [], "undo": "none"}
    new = {**check_credit, "because": "it only looks", "after": ["reserve"], "title": "Check", "state": "CHECKING"}

    text = check(with_steps(reserve, new, {**pay, "after": ["check"]}))

    assert "\n\n  - id: check\n" in text
    assert TEXT.split("steps:\n")[1].split("\n\n")[0] in text
    assert "  # the money\n  - id: pay\n    context: bank\n" in text


def test_a_step_that_goes_takes_its_comment_along() -> None:
    reserve, _ = steps()

    text = check(with_steps(reserve))

    assert "the money" not in text
    assert "# nothing below is ours" in text


def test_steps_that_change_places_keep_their_comments() -> None:
    reserve, pay = steps()

    text = check(with_steps({**pay, "after": []}, {**reserve, "after": ["pay"]}))

    assert text.index("# the money") < text.index("- id: pay") < text.index("# the shelf") < text.index("- id: reserve")


def test_a_new_field_leaves_the_comments_of_the_others() -> None:
    spec = load_spec(TEXT, "saga.yaml")

    text = check(spec.model_copy(update={"input": {**spec.input, "currency": "string"}}))

    assert text == TEXT.replace("  amount: integer\n", "  amount: integer\n  currency: string\n")


@examples(60)
@given(old=sagas(), new=sagas(), data=st.data())
def test_any_saga_becomes_any_other(old: SagaSpec, new: SagaSpec, data: st.DataObject) -> None:
    lines = dump_spec(old).splitlines()
    for at in sorted(data.draw(st.lists(st.integers(1, len(lines) - 1), max_size=4)), reverse=True):
        indent = len(lines[at]) - len(lines[at].lstrip())
        lines.insert(at, data.draw(st.sampled_from([f"{' ' * indent}# a note", "", "# at the edge"])))
    text = "\n".join(lines) + "\n"
    if load_spec(text, "saga.yaml") != old:
        return
    wanted = old.model_copy(
        update={"steps": new.steps, "contexts": new.contexts, "input": new.input, "assumed": new.assumed}
    )

    result = edited(text, "saga.yaml", wanted)

    assert load_spec(result, "saga.yaml") == wanted
    assert edited(result, "saga.yaml", wanted) == result

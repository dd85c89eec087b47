"""Any edits of an owner with any change of the saga: what was written by hand is still there, and the code compiles."""

import ast
import os
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from regenerate.owner import SAGA
from saga_scaffold.project.plan import plan
from saga_scaffold.project.render import render
from saga_scaffold.project.tidy import format_python
from saga_scaffold.regenerate.python import merge_python
from saga_scaffold.regenerate.renaming import renames
from saga_scaffold.spec.check import check
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec

PAIRS = int(os.environ.get("PAIRS", "300"))
ONE_CONTEXT = SAGA.replace("context: payment\n", "context: inventory\n").replace(
    "context: shipping\n", "context: inventory\n"
)
ONE_CONTEXT = ONE_CONTEXT.replace("  payment: {title: Payment Service}\n  shipping: {title: Shipping Service}\n", "")
CHANGES = {
    "title": ("    command: TakePayment", "    title: Take the money\n    command: TakePayment"),
    "command": ("command: TakePayment", "command: ChargeCard"),
    "event": ("success: PaymentTaken", "success: CardCharged"),
    "undo": ("command: RefundPayment", "command: ReverseCharge"),
    "refusal": ("failure: PaymentDeclined", "failure: [PaymentDeclined, PaymentBlocked]"),
    "no refusal": ("    failure: ParcelNotSent\n", ""),
    "result": ("gives: {payment_id: string}", "gives: {payment_id: string, receipt: string}"),
    "external": ("    command: TakePayment", "    effect: external\n    command: TakePayment"),
    "no undo": (
        "undo: {command: RecallParcel, takes: [order_id], success: ParcelRecalled}",
        "undo: none\n    because: it is on the road",
    ),
    "guard": ("    command: SendParcel", "    when: amount > 10\n    command: SendParcel"),
}
EDITS = ["line", "function", "import", "docstring", "decorator", "delete", "comment", "signature", "layout", "constant"]


@cache
def spec_of(changes: frozenset[str]) -> SagaSpec | None:
    text = ONE_CONTEXT
    for name in sorted(changes):
        text = text.replace(*CHANGES[name])
    spec = load_spec(text, "saga.yaml")
    return None if check(spec) else spec


@cache
def handlers_of(changes: frozenset[str]) -> str:
    spec = spec_of(changes)
    assert spec is not None
    tree = render(plan(spec))
    return format_python(next(text for path, text in tree.items() if str(path).endswith("contexts/inventory.py")))


def edited(text: str, edit: str, number: int, where: int) -> str:
    """The text after an edit that leaves a mark of its own."""
    mark = f"mark_{number}"
    lines = text.splitlines(keepends=True)
    functions = [index for index, line in enumerate(lines) if line.startswith("async def")]
    returns = [index for index, line in enumerate(lines) if line.startswith("    return ")]
    if not functions or not returns:
        return text
    function, back = functions[where % len(functions)], returns[where % len(returns)]
    match edit:
        case "line":
            lines.insert(back, f"    {mark} = command\n")
        case "function":
            lines.insert(function, f"def {mark}() -> int:\n    return 1\n\n\n")
        case "import":
            first = next((i for i, line in enumerate(lines) if line.startswith("from ")), 2)
            lines.insert(first, f"import {mark}_module\n")
        case "docstring":
            at = next((i for i in range(function, len(lines)) if lines[i].startswith('    """')), None)
            if at is not None:
                lines[at] = lines[at].replace('"""', f'"""{mark} ', 1)
        case "decorator":
            lines.insert(function, f"@{mark}\n")
        case "delete":
            end = next((i for i in functions if i > function), len(lines))
            del lines[function:end]
        case "comment":
            lines.insert(function, f"# {mark}\n")
        case "signature":
            lines[function] = lines[function].replace("tx: Transaction)", f"tx: Transaction, {mark}: int = 0)")
        case "layout":
            return text.replace('"tx', "'tx").replace("(command:", "( command:")
        case _:
            lines.append(f"\n\n{mark} = 1\n")
    return "".join(lines)


edits = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 9)), min_size=1, max_size=4)
changes = st.frozensets(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=3)


@pytest.mark.slow
@examples(PAIRS)
@given(edits=edits, changes=changes)
def test_nothing_of_the_owners_is_lost(edits: list[tuple[str, int]], changes: frozenset[str]) -> None:
    old, new = spec_of(frozenset()), spec_of(changes)
    if old is None or new is None:
        return
    base, now, yours = handlers_of(frozenset()), handlers_of(changes), handlers_of(frozenset())
    for number, (edit, where) in enumerate(edits):
        yours = edited(yours, edit, number, where)
    ast.parse(yours)

    merged = merge_python(base, yours, now, renames(old, new), {})

    for number in range(len(edits)):
        mark = f"mark_{number}"
        assert (mark in merged.text) or (mark not in yours), f"{mark} is lost:\n{merged.text}"
    if not merged.conflicts:
        ast.parse(merged.text)
        again = merge_python(now, merged.text, now, {}, {})
        assert (again.conflicts, again.text) == (0, merged.text)


@examples(60)
@given(changes=changes)
def test_untouched_code_becomes_what_is_generated_now(changes: frozenset[str]) -> None:
    old, new = spec_of(frozenset()), spec_of(changes)
    if old is None or new is None:
        return
    base, now = handlers_of(frozenset()), handlers_of(changes)

    merged = merge_python(base, base, now, renames(old, new), {})

    assert merged.conflicts == 0
    assert format_python(merged.text) == now

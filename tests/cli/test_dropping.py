"""`regenerate --drop`: what the generator wrote for a version goes; what its owner changed is named and stays."""

import json
from pathlib import Path

import pytest
from cli.conftest import Scaffold
from project.projects import passes_its_own_checks
from regenerate.owner import SAGA, Owner

PAYMENT, MESSAGES, TESTS = "src/shop/contexts/payment.py", "src/shop/messages.py", "tests/contexts/test_payment.py"
SHIPPING = "src/shop/contexts/shipping.py"
MINE = '    assert command.payment_id, "mine"\n'


@pytest.fixture
def owner(scaffold: Scaffold, tmp_path: Path) -> Owner:
    (tmp_path / "saga.yaml").write_text(SAGA, encoding="utf-8")
    assert scaffold("new", "saga.yaml", "shop", "--no-smoke").status == 0
    return Owner(tmp_path / "shop")


def another_undo(scaffold: Scaffold, owner: Owner, mine: str = "") -> None:
    """The payment is undone by another command from version 2 on; what its owner had written goes along."""
    owner.change(PAYMENT, "    return PaymentRefunded()", f"{mine}    return PaymentRefunded()")
    owner.change("saga.yaml", "command: RefundPayment", "command: ReverseCharge")
    assert scaffold("regenerate", "shop", "--no-smoke").status == 0
    assert owner.read(PAYMENT).count("    return PaymentRefunded()") == 2


def test_what_was_not_changed_is_taken_away(scaffold: Scaffold, owner: Owner) -> None:
    another_undo(scaffold, owner)

    ended = scaffold("regenerate", "shop", "--drop", "v1", "--no-smoke")

    assert ended.status == 0
    assert "async def refund_payment" not in owner.read(PAYMENT)
    assert "class RefundPayment" not in owner.read(MESSAGES)
    assert "refund_payment" not in owner.read(TESTS)


def test_a_changed_handler_is_named_and_stays_with_its_messages(scaffold: Scaffold, owner: Owner) -> None:
    another_undo(scaffold, owner, MINE)
    before = owner.read(PAYMENT)

    ended = scaffold("regenerate", "shop", "--drop", "v1", "--no-smoke")

    assert ended.status == 0, ended.out
    told = {words[1]: " ".join(words[2:]) for line in ended.out.splitlines() if len(words := line.split()) > 2}
    assert told[PAYMENT] == (
        "not generated any more, but you changed it: `refund_payment`; delete it when you do not need it"
    )
    assert told[MESSAGES] == "still needed by what you keep: `RefundPayment`"
    assert owner.read(PAYMENT) == before
    assert "class RefundPayment(Command)" in owner.read(MESSAGES)
    assert "RefundPayment" not in owner.read("src/shop/app.py") + owner.read("src/shop/saga.py")
    assert "refund_payment" not in owner.read(TESTS)


def test_nothing_more_happens_to_what_stayed_and_its_owner_deletes_it(scaffold: Scaffold, owner: Owner) -> None:
    another_undo(scaffold, owner, MINE)
    scaffold("regenerate", "shop", "--drop", "v1", "--no-smoke")
    before = owner.contents()

    again = scaffold("regenerate", "shop", "--no-smoke")
    assert (again.status, again.out.splitlines()[-1]) == (0, "nothing to do")
    assert owner.contents() == before

    handlers, messages = owner.read(PAYMENT), owner.read(MESSAGES)
    owner.write(PAYMENT, handlers[: handlers.index("\n\nasync def refund_payment")].replace(" RefundPayment,", ""))
    owner.write(MESSAGES, messages[: messages.index("\n\n# Retired: ")])
    told = json.loads(scaffold("regenerate", "shop", "--no-smoke", "--json").out)
    assert {one["path"]: one["verdict"] for one in told["files"] if one["verdict"] != "unchanged"} == {PAYMENT: "kept"}


def test_a_changed_test_stays_with_the_handler_that_it_calls(scaffold: Scaffold, owner: Owner) -> None:
    another_undo(scaffold, owner)
    owner.change(TESTS, 'command = RefundPayment(payment_id="payment-1")', 'command = RefundPayment(payment_id="mine")')

    told = json.loads(scaffold("regenerate", "shop", "--drop", "v1", "--no-smoke", "--json").out)

    why = {one["path"]: one["why"] for one in told["files"]}
    assert why[TESTS].startswith("not generated any more, but you changed it: `test_refund_payment_answers`; ")
    assert why[PAYMENT] == "still needed by what you keep: `refund_payment`"
    assert why[MESSAGES] == "still needed by what you keep: `RefundPayment`"
    assert "payment.refund_payment" in owner.read(TESTS)
    assert "async def refund_payment(command: RefundPayment" in owner.read(PAYMENT)


def test_the_messages_of_a_whole_file_that_stays_are_there_even_where_it_is_no_python(
    scaffold: Scaffold, owner: Owner
) -> None:
    saga = owner.read("saga.yaml")
    owner.change("saga.yaml", saga[saga.index("  - id: send-parcel") : saga.index("\nterminal:")], "")
    owner.change("saga.yaml", "  shipping: {title: Shipping Service}\n", "")
    assert scaffold("regenerate", "shop", "--no-smoke", "--accept-breaking").status == 0
    owner.write(SHIPPING, f"{owner.read(SHIPPING)}\nRecallParcel (\n")

    told = json.loads(scaffold("regenerate", "shop", "--drop", "v1", "--no-smoke", "--json").out)

    why = {one["path"]: one["why"] for one in told["files"]}
    assert why[SHIPPING].startswith("it is not generated any more, but you changed it")
    assert "`RecallParcel`" in why[MESSAGES]
    assert "class RecallParcel" in owner.read(MESSAGES)


@pytest.mark.slow
def test_what_stayed_passes_the_checks_of_the_project(scaffold: Scaffold, owner: Owner) -> None:
    another_undo(scaffold, owner, MINE)
    owner.change(TESTS, 'command = RefundPayment(payment_id="payment-1")', 'command = RefundPayment(payment_id="mine")')
    scaffold("regenerate", "shop", "--drop", "v1", "--no-smoke")

    passes_its_own_checks(owner.project)

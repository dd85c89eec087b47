"""What the text says is undone, and what it says is not."""

import pytest
from prose.drafts import read, undos

STEPS = "1. Reserve stock (Stock)\n2. Charge card (Payments)\n3. Ship order (Shipping)\n\n"


@pytest.mark.parametrize(
    "clause",
    [
        "If shipping fails, refund the card and release the stock.",
        "When shipping fails, the card must be refunded, and the stock released.",
        "Should the order not be shipped, we refund the card, then we release the stock.",
        "In case the order can't be shipped the card is refunded and the stock released.",
        "Shipping error => refund the card, release the stock.",
        "on failure: refund card > release stock",
        "Compensations: refund card; release stock.",
        "The card is refunded and the stock released if the shipping service returns an error.",
        "1 is undone by releasing the stock, 2 by refunding the card.",
        "Undo 2: refund the card. Undo 1: release the stock.",
        "Compensation\n- refund card\n- release stock",
        "When it fails\n* charge declined: release the stock\n* not shipped: refund the card, release the stock",
    ],
)
def test_an_undo_is_found_however_it_is_said(clause: str) -> None:
    assert undos(STEPS + clause) == ["release stock", "refund card", None]


def test_an_undo_behind_its_step() -> None:
    text = (
        "1. allocate the address (IPAM) - 10 s timeout, undo: release the address\n2. start the machine (undo: stop it)"
    )

    assert undos(text) == ["release address", "stop machine"]


def test_an_undo_in_a_sentence_of_its_own() -> None:
    text = (
        "stock-service deducts the stock. Undo: roll the stock back.\norder-service creates the order. Undo: delete it."
    )

    assert undos(text)[0] == "roll stock back"


def test_a_list_in_reverse_order_fills_the_gaps_between_words_that_match() -> None:
    text = """
        reserve drone -> plan path -> fly delivery -> confirm delivery

        abort: void confirmation, turn around, cancel path, release drone
    """

    assert undos(text) == ["release drone", "cancel path", "turn around", "void confirmation"]


def test_a_list_in_the_order_of_the_steps() -> None:
    text = """
        verify identity -> create record -> set up portal

        Undo, in the same order as above: log the rejection, purge the record, delete the account.
    """

    assert undos(text)[1:] == ["purge record", "delete account"]


def test_pairs_in_quotes() -> None:
    text = """
        Lane A: task "book flight" -> Lane B: task "book hotel" -> Lane C: task "charge card"

        "book flight" is compensated by "cancel flight", "book hotel" is compensated by "cancel hotel".
    """

    assert undos(text) == ["cancel flight", "cancel hotel", None]


def test_what_was_done_already_is_undone_by_what_follows() -> None:
    text = """
        wallet: hold funds -> wallet: capture hold -> ledger: post journal

        on failure: release the hold. If the hold was captured already: reverse the transaction.
    """

    assert undos(text)[:2] == ["release hold", "reverse transaction"]


def test_all_bookings_at_once() -> None:
    assert undos("We book the flight and the hotel, then we pay. If paying fails, cancel all bookings.")[:2] == [
        "cancel flight",
        "cancel hotel",
    ]


def test_a_state_and_an_alarm_are_no_undo() -> None:
    text = (
        STEPS
        + "Shipping fails: order is CANCELLED, notify the support team of the error, publish an order-failed event."
    )

    assert undos(text) == [None, None, None]


def test_everything_so_far_names_no_undo() -> None:
    assert undos(STEPS + "If a step fails, the completed steps are undone in reverse.") == [None, None, None]


@pytest.mark.parametrize(
    "clause",
    ["There is nothing to undo for the charge.", "The charge has no compensation.", "The charge is never undone."],
)
def test_nothing_to_undo_is_kept_in_the_words_of_the_text(clause: str) -> None:
    undo = read(STEPS + clause).steps[1].undo

    assert undo
    assert undo.action is None
    assert undo.none_because == clause.rstrip(".")

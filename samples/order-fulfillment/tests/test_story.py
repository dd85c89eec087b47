"""The story from start to end: once all goes well, and once for every refusal."""

import asyncio
from pathlib import Path

from order_fulfillment.messages import CalendarFull, NotEnoughPoints, OutOfStock, PaymentDeclined

from recording import Ledger, run_to_the_end

STEPS = ["reserve-inventory", "process-payment", "schedule-freight-shipping", "deduct-loyalty-points"]


def test_all_goes_well(tmp_path: Path) -> None:
    """Every step is done once, and nothing is undone."""
    ledger = Ledger()

    row = asyncio.run(run_to_the_end(tmp_path, ledger))

    assert row.label == "COMPLETED"
    assert ledger.done == STEPS
    assert ledger.undone == []


def test_out_of_stock_leaves_nothing_to_undo(tmp_path: Path) -> None:
    """Reserve inventory ends in OutOfStock: nothing was done, so nothing is undone."""
    ledger = Ledger(refused={"reserve-inventory": OutOfStock(reason="as the test asked for")})

    row = asyncio.run(run_to_the_end(tmp_path, ledger))

    assert row.label == "COMPENSATED"
    assert ledger.undone == []


def test_payment_declined_undoes_what_was_done(tmp_path: Path) -> None:
    """Process payment ends in PaymentDeclined: what was done is undone, last first."""
    ledger = Ledger(refused={"process-payment": PaymentDeclined(reason="as the test asked for")})

    row = asyncio.run(run_to_the_end(tmp_path, ledger))

    assert row.label == "COMPENSATED"
    assert ledger.undone == ["reserve-inventory"]


def test_calendar_full_undoes_what_was_done(tmp_path: Path) -> None:
    """Schedule freight shipping ends in CalendarFull: what was done is undone, last first."""
    ledger = Ledger(refused={"schedule-freight-shipping": CalendarFull(reason="as the test asked for")})

    row = asyncio.run(run_to_the_end(tmp_path, ledger))

    assert row.label == "COMPENSATED"
    assert ledger.undone == ["process-payment", "reserve-inventory"]


def test_not_enough_points_undoes_what_was_done(tmp_path: Path) -> None:
    """Deduct loyalty points ends in NotEnoughPoints: what was done is undone, last first."""
    ledger = Ledger(refused={"deduct-loyalty-points": NotEnoughPoints(reason="as the test asked for")})

    row = asyncio.run(run_to_the_end(tmp_path, ledger))

    assert row.label == "COMPENSATED"
    assert ledger.undone == ["schedule-freight-shipping", "process-payment", "reserve-inventory"]

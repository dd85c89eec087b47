"""A killed process loses nothing: the next one goes on where it was."""

import asyncio
import subprocess
import sys
from pathlib import Path

from order_fulfillment.event_store.store import Filter, SagaRow
from order_fulfillment.up import everything

from recording import Ledger, databases, ended, recording

DONE_BEFORE = {"reserve-inventory", "process-payment", "schedule-freight-shipping"}
HANGS_IN = "deduct-loyalty-points"


def test_a_killed_saga_goes_on_where_it_was(tmp_path: Path) -> None:
    """The process is killed in the middle of a step. That step is asked for again; what was done before is not."""
    kill_in_the_middle(tmp_path)
    ledger = Ledger()

    row = asyncio.run(resume(tmp_path, ledger))

    assert row.label == "COMPLETED"
    assert HANGS_IN in ledger.done
    assert not DONE_BEFORE & set(ledger.done)


def kill_in_the_middle(folder: Path) -> None:
    """Start a saga in another process, and kill that while it is in the step."""
    command = [sys.executable, str(Path(__file__).with_name("hanging.py")), str(folder), HANGS_IN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert any(line.strip() == HANGS_IN for line in process.stdout)
        finally:
            process.kill()


async def resume(folder: Path, ledger: Ledger) -> SagaRow:
    """Run everything again on what the killed process left, until its saga has ended."""
    async with everything(recording(ledger), *databases(folder)) as front:
        [left] = await front.list(Filter())
        return await ended(front, left.id)

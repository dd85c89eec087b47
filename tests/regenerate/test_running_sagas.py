"""A saga that was started before the workflow changed ends as it began, on the project that was generated since."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from regenerate.owner import Owner, new_project

MINE = "    assert command.sku  # mine\n"
SAMPLE = Path(__file__).parents[2] / "samples" / "order-fulfillment"

pytestmark = pytest.mark.slow

FINISH = """
import asyncio, json, sys
from pathlib import Path
from recording import databases, ended
from PACKAGE.app import application
from PACKAGE.event_store.store import Filter
from PACKAGE.up import everything

async def main(folder):
    async with everything(application, *databases(folder)) as front:
        old = [row.id for row in await front.list(Filter())]
        new = (await front.start(application.example)).saga_id
        rows = [await ended(front, one) for one in (*old, new)]
        done = [
            [json.loads(event.data)["step"] for event in await front.history(row.id) if event.type == "StepSucceeded"]
            for row in rows
        ]
    print(json.dumps([[row.def_version, row.label, *steps] for row, steps in zip(rows, done)]))

asyncio.run(main(Path(sys.argv[1])))
"""


def run(project: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{project / 'src'}{os.pathsep}{project / 'tests'}"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def left_hanging(owner: Owner, folder: Path, step: str) -> None:
    """A saga whose process was killed while it was in a step."""
    with run(owner.project, "tests/hanging.py", str(folder), step) as process:
        assert process.stdout is not None
        assert any(line.strip() == step for line in process.stdout)
        process.kill()


def finished(owner: Owner, folder: Path, package: str = "shop") -> list[list[object]]:
    with run(owner.project, "-c", FINISH.replace("PACKAGE", package), str(folder)) as process:
        out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err[-3000:]
    told: list[list[object]] = json.loads(out)
    return told


NEW_STEP = """\
  - id: check-fraud
    context: payment
    command: CheckFraud
    takes: [order_id]
    success: FraudChecked
    undo: none
    because: it only looks
"""


def test_an_old_saga_ends_under_its_version_beside_new_ones(tmp_path: Path) -> None:
    owner, folder = new_project(tmp_path / "shop"), tmp_path / "data"
    folder.mkdir()
    left_hanging(owner, folder, "send-parcel")
    owner.change("saga.yaml", "  - id: take-payment\n", f"{NEW_STEP}  - id: take-payment\n")
    owner.regenerate()

    old, new = finished(owner, folder)

    assert old == [1, "COMPLETED", "reserve-stock", "take-payment", "send-parcel"]
    assert new == [2, "COMPLETED", "reserve-stock", "check-fraud", "take-payment", "send-parcel"]


def test_a_step_that_is_gone_is_still_done_for_those_who_need_it(tmp_path: Path) -> None:
    owner, folder = new_project(tmp_path / "shop"), tmp_path / "data"
    folder.mkdir()
    left_hanging(owner, folder, "reserve-stock")
    saga = owner.read("saga.yaml")
    gone = saga[saga.index("  - id: take-payment") : saga.index("  - id: send-parcel")]
    owner.write("saga.yaml", saga.replace(gone, NEW_STEP))
    owner.regenerate()

    old, new = finished(owner, folder)

    assert old == [1, "COMPLETED", "reserve-stock", "take-payment", "send-parcel"]
    assert new == [2, "COMPLETED", "reserve-stock", "check-fraud", "send-parcel"]


def test_an_old_saga_is_answered_in_its_own_words(tmp_path: Path) -> None:
    owner, folder = new_project(tmp_path / "shop"), tmp_path / "data"
    folder.mkdir()
    owner.change("src/shop/contexts/inventory.py", "    return StockReserved(", f"{MINE}    return StockReserved(")
    left_hanging(owner, folder, "reserve-stock")
    owner.change("saga.yaml", "success: StockReserved", "success: StockHeld")
    owner.regenerate()

    old, new = finished(owner, folder)

    assert old == [1, "COMPLETED", "reserve-stock", "take-payment", "send-parcel"]
    assert new == [2, "COMPLETED", "reserve-stock", "take-payment", "send-parcel"]
    handlers = owner.read("src/shop/contexts/inventory.py")
    today, retired = handlers.split("async def reserve_stock_v1(")
    assert f"{MINE}    return StockHeld(" in today
    assert f"{MINE}    return StockReserved(" in retired


def test_sagas_of_the_sample_end_under_the_version_that_they_began_with(tmp_path: Path) -> None:
    """Its handlers are written by hand; one saga of each version hangs when the next one comes."""
    shutil.copytree(SAMPLE, tmp_path / "sample")
    owner, folder = Owner(tmp_path / "sample"), tmp_path / "data"
    folder.mkdir()
    left_hanging(owner, folder, "reserve-inventory")
    owner.change("saga.yaml", "  - id: process-payment\n", f"{NEW_STEP}  - id: process-payment\n")
    first = owner.regenerate()
    left_hanging(owner, folder, "check-fraud")
    owner.change("saga.yaml", "success: FreightShippingScheduled", "success: FreightBooked")
    second = owner.regenerate()

    told = finished(owner, folder, "order_fulfillment")

    assert (first.conflicts, second.conflicts) == (0, 0)
    steps = ["process-payment", "schedule-freight-shipping", "deduct-loyalty-points"]
    assert sorted(told, key=str) == [
        [1, "COMPLETED", "reserve-inventory", *steps],
        [2, "COMPLETED", "reserve-inventory", "check-fraud", *steps],
        [3, "COMPLETED", "reserve-inventory", "check-fraud", *steps],
    ]

"""A saga that was started before the workflow changed ends as it began, on the project that was generated since."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regenerate.owner import Owner, new_project

pytestmark = pytest.mark.slow

FINISH = """
import asyncio, json, sys
from pathlib import Path
from recording import databases, ended
from shop.app import application
from shop.event_store.store import Filter
from shop.up import everything

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


def finished(owner: Owner, folder: Path) -> list[list[object]]:
    with run(owner.project, "-c", FINISH, str(folder)) as process:
        out, err = process.communicate(timeout=60)
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

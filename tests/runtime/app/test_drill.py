"""The drill: it passes where the promises hold, and each of its checks finds what it is there to find."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from example.app import application
from example.messages import ShipmentNotArranged
from ledger.processes import ROOT

from runtime.drill.checks import CHECKS, Found, violations
from runtime.drill.faults import Kind, Toll, schedule
from runtime.drill.ledger import Effect
from runtime.drill.rehearsal import example
from runtime.event_store.store import SagaRow, StoredEvent

STEPS = [step.id for step in application.definitions[-1].steps]
UNDOABLE = [step.id for step in application.definitions[-1].steps if step.undo]


def drill(folder: Path, sagas: int, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(ROOT / part) for part in ("templates", "tests/runtime"))
    command = [sys.executable, "-m", "example", "drill", "--sagas", str(sagas), "--seed", "7"]
    env = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=900)


def passed(done: subprocess.CompletedProcess[str], sagas: int) -> None:
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    first, *rest = done.stdout.splitlines()
    ends = re.fullmatch(rf"{sagas} sagas in \d+ s: (\d+) COMPENSATED, (\d+) COMPLETED", first)
    assert ends is not None, first
    assert int(ends[1]) + int(ends[2]) == sagas
    checks = rest[-len(CHECKS) - 2 :]
    assert rest[-len(CHECKS) - 3].split() == ["invariants", "violations"]
    assert [line.split()[-1] for line in checks] == ["0"] * (len(CHECKS) + 2)


@pytest.mark.slow
def test_on_sqlite_a_process_that_is_killed_and_paused_keeps_every_promise(tmp_path: Path) -> None:
    done = drill(tmp_path, 40)
    passed(done, 40)
    assert re.search(r"^  up +1 killed and started again$", done.stdout, re.MULTILINE)
    assert re.search(r"^  up +1 paused past the lease$", done.stdout, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_on_real_servers_every_part_is_a_process_and_every_promise_is_kept(
    postgres_url: str, kafka_address: str, tmp_path: Path
) -> None:
    done = drill(tmp_path, 120, DATABASE_URL=postgres_url, KAFKA_BOOTSTRAP_SERVERS=kafka_address)
    passed(done, 120)
    assert re.search(r"^  orchestrator \d +\d paused past the lease$", done.stdout, re.MULTILINE)


def test_the_seed_decides_who_suffers_what() -> None:
    parts = ["orchestrator 1", "participant inventory"]
    toll = Toll.of(1000)
    assert schedule(7, 1000, parts, toll) == schedule(7, 1000, parts, toll) != schedule(8, 1000, parts, toll)
    faults = [fault for seed in range(20) for fault in schedule(seed, 10, parts, Toll.of(10))]
    assert {fault.kind for fault in faults} == set(Kind)
    assert {fault.part for fault in faults if fault.kind is Kind.PAUSE} == {"orchestrator 1"}


def test_more_sagas_suffer_more_faults_unless_their_number_is_said() -> None:
    assert (Toll.of(10), Toll.of(400), Toll.of(100_000)) == (Toll(1, 1), Toll(7, 3), Toll(18, 6))
    assert (Toll.of(10, kills=9), Toll.of(10, kills=9, pauses=0)) == (Toll(9, 3), Toll(9, 0))
    faults = schedule(1, 50, ["orchestrator 1", "participant inventory"], Toll(40, 5))
    assert [[fault.kind for fault in faults].count(kind) for kind in (Kind.KILL, Kind.PAUSE)] == [40, 5]
    assert [fault.after for fault in faults] == sorted(fault.after for fault in faults)


def test_an_answer_of_a_rehearsal_has_a_value_in_every_field() -> None:
    assert example(ShipmentNotArranged).reason == "drill"


def found(end: str, effects: list[tuple[str, str]]) -> Found:
    """A saga of three events that ended so, with these effects in this order."""
    row = SagaRow("1.a", "fulfillment", 1, 1, 3, end, end, None, None, None, None, 0, 1.0, 2.0)
    kinds = ["SagaStarted", "StepStarted", end]
    history = [StoredEvent("1.a", seq, kind, 1, "{}", 1.0) for seq, kind in enumerate(kinds, 1)]
    told = [Effect("1.a", step, what, float(at)) for at, (what, step) in enumerate(effects)]
    return Found(application.definitions[-1], row, history, told)


def wrong(one: Found) -> dict[str, str]:
    return {name: said[0].removeprefix("1.a: ") for name, said in violations({"1.a": one}).items() if said}


DONE = found("SagaCompleted", [("do", step) for step in STEPS])
HALF = [*(("do", step) for step in UNDOABLE), *(("undo", step) for step in reversed(UNDOABLE))]
UNDONE = found("SagaCompensated", HALF)


def test_sagas_as_they_should_be_are_not_blamed() -> None:
    assert wrong(DONE) == wrong(UNDONE) == {}


def test_a_saga_that_is_lost_or_open_is_found() -> None:
    assert wrong(replace(DONE, row=None, history=[]))["every saga has ended"] == "it is not there"
    assert DONE.row is not None
    assert wrong(replace(DONE, row=DONE.row._replace(closed_at=None)))["every saga has ended"].startswith("it is still")


def test_a_gap_in_a_history_is_found() -> None:
    gap = wrong(replace(DONE, history=[DONE.history[0], DONE.history[2]]))
    assert gap["no history has a gap"] == "its events are [1, 3], its row is at 3"


def test_an_effect_that_is_missing_doubled_or_left_is_found() -> None:
    missing, doubled, left = STEPS[-1], STEPS[0], UNDOABLE[0]
    assert wrong(replace(DONE, effects=DONE.effects[:-1])) == {
        "completed: all done, nothing undone": f"it is completed, but {missing} never took effect"
    }
    assert wrong(replace(DONE, effects=[DONE.effects[0], *DONE.effects])) == {
        "nothing took effect twice": f"do of {doubled} took effect twice"
    }
    assert wrong(replace(UNDONE, effects=UNDONE.effects[:-1])) == {
        "compensated: all that was done is undone": f"it is compensated, but {left} was not done and undone"
    }
    undone = [*DONE.effects, Effect("1.a", left, "undo", 9.0)]
    assert wrong(replace(DONE, effects=undone)) == {
        "completed: all done, nothing undone": f"it is completed, but {left} was undone"
    }


def test_a_wrong_order_is_found() -> None:
    first, second = UNDOABLE[:2]
    early = found("SagaCompleted", [("do", step) for step in (second, first, *STEPS[2:])])
    assert wrong(early) == {"done in order, undone in reverse": f"{second} took effect before {first}"}
    forward = found("SagaCompensated", [*HALF[: len(UNDOABLE)], *(("undo", step) for step in UNDOABLE)])
    assert wrong(forward) == {"done in order, undone in reverse": f"{first} was undone before {second}"}

"""Killed at every point, in the middle of eight sagas: started again, everything is done once, or undone once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crash.points import POINTS
from runtime.orchestrator.definitions import load_definitions
from runtime.orchestrator.events import decode
from runtime.orchestrator.fsm import evolve, initial
from runtime.orchestrator.snapshot import from_json

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SAGAS = 8
DONE = Counter({"ReserveInventory": 1, "ArrangeShipment": 1, "SendConfirmation": 1})
UNDONE = Counter({"ReserveInventory": 1, "ReleaseInventory": 1})
TIMES = {"takeover": 1, "started row": 1, "append": 2, "snapshot": 2}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(ROOT / part) for part in ("templates", "tests", "tests/runtime"))
    command = [sys.executable, "-m", "crash", str(folder), *arguments]
    environment = {**os.environ, "PYTHONPATH": path, "LEASE_SECONDS": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment, check=False)


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_there_loses_nothing_and_does_nothing_twice(tmp_path: Path, point: str) -> None:
    times = TIMES.get(point.partition(" ")[2], 3)

    killed = run(tmp_path, str(SAGAS), point, str(times))
    assert killed.returncode == -signal.SIGKILL, (killed.returncode, killed.stderr[-2000:])
    again = run(tmp_path, str(SAGAS))
    assert again.returncode == 0, again.stderr[-2000:]

    told = json.loads(again.stdout.splitlines()[-1])
    assert told["ends"] == {"COMPLETED": 6, "COMPENSATED": 2}
    for saga_id, refused in _sagas(tmp_path).items():
        assert _ledger(tmp_path, saga_id) == (UNDONE if refused else DONE)
        assert _provider(tmp_path, saga_id) == (["ProcessPayment", "RefundPayment"] if refused else ["ProcessPayment"])
    _check_logs(tmp_path)


def _sagas(folder: Path) -> dict[str, bool]:
    """Every saga, and whether it was to be refused."""
    with sqlite3.connect(folder / "orchestrator.db") as connection:
        rows = connection.execute("SELECT id, business_key FROM saga").fetchall()
    assert len(rows) == SAGAS
    return {saga_id: key.startswith("refused") for saga_id, key in rows}


def _ledger(folder: Path, saga_id: str) -> Counter[str]:
    done: Counter[str] = Counter()
    for context in ("inventory", "shipping", "notification"):
        with sqlite3.connect(folder / f"{context}.db") as connection:
            done.update(what for (what,) in connection.execute("SELECT what FROM ledger WHERE saga_id = ?", [saga_id]))
    return done


def _provider(folder: Path, saga_id: str) -> list[str]:
    with sqlite3.connect(folder / "provider.db") as connection:
        rows = connection.execute("SELECT what FROM request WHERE key LIKE ? ORDER BY what", [f"{saga_id}:%"])
        return [what for (what,) in rows]


def _check_logs(folder: Path) -> None:
    """I1, I7: gapless along the saga and along the shard, one end, and the snapshot is the fold of the events."""
    [definition] = load_definitions(ROOT / "tests/runtime/example/definitions")
    with sqlite3.connect(folder / "orchestrator.db") as connection:
        for (saga_id,) in connection.execute("SELECT id FROM saga").fetchall():
            query = "SELECT seq, type, v, data FROM event WHERE saga_id = ? ORDER BY seq"
            rows = connection.execute(query, [saga_id]).fetchall()
            assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
            state = initial(definition, saga_id)
            for _, kind, version, data in rows:
                state = evolve(definition, state, decode(kind, version, json.loads(data)))
            assert not state.is_open
            [(kept,)] = connection.execute("SELECT state FROM saga WHERE id = ?", [saga_id]).fetchall()
            assert from_json(json.loads(kept)) == state
        positions = connection.execute("SELECT shard, pos FROM event ORDER BY shard, pos").fetchall()
        for shard in {shard for shard, _ in positions}:
            mine = [pos for one, pos in positions if one == shard]
            assert mine == list(range(1, len(mine) + 1))

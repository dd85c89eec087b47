"""An owner stopped past its lease: on SQLite its lock keeps others out, so nothing is lost and nothing is shared."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from servers.places import wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


def process(folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(str(ROOT / part) for part in ("templates", "tests", "tests/runtime"))
    environment = {**os.environ, "PYTHONPATH": path, "LEASE_SECONDS": "1"}
    command = [sys.executable, "-m", "crash", str(folder), "60"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_a_paused_owner_keeps_its_lock_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with process(tmp_path) as owner:
        wait_until((tmp_path / "orchestrator.db-wal").exists, "it has begun", 20)
        time.sleep(0.3)
        owner.send_signal(signal.SIGSTOP)
        time.sleep(2)
        with process(tmp_path) as second:
            _, said = second.communicate(timeout=20)
            assert second.returncode != 0
            assert "another process already runs the sagas of" in said
        owner.send_signal(signal.SIGCONT)
        told, _ = owner.communicate(timeout=40)

    assert owner.returncode == 0
    assert json.loads(told.splitlines()[-1])["ends"] == {"COMPLETED": 45, "COMPENSATED": 15}

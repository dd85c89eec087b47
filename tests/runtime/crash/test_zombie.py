"""An owner stopped past its lease: on SQLite its lock keeps others out, so nothing is lost and nothing is shared."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
LEASE = 1


def process(folder: Path, *more: str) -> subprocess.Popen[str]:
    path = os.pathsep.join(str(ROOT / part) for part in ("templates", "tests", "tests/runtime"))
    environment = {**os.environ, "PYTHONPATH": path, "LEASE_SECONDS": str(LEASE)}
    command = [sys.executable, "-m", "crash", str(folder), "60", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_a_paused_owner_keeps_its_lock_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with process(tmp_path, "after publish", "30", "SIGSTOP") as owner:
        assert os.WIFSTOPPED(os.waitpid(owner.pid, os.WUNTRACED)[1])
        time.sleep(2 * LEASE)
        with process(tmp_path) as second:
            _, said = second.communicate(timeout=300)
            assert second.returncode != 0
            assert "another process already runs the sagas of" in said
        owner.send_signal(signal.SIGCONT)
        told, _ = owner.communicate(timeout=600)

    assert owner.returncode == 0
    assert json.loads(told.splitlines()[-1])["ends"] == {"COMPLETED": 45, "COMPENSATED": 15}

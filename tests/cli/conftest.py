"""The command line as a user runs it: a process, its status, its two outputs."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORIGINAL = (
    "A multi-stage global e-commerce fulfillment process: 1. Reserve Inventory (Inventory Service), 2. Process Payment "
    "(Payment Gateway Service), 3. Schedule Freight Shipping (Logistics Service), "
    "4. Deduct Loyalty Points (CRM Service). "
    "If shipping scheduling fails, payment must be refunded, and inventory released."
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


Scaffold = Callable[..., Ended]


@pytest.fixture
def scaffold(tmp_path: Path) -> Scaffold:
    """Runs `saga-scaffold` in an empty directory."""

    def run(*arguments: str, stdin: str | bytes = "", **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "saga_scaffold", *arguments],
            cwd=tmp_path,
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            timeout=600,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("OPENAI_")},
                "PYTHONPATH": str(ROOT / "generator"),
                "NO_COLOR": "1",
                **environment,
            },
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run

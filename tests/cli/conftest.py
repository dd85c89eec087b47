"""The command line as a user runs it: its status, its two outputs."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from saga_scaffold import cli

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
Run = Callable[[Path, Sequence[str], bytes, Mapping[str, str]], Ended]


def in_a_process(directory: Path, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str]) -> Ended:
    """A process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "saga_scaffold", *arguments],
        cwd=directory,
        input=stdin,
        capture_output=True,
        timeout=600,
        env=environment,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def in_this_process(directory: Path, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str]) -> Ended:
    """The same from the console script on, without the time that a process takes to start."""
    out, err = TextIOWrapper(BytesIO(), "ascii", newline=""), TextIOWrapper(BytesIO(), "ascii", newline="")
    with pytest.MonkeyPatch.context() as world:
        world.chdir(directory)
        for name in os.environ.keys() - environment.keys():
            world.delenv(name)
        for name, value in environment.items():
            world.setenv(name, value)
        world.setattr(sys, "argv", ["saga-scaffold", *arguments])
        world.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), "utf-8"))
        world.setattr(sys, "stdout", out)
        world.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return Ended(int(ended.value.code or 0), written(out), written(err))


def written(stream: TextIOWrapper) -> str:
    """What went into a stream, in the encoding that it has got."""
    stream.seek(0)
    return stream.read()


def scaffold_in(directory: Path, run: Run) -> Scaffold:
    """Runs `saga-scaffold` in a directory."""

    def scaffold(*arguments: str, stdin: str | bytes = "", **environment: str) -> Ended:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI_")}
        return run(
            directory,
            arguments,
            stdin if isinstance(stdin, bytes) else stdin.encode(),
            {**inherited, "PYTHONPATH": str(ROOT / "generator"), "NO_COLOR": "1", **environment},
        )

    return scaffold


@pytest.fixture(params=[in_this_process, pytest.param(in_a_process, marks=pytest.mark.slow)])
def scaffold(request: pytest.FixtureRequest, tmp_path: Path) -> Scaffold:
    """Runs `saga-scaffold` in an empty directory."""
    return scaffold_in(tmp_path, request.param)


@pytest.fixture
def process(tmp_path: Path) -> Scaffold:
    """Runs `saga-scaffold` in an empty directory, where a process and its environment are what matters."""
    return scaffold_in(tmp_path, in_a_process)

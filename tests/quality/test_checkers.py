"""The checkers that every change passes: ruff, black and mypy over the generator, the runtime and the tests."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ["generator", "templates/runtime", "tests"]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache", *CODE),
        ("black", "--check", "--quiet", *CODE),
        pytest.param(("mypy", *CODE), marks=pytest.mark.slow),
    ],
    ids=["ruff", "black", "mypy"],
)
def test_the_code_passes(command: tuple[str, ...]) -> None:
    done = run(*command)

    assert done.returncode == 0, done.stdout + done.stderr

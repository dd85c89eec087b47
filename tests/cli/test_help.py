"""Every command explains itself with an example that could be typed, and none takes long to say so."""

import os
import re
import subprocess
import sys

import pytest
from cli.conftest import ROOT, Scaffold
from typer.main import get_command

from saga_scaffold.cli import app

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_explained_with_an_example(scaffold: Scaffold, command: str) -> None:
    ended = scaffold(command, "--help")

    assert ended.status == 0
    assert re.search(rf"Example: saga-scaffold {command}\b", ended.out)
    options = [line for line in ended.out.splitlines() if re.match(r"  (-\w, )?--", line)]
    described = [line for line in options if re.search(r"\s{2,}\S", line.strip()) or len(line) < 60]
    assert described == options


def test_the_whole_is_explained_with_every_command(scaffold: Scaffold) -> None:
    ended = scaffold("--help")

    assert ended.status == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S.*[^.]\.$", ended.out, re.MULTILINE), command
    assert 'Example: saga-scaffold new "1. Reserve Stock' in ended.out
    assert "Exit status: 0 fine" in " ".join(ended.out.split())


def test_completion_can_be_had() -> None:
    """Which shell it is for is seen from the process that asks."""
    command = f"{sys.executable} -m saga_scaffold --show-completion; exit $?"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=300)
    assert "COMPREPLY" in done.stdout, done.stderr


def test_there_is_no_colour_where_none_is_wanted(scaffold: Scaffold) -> None:
    told = scaffold("design", "", NO_COLOR="1", FORCE_COLOR="1")

    assert "\x1b" not in told.err

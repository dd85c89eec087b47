"""The smoke test: make the new project's environment with uv and run its own tests."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_INSTALL = 300
TIMEOUT_TESTS = 600
_OFFLINE = (
    "dns error",
    "error sending request",
    "failed to fetch",
    "could not connect",
    "network is unreachable",
    "connection refused",
    "timed out",
    "no solution found",
)


@dataclass(frozen=True)
class Passed:
    """The project's tests ran; `summary` is their last line."""

    summary: str


@dataclass(frozen=True)
class Failed:
    """The project's tests ran and some failed; `output` is what they printed."""

    summary: str
    output: str


@dataclass(frozen=True)
class NotRun:
    """The tests could not be run; the project is complete all the same."""

    why: str
    hint: str


Verdict = Passed | Failed | NotRun


def install(project: Path) -> NotRun | None:
    """Runs `uv sync`: the project's environment in its `.venv`, its `uv.lock` beside it. None when it worked."""
    command = [_uv(), "sync", "--quiet", "--no-progress", "--python", sys.executable]
    try:
        done = _run(command, project, TIMEOUT_INSTALL)
    except subprocess.TimeoutExpired:
        return NotRun(f"installing its packages took longer than {TIMEOUT_INSTALL} s", _again(project))
    except OSError as error:
        return NotRun(f"uv could not be started: {error.strerror}", _again(project))
    if done.returncode == 0:
        return None
    message = done.stderr.strip()
    if any(sign in message.lower() for sign in _OFFLINE):
        return NotRun("its packages could not be downloaded: no package index was reached", _again(project))
    return NotRun(f"its packages could not be installed: {_last_line(message)}", _again(project))


def run_tests(project: Path) -> Verdict:
    """Runs the project's own tests in the environment that `install` made."""
    command = [_uv(), "run", "--no-sync", "--quiet", "python", "-m", "pytest", "--no-header", "-p", "no:cacheprovider"]
    try:
        done = _run(command, project, TIMEOUT_TESTS)
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return Failed(f"its tests took longer than {TIMEOUT_TESTS} s", output)
    if done.returncode == 0:
        return Passed(_last_line(done.stdout))
    return Failed(_last_line(done.stdout) or _last_line(done.stderr), done.stdout + done.stderr)


def by_hand(project: Path) -> str:
    """A command that runs the tests of a project on this machine: with the uv on the path, else with our own."""
    uv = "uv" if shutil.which("uv") else shlex.quote(_uv())
    return f"cd {shlex.quote(str(project))} && {uv} run pytest"


def _run(command: list[str], project: Path, timeout: int) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}}
    environment = {**inherited, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": ".venv"}
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
    )


def _uv() -> str:
    from uv import find_uv_bin

    return str(find_uv_bin())


def _again(project: Path) -> str:
    return f"the project is complete; when there is a network, run `{by_hand(project)}`"


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""

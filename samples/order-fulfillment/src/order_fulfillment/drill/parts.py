"""The parts of a drill as processes of their own, which can be killed and paused."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from ..children import ourselves
from .faults import Kind

GOOD_ORDER = 120.0
AT_WORK = (b"listening on", b"at work: ")


class Process(Protocol):
    """What is done to a process; of the methods of `subprocess.Popen`."""

    def poll(self) -> int | None:
        """Its status, once it has ended."""

    def wait(self, timeout: float | None = None) -> int:
        """Its status. Raises subprocess.TimeoutExpired."""

    def send_signal(self, signal: int, /) -> None:
        """As `kill` of the shell does."""

    def terminate(self) -> None:
        """Tell it to end in good order."""

    def kill(self) -> None:
        """End it at once."""


class Parts:
    """Who runs, by name. A name is what is run, and a number where there are several: `orchestrator 2`."""

    def __init__(self, folder: Path, seed: int, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._seed = seed
        self._environment = {**os.environ, **environment}
        self._running: dict[str, Process] = {}
        self._begun_at: dict[str, int] = {}

    def start(self, name: str) -> None:
        """Start a part; what it says goes to a log in the folder."""
        what = name.split()[:2] if name.startswith("participant") else name.split()[:1]
        log = self._log(name)
        self._begun_at[name] = log.stat().st_size if log.exists() else 0
        self._running[name] = self._begin(what, log)

    async def suffer(self, name: str, kind: Kind, pause: float) -> None:
        """Do it to the part; returns when it runs again. `pause` is in seconds."""
        process = self._running[name]
        if kind is Kind.KILL:
            process.kill()
            await asyncio.to_thread(process.wait)
            self.start(name)
        else:
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(pause)
            process.send_signal(signal.SIGCONT)

    def failed(self) -> list[str]:
        """Those that have ended by themselves."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    async def stop(self) -> list[str]:
        """Tell all to end in good order, once they are at work; returns those that did not."""
        await self._all_at_work()
        for process in self._running.values():
            process.terminate()
        ends = {name: await asyncio.to_thread(_end, process) for name, process in self._running.items()}
        return [name for name, status in ends.items() if status != 0]

    def kill(self) -> None:
        """Leave none behind."""
        for process in self._running.values():
            process.kill()
            process.wait()

    def _begin(self, what: Sequence[str], log: Path) -> Process:
        command = [*ourselves(), "drill-part", str(self._folder), str(self._seed), *what]
        with log.open("ab") as told:
            return subprocess.Popen(command, stdout=told, stderr=told, env=self._environment)

    async def _all_at_work(self) -> None:
        """One that has only just been started does not hear yet that it is to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GOOD_ORDER):
                while not all(self._is_at_work(name) for name in self._running):
                    await asyncio.sleep(0.1)

    def _is_at_work(self, name: str) -> bool:
        said = self._log(name).read_bytes()[self._begun_at[name] :]
        return self._running[name].poll() is not None or any(words in said for words in AT_WORK)

    def _log(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '-')}.log"


def _end(process: Process) -> int | None:
    try:
        return process.wait(GOOD_ORDER)
    except subprocess.TimeoutExpired:
        return None

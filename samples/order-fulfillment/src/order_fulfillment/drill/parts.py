"""The parts of a drill as processes of their own, which can be killed and paused."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ..children import ourselves
from .faults import Kind

GOOD_ORDER = 30.0
AT_WORK = (b"listening on", b"at work: ")


class Parts:
    """Who runs, by name. A name is what is run, and a number where there are several: `orchestrator 2`."""

    def __init__(self, folder: Path, seed: int, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._command = [*ourselves(), "drill-part", str(folder), str(seed)]
        self._environment = {**os.environ, **environment}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._begun_at: dict[str, int] = {}

    def start(self, name: str) -> None:
        """Start a part; what it says goes to a log in the folder."""
        what = name.split()[:2] if name.startswith("participant") else name.split()[:1]
        with self._log(name).open("ab") as log:
            self._begun_at[name] = log.tell()
            command = [*self._command, *what]
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)

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


def _end(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(GOOD_ORDER)
    except subprocess.TimeoutExpired:
        return None

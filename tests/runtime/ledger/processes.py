"""The orchestrator and each participant as processes of their own, which a test may kill."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from servers.places import wait_until

PARTS = ("orchestrator", "inventory", "payment", "shipping", "notification")
AT_WORK = ("at work: ", "listening on ")
ROOT = Path(__file__).parents[3]


@dataclass
class Processes:
    """Who runs, by name. `folder` gets their logs."""

    environment: Mapping[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _begun_at: dict[str, int] = field(default_factory=dict)

    def start(self, *names: str, version: int = 1) -> None:
        """Start parts, which know the saga up to that version; `orchestrator-2` is a second orchestrator."""
        environment = self._environment() | {"LEDGER_VERSION": str(version)}
        for name in names:
            kind = name.partition("-")[0]
            command = ["orchestrator", "--port", "0"] if kind == "orchestrator" else ["participant", kind]
            with (self.folder / f"{name}.log").open("ab") as log:
                self._begun_at[name] = log.tell()
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-m", "ledger", *command], stdout=log, stderr=log, env=environment
                )

    def once(self, *command: str) -> str:
        """Run a command to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "ledger", *command],
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self, name: str) -> None:
        """As a power cut would."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def tell(self, name: str, what: signal.Signals) -> None:
        """Send a signal."""
        self.running[name].send_signal(what)

    def all_at_work(self) -> None:
        """Returns once each of them has said that it is at work. Raises TimeoutError."""
        for name in self.running:
            wait_until(lambda name=name: self._is_at_work(name), f"{name} is at work")  # type: ignore[misc]

    def end(self, name: str) -> int:
        """End one in good order, once it is at work; returns how it ended."""
        wait_until(lambda: self._is_at_work(name), f"{name} is at work")
        process = self.running.pop(name)
        process.terminate()
        return process.wait(120)

    def stop(self) -> dict[str, int]:
        """End all of them in good order; returns how each ended."""
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        return {name: process.wait(120) for name, process in self.running.items()}

    def log(self, name: str) -> str:
        """What a part has said."""
        return (self.folder / f"{name}.log").read_text()

    def _is_at_work(self, name: str) -> bool:
        said = (self.folder / f"{name}.log").read_bytes()[self._begun_at[name] :].decode()
        return any(words in said for words in AT_WORK)

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join(str(ROOT / part) for part in ("templates", "tests", "tests/runtime"))
        return {**os.environ, **self.environment, "PYTHONPATH": path}


@contextmanager
def processes(
    database_url: str, kafka_address: str, prefix: str, folder: Path, more: Mapping[str, str] | None = None
) -> Iterator[Processes]:
    """None yet, with databases and topics made; those that were started are ended with the block."""
    environment = {
        "DATABASE_URL": database_url,
        "KAFKA_BOOTSTRAP_SERVERS": kafka_address,
        "KAFKA_TOPIC_PREFIX": prefix,
        "KAFKA_OPTIONS": json.dumps({"session.timeout.ms": 6000}),
        "LEASE_SECONDS": "6",
        **(more or {}),
    }
    parts = Processes(environment, folder)
    try:
        yield parts
    except BaseException:
        for name in parts.running:
            print(f"--- {name}: {parts.log(name)[-2000:]}")
        raise
    finally:
        for process in parts.running.values():
            process.kill()
            process.wait()

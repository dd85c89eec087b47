"""Thousands of kills: `python tests/long/kills.py [--rounds 20] [--kills 100] [--pauses 5] [--sagas 1000] [--seed 1]`.

Starts PostgreSQL and Kafka and has the example drilled on them, in rounds of so many kills, pauses and sagas: two
orchestrators and four participants, each a process of its own, are killed with SIGKILL or paused past the lease at
random, while 200 sagas are under way. Prints the account of each round, with the violations of each invariant; ends
with 1 at the first round that has any. Processes are forked from one that has loaded everything, since most of what a
kill costs is the loading of Python modules.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("templates", "tests", "tests/runtime")]

from servers.kafka import kafka  # noqa: E402
from servers.postgres import postgres  # noqa: E402

from runtime.drill.parts import Parts, Process  # noqa: E402

FORKS = multiprocessing.get_context("forkserver")
LOADED = [
    "example.app",
    "runtime.drill.part",
    "runtime.event_store.postgres",
    "runtime.messaging.kafka",
    "runtime.messaging.kafka_topics",
    "runtime.participant.postgres",
]
MISSED_AFTER = {"session.timeout.ms": 3_000, "heartbeat.interval.ms": 1_000}


class Forked(Parts):
    """Parts that begin at once."""

    def _begin(self, what: Sequence[str], log: Path) -> Process:
        process = FORKS.Process(target=work, args=(self._folder, self._seed, what, self._environment, log))
        process.start()
        return Fork(process)


@dataclass
class Fork:
    """A forked process with the methods of one that was spawned."""

    process: ForkServerProcess

    def poll(self) -> int | None:
        """Its status, once it has ended."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its status. Raises subprocess.TimeoutExpired."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(self.process.name, timeout or 0)
        return self.process.exitcode

    def send_signal(self, signal: int, /) -> None:
        """As `kill` of the shell does."""
        os.kill(self.process.pid or 0, signal)

    def terminate(self) -> None:
        """Tell it to end in good order."""
        self.process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()


def work(folder: Path, seed: int, what: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Be that part."""
    from example.app import application

    from runtime.drill.part import run_part

    os.environ.update(environment)
    with log.open("ab", buffering=0) as told:
        for number in (1, 2):
            os.dup2(told.fileno(), number)
    kind, *name = what
    sys.exit(not asyncio.run(run_part(application, folder, seed, kind, "".join(name))))


def main() -> int:
    """Run, tell, and return the status."""
    from example.app import application

    from runtime.drill.faults import Toll
    from runtime.drill.run import drill

    asked = argparse.ArgumentParser(description=__doc__)
    for name, standard in (("rounds", 20), ("kills", 100), ("pauses", 5), ("sagas", 1_000), ("seed", 1)):
        asked.add_argument(f"--{name}", type=int, default=standard)
    options = asked.parse_args()
    toll = Toll(options.kills, options.pauses)
    FORKS.set_forkserver_preload(LOADED)
    with postgres() as database, kafka() as broker:
        os.environ["DATABASE_URL"] = database.url()
        os.environ["KAFKA_BOOTSTRAP_SERVERS"] = broker.address
        os.environ["KAFKA_OPTIONS"] = json.dumps(MISSED_AFTER)
        for seed in range(options.seed, options.seed + options.rounds):
            print(f"round with seed {seed}", flush=True)
            if not asyncio.run(drill(application, options.sagas, seed, toll, Forked)):
                return 1
            print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

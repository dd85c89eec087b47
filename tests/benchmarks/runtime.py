"""How fast a generated project is, beside peers and limits: `python tests/benchmarks/runtime.py [NAME...]`.

Servers are started as the tests start theirs. What stands in one line of JSON was measured in turns, so a figure means
something beside the others of its line. The peers come from the package index by way of `uv`, and Restate's server by
`npx`.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
sys.path.insert(0, str(ROOT / "tests"))

from servers.kafka import kafka  # noqa: E402
from servers.postgres import Postgres, postgres  # noqa: E402

TEXT = ROOT / "tests/corpus/workflows/original-test-case.txt"
IN_FLIGHT = (1, 16, 64, 256, 1024)
ROUNDS = 3
STORES = ("sqlite", "postgresql", "postgresql+kafka")
DBOS, EVENTSOURCING = "dbos==3.4.0", "eventsourcing[postgres]==9.5.6"
RESTATE = ("restate-sdk[serde]==1.3.0", "hypercorn==0.18.0", "httpx==0.28.1")
COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


Ways = Mapping[str, Callable[[], float]]


class Site:
    """A project to measure, and the servers."""

    def __init__(self, folder: Path, server: Postgres, kafka_address: str) -> None:
        self.folder, self.server, self.kafka_address = folder, server, kafka_address
        self.plain = self._project("plain", TEXT)
        self.failing = self._project("failing", TEXT)
        spec, one_shard = self.plain / "saga.yaml", folder / "one-shard.yaml"
        one_shard.write_text(re.sub(r"\bshards: \d+", "shards: 1", spec.read_text()))
        self.one_shard = self._project("one_shard", one_shard)
        third = self.failing / "src/failing/contexts/logistics.py"
        refused = 'return FreightShippingNotScheduled(reason="no room")'
        third.write_text(re.sub(r"return FreightShippingScheduled\(.*\)", refused, third.read_text()))

    def settings(self, store: str) -> dict[str, str]:
        """The environment variables that choose the servers."""
        if store == "sqlite":
            return {}
        if store == "postgresql":
            return {"DATABASE_URL": self.server.url()}
        return {"DATABASE_URL": self.server.url(), "KAFKA_BOOTSTRAP_SERVERS": self.kafka_address}

    def bench(self, project: Path, store: str, in_flight: int, sagas: int, *options: str) -> dict[str, Any]:
        """What `bench` of the project says."""
        command = ["bench", "--in-flight", str(in_flight), "--sagas", str(sagas), "--json", *options]
        path = {"PYTHONPATH": str(project / "src")}
        told = self._run([sys.executable, "-m", project.name, *command], {**self.settings(store), **path})
        measured: dict[str, Any] = json.loads(told)
        return measured

    def rate(self, project: Path, store: str, in_flight: int) -> float:
        """Sagas a second."""
        return float(self.bench(project, store, in_flight, _enough(in_flight))["sagas_s"])

    def ledger(self, store: str, in_flight: int, sagas: int) -> dict[str, Any]:
        """The same of the tests' example whose handlers write a row each."""
        parts = (ROOT / "templates", ROOT / "tests", ROOT / "tests/runtime")
        path = {"PYTHONPATH": os.pathsep.join(map(str, parts))}
        command = ["ledger", "bench", "--in-flight", str(in_flight), "--sagas", str(sagas), "--json"]
        measured: dict[str, Any] = json.loads(
            self._run([sys.executable, "-m", *command], {**self.settings(store), **path})
        )
        return measured

    def peer(self, name: str, in_flight: int, sagas: int, *packages: str, broker: bool = False) -> float:
        """Sagas a second of a script in `peers/`; with packages, in an environment of its own."""
        of_its_own = ["uv", "run", "--no-project", "-q", *(f"--with={one}" for one in packages), "python"]
        python = of_its_own if packages else [sys.executable]
        servers = [self.server.url(), *([self.kafka_address] if broker else [])]
        told = self._run([*python, str(PEERS / f"{name}.py"), *servers, str(in_flight), str(sagas)], {})
        return float(told.split()[-1])

    def _run(self, command: list[str], environment: Mapping[str, str]) -> str:
        done = subprocess.run(
            command, env={**os.environ, **environment}, cwd=self.folder, capture_output=True, text=True, timeout=900
        )
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: {done.stdout[-500:]}{done.stderr[-2000:]}")
        return done.stdout

    def _project(self, name: str, text: Path) -> Path:
        environment = {"PYTHONPATH": str(ROOT / "generator")}
        command = [sys.executable, "-m", "saga_scaffold", "new", str(text), str(self.folder / name), "--no-smoke"]
        self._run([*command, "--architect", "offline"], environment)
        return self.folder / name


def orchestration(site: Site) -> Iterator[dict[str, Any]]:
    """The generated project on each store, at each number of sagas in flight."""
    for store in STORES:
        for in_flight in IN_FLIGHT:
            sagas = _enough(in_flight)
            runs = [site.bench(site.plain, store, in_flight, sagas) for _ in range(ROUNDS)]
            yield {"store": store, **_middle(runs)}


def peers(site: Site) -> Iterator[dict[str, Any]]:
    """The project on PostgreSQL beside the group-commit limit and other libraries, taken in turns."""

    def ways(n: int) -> Ways:
        return {
            "project": lambda: site.rate(site.plain, "postgresql", n),
            "group commit": lambda: site.peer("group_commit", n, 5 * _enough(n)),
            "dbos": lambda: site.peer("dbos_saga", n, 300, DBOS),
            "eventsourcing": lambda: site.peer("eventsourcing_saga", n, 600, EVENTSOURCING),
            "restate": lambda: site.peer("restate_saga", n, 600, *RESTATE),
        }

    for in_flight in (1, 16, 64):
        yield {"store": "postgresql", "in_flight": in_flight, **_beside(ways(in_flight))}


def limit(site: Site) -> Iterator[dict[str, Any]]:
    """The project with a broker beside two processes that only write and pass on, on one partition each way.

    A shard has a partition of its own, and each partition costs the broker a request for whatever comes together.
    """

    def ways(n: int) -> Ways:
        return {
            "project": lambda: site.rate(site.plain, "postgresql+kafka", n),
            "project, one shard": lambda: site.rate(site.one_shard, "postgresql+kafka", n),
            "two processes": lambda: site.peer("two_processes", n, 3 * _enough(n), broker=True),
        }

    for in_flight in (64, 256, 1024):
        yield {"store": "postgresql+kafka", "in_flight": in_flight, **_beside(ways(in_flight))}


def handlers(site: Site) -> Iterator[dict[str, Any]]:
    """Handlers that do nothing, a third step that is refused, and handlers that write a row each."""

    def ways(store: str) -> Ways:
        return {
            "nothing": lambda: site.rate(site.plain, store, 64),
            "third step refused": lambda: site.rate(site.failing, store, 64),
            "a row each": lambda: site.ledger(store, 64, 2000)["sagas_s"],
        }

    for store in STORES:
        yield {"store": store, "in_flight": 64, **_beside(ways(store))}


def half(site: Site) -> Iterator[dict[str, Any]]:
    """At half of what it can do: how long a step takes."""
    for store in STORES:
        most = site.rate(site.plain, store, 256)
        measured = site.bench(site.plain, store, 1024, 4000, "--rate", str(round(most / 2)))
        yield {"store": store, "most_sagas_s": most, **measured}


def commits(site: Site) -> Iterator[dict[str, Any]]:
    """Transactions of PostgreSQL for each saga."""
    for in_flight in IN_FLIGHT:
        before, sagas = _committed(site), _enough(in_flight)
        site.bench(site.plain, "postgresql", in_flight, sagas)
        yield {"in_flight": in_flight, "commits_per_saga": round((_committed(site) - before) / sagas, 3)}


BENCHMARKS: dict[str, Callable[[Site], Iterator[dict[str, Any]]]] = {
    "orchestration": orchestration,
    "peers": peers,
    "limit": limit,
    "handlers": handlers,
    "half": half,
    "commits": commits,
}


def main() -> None:
    """Runs the named benchmarks, or all."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    wanted = arguments.parse_args().names or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        arguments.error(f"there is no {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    with _site() as site:
        for name in wanted:
            for line in BENCHMARKS[name](site):
                print(json.dumps({"benchmark": name, **line}), flush=True)


@contextmanager
def _site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="saga-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        site = Site(folder, stack.enter_context(postgres()), stack.enter_context(kafka()).address)
        site.bench(site.plain, "postgresql+kafka", 64, 1000)
        yield site


def _enough(in_flight: int) -> int:
    """So many that a run takes some seconds."""
    return {1: 200, 16: 1500, 64: 3000, 256: 4000}.get(in_flight, 6000)


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run whose rate is the median, and the range."""
    ordered = sorted(runs, key=lambda run: run["sagas_s"])
    return {**ordered[len(ordered) // 2], "from": ordered[0]["sagas_s"], "to": ordered[-1]["sagas_s"]}


def _beside(ways: Ways) -> dict[str, Any]:
    """Medians of rounds taken in turns, and each as a part of the first."""
    rounds = [{name: way() for name, way in ways.items()} for _ in range(ROUNDS)]
    rates = {name: round(statistics.median(one[name] for one in rounds), 1) for name in ways}
    first = next(iter(rates))
    return {"sagas_s": rates, "ratio": {name: round(rates[first] / rate, 2) for name, rate in rates.items()}}


def _committed(site: Site) -> int:
    script = (
        "import asyncio, asyncpg, sys, time\n"
        "async def run():\n"
        "    time.sleep(1.5)\n"
        "    connection = await asyncpg.connect(sys.argv[1])\n"
        f"    print(await connection.fetchval({COMMITS!r}))\n"
        "asyncio.run(run())"
    )
    return int(subprocess.check_output([sys.executable, "-c", script, site.server.url()], timeout=30))


if __name__ == "__main__":
    main()

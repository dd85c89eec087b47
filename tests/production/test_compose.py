"""A generated project on real servers: the commands of its compose.yaml, run by hand in the order that it gives."""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from project.projects import tree_of, written
from servers.places import free_port, wait_until
from spec.example import ORDER
from sqlalchemy import make_url

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return written(tree_of(ORDER), tmp_path / "fulfillment")


def services(project: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((project / "compose.yaml").read_text())["services"])


def test_every_service_waits_for_what_it_needs(project: Path) -> None:
    found = services(project)
    assert [name for name in found if name.startswith("participant-")] == [
        f"participant-{context}" for context in ("inventory", "payment", "logistics", "crm")
    ]
    for name, service in found.items():
        for other, wait in service.get("depends_on", {}).items():
            healthy = wait["condition"] == "service_healthy"
            assert ("healthcheck" in found[other]) if healthy else other == "prepare"
        assert name in ("postgres", "kafka") or service["image"] == "fulfillment"


def test_the_whole_saga_runs_on_real_servers_as_compose_starts_it(
    project: Path, postgres_url: str, kafka_address: str
) -> None:
    with _database(postgres_url) as url:
        environment = {**os.environ, "PYTHONPATH": "src", "DATABASE_URL": url, "KAFKA_BOOTSTRAP_SERVERS": kafka_address}
        found = services(project)
        for command in found["prepare"]["command"][0].split(" && "):
            _once(project, environment, *shlex.split(command)[1:])
        with _running(project, environment, found) as ports:
            for name, port in ports.items():
                path = found[name]["healthcheck"]["test"][-1].rpartition("/")[2].rstrip("')")
                wait_until(lambda port=port, path=path: _answers(port, path), f"{name} is healthy")  # type: ignore[misc]
            start = json.loads((project / "README.md").read_text().split("start '")[1].split("'")[0])
            saga_id = _once(project, environment, "start", json.dumps(start)).strip()
            wait_until(lambda: '"COMPLETED"' in _once(project, environment, "show", saga_id, "--json"), "it ends")


@contextmanager
def _database(postgres_url: str) -> Iterator[str]:
    """A database of its own, since the project makes schemas named like its contexts."""
    name = f"fulfillment_{time.time_ns()}"
    tool = [sys.executable, "-c", _SQL, postgres_url]
    subprocess.run([*tool, f"CREATE DATABASE {name}"], check=True, timeout=120)
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    subprocess.run([*tool, f"DROP DATABASE {name} WITH (FORCE)"], check=True, timeout=120)


_SQL = """
import asyncio, asyncpg, sys
async def run():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute(sys.argv[2])
asyncio.run(run())
"""


@contextmanager
def _running(project: Path, environment: Mapping[str, str], found: Mapping[str, Any]) -> Iterator[dict[str, int]]:
    """Orchestrator and participants, by the port where their health is."""
    ports, processes = {}, []
    for name, service in found.items():
        if name == "orchestrator" or name.startswith("participant-"):
            ports[name] = free_port()
            command = [word for word in service["command"] if word not in ("--port", "8000")]
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "fulfillment", *command, "--port", str(ports[name])],
                    cwd=project,
                    env=dict(environment),
                )
            )
    try:
        yield ports
    finally:
        for process in processes:
            process.terminate()
        assert [process.wait(120) for process in processes] == [0] * len(processes)


def _once(project: Path, environment: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fulfillment", *command],
        cwd=project,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _answers(port: int, path: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False

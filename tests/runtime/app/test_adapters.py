"""Servers are chosen by settings alone; their drivers are extras, and whoever lacks one is told which."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from example.app import application
from ledger.processes import ROOT

from runtime import adapters
from runtime.adapters import is_postgres, open_barrier, open_broker, open_store
from runtime.errors import Refused
from runtime.settings import Settings, database_urls

WITHOUT_EXTRAS = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("asyncpg", "confluent_kafka", "yaml"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Hidden())
from runtime.cli import run
from example.app import application
run(application)
"""


def refusal_of(attempt: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        attempt()
    return refusal.value


def without_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "find_spec", lambda name: None)


def test_without_the_extras_everything_runs_on_sqlite_in_one_process(tmp_path: Path) -> None:
    path = ":".join(str(ROOT / part) for part in ("templates", "tests/runtime"))
    command = [sys.executable, "-c", WITHOUT_EXTRAS, "demo"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_postgresql_without_its_extra_is_refused_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without_drivers(monkeypatch)
    refused = refusal_of(lambda: asyncio.run(open_store(Settings(database_url="postgresql://db/orders"))))
    assert refused.problem == "DATABASE_URL names PostgreSQL, but the extra `postgres` is not installed"
    assert refused.hint == "run `uv sync --extra postgres`"


def test_the_setting_of_a_context_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    without_drivers(monkeypatch)
    inventory = application.participants[0]
    refused = refusal_of(lambda: asyncio.run(open_barrier(inventory, "postgresql://db/stock")))
    assert refused.problem.startswith("INVENTORY_DATABASE_URL names PostgreSQL")


def test_kafka_without_its_extra_is_refused_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without_drivers(monkeypatch)
    settings = Settings(kafka_bootstrap_servers="localhost:9092")
    refused = refusal_of(lambda: asyncio.run(open_broker(settings, {"orders": 1})))
    assert refused.problem == "KAFKA_BOOTSTRAP_SERVERS names Kafka, but the extra `kafka` is not installed"
    assert refused.hint == "run `uv sync --extra kafka`"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("mysql://db/orders", "mysql"),
        ("orders", "nothing known"),
        ("postgresql://saga:s3cret@db:no/orders", "nothing known"),
    ],
)
def test_any_other_database_is_refused(url: str, what: str) -> None:
    refused = refusal_of(lambda: is_postgres(url))
    assert refused.problem == f"DATABASE_URL names {what}, which is neither SQLite nor PostgreSQL"


def test_beside_postgresql_a_context_has_a_schema_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_DATABASE_URL", "postgresql://elsewhere/payments")
    assert database_urls(["inventory", "payment"], "postgresql://u:p@db/orders") == {
        "inventory": "postgresql://u:p@db/orders?schema=inventory",
        "payment": "postgresql://elsewhere/payments",
    }
    beside = database_urls(["order-desk"], "postgresql://db/orders?schema=shop")
    assert beside == {"order-desk": "postgresql://db/orders?schema=shop_order_desk"}


def test_beside_sqlite_a_context_has_a_file_of_its_own() -> None:
    assert database_urls(["crm"], "sqlite:///data/orchestrator.db") == {"crm": "sqlite:///data/crm.db"}

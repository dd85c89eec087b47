"""What tests share: how hard a property is tried, and one server of each kind with a fresh part for each test."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from servers.finding import or_skip
from servers.kafka import Kafka, kafka
from servers.postgres import Postgres, postgres

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("unhurried"), max_examples=20)


def pytest_configure(config: pytest.Config) -> None:
    """A quick run tries a fifth of the examples; see `properties`."""
    settings.load_profile("quick" if config.option.markexpr == "not slow" else "unhurried")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL database: TEST_DATABASE_URL, else a server of our own."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    with ExitStack() as stack:
        with or_skip():
            server = stack.enter_context(postgres())
        yield server.url()


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that the test may stop and crash."""
    with ExitStack() as stack:
        with or_skip():
            server = stack.enter_context(postgres())
        yield server


@pytest.fixture
def schema_url(postgres_url: str) -> str:
    """A schema that nobody has used before."""
    return f"{postgres_url}?schema=test_{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def kafka_address() -> Iterator[str]:
    """A Kafka cluster: TEST_KAFKA_BOOTSTRAP_SERVERS, else a broker of our own."""
    named = os.environ.get("TEST_KAFKA_BOOTSTRAP_SERVERS")
    if named:
        yield named
        return
    with ExitStack() as stack:
        with or_skip():
            server = stack.enter_context(kafka())
        yield server.address


@pytest.fixture
def own_kafka() -> Iterator[Kafka]:
    """A broker that the test may stop and crash."""
    with ExitStack() as stack:
        with or_skip():
            server = stack.enter_context(kafka())
        yield server

"""Kafka only: topics as they are wanted, a broker that goes away, and what is said when it cannot be used."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import Producer
from example.app import application
from servers.kafka import Kafka
from servers.topics import create_topics

from runtime import servers as commands
from runtime.adapters import open_broker
from runtime.errors import Refused
from runtime.messaging import kafka_topics
from runtime.messaging.broker import Outbound, Record, TopicPartition
from runtime.messaging.kafka import KafkaBroker
from runtime.messaging.kafka_topics import Topic
from runtime.messaging.topics import topics_of
from runtime.settings import Settings, kafka_options

pytestmark = pytest.mark.slow

IN_SYNC = "min.insync.replicas"
PLACE = TopicPartition("orders", 0)


@pytest.fixture
def prefix() -> str:
    return f"test-{uuid4().hex[:12]}."


@pytest.fixture
def environment(kafka_address: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka_address)
    monkeypatch.setenv("KAFKA_TOPIC_PREFIX", prefix)


def options(address: str) -> dict[str, str | int]:
    return {"bootstrap.servers": address}


def refusal_of(attempt: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        attempt()
    return refusal.value


def wanted(folder: Path, partitions: int = 3, shards: int = 16, leave_out: str = "") -> Path:
    """A topics.yaml for the example."""
    current = application.definitions[-1]
    counts = {name: partitions for name in topics_of(application.definitions) if name != leave_out}
    counts |= {current.topics.replies: shards, current.topics.starts: shards}
    lines = [
        f"- {{name: {name}, partitions: {count}, replication: 3, config: {{retention.ms: 60000, {IN_SYNC}: 2}}}}"
        for name, count in counts.items()
    ]
    file = folder / "topics.yaml"
    file.write_text("\n".join(["topics:", *lines]))
    return file


def test_topics_are_planned_created_and_then_as_wanted(
    environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wanted(tmp_path)
    assert not asyncio.run(commands.plan_topics(application, file, 1))
    assert (
        "order-fulfillment.replies: create with 16 partitions, replication 1, retention.ms=60000"
        in capsys.readouterr().out
    )
    assert asyncio.run(commands.apply_topics(application, file, 1))
    assert capsys.readouterr().out.endswith(f"{len(topics_of(application.definitions))} changes made\n")
    assert asyncio.run(commands.plan_topics(application, file, 1))
    assert capsys.readouterr().out == ""


def test_partitions_are_raised_and_never_taken_away(kafka_address: str, prefix: str) -> None:
    async def story() -> None:
        await create_topics(kafka_address, prefix, {"orders": 2, "replies": 2})
        more = [Topic(f"{prefix}orders", 4, config={"retention.ms": "5000"})]
        changes = await kafka_topics.plan(options(kafka_address), more)
        assert [change.words for change in changes] == [
            "raise from 2 to 4 partitions",
            "set retention.ms=5000 (now 604800000)",
        ]
        await kafka_topics.apply(options(kafka_address), changes)
        assert await kafka_topics.plan(options(kafka_address), more) == []
        (fewer,) = await kafka_topics.plan(options(kafka_address), [Topic(f"{prefix}orders", 1)])
        assert (fewer.words, fewer.possible) == ("4 partitions instead of 1: partitions are never taken away", False)
        (fixed,) = await kafka_topics.plan(options(kafka_address), [Topic(f"{prefix}replies", 3)], {f"{prefix}replies"})
        assert not fixed.possible

    asyncio.run(story())


def test_a_file_whose_replies_do_not_fit_the_shards_is_refused(environment: None, tmp_path: Path) -> None:
    refused = refusal_of(lambda: asyncio.run(commands.plan_topics(application, wanted(tmp_path, shards=8), 1)))
    assert refused.problem.endswith("order-fulfillment.replies has 8 partitions, the saga has 16 shards")


def test_a_file_that_lacks_a_topic_is_refused(environment: None, tmp_path: Path) -> None:
    file = wanted(tmp_path, leave_out="inventory.commands")
    assert refusal_of(lambda: asyncio.run(commands.plan_topics(application, file, 1))).problem == (
        f"{file} lacks inventory.commands"
    )


def test_a_missing_topic_is_named_at_the_start(environment: None, kafka_address: str, prefix: str) -> None:
    refused = refusal_of(lambda: asyncio.run(open_broker(Settings(), {"orders": 2})))
    assert refused.problem == f"KAFKA_BOOTSTRAP_SERVERS: there is no topic {prefix}orders"
    assert refused.hint == "run `topics apply`"


def test_a_wrong_number_of_partitions_is_named_at_the_start(environment: None, kafka_address: str, prefix: str) -> None:
    asyncio.run(create_topics(kafka_address, prefix, {"replies": 2}))
    refused = refusal_of(lambda: asyncio.run(open_broker(Settings(), {"replies": 16}, ["replies"])))
    assert refused.problem == f"KAFKA_BOOTSTRAP_SERVERS: topic {prefix}replies has 2 partitions, 16 are needed"


def test_a_broker_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_topics, "PATIENCE", 0.5)
    settings = Settings(kafka_bootstrap_servers="127.0.0.1:1")
    refused = refusal_of(lambda: asyncio.run(open_broker(settings, {"orders": 2})))
    assert refused.problem.startswith("KAFKA_BOOTSTRAP_SERVERS: no broker at 127.0.0.1:1 answers within 0 s")


def test_a_setting_that_kafka_does_not_know_is_named() -> None:
    settings = Settings(kafka_bootstrap_servers="127.0.0.1:1", kafka_options={"no.such": 1})
    refused = refusal_of(lambda: asyncio.run(open_broker(settings, {"orders": 2})))
    assert refused.problem.endswith('No such configuration property: "no.such"')


def test_tls_and_sasl_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "KAFKA_SSL_CA_LOCATION": "/etc/ca.pem",
        "KAFKA_PORT": "tcp://10.0.0.1:9092",
    }.items():
        monkeypatch.setenv(name, text)
    assert kafka_options(Settings(kafka_bootstrap_servers="b:9093", kafka_options={"linger.ms": 2})) == {
        "bootstrap.servers": "b:9093",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "ssl.ca.location": "/etc/ca.pem",
        "linger.ms": 2,
    }


def test_whoever_knows_the_password_gets_in_and_nobody_else(own_kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
    monkeypatch.setenv("KAFKA_SASL_MECHANISM", "PLAIN")
    monkeypatch.setenv("KAFKA_SASL_USERNAME", "saga")
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "open")
    settings = Settings(kafka_bootstrap_servers=f"127.0.0.1:{own_kafka.door}")

    async def story() -> None:
        await create_topics(own_kafka.address, "", {"orders": 1})
        broker = await open_broker(settings, {"orders": 1})
        await broker.publish([Outbound("orders", "k", b"first", {})])
        assert await broker.end_offsets([PLACE]) == {PLACE: 1}
        await broker.close()

    asyncio.run(asyncio.wait_for(story(), 240))
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "s3cret")
    refused = refusal_of(lambda: asyncio.run(open_broker(settings, {"orders": 1})))
    assert refused.problem.startswith(f"KAFKA_BOOTSTRAP_SERVERS: 127.0.0.1:{own_kafka.door} does not let us in: ")
    assert "Invalid username or password" in refused.problem
    assert "s3cret" not in refused.problem + refused.hint


def test_a_record_that_is_too_large_is_left_out_and_does_not_hold_up_the_others(
    kafka_address: str, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        await create_topics(kafka_address, prefix, {"orders": 1})
        broker = KafkaBroker(options(kafka_address), prefix)
        reader = broker.reader({PLACE: 0})
        bodies = [b"first", b"x" * 3_000_000, b"last"]
        with caplog.at_level(logging.ERROR):
            await broker.publish([Outbound("orders", "k", body, {}) for body in bodies])
        read: list[bytes] = []
        while len(read) < 2:
            read += [record.value for record in await reader.poll(10, 2)]
        assert read == [b"first", b"last"]
        assert "is left out" in caplog.text
        await reader.close()
        await broker.close()

    asyncio.run(asyncio.wait_for(story(), 240))


def test_headers_that_are_not_text_are_left_out(kafka_address: str, prefix: str) -> None:
    async def story() -> None:
        await create_topics(kafka_address, prefix, {"orders": 1})
        foreign = Producer(options(kafka_address))
        foreign.produce(
            f"{prefix}orders", b"\xff", key=b"\xfe", headers=[("type", b"Said"), ("odd", b"\xff"), ("no", None)]
        )
        foreign.produce(f"{prefix}orders", None)
        foreign.flush(60)
        broker = KafkaBroker(options(kafka_address), prefix)
        reader = broker.reader({PLACE: None})
        records: list[Record] = []
        while len(records) < 2:
            records += await reader.poll(1, 2)
        assert [(one.key, one.value, dict(one.headers)) for one in records] == [
            ("�", b"\xff", {"type": "Said", "no": ""}),
            (None, b"", {}),
        ]
        await reader.close()
        await broker.close()

    asyncio.run(asyncio.wait_for(story(), 240))


def test_records_and_readers_get_over_a_restart_of_the_broker(own_kafka: Kafka) -> None:
    async def story() -> None:
        await create_topics(own_kafka.address, "", {"orders": 1})
        broker = KafkaBroker({**options(own_kafka.address), "message.timeout.ms": 300_000})
        reader = broker.reader({PLACE: 0})
        await broker.publish([Outbound("orders", "k", b"before", {})])
        own_kafka.stop()
        sending = asyncio.create_task(broker.publish([Outbound("orders", "k", b"meanwhile", {})]))
        await asyncio.to_thread(own_kafka.start)
        await sending
        await broker.publish([Outbound("orders", "k", b"after", {})])
        read: list[bytes] = []
        while len(read) < 3:
            read += [record.value for record in await reader.poll(10, 2)]
        assert read == [b"before", b"meanwhile", b"after"]
        await reader.close()
        await broker.close()

    asyncio.run(asyncio.wait_for(story(), 600))

"""The topics that Kafka has, compared with those that a saga needs; nothing is created but by `apply`."""

import asyncio
import logging
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from ..errors import Refused
from . import kafka_log

log = logging.getLogger(__name__)

PATIENCE = 30.0
A_MOMENT = 2.0
ADDRESS = "KAFKA_BOOTSTRAP_SERVERS"
NOT_LET_IN = {KafkaError._AUTHENTICATION, KafkaError._SSL}


@dataclass(frozen=True)
class Topic:
    """A topic as it is wanted, or as it is."""

    name: str
    partitions: int
    replication: int = -1
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What `apply` would do about one topic, or why it can not."""

    topic: Topic
    words: str
    possible: bool = True
    create: bool = False
    partitions: int | None = None
    config: Mapping[str, str] = field(default_factory=dict)


Options = Mapping[str, Any]


async def check(options: Options, prefix: str, topics: Mapping[str, int], exactly: Collection[str]) -> None:
    """Wait for Kafka to answer, then see that the topics are there. Raises Refused."""
    there = await asyncio.to_thread(_once_there, options, [prefix + name for name in topics], A_MOMENT)
    missing = [prefix + name for name in topics if prefix + name not in there]
    if missing:
        raise Refused(f"{ADDRESS}: there is no topic {', '.join(missing)}", "run `topics apply`")
    for name in exactly:
        if there[prefix + name] != topics[name]:
            problem = f"topic {prefix + name} has {there[prefix + name]} partitions, {topics[name]} are needed"
            raise Refused(
                f"{ADDRESS}: {problem}", "there is one for each shard: create the topic anew with that number"
            )


async def plan(options: Options, wanted: Sequence[Topic], exactly: Collection[str] = ()) -> list[Change]:
    """What has to change for the topics to be as wanted. Raises Refused."""
    return await asyncio.to_thread(_plan, options, wanted, exactly)


async def apply(options: Options, changes: Sequence[Change]) -> None:
    """Make the changes that can be made. Raises Refused."""
    await asyncio.to_thread(_apply, options, [change for change in changes if change.possible])


async def delete(options: Options, names: Sequence[str]) -> None:
    """Forget topics with everything in them."""
    await asyncio.to_thread(_delete, _client(options), names)


def _delete(client: AdminClient, names: Sequence[str]) -> None:
    _all(client.delete_topics(list(names)))


def _plan(options: Options, wanted: Sequence[Topic], exactly: Collection[str]) -> list[Change]:
    client = _client(options)
    there = _partitions(options)
    known = [topic for topic in wanted if topic.name in there]
    configs = _configs(client, [topic.name for topic in known])
    changes = [Change(topic, f"create with {_described(topic)}", create=True) for topic in wanted if topic not in known]
    for topic in known:
        changes += _partition_changes(topic, there[topic.name], topic.name in exactly)
        changes += _config_changes(topic, configs[topic.name])
    return changes


def _partition_changes(topic: Topic, there: int, exact: bool) -> list[Change]:
    if there == topic.partitions:
        return []
    words = f"{there} partitions instead of {topic.partitions}"
    if exact:
        return [Change(topic, f"{words}: one for each shard, so the number cannot change", possible=False)]
    if there > topic.partitions:
        return [Change(topic, f"{words}: partitions are never taken away", possible=False)]
    return [Change(topic, f"raise from {there} to {topic.partitions} partitions", partitions=topic.partitions)]


def _config_changes(topic: Topic, there: Mapping[str, str]) -> list[Change]:
    wrong = {name: value for name, value in topic.config.items() if there.get(name) != value}
    words = ", ".join(f"{name}={value} (now {there.get(name)})" for name, value in wrong.items())
    return [Change(topic, f"set {words}", config=wrong)] if wrong else []


def _apply(options: Options, changes: Sequence[Change]) -> None:
    client = _client(options)
    created = [_new(change.topic) for change in changes if change.create]
    grown = [NewPartitions(change.topic.name, change.partitions) for change in changes if change.partitions]
    altered = [_altered(change) for change in changes if change.config]
    if created:
        _all(client.create_topics(created))
        _once_there(options, [topic.topic for topic in created], PATIENCE)
    if grown:
        _all(client.create_partitions(grown))
    if altered:
        _all(client.incremental_alter_configs(altered))


def _new(topic: Topic) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, topic.replication, config=dict(topic.config))


def _altered(change: Change) -> ConfigResource:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in change.config.items()
    ]
    return ConfigResource(ResourceType.TOPIC, change.topic.name, incremental_configs=entries)


def _described(topic: Topic) -> str:
    copies = "" if topic.replication == -1 else f", replication {topic.replication}"
    config = "".join(f", {name}={value}" for name, value in topic.config.items())
    return f"{topic.partitions} partitions{copies}{config}"


def _client(options: Options) -> AdminClient:
    try:
        return AdminClient(dict(options), logger=kafka_log.log)
    except KafkaException as trouble:
        problem = f"{ADDRESS} or a setting beside it: {trouble.args[0].str()}"
        raise Refused(problem, "see .env.example for what Kafka can be told") from None


def _partitions(options: Options) -> dict[str, int]:
    """The topics that there are, once a broker answers. Raises Refused."""
    heard: list[KafkaError] = []
    client, address = _client({**options, "error_cb": heard.append}), options["bootstrap.servers"]
    try:
        return _counted(client, A_MOMENT)
    except KafkaException:
        client.poll(0)
    _refuse_strangers(address, heard)
    log.warning("%s: no broker at %s answers yet; it is waited for, %d s at most", ADDRESS, address, PATIENCE)
    try:
        return _counted(client, PATIENCE)
    except KafkaException as trouble:
        client.poll(0)
        _refuse_strangers(address, heard)
        problem = f"{ADDRESS}: no broker at {address} answers within {PATIENCE:.0f} s: {trouble.args[0].str()}"
        raise Refused(problem, "check host and port, that Kafka runs there, and KAFKA_SECURITY_PROTOCOL") from None


def _refuse_strangers(address: object, heard: Sequence[KafkaError]) -> None:
    """Somebody is there who does not let us in, or is not whom we trust: waiting does not help. Raises Refused."""
    said = next((error.str() for error in heard if error.code() in NOT_LET_IN), None)
    if said is not None:
        hint = "check KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_MECHANISM, user, password, and KAFKA_SSL_CA_LOCATION"
        raise Refused(f"{ADDRESS}: {address} does not let us in: {said}", hint)


def _counted(client: AdminClient, patience: float) -> dict[str, int]:
    return {name: len(topic.partitions) for name, topic in client.list_topics(timeout=patience).topics.items()}


def _once_there(options: Options, names: Collection[str], patience: float) -> dict[str, int]:
    """The topics that there are; those just made take a moment until every broker knows them. Seconds."""
    until = time.monotonic() + patience
    while not (there := _partitions(options)).keys() >= set(names) and time.monotonic() < until:
        time.sleep(0.2)
    return there


def _configs(client: AdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    asked = [ConfigResource(ResourceType.TOPIC, name) for name in names]
    told = _all(client.describe_configs(asked)) if asked else {}
    return {resource.name: {name: entry.value for name, entry in entries.items()} for resource, entries in told.items()}


def _all(futures: Mapping[Any, Future[Any]]) -> dict[Any, Any]:
    """What came of each request. Raises Refused with the first that failed."""
    try:
        return {asked: future.result(PATIENCE) for asked, future in futures.items()}
    except KafkaException as trouble:
        hint = "check the rights of the user, and that replication does not exceed the number of brokers"
        raise Refused(f"{ADDRESS}: {trouble.args[0].str()}", hint) from None

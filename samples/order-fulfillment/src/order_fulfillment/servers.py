"""What is done to the servers before the saga runs on them: topics on Kafka, tables in the databases."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .adapters import need_kafka, upgrade
from .application import Application
from .errors import Refused
from .messaging.topics import topics_of
from .settings import database_urls, kafka_options, read_settings

if TYPE_CHECKING:
    from .messaging.kafka_topics import Change, Topic

INSYNC = "min.insync.replicas"


async def upgrade_databases(application: Application) -> None:
    """Bring all databases up to date, and say so. Raises Refused."""
    settings = read_settings()
    urls = database_urls([one.context for one in application.participants], settings.database_url)
    await upgrade(settings, application.participants, urls)
    print(f"the event store and {len(urls)} bounded contexts are up to date")


async def plan_topics(application: Application, file: Path, replication: int | None) -> bool:
    """Print what differs; whether nothing does. Raises Refused."""
    changes = await _plan(application, file, replication)
    for change in changes:
        print(f"{change.topic.name}: {change.words}")
    return not changes


async def apply_topics(application: Application, file: Path, replication: int | None) -> bool:
    """Make the changes and print them; whether all could be made. Raises Refused."""
    from .messaging.kafka_topics import apply

    changes = await _plan(application, file, replication)
    await apply(kafka_options(read_settings()), changes)
    for change in changes:
        print(f"{change.topic.name}: {change.words}" + ("" if change.possible else " (left as it is)"))
    print("the topics are as wanted" if not changes else f"{sum(change.possible for change in changes)} changes made")
    return all(change.possible for change in changes)


async def _plan(application: Application, file: Path, replication: int | None) -> "list[Change]":
    settings = read_settings()
    if not settings.kafka_bootstrap_servers:
        raise Refused("KAFKA_BOOTSTRAP_SERVERS is not set", "set it to the address of a broker, as 127.0.0.1:9092")
    need_kafka()
    from .messaging.kafka_topics import plan

    current = application.definitions[-1].topics
    exactly = {settings.kafka_topic_prefix + name for name in (current.replies, current.starts)}
    wanted = _wanted(application, file, settings.kafka_topic_prefix, replication)
    return await plan(kafka_options(settings), wanted, exactly)


def _wanted(application: Application, file: Path, prefix: str, replication: int | None) -> "list[Topic]":
    """The topics of the file. Raises Refused when it does not fit the saga."""
    topics = [_topic(one, prefix, replication) for one in _read(file)]
    needed = topics_of(application.definitions)
    named = {topic.name: topic.partitions for topic in topics}
    missing = [name for name in needed if prefix + name not in named]
    if missing:
        raise Refused(f"{file} lacks {', '.join(missing)}", "add them: the saga sends there or reads from there")
    current = application.definitions[-1]
    for name in (current.topics.replies, current.topics.starts):
        if named[prefix + name] != current.shards:
            problem = f"{file}: {name} has {named[prefix + name]} partitions, the saga has {current.shards} shards"
            raise Refused(
                problem, f"write `partitions: {current.shards}`; the answers of a shard have one of their own"
            )
    return topics


def _read(file: Path) -> list[Mapping[str, Any]]:
    import yaml

    try:
        return list(yaml.safe_load(file.read_text(encoding="utf-8"))["topics"])
    except OSError as problem:
        raise Refused(f"{file}: {problem.strerror}", "run this in the project, or name the file with --file") from None
    except (yaml.YAMLError, TypeError, KeyError) as problem:
        raise Refused(f"{file} is not a list of topics: {problem}", "write `topics:` and a list below it") from None


def _topic(told: Mapping[str, Any], prefix: str, replication: int | None) -> "Topic":
    from .messaging.kafka_topics import Topic

    config = {name: str(value) for name, value in told.get("config", {}).items()}
    try:
        topic = Topic(prefix + told["name"], int(told["partitions"]), int(told.get("replication", -1)), config)
    except (KeyError, ValueError) as problem:
        raise Refused(f"a topic is not understood: {problem}", "write name, partitions, replication, config") from None
    if replication is None:
        return topic
    if int(config.get(INSYNC, 1)) > replication:
        config[INSYNC] = str(replication)
    return replace(topic, replication=replication, config=config)

"""Topics: legal in Kafka, told apart by it, and each with one purpose."""

from collections.abc import Iterator
from dataclasses import dataclass

from saga_scaffold.errors import Finding
from saga_scaffold.spec import naming
from saga_scaffold.spec.model import Channel, SagaSpec
from saga_scaffold.spec.partition import key_fields
from saga_scaffold.spec.rules.wording import cut


@dataclass(frozen=True)
class Topic:
    """A topic where it is named. Purposes: commands, events, or that of one of the saga's own topics."""

    path: str
    name: str
    purpose: str


def topics(spec: SagaSpec) -> Iterator[Topic]:
    """Every topic of the saga, its own first; a topic that several messages use is there several times."""
    yield Topic("saga", spec.replies_topic, "replies")
    yield Topic("saga", spec.starts_topic, "starts")
    yield Topic("saga", spec.lifecycle_topic, "lifecycle events")
    for name, context in spec.contexts.items():
        path = f"contexts.{name}"
        yield Topic(f"{path}.commands", context.commands.topic if context.commands else f"{name}.commands", "commands")
        yield Topic(f"{path}.events", context.events.topic if context.events else f"{name}.events", "events")
    for step in spec.steps:
        path = f"steps.{step.id}"
        yield Topic(f"{path}.command", spec.command_topic(step), "commands")
        yield Topic(f"{path}.success", spec.event_topic(step, step.success), "events")
        for number, failure in enumerate(step.failure):
            yield Topic(f"{path}.failure.{number}", spec.event_topic(step, failure), "events")
        if step.compensation:
            yield Topic(f"{path}.undo.command", spec.command_topic(step, step.compensation.command), "commands")
            yield Topic(f"{path}.undo.success", spec.event_topic(step, step.compensation.success), "events")


def topics_are_legal(spec: SagaSpec) -> Iterator[Finding]:
    """Kafka takes letters, digits, dots, dashes and underscores; the dead-letter topic beside it must fit as well."""
    for topic in _distinct(spec):
        if not naming.is_topic(topic.name):
            problem = f"`{cut(topic.name)}` is no name for a topic in Kafka"
            hint = f"write letters, digits and . _ - only, at most {naming.LONGEST_TOPIC} characters"
            yield Finding("topic", topic.path, problem, hint)


def topics_do_not_collide(spec: SagaSpec) -> Iterator[Finding]:
    """Kafka refuses a topic that differs from another one in dots and underscores only."""
    first: dict[str, Topic] = {}
    for topic in _distinct(spec):
        first.setdefault(naming.metric_name(topic.name), topic)
    for topic in _distinct(spec):
        for name in (topic.name, f"{topic.name}.dlq"):
            other = first.get(naming.metric_name(name), topic)
            if other is not topic and other.name != name:
                problem = f"the topics `{cut(name)}` and `{cut(other.name)}` collide: Kafka takes `.` for `_`"
                yield Finding(
                    "topic", topic.path, problem, f"write it like the one at `{other.path}`, or choose another name"
                )


def topics_have_one_purpose(spec: SagaSpec) -> Iterator[Finding]:
    """Who reads a topic expects one kind of message there."""
    first: dict[str, Topic] = {}
    for topic in _each(spec):
        other = first.setdefault(topic.name, topic)
        if other.purpose != topic.purpose:
            problem = (
                f"the topic `{cut(topic.name)}` is for {topic.purpose} here, but for {other.purpose} at `{other.path}`"
            )
            yield Finding("topic", topic.path, problem, _other_topic(topic))
        elif topic.name.endswith(".dlq"):
            problem = f"the topic `{cut(topic.name)}` is called like a dead-letter topic"
            yield Finding("topic", topic.path, problem, "choose a name that does not end in `.dlq`")


def partitions_agree(spec: SagaSpec) -> Iterator[Finding]:
    """A topic has one number of partitions."""
    first: dict[str, tuple[str, int]] = {}
    for path, channel in _channels(spec):
        if channel.partitions is None:
            continue
        other, partitions = first.setdefault(channel.topic, (path, channel.partitions))
        if partitions != channel.partitions:
            counts = f"{channel.partitions} partitions here, but {partitions} at `{other}`"
            problem = f"the topic `{cut(channel.topic)}` has {counts}"
            yield Finding("partitions", path, problem, "give it the same number in both places")


def the_partition_key_is_known(spec: SagaSpec) -> Iterator[Finding]:
    """The log is divided by something that every saga has from its start."""
    key = spec.event_store.partition_key
    if not key_fields(key, spec.input):
        problem = f"the partition key `{cut(key)}` is no field of the input"
        yield Finding(
            "partition-key", "event_store.partition_key", problem, "write a field of the input, saga_id or shard"
        )


def _channels(spec: SagaSpec) -> Iterator[tuple[str, Channel]]:
    for name, context in spec.contexts.items():
        if context.commands:
            yield f"contexts.{name}.commands", context.commands
        if context.events:
            yield f"contexts.{name}.events", context.events


def _each(spec: SagaSpec) -> list[Topic]:
    """Each topic where it is named first for each of its purposes."""
    return list({(topic.name, topic.purpose): topic for topic in reversed(list(topics(spec)))}.values())[::-1]


def _distinct(spec: SagaSpec) -> list[Topic]:
    """Each topic where it is named first."""
    first: dict[str, Topic] = {}
    for topic in topics(spec):
        first.setdefault(topic.name, topic)
    return list(first.values())


def _other_topic(topic: Topic) -> str:
    if topic.path.startswith("contexts."):
        return f"name another one: {topic.path.rpartition('.')[2]}: {{topic: another.name}}"
    return "name another one with `topic`"

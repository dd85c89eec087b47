"""Which topics a saga needs, and how many partitions each has."""

from collections.abc import Iterable, Mapping

from ..orchestrator.definitions import Definition

PARTITIONS = 4


def topics_of(definitions: Iterable[Definition]) -> Mapping[str, int]:
    """Every topic of every version. What the orchestrator reads has one partition for each of its shards."""
    topics: dict[str, int] = {}
    for definition in definitions:
        topics[dead_letters(definition.saga)] = 1
        topics[definition.topics.events] = PARTITIONS
        for step in definition.steps:
            told = [step.do.success, *step.do.failures, *([step.undo.success] if step.undo else [])]
            asked = [step.do.topic, *([step.undo.topic] if step.undo else [])]
            topics |= dict.fromkeys([*asked, *(outcome.topic for outcome in told)], PARTITIONS)
        topics |= {definition.topics.replies: definition.shards, definition.topics.starts: definition.shards}
    return topics


def dead_letters(saga: str) -> str:
    """Where records go that could not be used."""
    return f"{saga}.dead-letters"

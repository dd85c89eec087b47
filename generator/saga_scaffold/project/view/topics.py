"""deploy/topics.yaml: every topic that the saga uses on Kafka, those of older versions included."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from saga_scaffold.spec.model import SagaSpec

PARTITIONS = 12


@dataclass(frozen=True)
class _Use:
    """A topic and how it is used; without partitions the spec or the default decides."""

    name: str
    kept: timedelta
    partitions: int | None = None


def topics(spec: SagaSpec, definitions: Iterable[str]) -> dict[str, Any]:
    """The document as plain values; `definitions` is the JSON of every version, newest last."""
    used = {use.name: use for text in definitions for use in _uses(spec, json.loads(text))}
    partitions = _named_partitions(spec)
    return {"topics": [_topic(spec, use, use.partitions or partitions.get(use.name)) for use in used.values()]}


def _uses(spec: SagaSpec, definition: Mapping[str, Any]) -> Iterator[_Use]:
    names, shards, kept = definition["topics"], definition["shards"], spec.topics.retention
    yield _Use(names["starts"], kept.commands, shards)
    yield _Use(names["replies"], kept.commands, shards)
    yield _Use(names["events"], kept.events)
    for step in definition["steps"]:
        for asked in (step["do"], *([step["undo"]] if step["undo"] else [])):
            yield _Use(asked["topic"], kept.commands)
            for outcome in (asked["success"], *asked.get("failures", [])):
                yield _Use(outcome["topic"], kept.events)
    yield _Use(f"{definition['saga']}.dead-letters", kept.dead_letters, 1)


def _named_partitions(spec: SagaSpec) -> dict[str, int]:
    channels = [channel for one in spec.contexts.values() for channel in (one.commands, one.events)]
    return {channel.topic: channel.partitions for channel in channels if channel and channel.partitions}


def _topic(spec: SagaSpec, use: _Use, partitions: int | None) -> dict[str, Any]:
    copies = spec.topics.replication
    config = {
        "cleanup.policy": "delete",
        "min.insync.replicas": max(1, copies - 1),
        "retention.ms": int(use.kept.total_seconds() * 1000),
    }
    return {"name": use.name, "partitions": partitions or PARTITIONS, "replication": copies, "config": config}

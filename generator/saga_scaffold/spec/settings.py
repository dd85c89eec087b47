"""What a saga says beside its steps: contexts, ends, the event store, topics, and the architect's proposals."""

from datetime import timedelta
from typing import Any

from pydantic import Field, model_serializer, model_validator

from saga_scaffold.spec.duration import Duration
from saga_scaffold.spec.value import Model


class Channel(Model):
    """A topic of a context, where the usual one is not wanted."""

    topic: str = Field(description="Topic name, legal in Kafka.", examples=["payment.commands.v1"])
    partitions: int | None = Field(
        None, strict=True, gt=0, le=10_000, description="Number of partitions.", examples=[24]
    )

    @model_validator(mode="before")
    @classmethod
    def _topic_alone(cls, value: Any) -> Any:
        return {"topic": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _short(self, dump: Any) -> Any:
        full = {key: value for key, value in dump(self).items() if value is not None}
        return full["topic"] if full.keys() == {"topic"} else full


class Context(Model):
    """A bounded context: the service that carries out steps."""

    title: str = Field(description="What people call it.", examples=["Inventory Service"])
    commands: Channel | None = Field(
        None, description="Where its commands arrive; default `<context>.commands`.", examples=["payments.commands.v1"]
    )
    events: Channel | None = Field(
        None, description="Where its domain events go; default `<context>.events`.", examples=["payments.events.v1"]
    )


class Terminal(Model):
    """What people call the two regular ends."""

    completed: str = Field("COMPLETED", description="Label of a saga that went through.", examples=["ORDER_FULFILLED"])
    compensated: str = Field("COMPENSATED", description="Label of a saga that was undone.", examples=["ORDER_UNDONE"])


class EventStore(Model):
    """How the log of events is kept."""

    shards: int = Field(
        16,
        strict=True,
        ge=1,
        le=4096,
        description="Number of shards; fixed when the database is created.",
        examples=[16],
    )
    snapshot_every: int = Field(
        8, strict=True, ge=1, le=1_000_000, description="Events of a saga between two snapshots.", examples=[8]
    )
    retention: Duration = Field(timedelta(days=90), description="How long closed sagas are kept.", examples=["90d"])
    partition_key: str = Field("saga_id", description="A field, `saga_id` or `shard`.", examples=["saga_id"])


class TopicRetention(Model):
    """How long messages are kept."""

    commands: Duration = Field(timedelta(days=7), description="Retention of command topics.", examples=["7d"])
    events: Duration = Field(timedelta(days=30), description="Retention of event topics.", examples=["30d"])
    dead_letters: Duration = Field(timedelta(days=30), description="Retention of dead-letter topics.", examples=["30d"])


class Topics(Model):
    """Settings that all topics share."""

    replication: int = Field(3, strict=True, ge=1, le=100, description="Replication factor.", examples=[3])
    retention: TopicRetention = Field(
        TopicRetention(), description="How long topics keep their messages.", examples=[{"commands": "7d"}]
    )


class Proposed(Model):
    """The architect's own words on what the generated runtime decides; shown as proposals, never executed."""

    idempotency: tuple[str, ...] = Field(
        (), description="Proposals on idempotency.", examples=[["Every command carries a key."]]
    )
    retries: tuple[str, ...] = Field((), description="Proposals on retries.", examples=[["Back off exponentially."]])
    ordering: tuple[str, ...] = Field(
        (), description="Proposals on out-of-order delivery.", examples=[["Late replies are ignored and counted."]]
    )
    split_brain: tuple[str, ...] = Field(
        (), description="Proposals on split brain.", examples=[["A shard has one owner at a time."]]
    )
    event_store: tuple[str, ...] = Field(
        (), description="Proposals on the event store.", examples=[["Append only, one stream for each saga."]]
    )

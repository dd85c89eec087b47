"""The records that follow from an event: commands to participants, and a saga's start and end for everybody."""

import json
from collections.abc import Mapping, Sequence

from ..jsons import to_text
from ..messaging.broker import Outbound
from ..messaging.envelope import CommandEnvelope, cloud_event
from .definitions import Definition
from .events import Event, SagaAbandoned, SagaCompensated, SagaCompleted, SagaStarted
from .fsm import react
from .shard import Shard
from .states import Outgoing, SagaState

ENDINGS: Mapping[type[Event], str] = {
    SagaStarted: "started",
    SagaCompleted: "completed",
    SagaCompensated: "compensated",
    SagaAbandoned: "abandoned",
}


def follows(definition: Definition, shard: Shard, state: SagaState, event: Event, at: float) -> list[Outbound]:
    """What is to be sent because of an event, given the state after it."""
    records = [command(definition, shard, state, asked) for asked in react(definition, state, event)]
    lifecycle = ENDINGS.get(type(event))
    return records if lifecycle is None else [*records, announcement(definition, state, lifecycle, at)]


def command(definition: Definition, shard: Shard, state: SagaState, asked: Outgoing) -> Outbound:
    """A command as a record. The answer comes to the partition of the saga's shard."""
    around = CommandEnvelope(
        type=asked.command,
        saga_id=state.id,
        saga=definition.saga,
        def_version=definition.version,
        step=asked.step,
        phase=asked.phase,
        attempt=asked.attempt,
        key=asked.key,
        refusal="retry" if asked.phase == "do" and definition.step(asked.step).kind == "retriable" else "final",
        shard=shard.id,
        epoch=shard.epoch,
        reply_topic=definition.topics.replies,
        reply_partition=shard.id,
        deadline=state.deadline_at,
        subject=subject_of(definition, state),
        stated=None if asked.stated is None else to_text(asked.stated),
    )
    return Outbound(asked.topic, state.id, to_text(asked.body).encode(), around.headers())


def announcement(definition: Definition, state: SagaState, what: str, at: float) -> Outbound:
    """That a saga has started, or how it has ended."""
    subject = subject_of(definition, state)
    headers = cloud_event(f"{definition.saga}.{what}", definition.saga, f"{state.id}:{what}", subject, at)
    body = {"saga_id": state.id, "saga": definition.saga, "version": definition.version, "business_key": subject}
    return Outbound(definition.topics.events, subject, to_text(body).encode(), {**headers, "saga_id": state.id})


def to_stored(records: Sequence[Outbound]) -> str | None:
    """Records as they lie in the event's row."""
    if not records:
        return None
    return to_text(
        [[record.topic, record.partition, record.key, record.headers, record.value.decode()] for record in records]
    )


def from_stored(stored: str) -> list[Outbound]:
    """Records out of an event's row."""
    rows: list[tuple[str, int | None, str, Mapping[str, str], str]] = json.loads(stored)
    return [Outbound(topic, key, value.encode(), headers, partition) for topic, partition, key, headers, value in rows]


def subject_of(definition: Definition, state: SagaState) -> str:
    """The business key, by which events keep their order; the saga's own id where there is none."""
    found = state.data.get(definition.business_key) if definition.business_key else None
    return state.id if found is None else str(found)

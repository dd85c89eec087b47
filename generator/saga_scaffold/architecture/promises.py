"""What the generated runtime does, in the document's words: sections 3, 4 and 5."""

from collections.abc import Iterator

from saga_scaffold.architecture.inline import bold, code
from saga_scaffold.spec.duration import format_duration
from saga_scaffold.spec.graph import in_order
from saga_scaffold.spec.model import Kind, SagaSpec

Section = tuple[str, str, tuple[str, ...]]


def compensation(spec: SagaSpec) -> Iterator[str]:
    """The order of undoing, and what a failure leads to."""
    yield "- A step is undone when all steps behind it are settled: in reverse order, branches beside each other."
    yield "- A step whose answer is in doubt is undone too; its participant answers for what was done."
    for step in reversed(in_order(spec)):
        if step.compensation and step.kind is Kind.COMPENSATABLE:
            yield f"- {code(step.command.name)} is undone by {bold(step.compensation.command.name)}"
    pivot = next((step for step in spec.steps if step.kind is Kind.PIVOT), None)
    if pivot:
        yield f"- {code(pivot.id)} is the point of no return: once it is done, the saga only goes forward"


def event_store(spec: SagaSpec) -> Iterator[str]:
    """Partition key, sequence numbers, snapshots, schema."""
    store, topics = spec.event_store, spec.topics
    yield f"- Partition key: {code(store.partition_key)}"
    yield f"- Shards: {store.shards}, fixed when the store is created"
    yield "- Sequence numbers: `seq` without gaps within a saga, `pos` without gaps within a shard"
    yield f"- Snapshot: every {store.snapshot_every} events, when parked, at the end and on handover"
    yield f"- Retention: {format_duration(store.retention)}"
    yield f"- Topic replication: {topics.replication}"
    kept = topics.retention
    yield f"- Retention of command topics: {format_duration(kept.commands)}"
    yield f"- Retention of event topics: {format_duration(kept.events)}"
    yield f"- Retention of dead letters: {format_duration(kept.dead_letters)}"
    yield "- Schema of `event`: `shard`, `pos`, `saga_id`, `seq`, `type`, `v`, `data`, `out`, `at`, `epoch`"
    yield "- Schema of `saga`: `id`, `type`, `def_version`, `shard`, `seq`, `status`, `label`, `state`, `state_seq`"
    yield "- Schema of `shard`: `id`, `owner`, `epoch`, `lease_until`, `head`, `published`, `in_offsets`"


def policies(spec: SagaSpec) -> tuple[Section, ...]:
    """(heading, field of `Proposed`, bullets) of section 5."""
    return (
        (
            "Idempotency",
            "idempotency",
            (
                "- Every command carries the key `saga_id:step:phase`, the same for every attempt",
                "- One barrier row per saga and step, written in the handler's transaction, keeps command and answer",
                "- The same client key starts the same saga; with another input it is refused",
            ),
        ),
        (
            "Retries",
            "retries",
            (
                "- A failure that may pass is tried again with capped, growing pauses, under the same key",
                "- An undo, and what follows the point of no return, is tried until it succeeds",
            ),
        ),
        (
            "Out-of-order delivery",
            "ordering",
            (
                "- An undo that overtakes its command leaves a tombstone: the command is refused when it comes",
                "- An answer for a settled step, an older phase or a finished saga is ignored and counted",
                "- What cannot be decoded goes to a dead-letter topic with its bytes; no partition ever waits for it",
            ),
        ),
        (
            "Split brain",
            "split_brain",
            (
                "- A shard has one owner by lease; its epoch is the fencing token that every write checks",
                "- An owner that was paused or cut off writes nothing when it wakes",
            ),
        ),
    )

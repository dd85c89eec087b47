"""What a text has stated so far, before anything is assumed. Both readers end in it, `complete` makes a spec of it.

None, or an empty tuple, always means: the text does not say. Texts are kept as written; `complete` makes names safe.
"""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class MessageDraft:
    """A message as the text names it: a class-like name, a wire name, a topic, or only some of these."""

    name: str | None = None
    topic: str | None = None


@dataclass(frozen=True)
class UndoDraft:
    """A compensating action as the text states it, or the statement that there is none."""

    action: str | None = None
    command: MessageDraft | None = None
    success: MessageDraft | None = None
    state: str | None = None
    none_because: str | None = None


@dataclass(frozen=True)
class StepDraft:
    """A forward action as the text states it.

    `action` is a verb phrase ("reserve inventory"); `after` holds indexes into the steps.
    """

    action: str | None = None
    service: str | None = None
    command: MessageDraft | None = None
    success: MessageDraft | None = None
    failures: tuple[MessageDraft, ...] = ()
    undo: UndoDraft | None = None
    kind: str | None = None
    external: bool | None = None
    after: tuple[int, ...] | None = None
    condition: str | None = None
    state: str | None = None
    timeout: timedelta | None = None
    attempts: int | None = None
    unlimited: bool = False
    backoff_first: timedelta | None = None
    backoff_factor: float | None = None
    backoff_cap: timedelta | None = None
    takes: tuple[str, ...] | None = None
    gives: tuple[tuple[str, str], ...] | None = None
    undo_takes: tuple[str, ...] | None = None
    command_channel: str | None = None
    event_channel: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class SagaDraft:
    """A whole saga as the text states it. `proposed` is keyed by the fields of `Proposed`."""

    title: str | None = None
    summary: str | None = None
    steps: tuple[StepDraft, ...] = ()
    input: tuple[tuple[str, str], ...] = ()
    deadline: timedelta | None = None
    completed: str | None = None
    compensated: str | None = None
    shards: int | None = None
    snapshot_every: int | None = None
    retention: timedelta | None = None
    partition_key: str | None = None
    proposed: dict[str, tuple[str, ...]] = field(default_factory=dict)

"""What the orchestrator asks of its database, in batches. `sqlite.py` answers it from a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable

from ..messaging.broker import Record
from ..messaging.dead_letters import KeptLetter


class NewEvent(NamedTuple):
    """An event to append. `data` and `out` are JSON."""

    saga_id: str
    seq: int
    type: str
    v: int
    data: str
    out: str | None
    at: float


class SagaRow(NamedTuple):
    """A saga's summary after a batch. Without `state` the stored one stays."""

    id: str
    type: str
    def_version: int
    shard: int
    seq: int
    status: str
    label: str
    business_key: str | None
    client_key: str | None
    wake_at: float | None
    state: str | None
    state_seq: int
    started_at: float
    closed_at: float | None


class DeadLetter(NamedTuple):
    """An input that could not be used, as it came, and what is wrong with it."""

    record: Record
    saga_id: str | None
    error: str
    at: float


class Action(NamedTuple):
    """What a person asked of a saga, and what came of it."""

    saga_id: str
    verb: str
    step: str | None
    by: str
    why: str
    outcome: str
    at: float


class Done(NamedTuple):
    """An inbox row that was dealt with, and what came of it."""

    id: int
    outcome: str
    at: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one commit changes in one shard. It counts only if nobody else moved the shard since `head`."""

    shard: int
    epoch: int
    head: int
    lease_until: float
    published: int
    in_offsets: Mapping[str, int]
    events: Sequence[NewEvent] = ()
    sagas: Sequence[SagaRow] = ()
    dead_letters: Sequence[DeadLetter] = ()
    actions: Sequence[Action] = ()
    done: Sequence[Done] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """The batch is durable; the shard's last position is `head`."""

    head: int


@dataclass(frozen=True, slots=True)
class Fenced:
    """Somebody else owns the shard, or moved it. Nothing was written: stop, and drop what you hold."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The database refused the batch, and would again. Nothing was written."""

    reason: str


Outcome = Appended | Fenced | Rejected


class StoreUnavailable(Exception):
    """The database does not answer now. Nothing that was asked for has happened, unless it says otherwise."""


class OutcomeUnknown(StoreUnavailable):
    """The commit may have happened or not: take the shard again under a new epoch and reload."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A shard that is ours now. `lapsed` when its last owner did not hand it over."""

    shard: int
    epoch: int
    head: int
    published: int
    in_offsets: Mapping[str, int]
    lapsed: bool


class StoredEvent(NamedTuple):
    """An event as it lies in the store. `data` is JSON."""

    saga_id: str
    seq: int
    type: str
    v: int
    data: str
    at: float


@dataclass(frozen=True, slots=True)
class StoredSaga:
    """A saga's row, and its events after `row.state_seq`."""

    row: SagaRow
    events: Sequence[StoredEvent]


class Request(NamedTuple):
    """A start or a verb left in the inbox by another process. `body` is JSON."""

    id: int
    shard: int
    saga_id: str
    verb: str
    body: str
    by: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which sagas to list, newest first."""

    status: str | None = None
    business_key: str | None = None
    limit: int = 50
    before: float | None = None


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """The structure of a saga as it was when sagas started under it. `body` is JSON."""

    name: str
    version: int
    body: str
    sha: str


@dataclass(frozen=True, slots=True)
class Health:
    """Counts for people: sagas by status, letters not yet resolved, requests not yet read, open sagas by version."""

    sagas: Mapping[str, int] = field(default_factory=dict)
    dead_letters: int = 0
    waiting: int = 0
    versions: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alive:
    """A process that may own shards, and the newest version of the saga it knows."""

    node: str
    version: int


@runtime_checkable
class Membership(Protocol):
    """Who shares the shards of a store that several processes can reach."""

    async def announce(self, alive: Alive, lapse: float) -> Sequence[Alive]:
        """Say that a process is there; returns all that were there in the last `lapse` seconds, by name."""

    async def leave(self, node: str) -> None:
        """Say that a process is there no more."""

    async def owners(self) -> Mapping[int, str]:
        """Who owns which shard right now. A shard whose lease has lapsed is nobody's."""


class Store(Protocol):
    """The event store. Every write of an owner goes through `append`, which checks its epoch."""

    async def now(self) -> float:
        """The database's time, which all owners share."""

    async def create_shards(self, count: int) -> int:
        """Create the shards unless there are some; returns how many there are."""

    async def take(self, shards: Iterable[int], owner: str, lease_seconds: float) -> Sequence[Taken]:
        """Those of the shards that were free, lapsed or ours already, each under a new epoch."""

    async def release(self, shards: Iterable[tuple[int, int]], owner: str) -> None:
        """Hand over (shard, epoch) pairs in good order."""

    async def append(self, batches: Sequence[Batch]) -> Sequence[Outcome]:
        """Each batch entirely or not at all, whatever becomes of the others. Raises OutcomeUnknown."""

    async def open_sagas(self, shard: int) -> Sequence[StoredSaga]:
        """Every saga of the shard that has not ended."""

    async def sagas(self, ids: Iterable[str]) -> Mapping[str, StoredSaga]:
        """Those of the sagas that exist, ended ones too."""

    async def outbox(self, shard: int, after: int) -> Sequence[tuple[int, str]]:
        """(position, records as JSON) of what may not be published yet."""

    async def history(self, saga_id: str) -> Sequence[StoredEvent]:
        """All events of a saga, in order."""

    async def list(self, wanted: Filter) -> Sequence[SagaRow]:
        """Summaries of sagas, newest first."""

    async def health(self) -> Health:
        """Counts for people."""

    async def submit(self, requests: Sequence[Request]) -> Sequence[int]:
        """Leave requests for the owners of their shards; returns their ids."""

    async def waiting(self, shards: Iterable[int], limit: int) -> Sequence[Request]:
        """Requests that nobody has dealt with, oldest first."""

    async def outcome(self, request: int) -> str | None:
        """What came of a request, once it is known."""

    async def definitions(self) -> Sequence[StoredDefinition]:
        """Every structure that sagas were started under."""

    async def record_definitions(self, definitions: Sequence[StoredDefinition]) -> None:
        """Keep structures for good; those that are there already stay as they are."""

    async def finish(self, done: Sequence[Done]) -> None:
        """Say what came of requests that no saga answers."""

    async def closed(self, before: float, limit: int) -> Sequence[str]:
        """The oldest sagas that ended before a time and have nothing left to publish."""

    async def forget(self, ids: Iterable[str]) -> int:
        """Remove those of the sagas that have ended, with all that is known of them; returns how many there were."""

    async def forget_settled(self, before: float) -> None:
        """Remove requests and dead letters that were dealt with before a time."""

    async def letters(self, limit: int) -> Sequence[KeptLetter]:
        """Dead letters that nobody has dealt with, oldest first."""

    async def resolve(self, letters: Iterable[int]) -> None:
        """These letters are dealt with."""

    async def close(self) -> None:
        """Let go of the database."""

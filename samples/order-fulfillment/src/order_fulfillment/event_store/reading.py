"""What is read from the event store, the same on every database."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, Text, func, select, type_coerce

from .models import DeadLetter, Definition, Event, Inbox, Saga
from .store import Filter, Health, Request, SagaRow, StoredDefinition, StoredEvent, StoredSaga

CHUNK = 500
ENDS = {"COMPLETED", "COMPENSATED", "ABANDONED"}


def open_sagas(connection: Connection, shard: int) -> Sequence[StoredSaga]:
    """Every saga of the shard that has not ended, oldest first."""
    ours = _saga_rows().where(Saga.shard == shard, Saga.closed_at.is_(None)).order_by(Saga.started_at)
    return _with_events(connection, [SagaRow(*row) for row in connection.execute(ours)])


def sagas(connection: Connection, ids: Sequence[str]) -> Mapping[str, StoredSaga]:
    """Those of the sagas that exist."""
    rows = [
        SagaRow(*row)
        for start in range(0, len(ids), CHUNK)
        for row in connection.execute(_saga_rows().where(Saga.id.in_(ids[start : start + CHUNK])))
    ]
    return {saga.row.id: saga for saga in _with_events(connection, rows)}


def outbox(connection: Connection, shard: int, after: int) -> Sequence[tuple[int, str]]:
    """(position, records as JSON) from after a position on."""
    rows = (
        select(Event.pos, type_coerce(Event.out, Text))
        .where(Event.shard == shard, Event.pos > after, Event.out.is_not(None))
        .order_by(Event.pos)
    )
    return [(pos, out) for pos, out in connection.execute(rows)]


def history(connection: Connection, saga_id: str) -> Sequence[StoredEvent]:
    """All events of a saga, in order."""
    rows = _events().where(Event.saga_id == saga_id).order_by(Event.seq)
    return [StoredEvent(*row) for row in connection.execute(rows)]


def listed(connection: Connection, wanted: Filter) -> Sequence[SagaRow]:
    """Summaries of sagas, newest first."""
    rows = _saga_rows().order_by(Saga.started_at.desc(), Saga.id).limit(wanted.limit)
    if wanted.status is not None:
        rows = rows.where(Saga.status == wanted.status)
        if wanted.status not in ENDS:  # Those that are open are few, and have an index of their own.
            rows = rows.where(Saga.closed_at.is_(None))
    if wanted.business_key is not None:
        rows = rows.where(Saga.business_key == wanted.business_key)
    if wanted.before is not None:
        rows = rows.where(Saga.started_at < wanted.before)
    return [SagaRow(*row) for row in connection.execute(rows)]


def health(connection: Connection) -> Health:
    """Counts for people."""
    by_status = connection.execute(
        select(Saga.status, func.count()).where(Saga.closed_at.is_(None)).group_by(Saga.status)
    )
    letters = select(func.count()).select_from(DeadLetter).where(DeadLetter.resolved_at.is_(None))
    waiting = select(func.count()).select_from(Inbox).where(Inbox.done_at.is_(None))
    versions = select(Saga.def_version, func.count()).where(Saga.closed_at.is_(None)).group_by(Saga.def_version)
    return Health(
        {row[0]: row[1] for row in by_status},
        connection.execute(letters).scalar_one(),
        connection.execute(waiting).scalar_one(),
        {row[0]: row[1] for row in connection.execute(versions)},
    )


def waiting(connection: Connection, shards: Sequence[int], limit: int) -> Sequence[Request]:
    """Requests that nobody has dealt with, oldest first."""
    rows = (
        select(Inbox.id, Inbox.shard, Inbox.saga_id, Inbox.verb, type_coerce(Inbox.body, Text), Inbox.by)
        .where(Inbox.done_at.is_(None), Inbox.shard.in_(shards))
        .order_by(Inbox.id)
        .limit(limit)
    )
    return [Request(*row) for row in connection.execute(rows)]


def outcome(connection: Connection, request: int) -> str | None:
    """What came of a request, once it is known."""
    return connection.execute(select(Inbox.outcome).where(Inbox.id == request)).scalar_one_or_none()


def definitions(connection: Connection) -> Sequence[StoredDefinition]:
    """Every structure that sagas were started under."""
    rows = select(Definition.name, Definition.version, type_coerce(Definition.body, Text), Definition.sha)
    return [StoredDefinition(*row) for row in connection.execute(rows)]


def _saga_rows() -> Select[Any]:
    columns = (getattr(Saga, name) for name in SagaRow._fields)
    return select(*(type_coerce(column, Text) if column is Saga.state else column for column in columns))


def _events() -> Select[str, int, str, int, str, float]:
    return select(Event.saga_id, Event.seq, Event.type, Event.v, type_coerce(Event.data, Text), Event.at)


def _with_events(connection: Connection, rows: Sequence[SagaRow]) -> Sequence[StoredSaga]:
    found: dict[str, list[StoredEvent]] = {}
    for start in range(0, len(rows), CHUNK):
        ids = [row.id for row in rows[start : start + CHUNK]]
        later = (
            _events()
            .join(Saga, Saga.id == Event.saga_id)
            .where(Event.saga_id.in_(ids), Event.seq > Saga.state_seq)
            .order_by(Event.saga_id, Event.seq)
        )
        for saga_id, events in groupby((StoredEvent(*row) for row in connection.execute(later)), _saga_id):
            found[saga_id] = list(events)
    return [StoredSaga(row, found.get(row.id, [])) for row in rows]


def _saga_id(event: StoredEvent) -> str:
    return event.saga_id

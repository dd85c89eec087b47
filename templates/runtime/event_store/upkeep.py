"""What keeps the event store small and its dead letters few, the same on every database."""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, Text, delete, exists, select, type_coerce, update

from ..messaging.dead_letters import KeptLetter, kept_letter
from .models import DeadLetter, Event, Inbox, OperatorAction, Saga, Shard


def closed(connection: Connection, before: float, limit: int) -> Sequence[str]:
    """The oldest sagas that ended before a time and have nothing left to publish."""
    published = exists().where(
        Event.saga_id == Saga.id, Event.seq == Saga.seq, Shard.id == Event.shard, Event.pos <= Shard.published
    )
    # Whoever ended before that time began before it too, and the beginning has an index.
    old = (
        select(Saga.id)
        .where(Saga.closed_at.is_not(None), Saga.closed_at < before, Saga.started_at < before, published)
        .order_by(Saga.started_at, Saga.id)
        .limit(limit)
    )
    return list(connection.execute(old).scalars())


def forget(connection: Connection, ids: Sequence[str]) -> int:
    """Remove those of the sagas that have ended, with all that is known of them; returns how many there were."""
    gone = delete(Saga).where(Saga.id.in_(ids), Saga.closed_at.is_not(None)).returning(Saga.id)
    ended = list(connection.execute(gone).scalars())
    connection.execute(delete(Event).where(Event.saga_id.in_(ended)))
    connection.execute(delete(OperatorAction).where(OperatorAction.saga_id.in_(ended)))
    return len(ended)


def forget_settled(connection: Connection, before: float) -> None:
    """Remove requests and dead letters that were dealt with before a time."""
    connection.execute(delete(Inbox).where(Inbox.done_at < before))
    connection.execute(delete(DeadLetter).where(DeadLetter.resolved_at < before))


def letters(connection: Connection, limit: int) -> Sequence[KeptLetter]:
    """Dead letters that nobody has dealt with, oldest first."""
    rows = (
        select(
            DeadLetter.id,
            DeadLetter.saga_id,
            DeadLetter.topic,
            DeadLetter.part,
            DeadLetter.off,
            DeadLetter.key,
            type_coerce(DeadLetter.headers, Text),
            DeadLetter.body,
            DeadLetter.error,
            DeadLetter.at,
        )
        .where(DeadLetter.resolved_at.is_(None))
        .order_by(DeadLetter.id)
        .limit(limit)
    )
    return [kept_letter(tuple(row)) for row in connection.execute(rows)]


def resolve(connection: Connection, ids: Sequence[int]) -> None:
    """These letters are dealt with."""
    connection.execute(update(DeadLetter).where(DeadLetter.id.in_(ids)).values(resolved_at=time.time()))

"""The tables of the event store. Times are seconds since 1970; JSON columns hold text on SQLite."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Float, Index, Integer, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Serial = BigInteger().with_variant(Integer, "sqlite")


class Table(DeclarativeBase):
    """Common ground of the tables below."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {str: Text, float: Float(53), int: BigInteger, dict[str, Any]: JSON, list[Any]: JSON}


class Shard(Table):
    """Who owns a shard, under which epoch, and how far it has come. Every append goes through this row."""

    __tablename__ = "shard"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    owner: Mapped[str | None]
    epoch: Mapped[int]
    lease_until: Mapped[float]
    head: Mapped[int]
    published: Mapped[int]
    in_offsets: Mapped[dict[str, Any]]


class Node(Table):
    """A process that owns shards, or could."""

    __tablename__ = "node"

    id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[float]
    version: Mapped[str]
    definitions: Mapped[list[Any]]


class Event(Table):
    """What happened to a saga. `out` holds the records that follow from it: the outbox."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("shard", "pos"),)

    saga_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    shard: Mapped[int] = mapped_column(Integer)
    pos: Mapped[int]
    type: Mapped[str]
    v: Mapped[int] = mapped_column(Integer)
    data: Mapped[dict[str, Any]]
    out: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[float]
    epoch: Mapped[int]


class Saga(Table):
    """A saga in one row: where it stands, and its state as of event `state_seq`."""

    __tablename__ = "saga"
    __table_args__ = (
        Index(
            "ix_saga_open", "shard", sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")
        ),
        Index("ix_saga_started_at", "started_at"),
        Index("ix_saga_business_key", "business_key"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    def_version: Mapped[int] = mapped_column(Integer)
    shard: Mapped[int] = mapped_column(Integer)
    seq: Mapped[int] = mapped_column(Integer)
    status: Mapped[str]
    label: Mapped[str]
    business_key: Mapped[str | None]
    client_key: Mapped[str | None]
    wake_at: Mapped[float | None]
    state: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state_seq: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[float]
    closed_at: Mapped[float | None]


class Inbox(Table):
    """A start or a verb that another process left for the one that owns the shard."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_waiting", "id", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    shard: Mapped[int] = mapped_column(Integer)
    saga_id: Mapped[str]
    verb: Mapped[str]
    body: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[float]
    outcome: Mapped[str | None]
    done_at: Mapped[float | None]


class DeadLetter(Table):
    """An input that could not be used, with its original bytes."""

    __tablename__ = "dead_letter"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    shard: Mapped[int | None] = mapped_column(Integer)
    saga_id: Mapped[str | None]
    topic: Mapped[str]
    part: Mapped[int] = mapped_column(Integer)
    off: Mapped[int]
    key: Mapped[str | None]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    error: Mapped[str]
    at: Mapped[float]
    resolved_at: Mapped[float | None]


class OperatorAction(Table):
    """Who did what to a saga, when and why."""

    __tablename__ = "operator_action"
    __table_args__ = (Index("ix_operator_action_saga_id", "saga_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    saga_id: Mapped[str]
    verb: Mapped[str]
    step: Mapped[str | None]
    by: Mapped[str]
    why: Mapped[str]
    outcome: Mapped[str]
    at: Mapped[float]


class Definition(Table):
    """The structure under which sagas were started; a saga stays with its own."""

    __tablename__ = "definition"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    sha: Mapped[str]

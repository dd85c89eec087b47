"""The tables that stand beside a participant's own: the barrier, and letters that could not be read."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Float, Integer, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """Common ground of the tables below."""

    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"})
    type_annotation_map = {str: Text, float: Float(53), int: BigInteger, dict[str, Any]: JSON}


class Barrier(Table):
    """One step of one saga, as its participant saw it: the command, and the answers that were given."""

    __tablename__ = "barrier"

    saga_id: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    command: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result_type: Mapped[str | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    undone_type: Mapped[str | None]
    undone: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    run: Mapped[int] = mapped_column(Integer)
    at: Mapped[float]


class DeadLetter(Table):
    """A command that could not be used, with its original bytes."""

    __tablename__ = "dead_letter"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
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

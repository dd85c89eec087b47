"""The tables of the event store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SECONDS = sa.Float(53)


def upgrade() -> None:
    _ownership()
    _sagas()
    _people()
    op.execute("""
        CREATE VIEW outbox AS
        SELECT event.shard, event.pos, event.saga_id, event.seq, event.out, event.at
        FROM event JOIN shard ON shard.id = event.shard
        WHERE event.pos > shard.published AND event.out IS NOT NULL
        """)


def _ownership() -> None:
    op.create_table(
        "shard",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("lease_until", SECONDS, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("published", sa.BigInteger, nullable=False),
        sa.Column("in_offsets", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shard"),
    )
    op.create_table(
        "node",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("seen_at", SECONDS, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("definitions", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_node"),
    )
    op.create_table(
        "definition",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("sha", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_definition"),
    )


def _sagas() -> None:
    op.create_table(
        "event",
        sa.Column("saga_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("pos", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("v", sa.Integer, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("out", sa.JSON),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("saga_id", "seq", name="pk_event"),
        sa.UniqueConstraint("shard", "pos", name="uq_event_shard_pos"),
    )
    op.create_table(
        "saga",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("def_version", sa.Integer, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("business_key", sa.Text),
        sa.Column("client_key", sa.Text),
        sa.Column("wake_at", SECONDS),
        sa.Column("state", sa.JSON),
        sa.Column("state_seq", sa.Integer, nullable=False),
        sa.Column("started_at", SECONDS, nullable=False),
        sa.Column("closed_at", SECONDS),
        sa.PrimaryKeyConstraint("id", name="pk_saga"),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index("ix_saga_open", "saga", ["shard"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_index("ix_saga_started_at", "saga", ["started_at"])
    op.create_index("ix_saga_business_key", "saga", ["business_key"])


def _people() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("saga_id", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("done_at", SECONDS),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_inbox_waiting", "inbox", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "dead_letter",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("shard", sa.Integer),
        sa.Column("saga_id", sa.Text),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("off", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("resolved_at", SECONDS),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
    )
    op.create_table(
        "operator_action",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("saga_id", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("step", sa.Text),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operator_action"),
    )
    op.create_index("ix_operator_action_saga_id", "operator_action", ["saga_id"])

"""The barrier, and the letters that could not be read."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "barrier",
        sa.Column("saga_id", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("command", sa.JSON),
        sa.Column("result_type", sa.Text),
        sa.Column("result", sa.JSON),
        sa.Column("undone_type", sa.Text),
        sa.Column("undone", sa.JSON),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("saga_id", "step", name="pk_barrier"),
    )
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("saga_id", sa.Text),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("off", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("resolved_at", sa.Float(53)),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
    )

"""What could not be delivered, limits of platforms, and messages that may have been shown."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    first: sa.Column[int] = sa.Column(
        "first_due_at", sa.BigInteger(), nullable=False, server_default=sa.text("0")
    )
    doubtful: sa.Column[bool] = sa.Column(
        "doubtful", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("outbox", first)
    op.add_column("outbox", doubtful)
    op.execute("UPDATE outbox SET first_due_at = due_at")
    op.execute("UPDATE outbox SET doubtful = (1 = 1) WHERE state = 'leased'")
    op.create_table(
        "limits",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "bucket", name=op.f("pk_limits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "undelivered",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("mended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "member", "about", name=op.f("pk_undelivered")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_undelivered_workspace_about"), "undelivered", ["workspace", "about"])


def downgrade() -> None:
    op.drop_table("undelivered")
    op.drop_table("limits")
    with op.batch_alter_table("outbox") as table:
        table.drop_column("doubtful")
        table.drop_column("first_due_at")

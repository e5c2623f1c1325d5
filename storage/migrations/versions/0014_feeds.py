"""Calendars that members subscribe to."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("partnership", sa.Text(), nullable=True),
        sa.Column("at", storage.types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_feeds"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feeds_workspace_member", "feeds", ["workspace", "member"])


def downgrade() -> None:
    op.drop_table("feeds")

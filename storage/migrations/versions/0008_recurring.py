"""The reminders that partnerships set up for themselves."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = ("partnership", "plan", "member", "text", "rule")
    op.create_table(
        "recurring_reminders",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_recurring_reminders"),
    )
    name = "ix_recurring_reminders_workspace_partnership"
    op.create_index(name, "recurring_reminders", ["workspace", "partnership"])


def downgrade() -> None:
    op.drop_table("recurring_reminders")

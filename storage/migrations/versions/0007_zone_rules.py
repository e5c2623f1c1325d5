"""By which rules of time zones a workspace's reminders were planned."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zone_rules",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_zone_rules")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("zone_rules")

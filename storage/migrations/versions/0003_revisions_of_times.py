"""Timetables and the school calendar are saved by compare-and-set on a revision."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("calendars", "timetables")


def upgrade() -> None:
    for table in TABLES:
        counted: sa.Column[int] = sa.Column(
            "revision", sa.Integer(), nullable=False, server_default=sa.text("1")
        )
        op.add_column(table, counted)


def downgrade() -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_column("revision")

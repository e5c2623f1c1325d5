"""The addresses that timetables came from, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    source = sa.Column("source", sa.Text(), nullable=False, server_default=sa.text("''"))
    op.add_column("timetables", source)


def downgrade() -> None:
    op.drop_column("timetables", "source")

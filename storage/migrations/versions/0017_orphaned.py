"""How often in a row a notice was left behind by a process that ended."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    orphaned = sa.Column("orphaned", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("outbox", orphaned)


def downgrade() -> None:
    op.drop_column("outbox", "orphaned")

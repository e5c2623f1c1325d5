"""A partnership may want no digest at all in a week without news."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    silent: sa.Column[bool] = sa.Column(
        "digest_silent", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("partnerships", silent)


def downgrade() -> None:
    with op.batch_alter_table("partnerships") as table:
        table.drop_column("digest_silent")

"""Whether a partnership chose when its digest comes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    chosen: sa.Column[bool] = sa.Column(
        "digest_chosen", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("partnerships", chosen)


def downgrade() -> None:
    with op.batch_alter_table("partnerships") as table:
        table.drop_column("digest_chosen")

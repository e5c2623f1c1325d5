"""When chores were last done for the whole database."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upkeep",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("chore", sa.Text(), nullable=False),
        sa.Column("at", storage.types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "chore", name="pk_upkeep"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("upkeep")

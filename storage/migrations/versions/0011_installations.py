"""Where Coplan is installed, for platforms that many workspaces share."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", storage.types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_installations"),
    )
    op.create_table(
        "org_workspaces",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_org_workspaces"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("org_workspaces")
    op.drop_table("installations")

"""Stand-ins of absences and what was told on return; reminders put off until later."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("absences", sa.Column("stand_in", sa.Text(), nullable=True))
    passes: sa.Column[bool] = sa.Column(
        "passes", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    told: sa.Column[str] = sa.Column(
        "told", sa.Text(), nullable=False, server_default=sa.text("''")
    )
    op.add_column("absences", passes)
    op.add_column("absences", told)
    op.create_index("ix_absences_workspace_stand_in", "absences", ["workspace", "stand_in"])
    op.create_table(
        "snoozes",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "member", "thing", name="pk_snoozes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_snoozes_workspace_plan", "snoozes", ["workspace", "plan"])


def downgrade() -> None:
    op.drop_table("snoozes")
    op.drop_index("ix_absences_workspace_stand_in", "absences")
    for column in ("told", "passes", "stand_in"):
        op.drop_column("absences", column)

"""One member on several platforms, and one plan in several places."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "platform", "user", name=op.f("pk_identities")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_identities_workspace_member"), "identities", ["workspace", "member"])
    op.create_index(op.f("ix_identities_platform_user"), "identities", ["platform", "user"])
    op.create_table(
        "link_codes",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("until", storage.types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "hash", name=op.f("pk_link_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_link_codes_hash"), "link_codes", ["hash"])
    op.create_table(
        "plan_links",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "plan", "platform", name=op.f("pk_plan_links")),
        sa.ForeignKeyConstraint(
            ["workspace", "plan"],
            ["plans.workspace", "plans.id"],
            name=op.f("fk_plan_links_workspace_plan_plans"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_plan_links_workspace_platform_channel_thread"),
        "plan_links",
        ["workspace", "platform", "channel", "thread"],
    )
    op.create_index(
        op.f("ix_plan_links_platform_channel_thread"),
        "plan_links",
        ["platform", "channel", "thread"],
    )
    op.add_column(
        "outbox",
        sa.Column("on_platform", sa.Text(), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("on_platform")
    op.drop_table("plan_links")
    op.drop_table("link_codes")
    op.drop_table("identities")

"""In which workspaces a person is a member: asked where a platform does not say which is meant."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_members_platform_user"), "members", ["platform", "user"])


def downgrade() -> None:
    op.drop_index(op.f("ix_members_platform_user"), "members")

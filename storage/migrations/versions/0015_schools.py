"""Several schools in a workspace: a calendar for each; the one that stood is the first one's."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    school = sa.Column("school", sa.Text(), nullable=False, server_default=sa.text("''"))
    with op.batch_alter_table("calendars", recreate="auto") as calendars:
        calendars.add_column(school)
        calendars.drop_constraint("pk_calendars", type_="primary")
        calendars.create_primary_key("pk_calendars", ["workspace", "school"])


def downgrade() -> None:
    op.execute("DELETE FROM calendars WHERE school <> ''")
    with op.batch_alter_table("calendars", recreate="auto") as calendars:
        calendars.drop_constraint("pk_calendars", type_="primary")
        calendars.drop_column("school")
        calendars.create_primary_key("pk_calendars", ["workspace"])

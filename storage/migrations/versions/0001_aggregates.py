"""The tables of the aggregates, and the fence around the contribution log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC = storage.types.Utc


def upgrade() -> None:
    _members()
    _plans()
    _what_plans_have()
    _partnerships()
    _contributions()
    _times()
    _reminders()
    _deliveries()
    _fence()


def downgrade() -> None:
    raise NotImplementedError("a database goes forward only; restore a backup instead")


def _members() -> None:
    _create(
        "members",
        _text("id"),
        _text("platform"),
        _text("user"),
        _text("name"),
        _text("zone"),
        _column("zone_assumed", sa.Boolean),
        _column("reachable", sa.Boolean),
        _text("preferences"),
        sa.UniqueConstraint(
            "workspace", "platform", "user", name="uq_members_workspace_platform_user"
        ),
        key=("id",),
    )
    _create(
        "drafts",
        _text("member"),
        _text("kind"),
        _column("content", sa.LargeBinary),
        _column("at", UTC),
        key=("member", "kind"),
    )
    _create("own_templates", _text("key"), _text("body"), key=("key",))


def _plans() -> None:
    _create("plan_templates", _text("hash"), _text("body"), key=("hash",))
    _create(
        "plans",
        _text("id"),
        _text("partnership"),
        _text("title"),
        _text("state"),
        _column("started_at", UTC),
        _column("revision", sa.Integer),
        _column("entries", sa.Integer),
        _text("template"),
        _column("layout", sa.Integer),
        _text("body"),
        sa.ForeignKeyConstraint(
            ["workspace", "template"],
            ["plan_templates.workspace", "plan_templates.hash"],
            name="fk_plans_workspace_template_plan_templates",
        ),
        key=("id",),
    )
    _index("plans", "partnership")


def _what_plans_have() -> None:
    _create(
        "plan_partners",
        _text("plan"),
        _text("member"),
        _column("active", sa.Boolean),
        _of_plan("plan_partners"),
        key=("plan", "member"),
        narrow=True,
    )
    _index("plan_partners", "member")
    _create(
        "plan_threads",
        _text("plan"),
        _text("platform"),
        _text("kind"),
        _text("channel"),
        _text("thread"),
        _text("message"),
        _of_plan("plan_threads"),
        key=("plan",),
        narrow=True,
    )
    _index("plan_threads", "platform", "channel", "thread")
    _create(
        "files",
        _text("plan"),
        _text("id"),
        _text("name"),
        _column("content", sa.LargeBinary),
        _column("at", UTC),
        _of_plan("files"),
        key=("plan", "id"),
    )


def _partnerships() -> None:
    _create(
        "partnerships",
        _text("id"),
        _text("platform"),
        _text("kind"),
        _text("channel"),
        _text("thread"),
        _column("digest_weekday", sa.Integer),
        _text("digest_at"),
        _text("digest_zone"),
        key=("id",),
    )
    _index("partnerships", "platform", "channel")
    _create(
        "partnership_members",
        _text("partnership"),
        _text("member"),
        _column("position", sa.Integer),
        sa.ForeignKeyConstraint(
            ["workspace", "partnership"],
            ["partnerships.workspace", "partnerships.id"],
            name="fk_partnership_members_workspace_partnership_partnerships",
        ),
        key=("partnership", "member"),
        narrow=True,
    )
    _index("partnership_members", "member")


def _contributions() -> None:
    _create(
        "contributions",
        _text("plan"),
        _column("number", sa.Integer),
        _text("kind"),
        _text("member"),
        _column("at", UTC),
        _text("step"),
        _text("field"),
        _text("before"),
        _text("after"),
        _column("about", sa.Text, nullable=True),
        _column("item", sa.Text, nullable=True),
        _column("entry", sa.Integer, nullable=True),
        _text("platform"),
        _text("place"),
        _text("message"),
        _text("zone"),
        _text("detail"),
        _of_plan("contributions"),
        key=("plan", "number"),
        narrow=True,
    )


def _times() -> None:
    _create("calendars", _text("body"), key=())
    _create("timetables", _text("member"), _text("kind"), _text("body"), key=("member",))
    _create(
        "absences",
        _text("member"),
        _column("first", sa.Date),
        _column("last", sa.Date),
        key=("member", "first", "last"),
        narrow=True,
    )


def _reminders() -> None:
    _create(
        "reminders",
        _text("id"),
        _text("kind"),
        _text("subject"),
        _column("due_at", UTC, nullable=True),
        _text("occurrence"),
        sa.UniqueConstraint(
            "workspace", "kind", "subject", name="uq_reminders_workspace_kind_subject"
        ),
        key=("id",),
    )
    _partial_index("reminders", "due_at", "due_at IS NOT NULL")
    _create(
        "nudges",
        _text("member"),
        _text("thing"),
        _column("count", sa.Integer),
        _column("last_at", UTC),
        key=("member", "thing"),
        narrow=True,
    )


def _deliveries() -> None:
    _create(
        "outbox",
        _text("key"),
        _text("kind"),
        _column("plan", sa.Text, nullable=True),
        _column("member", sa.Text, nullable=True),
        _column("partnership", sa.Text, nullable=True),
        _column("entry", sa.Integer, nullable=True),
        _column("due_at", UTC),
        _text("state"),
        _column("attempts", sa.Integer),
        _column("epoch", sa.Integer),
        _column("wanted", sa.Integer),
        _column("lease_until", UTC, nullable=True),
        _column("sent_as", sa.Text, nullable=True),
        _text("reason"),
        key=("key",),
        narrow=True,
    )
    _partial_index("outbox", "due_at", "state = 'pending'")
    _partial_index("outbox", "lease_until", "state = 'leased'")
    _create("inbox", _text("key"), _column("at", UTC), key=("key",), narrow=True)


def _fence() -> None:
    """Refuse to change or delete what is in the contribution log, whoever asks.

    The code never does; this stops a slip, a console and a later migration. It costs an INSERT
    nothing. Erasing a member's data will need a way through: a migration that replaces these
    triggers by ones that let pass the rows of members in a table of erasures, written in the same
    transaction (``WHEN NOT EXISTS (SELECT 1 FROM erasures …)``). A migration that lets alembic
    copy the table (batch mode) loses SQLite's triggers and must make them again; a test looks.
    """
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER contributions_no_{verb.lower()} BEFORE {verb} ON contributions "
                "BEGIN SELECT RAISE(ABORT, 'contributions are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION contributions_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'contributions are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER contributions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON contributions EXECUTE FUNCTION contributions_append_only()"
    )


def _create(
    name: str,
    *parts: sa.Column[Any] | sa.ForeignKeyConstraint | sa.UniqueConstraint,
    key: tuple[str, ...],
    narrow: bool = False,
) -> None:
    """Create a table whose key begins with the workspace; a narrow one lies in its key (SQLite)."""
    primary = sa.PrimaryKeyConstraint("workspace", *key, name=f"pk_{name}")
    op.create_table(name, _text("workspace"), *parts, primary, sqlite_with_rowid=not narrow)


def _column(
    name: str, kind: type[sa.types.TypeEngine[Any]], *, nullable: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _of_plan(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_workspace_plan_plans"
    return sa.ForeignKeyConstraint(
        ["workspace", "plan"], ["plans.workspace", "plans.id"], name=name
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_workspace_{'_'.join(columns)}", table, ["workspace", *columns])


def _partial_index(table: str, column: str, where: str) -> None:
    name, only = f"ix_{table}_{column}", sa.text(where)
    op.create_index(name, table, [column], sqlite_where=only, postgresql_where=only)

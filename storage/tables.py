"""The tables: SQLAlchemy Core, the workspace first in every key.

``workspace`` is the first column of every primary key, unique key, foreign key and index, so that
no question can be answered across workspaces by accident, and one workspace's rows lie together.
The only exceptions are the indexes by which the runtime finds what is due anywhere.

Rows point (by foreign key) to the aggregate they are a part of. Aggregates name each other by id
alone: they are saved in any order, and each is loaded on its own.
"""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeEngine

from storage.types import NAMING, Utc

metadata: Final = MetaData(naming_convention=NAMING)


def _key(name: str, kind: type[TypeEngine[Any]] = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _maybe(name: str) -> Column[str]:
    return Column(name, Text, nullable=True)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _at(name: str) -> Column[Any]:
    return Column(name, Utc, nullable=False)


def _revision() -> Column[int]:
    """Return the count of saves, of a row that stood before there was a count: 1."""
    return Column("revision", Integer, nullable=False, server_default=text("1"))


def _of_plan() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace", "plan"], ["plans.workspace", "plans.id"])


def _table(name: str, *parts: Column[Any] | ForeignKeyConstraint | UniqueConstraint) -> Table:
    return Table(name, metadata, _key("workspace"), *parts)


def _narrow(name: str, *parts: Column[Any] | ForeignKeyConstraint) -> Table:
    """Return a table whose rows lie in its primary key: one tree to write instead of two.

    For short rows, and rows that are read by a leading part of the key; on SQLite only.
    """
    return Table(name, metadata, _key("workspace"), *parts, sqlite_with_rowid=False)


def _only(index: str, *columns: Column[Any], where: str) -> None:
    Index(index, *columns, sqlite_where=text(where), postgresql_where=text(where))


# Members ----------------------------------------------------------------------------------------

members: Final = _table(
    "members",
    _key("id"),
    _text("platform"),
    _text("user"),
    _text("name"),
    _text("zone"),
    _flag("zone_assumed"),
    _flag("reachable"),
    _text("preferences"),
    UniqueConstraint("workspace", "platform", "user"),
)

# Planning ---------------------------------------------------------------------------------------

# Content-addressed and never changed: plans that began with the same template share one row.
plan_templates: Final = _table("plan_templates", _key("hash"), _text("body"))

# The body is one document (storage/mapping/plans.py); what queries ask for has columns.
plans: Final = _table(
    "plans",
    _key("id"),
    _text("partnership"),
    _text("title"),
    _text("state"),
    _at("started_at"),
    _number("revision"),
    _number("entries"),
    _text("template"),
    _number("layout"),
    _text("body"),
    ForeignKeyConstraint(
        ["workspace", "template"], ["plan_templates.workspace", "plan_templates.hash"]
    ),
)
Index(None, plans.c.workspace, plans.c.partnership)

plan_partners: Final = _narrow(
    "plan_partners", _key("plan"), _key("member"), _flag("active"), _of_plan()
)
Index(None, plan_partners.c.workspace, plan_partners.c.member)

plan_threads: Final = _narrow(
    "plan_threads",
    _key("plan"),
    _text("platform"),
    _text("kind"),
    _text("channel"),
    _text("thread"),
    _text("message"),
    _of_plan(),
)
Index(
    None,
    plan_threads.c.workspace,
    plan_threads.c.platform,
    plan_threads.c.channel,
    plan_threads.c.thread,
)

partnerships: Final = _table(
    "partnerships",
    _key("id"),
    _text("platform"),
    _text("kind"),
    _text("channel"),
    _text("thread"),
    _number("digest_weekday"),
    _text("digest_at"),
    _text("digest_zone"),
    Column("digest_chosen", Boolean, nullable=False, server_default=false()),
    Column("digest_silent", Boolean, nullable=False, server_default=false()),
)
Index(None, partnerships.c.workspace, partnerships.c.platform, partnerships.c.channel)

partnership_members: Final = _narrow(
    "partnership_members",
    _key("partnership"),
    _key("member"),
    _number("position"),
    ForeignKeyConstraint(
        ["workspace", "partnership"], ["partnerships.workspace", "partnerships.id"]
    ),
)
Index(None, partnership_members.c.workspace, partnership_members.c.member)

own_templates: Final = _table("own_templates", _key("key"), _text("body"))
drafts: Final = _table(
    "drafts",
    _key("member"),
    _key("kind"),
    Column("content", LargeBinary, nullable=False),
    _at("at"),
)
files: Final = _table(
    "files",
    _key("plan"),
    _key("id"),
    _text("name"),
    Column("content", LargeBinary, nullable=False),
    _at("at"),
    _of_plan(),
)

# Contributions ----------------------------------------------------------------------------------

# Append-only: triggers refuse UPDATE and DELETE (the first migration). A plan's entries lie
# together, so its history, or a field's, is one walk over at most some hundred neighbours: an
# index by step and field would make every act dearer to save less than a millisecond there.
contributions: Final = _narrow(
    "contributions",
    _key("plan"),
    _key("number", Integer),
    _text("kind"),
    _text("member"),
    _at("at"),
    _text("step"),
    _text("field"),
    _text("before"),
    _text("after"),
    _maybe("about"),
    _maybe("item"),
    Column("entry", Integer, nullable=True),
    _text("platform"),
    _text("place"),
    _text("message"),
    _text("zone"),
    _text("detail"),
    _of_plan(),
)

# Timetable --------------------------------------------------------------------------------------

calendars: Final = _table("calendars", _text("body"), _revision())
# What each change of the calendar replaced, so that it can be taken back.
calendar_changes: Final = _table(
    "calendar_changes", _key("id"), _text("member"), _at("at"), _text("body"), _flag("undone")
)
# One row a member, a timetable or weekly hours (``kind``): the one replaces the other.
timetables: Final = _table("timetables", _key("member"), _text("kind"), _text("body"), _revision())
# ``told`` names the occurrence of the message that told the member what had happened meanwhile.
absences: Final = _narrow(
    "absences",
    _key("member"),
    _key("first", Date),
    _key("last", Date),
    _maybe("stand_in"),
    Column("passes", Boolean, nullable=False, server_default=false()),
    Column("told", Text, nullable=False, server_default=text("''")),
)
Index(None, absences.c.workspace, absences.c.stand_in)

# Reminders --------------------------------------------------------------------------------------

reminders: Final = _table(
    "reminders",
    _key("id"),
    _text("kind"),
    _text("subject"),
    Column("due_at", Utc, nullable=True),
    _text("occurrence"),
    UniqueConstraint("workspace", "kind", "subject"),
)
_only("ix_reminders_due_at", reminders.c.due_at, where="due_at IS NOT NULL")

# By which rules of time zones a workspace's reminders were planned (bot/runtime/zone_rules.py).
zone_rules: Final = _narrow("zone_rules", _text("rules"))

# A partnership's own; ``rule`` is one line (bot/domain/reminders/recurrence_code.py).
recurring_reminders: Final = _table(
    "recurring_reminders",
    _key("id"),
    _text("partnership"),
    _text("plan"),
    _text("member"),
    _text("text"),
    _text("rule"),
    _at("created_at"),
    _text("state"),
    _number("revision"),
)
Index(None, recurring_reminders.c.workspace, recurring_reminders.c.partnership)

nudges: Final = _narrow("nudges", _key("member"), _key("thing"), _number("count"), _at("last_at"))

# ``until`` is empty for what waits until another partner acts in the step (or plan) named.
snoozes: Final = _narrow(
    "snoozes",
    _key("member"),
    _key("thing"),
    _text("plan"),
    _text("step"),
    Column("until", Utc, nullable=True),
)
Index(None, snoozes.c.workspace, snoozes.c.plan)

# ``epoch`` names a lease and only grows. ``wanted`` counts the puts. ``sent_as`` is the message it
# became, ``reason`` why it was not (yet) sent; ``doubtful``: it may have been shown unnoticed.
outbox: Final = _narrow(
    "outbox",
    _key("key"),
    _text("kind"),
    _maybe("plan"),
    _maybe("member"),
    _maybe("partnership"),
    Column("entry", Integer, nullable=True),
    _at("due_at"),
    _text("state"),
    _number("attempts"),
    _number("epoch"),
    _number("wanted"),
    Column("lease_until", Utc, nullable=True),
    _maybe("sent_as"),
    _text("reason"),
    Column("first_due_at", Utc, nullable=False, server_default=text("0")),
    Column("doubtful", Boolean, nullable=False, server_default=false()),
)
_only("ix_outbox_due_at", outbox.c.due_at, where="state = 'pending'")
_only("ix_outbox_lease_until", outbox.c.lease_until, where="state = 'leased'")

# Where a platform takes nothing more until an instant: a channel, a person, or all of it.
limits: Final = _narrow("limits", _key("bucket"), _at("until"))

# What was given up, for each person it concerns (bot/domain/reminders/undelivered.py).
undelivered: Final = _narrow(
    "undelivered",
    _key("member"),
    _key("about"),
    _text("kind"),
    _text("cause"),
    _at("at"),
    _number("count"),
    _flag("told"),
    _flag("mended"),
)
Index(None, undelivered.c.workspace, undelivered.c.about)

inbox: Final = _narrow("inbox", _key("key"), _at("at"))

# Upkeep -----------------------------------------------------------------------------------------

# When a chore was last done for the whole database: of the workspace without a name.
upkeep: Final = _narrow("upkeep", _key("chore"), _at("at"))

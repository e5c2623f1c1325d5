"""The tables: SQLAlchemy Core, the workspace first in every key.

``workspace`` is the first column of every primary key, unique key, foreign key and index, so that
no question can be answered across workspaces by accident, and one workspace's rows lie together.
The only exceptions are the indexes by which the runtime finds what is due anywhere, and whose a
person is.

Rows point (by foreign key) to the aggregate they are a part of. Aggregates name each other by id
alone: they are saved in any order, and each is loaded on its own.
"""

from typing import Final

from sqlalchemy import (
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)

from storage import columns
from storage.types import Utc

metadata: Final = columns.metadata
"""Knows every table: for migrations, and for tests."""

# Members ----------------------------------------------------------------------------------------

members: Final = columns.table(
    "members",
    columns.key("id"),
    columns.text("platform"),
    columns.text("user"),
    columns.text("name"),
    columns.text("zone"),
    columns.flag("zone_assumed"),
    columns.flag("reachable"),
    columns.text("preferences"),
    UniqueConstraint("workspace", "platform", "user"),
)
# By person alone: the runtime asks in which workspaces somebody is a member.
Index(None, members.c.platform, members.c.user)

# Who the same member is on other platforms, or elsewhere on the same.
identities: Final = columns.narrow(
    "identities",
    columns.key("platform"),
    columns.key("user"),
    columns.text("member"),
)
Index(None, identities.c.workspace, identities.c.member)
Index(None, identities.c.platform, identities.c.user)

# One-time codes that let somebody be the same member on another platform, by their hashes.
link_codes: Final = columns.narrow(
    "link_codes",
    columns.key("hash"),
    columns.text("member"),
    columns.text("plan"),
    columns.at("until"),
)
Index(None, link_codes.c.hash)

# Planning ---------------------------------------------------------------------------------------

# Content-addressed and never changed: plans that began with the same template share one row.
plan_templates: Final = columns.table("plan_templates", columns.key("hash"), columns.text("body"))

# The body is one document (storage/mapping/plans.py); what queries ask for has columns.
plans: Final = columns.table(
    "plans",
    columns.key("id"),
    columns.text("partnership"),
    columns.text("title"),
    columns.text("state"),
    columns.at("started_at"),
    columns.number("revision"),
    columns.number("entries"),
    columns.text("template"),
    columns.number("layout"),
    columns.text("body"),
    ForeignKeyConstraint(
        ["workspace", "template"], ["plan_templates.workspace", "plan_templates.hash"]
    ),
)
Index(None, plans.c.workspace, plans.c.partnership)

plan_partners: Final = columns.narrow(
    "plan_partners",
    columns.key("plan"),
    columns.key("member"),
    columns.flag("active"),
    columns.of_plan(),
)
Index(None, plan_partners.c.workspace, plan_partners.c.member)

plan_threads: Final = columns.narrow(
    "plan_threads",
    columns.key("plan"),
    columns.text("platform"),
    columns.text("kind"),
    columns.text("channel"),
    columns.text("thread"),
    columns.text("message"),
    columns.of_plan(),
)
Index(
    None,
    plan_threads.c.workspace,
    plan_threads.c.platform,
    plan_threads.c.channel,
    plan_threads.c.thread,
)

# The threads that a plan has beside the one of its home; ``message`` is empty while one is not
# open yet.
plan_links: Final = columns.narrow(
    "plan_links",
    columns.key("plan"),
    columns.key("platform"),
    columns.text("kind"),
    columns.text("channel"),
    columns.text("thread"),
    columns.text("message"),
    columns.of_plan(),
)
Index(
    None,
    plan_links.c.workspace,
    plan_links.c.platform,
    plan_links.c.channel,
    plan_links.c.thread,
)
# By place alone: what is said in such a thread may be meant for another workspace.
Index(None, plan_links.c.platform, plan_links.c.channel, plan_links.c.thread)

partnerships: Final = columns.table(
    "partnerships",
    columns.key("id"),
    columns.text("platform"),
    columns.text("kind"),
    columns.text("channel"),
    columns.text("thread"),
    columns.number("digest_weekday"),
    columns.text("digest_at"),
    columns.text("digest_zone"),
    columns.off("digest_chosen"),
    columns.off("digest_silent"),
)
Index(None, partnerships.c.workspace, partnerships.c.platform, partnerships.c.channel)

partnership_members: Final = columns.narrow(
    "partnership_members",
    columns.key("partnership"),
    columns.key("member"),
    columns.number("position"),
    ForeignKeyConstraint(
        ["workspace", "partnership"], ["partnerships.workspace", "partnerships.id"]
    ),
)
Index(None, partnership_members.c.workspace, partnership_members.c.member)

own_templates: Final = columns.table("own_templates", columns.key("key"), columns.text("body"))
drafts: Final = columns.table(
    "drafts",
    columns.key("member"),
    columns.key("kind"),
    columns.content(),
    columns.at("at"),
)
files: Final = columns.table(
    "files",
    columns.key("plan"),
    columns.key("id"),
    columns.text("name"),
    columns.content(),
    columns.at("at"),
    columns.of_plan(),
)

# Contributions ----------------------------------------------------------------------------------

# Append-only: triggers refuse UPDATE and DELETE (the first migration). A plan's entries lie
# together, so its history, or a field's, is one walk over at most some hundred neighbours: an
# index by step and field would make every act dearer to save less than a millisecond there.
contributions: Final = columns.narrow(
    "contributions",
    columns.key("plan"),
    columns.key("number", Integer),
    columns.text("kind"),
    columns.text("member"),
    columns.at("at"),
    columns.text("step"),
    columns.text("field"),
    columns.text("before"),
    columns.text("after"),
    columns.maybe("about"),
    columns.maybe("item"),
    Column("entry", Integer, nullable=True),
    columns.text("platform"),
    columns.text("place"),
    columns.text("message"),
    columns.text("zone"),
    columns.text("detail"),
    columns.of_plan(),
)

# Timetable --------------------------------------------------------------------------------------

# One row a school; the first one has no name.
calendars: Final = columns.table(
    "calendars",
    Column("school", Text, primary_key=True, server_default=text("''")),
    columns.text("body"),
    columns.revision(),
)
# What each change of the calendar replaced, so that it can be taken back.
calendar_changes: Final = columns.table(
    "calendar_changes",
    columns.key("id"),
    columns.text("member"),
    columns.at("at"),
    columns.text("body"),
    columns.flag("undone"),
)
# One row a member, a timetable or weekly hours (``kind``): the one replaces the other. ``source``
# is where the timetable came from, its address sealed.
timetables: Final = columns.table(
    "timetables",
    columns.key("member"),
    columns.text("kind"),
    columns.text("body"),
    columns.revision(),
    Column("source", Text, nullable=False, server_default=text("''")),
)
# ``told`` names the occurrence of the message that told the member what had happened meanwhile.
absences: Final = columns.narrow(
    "absences",
    columns.key("member"),
    columns.key("first", Date),
    columns.key("last", Date),
    columns.maybe("stand_in"),
    columns.off("passes"),
    Column("told", Text, nullable=False, server_default=text("''")),
)
Index(None, absences.c.workspace, absences.c.stand_in)

# A calendar to subscribe to: the member's own, or that of a partnership.
feeds: Final = columns.narrow(
    "feeds",
    columns.key("id"),
    columns.text("member"),
    columns.maybe("partnership"),
    columns.at("at"),
)
Index(None, feeds.c.workspace, feeds.c.member)

# Reminders --------------------------------------------------------------------------------------

reminders: Final = columns.table(
    "reminders",
    columns.key("id"),
    columns.text("kind"),
    columns.text("subject"),
    Column("due_at", Utc, nullable=True),
    columns.text("occurrence"),
    UniqueConstraint("workspace", "kind", "subject"),
)
columns.only("ix_reminders_due_at", reminders.c.due_at, where="due_at IS NOT NULL")

# By which rules of time zones a workspace's reminders were planned (bot/runtime/zone_rules.py).
zone_rules: Final = columns.narrow("zone_rules", columns.text("rules"))

# A partnership's own; ``rule`` is one line (bot/domain/reminders/recurrence_code.py).
recurring_reminders: Final = columns.table(
    "recurring_reminders",
    columns.key("id"),
    columns.text("partnership"),
    columns.text("plan"),
    columns.text("member"),
    columns.text("text"),
    columns.text("rule"),
    columns.at("created_at"),
    columns.text("state"),
    columns.number("revision"),
)
Index(None, recurring_reminders.c.workspace, recurring_reminders.c.partnership)

nudges: Final = columns.narrow(
    "nudges",
    columns.key("member"),
    columns.key("thing"),
    columns.number("count"),
    columns.at("last_at"),
)

# ``until`` is empty for what waits until another partner acts in the step (or plan) named.
snoozes: Final = columns.narrow(
    "snoozes",
    columns.key("member"),
    columns.key("thing"),
    columns.text("plan"),
    columns.text("step"),
    Column("until", Utc, nullable=True),
)
Index(None, snoozes.c.workspace, snoozes.c.plan)

# ``epoch`` names a lease and only grows. ``wanted`` counts the puts. ``sent_as`` is the message it
# became, ``reason`` why it was not (yet) sent; ``doubtful``: it may have been shown unnoticed.
outbox: Final = columns.narrow(
    "outbox",
    columns.key("key"),
    columns.text("kind"),
    columns.maybe("plan"),
    columns.maybe("member"),
    columns.maybe("partnership"),
    Column("entry", Integer, nullable=True),
    columns.at("due_at"),
    columns.text("state"),
    columns.number("attempts"),
    columns.number("epoch"),
    columns.number("wanted"),
    Column("lease_until", Utc, nullable=True),
    columns.maybe("sent_as"),
    columns.text("reason"),
    Column("first_due_at", Utc, nullable=False, server_default=text("0")),
    columns.off("doubtful"),
    Column("on_platform", Text, nullable=False, server_default=text("''")),
    Column("orphaned", Integer, nullable=False, server_default=text("0")),
)
columns.only("ix_outbox_due_at", outbox.c.due_at, where="state = 'pending'")
columns.only("ix_outbox_lease_until", outbox.c.lease_until, where="state = 'leased'")

# Where a platform takes nothing more until an instant: a channel, a person, or all of it.
limits: Final = columns.narrow("limits", columns.key("bucket"), columns.at("until"))

# What was given up, for each person it concerns (bot/domain/reminders/undelivered.py).
undelivered: Final = columns.narrow(
    "undelivered",
    columns.key("member"),
    columns.key("about"),
    columns.text("kind"),
    columns.text("cause"),
    columns.at("at"),
    columns.number("count"),
    columns.flag("told"),
    columns.flag("mended"),
)
Index(None, undelivered.c.workspace, undelivered.c.about)

inbox: Final = columns.narrow("inbox", columns.key("key"), columns.at("at"))

# When a chore was last done for the whole database: of the workspace without a name.
upkeep: Final = columns.narrow("upkeep", columns.key("chore"), columns.at("at"))

# Where Coplan is installed; ``secret`` is sealed: no copy of the database tells a token.
installations: Final = columns.table(
    "installations", columns.text("secret"), columns.text("facts"), columns.at("at")
)
org_workspaces: Final = columns.narrow("org_workspaces", columns.text("organisation"))

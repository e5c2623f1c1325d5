"""What the runtime asks of all workspaces at once: the one module without a tenant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    union,
    update,
)
from sqlalchemy import tuple_ as row_of
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.ids import MemberId, PlanId, ReminderId, WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import Place
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import PLATFORM_AWAY, Leased, Shown
from bot.usecases.reminders.ports import Everywhere, SomeTakenOver, Standing
from bot.usecases.upkeep import Backlog, Bygone, Key, Looked
from storage.mapping.notices import leased_of
from storage.mapping.places import place_of
from storage.repositories import bygone, leases
from storage.repositories.among import among
from storage.statements import Transaction
from storage.tables import (
    drafts,
    identities,
    installations,
    limits,
    link_codes,
    members,
    outbox,
    plan_links,
    plan_threads,
    plans,
    reminders,
    timetables,
    undelivered,
)
from storage.told import clock_of

# Written into the SQL: a parameter might be anything, so with one no partial index is used.
_PENDING: Final = outbox.c.state == literal_column("'pending'")
_LEASED: Final = outbox.c.state == literal_column("'leased'")

_DUE: Final = (
    select(reminders.c.workspace, reminders.c.id)
    .where(reminders.c.due_at <= bindparam("now"))
    .order_by(reminders.c.due_at)
    .limit(bindparam("most"))
)
# What failed waits for its next try, and is due all the same: else an outage would show in nothing.
_DUE_SINCE: Final = case(
    (or_(outbox.c.attempts > 0, outbox.c.reason == PLATFORM_AWAY), outbox.c.first_due_at),
    else_=outbox.c.due_at,
)
_BACKLOG: Final = select(
    func.count(),
    func.count().filter(bindparam("now", type_=outbox.c.due_at.type) >= _DUE_SINCE),
    func.min(_DUE_SINCE),
).where(_PENDING)
_NEXT: Final = select(
    select(func.min(reminders.c.due_at)).where(reminders.c.due_at.is_not(None)).scalar_subquery(),
    select(func.min(outbox.c.due_at)).where(_PENDING).scalar_subquery(),
    select(func.min(outbox.c.lease_until)).where(_LEASED).scalar_subquery(),
)


_WORKSPACES: Final = select(reminders.c.workspace).distinct().order_by(reminders.c.workspace)
_INSTALLED: Final = select(installations.c.workspace).order_by(installations.c.workspace)
_WITH_ADDRESSES: Final = (
    select(timetables.c.workspace)
    .where(timetables.c.source != "")
    .distinct()
    .order_by(timetables.c.workspace)
)
_HOMES: Final = union(
    *(
        select(table.c.workspace).where(
            table.c.platform == bindparam("platform"), table.c.user == bindparam("user")
        )
        for table in (members, identities)
    )
)
_USERS: Final = union(
    select(members.c.id.label("member"), members.c.user).where(
        members.c.platform == bindparam("platform"), among(members.c.id, "ids")
    ),
    select(identities.c.member, identities.c.user).where(
        identities.c.platform == bindparam("platform"), among(identities.c.member, "ids")
    ),
)
_AROUND: Final = select(plan_links.c.workspace).where(
    plan_links.c.platform == bindparam("platform"),
    plan_links.c.channel == bindparam("channel"),
    plan_links.c.thread == bindparam("thread"),
)
_THREADS: Final = union(
    *(
        select(
            table.c.workspace,
            table.c.platform,
            table.c.kind,
            table.c.channel,
            table.c.thread,
            table.c.plan,
        )
        .join(plans, and_(plans.c.workspace == table.c.workspace, plans.c.id == table.c.plan))
        .where(
            table.c.platform == bindparam("platform"),
            table.c.thread != "",
            plans.c.state == PlanState.ACTIVE.value,
        )
        for table in (plan_threads, plan_links)
    )
).order_by(column("plan").desc())
_DRAFTS: Final = (
    select(drafts.c.content)
    .where(drafts.c.kind == bindparam("kind"))
    .order_by(drafts.c.at.desc())
    .limit(bindparam("most"))
)
_LINKS: Final = select(plan_links).where(plan_links.c.platform == bindparam("platform"))
_OF_CODE: Final = select(link_codes.c.workspace).where(link_codes.c.hash == bindparam("hashed"))
_LIMITS: Final = select(limits).where(limits.c.until > bindparam("now"))
_FAILING: Final = select(undelivered.c.member).limit(1)
_UNREADABLE: Final = (
    update(outbox)
    .where(outbox.c.workspace == bindparam("of_workspace"), outbox.c.key == bindparam("of_key"))
    .values(state="failed", reason="unreadable", lease_until=None)
)

_log = structlog.get_logger(__name__)


def _taking(waiting: Select[Any]) -> ReturningUpdate[Any]:
    """Return the statement that leases the rows of ``waiting``, and returns them.

    PostgreSQL passes over rows another courier is just taking. A common table expression, for it
    would run a plain subquery with FOR UPDATE as often as it liked, and take too many.
    """
    taken = waiting.limit(bindparam("most")).with_for_update(skip_locked=True).cte("taken")
    return (
        update(outbox)
        .where(row_of(outbox.c.workspace, outbox.c.key).in_(select(taken)))
        .values(
            state="leased",
            epoch=outbox.c.epoch + 1,
            lease_until=bindparam("until", type_=outbox.c.lease_until.type),
        )
        .returning(outbox)
    )


_KEYS: Final = select(outbox.c.workspace, outbox.c.key)
# Two statements, each along its own partial index, instead of an OR that sorts the whole backlog.
_TAKE_OVER: Final = _taking(
    _KEYS.where(_LEASED, outbox.c.lease_until < bindparam("now")).order_by(outbox.c.lease_until)
)
_TAKE: Final = _taking(
    _KEYS.where(_PENDING, outbox.c.due_at <= bindparam("now")).order_by(outbox.c.due_at)
)


class StoredEverywhere(Everywhere):
    """All workspaces; everything it returns says whose it is.

    What the courier and the tick ask all the time goes the short way (storage/statements.py).
    """

    def __init__(self, connection: Connection, transaction: Transaction) -> None:
        self._connection = connection
        self._transaction = transaction

    def workspaces(self) -> list[WorkspaceId]:
        """Return the workspaces that have reminders, in order."""
        return [row.workspace for row in self._connection.execute(_WORKSPACES)]

    def installed(self) -> list[WorkspaceId]:
        """Return the workspaces and organisations with an installation, in order."""
        return [row.workspace for row in self._connection.execute(_INSTALLED)]

    def with_addresses(self) -> list[WorkspaceId]:
        """Return the workspaces in which addresses of calendars are kept, in order."""
        return [row.workspace for row in self._connection.execute(_WITH_ADDRESSES)]

    def homes(self, identity: Identity) -> list[WorkspaceId]:
        """Return the workspaces in which that person is a member, in order."""
        facts = {"platform": identity.platform, "user": identity.user}
        return sorted(row.workspace for row in self._connection.execute(_HOMES, facts))

    def users(self, platform: str, ids: Iterable[MemberId]) -> dict[MemberId, str]:
        """Return who those members are on the platform, wherever they are members."""
        asked = {"platform": platform, "ids": list(ids)}
        rows = self._connection.execute(_USERS, asked)
        return {row.member: row.user for row in rows}

    def around(self, place: Place) -> WorkspaceId | None:
        """Return the workspace of the plan that has a thread there beside its home's, or None."""
        if not place.thread:
            return None
        facts = {"platform": place.platform, "channel": place.channel, "thread": place.thread}
        return self._connection.execute(_AROUND, facts).scalar()

    def threads(self, platform: str, limit: int) -> list[tuple[WorkspaceId, Place]]:
        """Return where on the platform open plans have their threads, the newest first."""
        rows = self._connection.execute(_THREADS.limit(limit), {"platform": platform})
        return [(row.workspace, place_of(row)) for row in rows]

    def drafts(self, kind: str, limit: int) -> list[bytes]:
        """Return what is kept for members under that kind, the newest first."""
        rows = self._connection.execute(_DRAFTS, {"kind": kind, "most": limit})
        return [bytes(row.content) for row in rows]

    def links(self, platform: str) -> list[tuple[WorkspaceId, PlanId, Place]]:
        """Return which plans stand on the platform beside their home, and where."""
        rows = self._connection.execute(_LINKS, {"platform": platform})
        return [(row.workspace, row.plan, place_of(row)) for row in rows]

    def of_code(self, hashed: str) -> WorkspaceId | None:
        """Return the workspace in which a one-time code of that hash was made, or None."""
        return self._connection.execute(_OF_CODE, {"hashed": hashed}).scalar()

    def due(self, now: datetime, limit: int) -> list[tuple[WorkspaceId, ReminderId]]:
        """Return reminders due at ``now`` (UTC), the oldest first."""
        rows = self._transaction.rows(_DUE, {"now": now, "most": limit})
        return [(row.workspace, row.id) for row in rows]

    def lease(self, now: datetime, until: datetime, limit: int) -> list[Leased]:
        """Take due notices, and those whose lease has run out, until ``until``: oldest first."""
        facts = {"now": now, "until": until}
        orphans = self._transaction.rows(_TAKE_OVER, {**facts, "most": limit})
        left = limit - len(orphans)
        fresh = self._transaction.rows(_TAKE, {**facts, "most": left}) if left else ()
        found = [replace(one, orphaned=one.orphaned + 1) for one in self._readable(orphans)]
        found += self._readable(fresh)
        return sorted(found, key=_oldest_first)

    def renew(self, leased: Sequence[Leased], until: datetime) -> None:
        """Let those of the leases that still stand last until then (UTC)."""
        leases.renew(self._transaction, leased, until)

    def begin(self, leased: Sequence[Leased]) -> list[bool]:
        """Write down that the notices are being sent; tell of each whether its lease stands."""
        return _all_or_alone(leases.begin(self._transaction, leased), len(leased))

    def sent(self, shown: Sequence[Shown]) -> list[bool]:
        """Mark the notices sent; tell of each whether its lease still stood."""
        return _all_or_alone(leases.sent(self._transaction, shown), len(shown))

    def standing(self, now: datetime) -> Standing:
        """Return what the courier must know beside the notices themselves."""
        rows = self._transaction.rows(_LIMITS, {"now": now})
        return Standing(
            limits={(row.workspace, row.bucket): row.until for row in rows},
            failing=self._transaction.row(_FAILING, {}) is not None,
        )

    def backlog(self, now: datetime) -> Backlog:
        """Return how the outbox stands at ``now`` (UTC), of what nobody is sending."""
        waiting, due, oldest = self._connection.execute(_BACKLOG, {"now": now}).one()
        return Backlog(waiting=waiting, due=due, oldest=oldest if due else None)

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which a reminder or a notice is due, or None."""
        instants = self._connection.execute(_NEXT).one()
        return min((at for at in instants if at is not None), default=None)

    def clock(self) -> datetime | None:
        """Return what the clock of the database's server shows (UTC); SQLite has none."""
        return clock_of(self._connection)

    def look_through(self, what: Bygone, before: datetime, after: Key | None, limit: int) -> Looked:
        """Return which of the next ``limit`` rows lost their use before ``before`` (UTC)."""
        return bygone.look_through(self._connection, what, before, after, limit)

    def forget(self, what: Bygone, before: datetime, keys: Sequence[Key]) -> int:
        """Delete those of the rows that are still of no use; return how many."""
        return bygone.forget(self._connection, what, before, keys)

    def _readable(self, rows: Iterable[Row[Any]]) -> Iterator[Leased]:
        """Yield the leases of rows that this version understands; the others end here.

        One of them, put by a newer version, would else hold up all that is due behind it.
        """
        for row in rows:
            try:
                yield leased_of(row)
            except ValueError:
                _log.error("notice_unreadable", workspace=row.workspace, notice=row.key)
                where = {"of_workspace": row.workspace, "of_key": row.key}
                self._connection.execute(_UNREADABLE, where)


def _all_or_alone(met: int, asked: int) -> list[bool]:
    """Tell of each of the notices whether it was met: the database only counts them."""
    if met == asked:
        return [True] * asked
    if asked == 1:
        return [False]
    raise SomeTakenOver


def _oldest_first(leased: Leased) -> tuple[datetime, datetime, WorkspaceId, str]:
    """Return by what notices are ordered: what had to wait comes in its order all the same."""
    return leased.notice.due_at, leased.first_due_at, leased.workspace, leased.notice.key

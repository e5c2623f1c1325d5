"""Timetables, weekly hours, absences and the school's calendar."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import MemberId
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.ports import Times
from storage.mapping.calendars import calendar_body, calendar_of
from storage.mapping.timetables import hours_body, hours_of, timetable_body, timetable_of
from storage.repositories.tenant import Tenant, among, here
from storage.tables import absences, calendars, timetables

_TIMETABLE: Final = "timetable"
_HOURS: Final = "hours"

_CALENDAR: Final = select(calendars.c.body).where(here(calendars))
_INSERT_CALENDAR: Final = insert(calendars)
_SAVE_CALENDAR: Final = _INSERT_CALENDAR.on_conflict_do_update(
    index_elements=[calendars.c.workspace],
    set_={"body": _INSERT_CALENDAR.excluded.body},
)
_BODIES: Final = select(timetables.c.member, timetables.c.body).where(
    here(timetables),
    timetables.c.kind == bindparam("kind"),
    timetables.c.member.in_(among("members")),
)
_INSERT: Final = insert(timetables)
_SAVE: Final = _INSERT.on_conflict_do_update(
    index_elements=[timetables.c.workspace, timetables.c.member],
    set_={"kind": _INSERT.excluded.kind, "body": _INSERT.excluded.body},
)
_AWAY: Final = (
    select(absences)
    .where(here(absences), absences.c.member.in_(among("members")))
    .order_by(absences.c.first, absences.c.last)
)


class StoredTimes(Times):
    """When the tenant's members have lessons, time, or are away."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def calendar(self) -> SchoolCalendar | None:
        """Return the school's calendar, or None when there is no school."""
        row = self._tenant.row(_CALENDAR)
        return None if row is None else calendar_of(row.body)

    def save_calendar(self, calendar: SchoolCalendar) -> None:
        """Replace the school's calendar."""
        self._tenant.add(_SAVE_CALENDAR, [{"body": calendar_body(calendar)}])

    def timetables(self, members: Iterable[MemberId]) -> dict[MemberId, Timetable]:
        """Return the timetables of those members; members without one are left out."""
        bodies = self._bodies(_TIMETABLE, members)
        return {member: timetable_of(body) for member, body in bodies.items()}

    def hours(self, members: Iterable[MemberId]) -> dict[MemberId, WeeklyHours]:
        """Return the weekly hours of those members; members without any are left out."""
        bodies = self._bodies(_HOURS, members)
        return {member: hours_of(body) for member, body in bodies.items()}

    def away(self, members: Iterable[MemberId]) -> dict[MemberId, tuple[tuple[date, date], ...]]:
        """Return the absences of those members: first and last day, both included.

        Sorted by day; members without any are left out.
        """
        wanted = list(members)
        found: dict[MemberId, tuple[tuple[date, date], ...]] = {}
        for row in self._tenant.rows(_AWAY, members=wanted) if wanted else ():
            found[row.member] = (*found.get(row.member, ()), (row.first, row.last))
        return found

    def save_timetable(self, member: MemberId, timetable: Timetable) -> None:
        """Replace the member's timetable (and drop their weekly hours)."""
        self._save(member, _TIMETABLE, timetable_body(timetable))

    def save_hours(self, member: MemberId, hours: WeeklyHours) -> None:
        """Replace the member's weekly hours (and drop their timetable)."""
        self._save(member, _HOURS, hours_body(hours))

    def _bodies(self, kind: str, members: Iterable[MemberId]) -> dict[MemberId, str]:
        wanted = list(members)
        rows = self._tenant.rows(_BODIES, kind=kind, members=wanted) if wanted else ()
        return {row.member: row.body for row in rows}

    def _save(self, member: MemberId, kind: str, body: str) -> None:
        self._tenant.add(_SAVE, [{"member": member, "kind": kind, "body": body}])

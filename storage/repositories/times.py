"""Timetables, weekly hours and the school's calendar: saved by compare-and-set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.domain.ids import ChangeId, MemberId
from bot.domain.timetable.changes import CalendarChange
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.ports import Times
from storage.mapping.calendar_changes import change_of, change_row
from storage.mapping.calendars import calendar_body, calendar_of
from storage.mapping.timetables import (
    hours_body,
    hours_of,
    source_of,
    source_text,
    timetable_body,
    timetable_of,
)
from storage.repositories.among import among
from storage.repositories.recent import Decoded
from storage.repositories.tenant import Tenant, here
from storage.tables import calendar_changes, calendars, timetables

_TIMETABLE: Final = "timetable"
_HOURS: Final = "hours"

_CALENDAR: Final = select(calendars.c.body, calendars.c.revision).where(
    here(calendars), calendars.c.school == bindparam("of_school")
)
_SCHOOLS: Final = select(calendars.c.school).where(here(calendars))
_HOLD_CALENDAR: Final = _CALENDAR.with_for_update()
_ADD_CALENDAR: Final = insert(calendars).on_conflict_do_nothing()
_SAVE_CALENDAR: Final = update(calendars).where(
    here(calendars),
    calendars.c.school == bindparam("of_school"),
    calendars.c.revision == bindparam("of_revision"),
)

_CHANGE: Final = select(calendar_changes).where(
    here(calendar_changes), calendar_changes.c.id == bindparam("change")
)
_INSERT_CHANGE: Final = insert(calendar_changes)
_KEEP_CHANGE: Final = _INSERT_CHANGE.on_conflict_do_update(
    index_elements=[calendar_changes.c.workspace, calendar_changes.c.id],
    set_={"undone": _INSERT_CHANGE.excluded.undone},
)

_TOLD: Final = select(
    timetables.c.member, timetables.c.kind, timetables.c.body, timetables.c.revision
).where(here(timetables), among(timetables.c.member, "members"))
_SOURCES: Final = select(timetables.c.member, timetables.c.source).where(
    here(timetables), timetables.c.source != ""
)
_SOURCE: Final = _SOURCES.where(timetables.c.member == bindparam("member"))
_KEEP_SOURCE: Final = (
    update(timetables)
    .where(here(timetables), timetables.c.member == bindparam("of_member"))
    .values(source=bindparam("now"))
)
_ADD: Final = insert(timetables).on_conflict_do_nothing()
_SAVE: Final = update(timetables).where(
    here(timetables),
    timetables.c.member == bindparam("of_member"),
    timetables.c.revision == bindparam("of_revision"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """The calendar's row as this unit saw it; revision 0: there was none."""

    calendar: SchoolCalendar | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A member's row as this unit saw it; revision 0: there was none."""

    kind: str = ""
    body: str = ""
    revision: int = 0


_NOTHING: Final = _Told()


class StoredTimes(Times):
    """When the tenant's members have lessons or time, as one unit of work sees it.

    A calendar or timetable is a value without a number of its own, so the revision that a save
    has to meet is kept here: the one at which this unit first saw the row.
    """

    def __init__(self, tenant: Tenant, decoded: Decoded) -> None:
        self._tenant = tenant
        self._decoded = decoded
        self._calendars: dict[str, _Calendar] = {}
        self._told: dict[MemberId, _Told] = {}

    def hold_calendar(self, school: str = "") -> None:
        """Lock the school's calendar for this transaction where the database has row locks.

        Raises ``errors.Conflict`` when it was saved by another unit after this one read it.
        """
        if not self._tenant.may_lock():
            return
        seen = self._calendars.get(school)
        now = self._calendars[school] = self._find_calendar(school, held=True)
        if seen is not None and seen.revision != now.revision:
            raise Conflict

    def calendar(self, school: str = "") -> SchoolCalendar | None:
        """Return the school's calendar, or None when there is none."""
        return self._seen_calendar(school).calendar

    def schools(self) -> list[str]:
        """Return the names of the schools that have a calendar, in order; the first one has none.

        Sorted here: the databases do not agree on the order of letters.
        """
        return sorted(row.school for row in self._tenant.rows(_SCHOOLS))

    def save_calendar(self, calendar: SchoolCalendar) -> None:
        """Replace its school's calendar; ``errors.Conflict`` when another save came first."""
        school = calendar.school
        seen = self._seen_calendar(school).revision
        row = {"body": calendar_body(calendar), "revision": seen + 1}
        if seen:
            of = {"of_school": school, "of_revision": seen}
            _expect_one(self._tenant.change(_SAVE_CALENDAR, {**row, **of}))
        else:
            _expect_one(self._tenant.add_new(_ADD_CALENDAR, [{**row, "school": school}]))
        self._calendars[school] = _Calendar(calendar=calendar, revision=seen + 1)

    def keep_change(self, change: CalendarChange) -> None:
        """Insert a change of the calendar; of one that is there only that it was taken back."""
        self._tenant.add(_KEEP_CHANGE, [change_row(change)])

    def change(self, change: ChangeId) -> CalendarChange | None:
        """Return the change of that id, or None."""
        row = self._tenant.row(_CHANGE, change=change)
        return None if row is None else change_of(row)

    def timetables(self, members: Iterable[MemberId]) -> dict[MemberId, Timetable]:
        """Return the timetables of those members; members without one are left out."""
        bodies = self._bodies(_TIMETABLE, members)
        made = self._decoded.timetables.made
        return {member: made(body, timetable_of) for member, body in bodies.items()}

    def hours(self, members: Iterable[MemberId]) -> dict[MemberId, WeeklyHours]:
        """Return the weekly hours of those members; members without any are left out."""
        bodies = self._bodies(_HOURS, members)
        return {member: hours_of(body) for member, body in bodies.items()}

    def read_ahead(self, members: Sequence[MemberId]) -> None:
        """Ask now, and not again, what those members told about their times."""
        self._seen(members)

    def source(self, member: MemberId) -> Source | None:
        """Return where the member's timetable came from, None where that is not kept."""
        row = self._tenant.row(_SOURCE, member=member)
        return None if row is None else source_of(row.source)

    def sources(self) -> dict[MemberId, Source]:
        """Return where the members' timetables came from, as far as that is kept."""
        found = ((row.member, source_of(row.source)) for row in self._tenant.rows(_SOURCES))
        return {member: source for member, source in found if source is not None}

    def keep_source(self, member: MemberId, source: Source | None) -> None:
        """Keep where the member's timetable came from, which is stored; None: no longer."""
        self._tenant.change(_KEEP_SOURCE, {"of_member": member, "now": source_text(source)})

    def save_timetable(self, member: MemberId, timetable: Timetable) -> None:
        """Replace the member's timetable (and drop their weekly hours).

        Raises ``errors.Conflict`` when another save came first.
        """
        self._save(member, _TIMETABLE, timetable_body(timetable))

    def save_hours(self, member: MemberId, hours: WeeklyHours) -> None:
        """Replace the member's weekly hours (and drop their timetable).

        Raises ``errors.Conflict`` when another save came first.
        """
        self._save(member, _HOURS, hours_body(hours))

    def _seen_calendar(self, school: str) -> _Calendar:
        if school not in self._calendars:
            self._calendars[school] = self._find_calendar(school, held=False)
        return self._calendars[school]

    def _find_calendar(self, school: str, *, held: bool) -> _Calendar:
        row = self._tenant.row(_HOLD_CALENDAR if held else _CALENDAR, of_school=school)
        if row is None:
            return _Calendar()
        calendar = self._decoded.calendars.made(row.body, calendar_of)
        return _Calendar(calendar=calendar, revision=row.revision)

    def _bodies(self, kind: str, members: Iterable[MemberId]) -> dict[MemberId, str]:
        seen = self._seen(members)
        return {member: told.body for member, told in seen.items() if told.kind == kind}

    def _seen(self, members: Iterable[MemberId]) -> dict[MemberId, _Told]:
        """Return the rows of those members, asking only for those this unit has not seen."""
        wanted = list(members)
        if new := [member for member in wanted if member not in self._told]:
            self._told.update(dict.fromkeys(new, _NOTHING))
            for row in self._tenant.rows(_TOLD, members=new):
                told = _Told(kind=row.kind, body=row.body, revision=row.revision)
                self._told[row.member] = told
        return {member: self._told[member] for member in wanted}

    def _save(self, member: MemberId, kind: str, body: str) -> None:
        seen = self._seen((member,))[member].revision
        row = {"kind": kind, "body": body, "revision": seen + 1}
        if kind == _HOURS:
            row["source"] = ""
        if seen:
            of = {"of_member": member, "of_revision": seen}
            _expect_one(self._tenant.change(_SAVE, {**row, **of}))
        else:
            _expect_one(self._tenant.add_new(_ADD, [{**row, "member": member}]))
        self._told[member] = _Told(kind=kind, body=body, revision=seen + 1)


def _expect_one(stored: int) -> None:
    """Raise ``errors.Conflict`` unless the row was as it was seen, or still was not there."""
    if stored != 1:
        raise Conflict

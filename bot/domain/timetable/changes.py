"""Changes of the school's calendar: what each did to the days, and what it takes to undo it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.ids import ChangeId, MemberId, PartnershipId
from bot.domain.timetable.school import ClosurePolicy, SchoolCalendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """One change: the calendars before and after it.

    ``stood`` tells of the members whose alarm it moved when that was due before (UTC; None: not at
    all); ``moved`` is how many reminders moved; ``told`` are the partnerships that hear of it.
    """

    id: ChangeId
    by: MemberId
    at: datetime
    before: SchoolCalendar
    after: SchoolCalendar
    moved: int
    stood: Mapping[MemberId, datetime | None]
    told: tuple[PartnershipId, ...]
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days from ``start`` to ``end``, both included; ``name`` is the closure's, if any."""

    start: date
    end: date
    name: str = ""


def closed(before: SchoolCalendar, after: SchoolCalendar) -> tuple[Days, ...]:
    """Return the days that were school days before and are none after, those in a row together.

    Days that neither calendar has school on do not part them. ``closed(after, before)`` are those
    that became school days.
    """
    start = min(before.first_date, after.first_date)
    end = max(before.until, after.until)
    had, has = before.labels_between(start, end), after.labels_between(start, end)
    runs: list[list[date]] = [[]]
    for day, label in had.items():
        if label is not None and has[day] is None:
            runs[-1].append(day)
        elif (label is not None or has[day] is not None) and runs[-1]:
            runs.append([])
    names = _names(after)
    return tuple(Days(start=run[0], end=run[-1], name=names.get(run[0], "")) for run in runs if run)


def _names(calendar: SchoolCalendar) -> dict[date, str]:
    days = (
        (closure.start + at * _ONE_DAY, closure.name)
        for closure in calendar.closures
        for at in range((closure.end - closure.start).days + 1)
    )
    return dict(days)


def only_dates(before: SchoolCalendar, after: SchoolCalendar) -> bool:
    """Tell whether the two differ in closures, labels, terms and policies alone."""
    return _without_dates(before) == _without_dates(after)


def _without_dates(calendar: SchoolCalendar) -> SchoolCalendar:
    stay = ClosurePolicy.SKIP
    return replace(calendar, closures=(), labels={}, terms=(), planned=stay, unplanned=stay)

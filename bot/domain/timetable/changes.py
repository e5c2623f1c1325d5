"""Changes of the school's calendar: what each did to the days, and what it takes to undo it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.ids import ChangeId, MemberId, PartnershipId
from bot.domain.timetable.bells import Bells
from bot.domain.timetable.groups import for_groups
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

    def __iter__(self) -> Iterator[date]:
        """Yield every day."""
        return (self.start + at * _ONE_DAY for at in range((self.end - self.start).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """School ends at ``until`` on ``days``, for the groups ``only`` if there are any."""

    until: time
    only: tuple[str, ...]
    days: tuple[date, ...]


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


def closed_for(
    before: SchoolCalendar, after: SchoolCalendar
) -> tuple[tuple[tuple[str, ...], tuple[Days, ...]], ...]:
    """Return, by groups, the days that new closures take from them alone."""
    new = dict.fromkeys(c.only for c in after.closures if c.only and c not in before.closures)
    whole = {day for run in closed(before, after) for day in run}
    found = []
    for only in new:
        theirs = closed(for_groups(before, only), for_groups(after, only))
        if days := tuple(run for run in theirs if not set(run) <= whole):
            found.append((only, days))
    return tuple(found)


def new_ends(before: SchoolCalendar, after: SchoolCalendar) -> tuple[Ends, ...]:
    """Return on which days school ends early and did not before, or not then."""
    had, has = _ends(before.bells), _ends(after.bells)
    days: dict[tuple[time, tuple[str, ...]], list[date]] = {}
    for day, until, only in sorted(has - had):
        days.setdefault((until, only), []).append(day)
    return tuple(
        Ends(until=until, only=only, days=tuple(some)) for (until, only), some in days.items()
    )


def _ends(bells: Bells) -> set[tuple[date, time, tuple[str, ...]]]:
    some = {(one.day, one.until, one.only) for one in bells.partly if one.until is not None}
    return some | {(day, until, ()) for day, until in bells.dismissals.items()}


def in_runs(days: Iterable[date]) -> tuple[Days, ...]:
    """Return days as such that follow one another."""
    found: list[Days] = []
    for day in sorted(days):
        if found and found[-1].end + _ONE_DAY == day:
            found[-1] = replace(found[-1], end=day)
        else:
            found.append(Days(start=day, end=day))
    return tuple(found)


def only_dates(before: SchoolCalendar, after: SchoolCalendar) -> bool:
    """Tell whether the two differ in single dates, terms and policies alone."""
    return _without_dates(before) == _without_dates(after)


def _without_dates(calendar: SchoolCalendar) -> SchoolCalendar:
    stay, bells = ClosurePolicy.SKIP, calendar.bells
    used = {bells.default, *bells.by_label.values(), *bells.by_weekday.values()}
    usual = replace(
        bells,
        schedules={name: one for name, one in bells.schedules.items() if name in used},
        by_date={},
        dismissals={},
        partly=(),
    )
    return replace(
        calendar, closures=(), labels={}, terms=(), planned=stay, unplanned=stay, bells=usual
    )

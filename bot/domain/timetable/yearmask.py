"""A school year as bits: one for each period of each school day, set where a member is free.

What many share is then one AND of whole numbers, however long the year. Exact for whole periods
alone: whoever has hours of their own or time around school besides, lives in another time zone
than the school, has quiet hours that cut a period, or is at a school where periods run at the same
time, has no mask, and their free spans are compared one by one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from bot.domain.members import Preferences
from bot.domain.timetable.absences import Absences
from bot.domain.timetable.availability import Availability, FreePeriod, Span, daylight
from bot.domain.timetable.bells import BellSchedule, Period
from bot.domain.timetable.clocktimes import zone_of
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.daykinds import free_walls
from bot.domain.timetable.instants import DAY_SECONDS, instant, moment_of
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable

COSTS = tuple(Cost)
"""The classes by their place: a mask holds places."""
_NOT_FREE = 255
_AS_BITS = bytes(ord("0") if at == _NOT_FREE else ord("1") for at in range(256))
_AXIS, _MASK, _ASKED = "axis", "mask", "asked"
_LONG = 6 * 7 * DAY_SECONDS
_OFTEN = 3


class _Day(NamedTuple):
    """A school day; its periods that are no breaks are the axis' from ``first`` on."""

    day: date
    label: str
    schedule: BellSchedule
    first: int


@dataclass(frozen=True, slots=True)
class Axis:
    """The periods of all school days in their order, breaks left out; bit ``n`` is the ``n``-th.

    ``starts`` and ``ends`` are in seconds since 1970; ``names`` the periods'. ``kinds`` are the
    kinds of day that there are, ``kind_of`` tells which one each day is.
    """

    days: tuple[_Day, ...]
    kinds: Sequence[tuple[BellSchedule, str]]
    kind_of: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    names: Sequence[str]

    def within(self, bits: int, start: int, end: int) -> Iterator[int]:
        """Yield the numbers of those periods among ``bits`` that touch ``start`` to ``end``."""
        low = bisect_right(self.ends, start)
        high = bisect_left(self.starts, end)
        rest = bits >> low & (1 << high - low) - 1 if high > low else 0
        while rest:
            bit = rest & -rest
            yield low + bit.bit_length() - 1
            rest ^= bit


@dataclass(frozen=True, slots=True)
class YearMask:
    """When one member is free: ``bits`` on ``axis``, and what each period costs them.

    ``costs`` has a byte for each period: the place of its class in ``COSTS``, or ``_NOT_FREE``.
    The calendar, zone, preferences and absences are those it was worked out from.
    """

    calendar: SchoolCalendar
    zone: str
    preferences: Preferences
    away: Absences
    axis: Axis | None
    bits: int
    costs: bytes
    periods: dict[int, FreePeriod]

    def is_of(self, availability: Availability) -> bool:
        """Tell whether it is still true."""
        return (
            self.calendar is availability.calendar
            and self.zone == availability.zone
            and (
                self.preferences is availability.preferences
                or self.preferences == availability.preferences
            )
            and self.away == availability.away
        )

    def span(self, number: int) -> Span:
        """Return a free period as a span; ``ValueError`` for one that is not free."""
        axis, cost = self.axis, self.costs[number]
        if axis is None or cost == _NOT_FREE:
            raise ValueError("that period is not free")
        at = axis.days[bisect_right(axis.days, number, key=_first) - 1]
        start, end = axis.starts[number], axis.ends[number]
        return Span(start, end, at.day, at.label, axis.names[number], COSTS[cost])

    def free_period(self, number: int) -> FreePeriod:
        """Return a period as the free period that it is; only of one that is free."""
        known = self.periods.get(number)
        if known is None:
            start, end, day, label, period, cost, _ = self.span(number)
            known = self.periods[number] = FreePeriod(
                start=moment_of(start),
                end=moment_of(end),
                day=day,
                label=label,
                period=period,
                cost=cost,
            )
        return known


def _first(day: _Day) -> int:
    return day.first


def year_mask(availability: Availability) -> YearMask | None:
    """Return the member's mask, or None where none is exact; the timetable remembers it."""
    timetable, calendar = availability.timetable, availability.calendar
    if timetable is None or calendar is None:
        return None
    if availability.hours is not None or availability.preferences.around:
        return None
    known: YearMask | None = timetable.memo.get(_MASK)
    if known is None or not known.is_of(availability):
        known = timetable.memo[_MASK] = _mask(availability, calendar)
    return None if known.axis is None else known


def worthy_mask(availability: Availability, seconds: int) -> YearMask | None:
    """Return the member's mask for a question about so much time, if it is worth having.

    A mask is of the whole year and costs as much as some weeks' spans do: it is made for long
    times, and for whoever is asked about again and again.
    """
    timetable = availability.timetable
    if timetable is None:
        return None
    known: YearMask | None = timetable.memo.get(_MASK)
    if known is not None and availability.hours is None and known.is_of(availability):
        return known if known.axis is not None else None
    if seconds < _LONG and known is None:
        asked = timetable.memo[_ASKED] = timetable.memo.get(_ASKED, 0) + 1
        if asked <= _OFTEN:
            return None
    return year_mask(availability)


def _mask(availability: Availability, calendar: SchoolCalendar) -> YearMask:
    """Return the mask as it is now; without an axis where it would not be exact."""
    axis = _axis_of(calendar)
    same = zone_of(calendar.zone) is zone_of(availability.zone)
    costs = None if axis is None or not same else _costs(availability, axis)
    return YearMask(
        calendar,
        availability.zone,
        availability.preferences,
        availability.away,
        None if costs is None else axis,
        int(costs.translate(_AS_BITS)[::-1], 2) if costs else 0,
        costs or b"",
        {},
    )


def _axis_of(calendar: SchoolCalendar) -> Axis | None:
    """Return the calendar's axis; None where a period has no times, or the clocks mix them up."""
    if _AXIS not in calendar.memo:
        calendar.memo[_AXIS] = _axis(calendar)
    found: Axis | None = calendar.memo[_AXIS]
    return found


def _axis(calendar: SchoolCalendar) -> Axis | None:
    if not calendar.bells.timed:
        return None
    zone = zone_of(calendar.zone)
    days: list[_Day] = []
    kinds: dict[tuple[int, str], tuple[int, BellSchedule]] = {}
    kind_of: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    names: list[str] = []
    for day, label in calendar.school_days():
        schedule = calendar.bells.schedule_on(day, label)
        days.append(_Day(day, label, schedule, len(starts)))
        kind_of.append(kinds.setdefault((id(schedule), label), (len(kinds), schedule))[0])
        for period in _lessons(schedule):
            start, end = period.seconds
            starts.append(instant(zone, day, start))
            ends.append(instant(zone, day, end))
            names.append(period.name)
    spans = zip(starts, ends, strict=True)
    ordered = all(one[1] <= other[0] for one, other in pairwise(spans))
    whole = all(start < end for start, end in zip(starts, ends, strict=True))
    listed = [(schedule, label) for (_, label), (_, schedule) in kinds.items()]
    apart = not any(schedule.at_once() for schedule, _ in listed)
    exact = ordered and whole and apart
    return Axis(tuple(days), listed, kind_of, starts, ends, names) if exact else None


def _lessons(schedule: BellSchedule) -> Iterator[Period]:
    return (period for period in schedule.in_order() if not period.is_break)


def _costs(availability: Availability, axis: Axis) -> bytes | None:
    """Return the member's cost of every period; None when their day cuts one of those free."""
    if not axis.days:
        return b""
    if availability.same_all_year:
        table = availability.table_on(axis.days[0].day)
        found = [_row(availability, table, *kind) for kind in axis.kinds]
        rows = [row for row in found if row is not None]
        return b"".join([rows[at] for at in axis.kind_of]) if len(rows) == len(found) else None
    return _day_by_day(availability, axis)


def _day_by_day(availability: Availability, axis: Axis) -> bytes | None:
    costs: list[bytes] = []
    for day, label, schedule, _ in axis.days:
        row = _row(availability, availability.table_on(day), schedule, label)
        if row is None:
            return None
        costs.append(row if availability.owns(day) else bytes([_NOT_FREE]) * len(row))
    return b"".join(costs)


def _row(
    availability: Availability, table: Timetable, schedule: BellSchedule, label: str
) -> bytes | None:
    """Return the costs of the periods of a kind of day; None when quiet hours cut a free one."""
    morning, evening = daylight(availability)
    free = {}
    for start, end, period, cost, _ in free_walls(table, schedule, label):
        if start < morning or evening < end:
            return None
        free[period] = cost.place
    return bytes([free.get(period.name, _NOT_FREE) for period in _lessons(schedule)])

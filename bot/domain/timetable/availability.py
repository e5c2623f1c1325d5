"""When one member is free: what they told about themselves, and the free spans that follow.

All rules are those of "never": never in a lesson, duty, break, closure or absence, in quiet hours,
while away, or outside the person's own days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.errors import InvalidInput
from bot.domain.members import LibraryMode, Preferences
from bot.domain.timetable.absences import Absences
from bot.domain.timetable.clocktimes import as_minutes, zone_of
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.daykinds import flexible, free_walls, walls_around
from bot.domain.timetable.instants import (
    DAY_SECONDS,
    instant,
    local_dates,
    moment_of,
    seconds_of,
)
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable
from bot.domain.timetable.weekly import WeeklyHours

WORKING_HOURS = (9 * 60, 17 * 60)
"""Minutes after midnight: assumed on their own days of people who told nothing."""
_DEFAULT = Preferences()
HORIZON = timedelta(days=60)
"""How far ahead the next free period is looked for."""


class Span(NamedTuple):
    """A free piece of time, in seconds since 1970 UTC; ``day`` is local to where it comes from."""

    start: int
    end: int
    day: date
    label: str | None
    period: str | None
    cost: Cost
    cut: bool = False
    """It is not the whole period: the rest is taken by what runs beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """All that tells when a member is free.

    ``zone`` is the member's (quiet hours, own days, ``hours`` and ``away`` are local to it), the
    lessons are on the clocks of the calendar's zone. With a
    ``timetable`` its free periods count, and outside the school's bells ``hours``, or else what
    the preferences say of the time around school; without one
    ``hours``; with neither 09:00 to 17:00 on the person's own days. Closures of the calendar hold
    in all cases. A timetable without a calendar cannot be placed: InvalidInput.

    Own days are those of the preferences. As long as they are the default, Monday to Friday, days
    on which the school runs and the weekdays that ``hours`` name count too.
    """

    zone: str
    calendar: SchoolCalendar | None = None
    timetable: Timetable | None = None
    hours: WeeklyHours | None = None
    preferences: Preferences = _DEFAULT
    away: Absences = ()

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if self.timetable is not None and self.calendar is None:
            raise InvalidInput(
                what="The timetable belongs to no school calendar, so its days have no dates.",
                remedy="Say first which cycle day is which date.",
            )

    @property
    def at_school(self) -> SchoolCalendar | None:
        """Return the calendar by which the member teaches, None without a timetable."""
        return self.calendar if self.timetable is not None else None

    def owns(self, day: date) -> bool:
        """Tell whether ``day``, a date of the member's zone, is one of their own days."""
        if self.away and any(absence.covers(day) for absence in self.away):
            return False
        if day.isoweekday() in self.preferences.days:
            return True
        if self.preferences.days != _DEFAULT.days:
            return False
        if self.at_school is not None and self.at_school.label_on(day) is not None:
            return True
        return self.hours is not None and bool(self.hours.minutes_on(day.weekday()))

    @property
    def same_all_year(self) -> bool:
        """Tell whether every school day is their own, and has the same table as all others."""
        theirs = not self.away and self.preferences.days == _DEFAULT.days
        dated = self.timetable is not None and bool(self.timetable.dated)
        return theirs and not dated and self.preferences.library.mode is not LibraryMode.MIXED

    def table_on(self, day: date) -> Timetable:
        """Return the timetable of ``day``: where the library is flexible then, without lessons."""
        timetable = self.timetable or Timetable()
        label = self.calendar.label_on(day) if self.calendar and timetable.dated else None
        timetable = timetable if label is None else timetable.on(day, label)
        return flexible(timetable) if self.preferences.library.flexible_on(day) else timetable


def has_times(availability: Availability) -> bool:
    """Tell whether all periods can be placed on the clock (true without a timetable)."""
    calendar = availability.at_school
    return calendar is None or calendar.bells.timed


def spans(availability: Availability, start: int, end: int) -> Iterator[Span]:
    """Yield the free spans that touch ``start`` to ``end`` (seconds since 1970), by their start.

    They are whole: the first and last may reach beyond the two instants.
    """
    calendar = availability.at_school
    if calendar is None:
        streams = [_own_spans(availability, start, end)]
    else:
        streams = [_school_spans(availability, calendar, start, end)]
        if availability.hours is not None:
            streams.append(_own_spans(availability, start, end))
        elif availability.preferences.around:
            streams.append(_around_spans(availability, calendar, start, end))
    for span in merge(*streams, key=attrgetter("start")) if streams[1:] else streams[0]:
        if span.end > start and span.start < end:
            yield span


def _school_spans(
    availability: Availability, calendar: SchoolCalendar, start: int, end: int
) -> Iterator[Span]:
    """Yield the free periods of the member's timetable."""
    zone, own_zone = zone_of(calendar.zone), zone_of(availability.zone)
    morning, evening = daylight(availability) if zone is own_zone else (DAY_SECONDS, 0)
    for day in local_dates(zone, start, end):
        label = calendar.label_on(day)
        if label is None or (zone is own_zone and not availability.owns(day)):
            continue
        schedule = calendar.bells.schedule_on(day, label)
        for wall in free_walls(availability.table_on(day), schedule, label):
            first, last, period, cost, cut = wall
            begin, finish = instant(zone, day, first), instant(zone, day, last)
            if morning <= first and last <= evening:
                yield Span(begin, finish, day, label, period, cost, cut)
                continue
            for piece in _allowed(availability, own_zone, begin, finish):
                yield Span(*piece, day, label, period, cost, cut)


def _around_spans(
    availability: Availability, calendar: SchoolCalendar, start: int, end: int
) -> Iterator[Span]:
    """Yield the time before and after school that the member would plan in."""
    zone, own_zone = zone_of(calendar.zone), zone_of(availability.zone)
    around = availability.preferences.around
    for day in local_dates(zone, start, end):
        label = calendar.label_on(day)
        if label is None:
            continue
        schedule = calendar.bells.schedule_on(day, label)
        for wall in walls_around(availability.table_on(day), schedule, label, around):
            begin, finish = instant(zone, day, wall.start), instant(zone, day, wall.end)
            for piece in _allowed(availability, own_zone, begin, finish):
                yield Span(*piece, day, label, None, wall.cost)


def daylight(availability: Availability) -> tuple[int, int]:
    """Return from when to when, in seconds after midnight, no quiet hours cut: nearly all school.

    When the quiet hours do not run over midnight there is no such time, and each piece is cut.
    """
    quiet = availability.preferences.quiet
    return as_minutes(quiet.end) * 60, as_minutes(quiet.start) * 60


def _own_spans(availability: Availability, start: int, end: int) -> Iterator[Span]:
    """Yield the hours that the member named, or the working hours."""
    zone = zone_of(availability.zone)
    for day in local_dates(zone, start, end):
        if not availability.owns(day) or _closed(availability, day):
            continue
        for first, last in _hours_on(availability, day):
            begin, finish = instant(zone, day, first * 60), instant(zone, day, last * 60)
            for piece in _outside_bells(availability, begin, finish):
                for one in _allowed(availability, zone, *piece):
                    yield Span(*one, day, None, None, Cost.OWN_HOURS)


def _hours_on(availability: Availability, day: date) -> tuple[tuple[int, int], ...]:
    """Return the free hours of ``day`` in minutes after midnight, without looking at school."""
    if availability.hours is None:
        return (WORKING_HOURS,)
    return availability.hours.minutes_on(day.weekday())


def _closed(availability: Availability, day: date) -> bool:
    """Tell whether the member's school, if any, is closed on ``day``."""
    return availability.calendar is not None and availability.calendar.closed_on(day)


def _outside_bells(availability: Availability, start: int, end: int) -> list[tuple[int, int]]:
    """Cut the school's bells, first to last, out of a span of somebody with a timetable."""
    pieces = [(start, end)]
    calendar = availability.at_school
    if calendar is None:
        return pieces
    zone = zone_of(calendar.zone)
    for day in local_dates(zone, start, end):
        label = calendar.label_on(day)
        if label is None:
            continue
        if periods := [p for p in calendar.bells.schedule_on(day, label).in_order() if p.timed]:
            bells = periods[0].seconds[0], max(period.seconds[1] for period in periods)
            pieces = _without(pieces, instant(zone, day, bells[0]), instant(zone, day, bells[1]))
    return pieces


def _allowed(
    availability: Availability, zone: ZoneInfo, start: int, end: int
) -> list[tuple[int, int]]:
    """Return what remains of a span without quiet hours and days that are not the member's own."""
    pieces = [(start, end)] if start < end else []
    quiet = availability.preferences.quiet
    first, last = as_minutes(quiet.start) * 60, as_minutes(quiet.end) * 60
    nights = ((first, last),) if first <= last else ((0, last), (first, DAY_SECONDS))
    for day in local_dates(zone, start, end):
        blocked = nights if availability.owns(day) else ((0, DAY_SECONDS),)
        for begin, finish in blocked:
            pieces = _without(pieces, instant(zone, day, begin), instant(zone, day, finish))
    return pieces


def _without(pieces: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return ``pieces`` without what lies between ``start`` and ``end``."""
    if start >= end or all(last <= start or end <= first for first, last in pieces):
        return pieces
    cut = [part for a, b in pieces for part in ((a, min(b, start)), (max(a, end), b))]
    return [(first, last) for first, last in cut if first < last]


class FreePeriod(NamedTuple):
    """Free time of one member from ``start`` to ``end`` (aware, UTC).

    ``day`` is the date where it comes from (the school's zone for a period of the timetable, else
    the member's); ``label`` and ``period`` are None outside school.
    """

    start: datetime
    end: datetime
    day: date
    label: str | None
    period: str | None
    cost: Cost


def free_periods(availability: Availability, start: datetime, end: datetime) -> list[FreePeriod]:
    """Return the free periods between two instants (aware), in order, clipped to them.

    InvalidInput when a period of a day in question has no clock times.
    """
    found = spans(availability, seconds_of(start), seconds_of(end))
    return [_free_period(span, start, end) for span in found]


def periods_begun(
    availability: Availability, start: datetime, end: datetime
) -> Iterator[FreePeriod]:
    """Yield the free periods that begin from ``start`` on, else as ``free_periods``."""
    first = seconds_of(start)
    for span in spans(availability, first, seconds_of(end)):
        if span.start >= first:
            yield _free_period(span, start, end)


def next_free_period(
    availability: Availability, after: datetime, before: datetime | None = None
) -> FreePeriod | None:
    """Return the first free period that begins, or still lasts, at ``after`` (aware).

    A period that has begun is given from ``after`` on. It begins before ``before``, which is at
    most 60 days after; None when there is none. InvalidInput when a period of a day in question
    has no clock times.
    """
    limit = after + HORIZON if before is None else min(before, after + HORIZON)
    found = next(spans(availability, seconds_of(after), seconds_of(limit)), None)
    if found is None or max(moment_of(found.start), after) >= limit:
        return None
    return _free_period(found, after, moment_of(found.end))


def _free_period(span: Span, start: datetime, end: datetime) -> FreePeriod:
    """Return ``span`` clipped to two instants."""
    begin, finish = moment_of(span.start), moment_of(span.end)
    return FreePeriod(
        start=begin if begin >= start else start.astimezone(UTC),
        end=finish if finish <= end else end.astimezone(UTC),
        day=span.day,
        label=span.label,
        period=span.period,
        cost=span.cost,
    )

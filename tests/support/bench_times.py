"""The school of the free-time benchmark, and what its answer is computed with beside Coplan.

Forty weeks of two weeks in turn (A and B: ten days), eight periods a day, four weeks of holidays;
everybody teaches seven periods in ten, or as many as leave a group about twenty common slots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random  # noqa: TID251 - seeded
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from bot.domain.timetable.availability import Availability
from bot.domain.timetable.bells import Bells, Period
from bot.domain.timetable.period_lines import parse_bell_schedule
from bot.domain.timetable.school import Closure, ClosureKind, ClosurePolicy, SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use

ZONE = ZoneInfo("Europe/London")
FIRST = date(2026, 9, 7)
CYCLE = tuple(f"{day} {week}" for week in "AB" for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))
HOLIDAYS = (date(2026, 10, 26), date(2026, 12, 21), date(2026, 12, 28), date(2027, 4, 5))
"""Mondays of the weeks without school."""
_WEEK = timedelta(days=7)
_BUSY = 0.7
_KEPT = frozenset({("Wed A", 4)})
"""A period that nobody teaches: else sixty people have none at all."""
_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school year and its people's lessons, as (index of the cycle day, index of the period)."""

    calendar: SchoolCalendar
    periods: tuple[Period, ...]
    lessons: tuple[frozenset[tuple[int, int]], ...]
    start: datetime
    end: datetime

    def availabilities(self) -> dict[int, Availability]:
        """Return the people as Coplan knows them."""
        return {
            number: Availability(
                zone=self.calendar.zone,
                calendar=self.calendar,
                timetable=Timetable(
                    cells={
                        (CYCLE[day], self.periods[at].name): Cell(use=Use.LESSON)
                        for day, at in lessons
                    }
                ),
            )
            for number, lessons in enumerate(self.lessons)
        }


def school(members: int, weeks: int) -> School:
    """Return a school of so many people and weeks; always the same."""
    text = "\n".join(f"P{n + 1} {8 + n:02}:00-{8 + n:02}:50" for n in range(_LENGTH))
    bells = parse_bell_schedule(text)
    chance = Random(1)
    places = [(day, at) for day in range(len(CYCLE)) for at in range(_LENGTH)]
    taught = [place for place in places if (CYCLE[place[0]], place[1]) not in _KEPT]
    until = FIRST + weeks * _WEEK - timedelta(days=1)
    closures = (
        Closure(start=first, end=first + timedelta(days=4), kind=ClosureKind.PLANNED)
        for first in HOLIDAYS
    )
    return School(
        calendar=SchoolCalendar(
            zone=ZONE.key,
            cycle=CYCLE,
            first_date=FIRST,
            first_label=CYCLE[0],
            until=until,
            bells=Bells(schedules={bells.name: bells}, default=bells.name),
            closures=tuple(one for one in closures if one.start <= until),
            planned=ClosurePolicy.SKIP,
        ),
        periods=bells.periods,
        lessons=tuple(
            frozenset(place for place in taught if chance.random() < _BUSY) for _ in range(members)
        ),
        start=datetime.combine(FIRST, time(), ZONE).astimezone(UTC),
        end=datetime.combine(until + timedelta(days=1), time(), ZONE).astimezone(UTC),
    )


def masks_of(there: School) -> list[int]:
    """Return everybody's free periods of the cycle as one whole number each."""
    whole = (1 << len(CYCLE) * _LENGTH) - 1
    return [whole - sum(1 << day * _LENGTH + at for day, at in one) for one in there.lessons]


def days_of(there: School) -> list[int]:
    """Return the index of each school day's cycle day, in order of the dates."""
    return [CYCLE.index(label) for _, label in there.calendar.school_days()]


def bare_mask(masks: Sequence[int], days: Sequence[int]) -> list[tuple[int, int]]:
    """Return (number of the school day, period) of what all have free: one AND each, no more."""
    shared = -1
    for mask in masks:
        shared &= mask
    found = []
    for number, day in enumerate(days):
        rest = shared >> day * _LENGTH & (1 << _LENGTH) - 1
        while rest:
            bit = rest & -rest
            found.append((number, bit.bit_length() - 1))
            rest ^= bit
    return found


def bare_next(masks: Sequence[int], days: Sequence[int], number: int) -> list[tuple[int, int]]:
    """Return each one's first free period from the school day ``number`` on."""
    found = []
    for mask in masks:
        for at in range(number, len(days)):
            rest = mask >> days[at] * _LENGTH & (1 << _LENGTH) - 1
            if rest:
                found.append((at, (rest & -rest).bit_length() - 1))
                break
    return found


def naive(there: School) -> list[tuple[int, int]]:
    """Return what all have free, as one writes it first: aware datetimes that overlap or do not."""
    labelled = there.calendar.school_days()
    busy = [
        {
            day: [
                _span(day, there.periods[at])
                for cycle_day, at in lessons
                if CYCLE[cycle_day] == label
            ]
            for day, label in labelled
        }
        for lessons in there.lessons
    ]
    found = []
    for day, _ in labelled:
        for period in there.periods:
            start, end = _span(day, period)
            if all(not _overlaps(start, end, lessons[day]) for lessons in busy):
                found.append((int(start.timestamp()), int(end.timestamp())))
    return found


def _span(day: date, period: Period) -> tuple[datetime, datetime]:
    assert period.start is not None
    assert period.end is not None
    start = datetime.combine(day, period.start, ZONE)
    return start.astimezone(UTC), datetime.combine(day, period.end, ZONE).astimezone(UTC)


def _overlaps(start: datetime, end: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    return any(first < end and start < last for first, last in spans)


def feeds(there: School) -> list[icalendar.Calendar]:
    """Return everybody's lessons as a calendar: one event each, every second week."""
    return [_feed(there, lessons) for lessons in there.lessons]


def _feed(there: School, lessons: frozenset[tuple[int, int]]) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    until = datetime.combine(there.calendar.until, time(23), UTC)
    for day, at in sorted(lessons):
        date_of = FIRST + timedelta(days=day % 5 + 7 * (day // 5))
        period = there.periods[at]
        assert period.start is not None
        assert period.end is not None
        event = icalendar.Event()
        event.add("uid", f"{day}-{at}")
        event.add("dtstart", datetime.combine(date_of, period.start, ZONE))
        event.add("dtend", datetime.combine(date_of, period.end, ZONE))
        event.add("rrule", {"freq": "weekly", "interval": 2, "until": until})
        for monday in HOLIDAYS:
            event.add(
                "exdate", datetime.combine(monday + timedelta(days=day % 5), period.start, ZONE)
            )
        calendar.add_component(event)
    return calendar


def by_feeds(calendars: Sequence[icalendar.Calendar], there: School) -> list[tuple[int, int]]:
    """Return what all have free, each one's lessons expanded by recurring-ical-events."""
    busy = set()
    for calendar in calendars:
        for event in recurring_ical_events.of(calendar).between(there.start, there.end):
            busy.add(int(event["DTSTART"].dt.timestamp()))
    spans = (
        _span(day, period) for day, _ in there.calendar.school_days() for period in there.periods
    )
    pairs = [(int(start.timestamp()), int(end.timestamp())) for start, end in spans]
    return [pair for pair in pairs if pair[0] not in busy]

"""A feed's events in the periods of a school: the calendar tells which day and bells a date has."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.timetable.feed_weeks import Piece, feed_name, pieces
from bot.domain.timetable.feeds import Feed
from bot.domain.timetable.grid import Grid, Place
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use

_Place = tuple[str, str]
_TOLD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A feed as a timetable of the school, and remarks about what does not go into one."""

    timetable: Timetable
    remarks: tuple[str, ...]


def in_school(grid: Grid, calendar: SchoolCalendar | None) -> Grid:
    """Return a week made of feeds in the days and periods of the school, by clock times and dates.

    Any other grid, or one for a school without clock times, is returned as it is.
    """
    if not grid.feeds or calendar is None or not calendar.bells.timed:
        return grid
    days, periods = calendar.cycle, calendar.bells.names
    at = {(day, name): (i, k) for i, day in enumerate(days) for k, name in enumerate(periods)}
    lessons: dict[str, set[Place]] = {}
    what: dict[str, dict[Place, str]] = {}
    notes: list[str] = []
    for number, feed in enumerate(grid.feeds, 1):
        name, found = feed_name(feed, number, len(grid.feeds)), fitted(feed, calendar)
        cells = found.timetable.cells
        lessons.setdefault(name, set()).update(at[place] for place in cells)
        what.setdefault(name, {}).update({at[p]: c.what for p, c in cells.items() if c.what})
        notes += found.remarks
    return Grid(
        days=days,
        periods=periods,
        lessons={name: frozenset(places) for name, places in lessons.items()},
        what=what,
        subjects=frozenset(word for told in what.values() for word in told.values()),
        notes=tuple(dict.fromkeys(notes)),
    )


def fitted(feed: Feed, calendar: SchoolCalendar) -> Fitted:
    """Return the lessons of a feed in the calendar's days and periods, by the minutes they share.

    The calendar's bells have clock times. A period is a lesson when an event touches it on more
    than one school day of that name, or on every one there is; between the feed's first and last
    event, only days on which there is school count.
    """
    by_day: dict[date, list[Piece]] = defaultdict(list)
    for piece in pieces(feed.busy, calendar.zone):
        by_day[piece.day].append(piece)
    days: Counter[str] = Counter()
    words: dict[_Place, Counter[str]] = defaultdict(Counter)
    dates: Counter[_Place] = Counter()
    outside: Counter[str] = Counter()
    for day, label in _school_days(by_day, calendar):
        days[label] += 1
        placed = _in_periods(by_day.get(day, []), calendar, day, label, outside)
        dates.update(placed.keys())
        for place, told in placed.items():
            words[place].update(told)
    lessons = [place for place, n in dates.items() if n > 1 or n == days[place[0]]]
    cells = {place: Cell(use=Use.LESSON, what=_words(words[place])) for place in sorted(lessons)}
    remarks = (
        *feed.remarks,
        *_seldom({place: dates[place] for place in cells}, days),
        *_left_out([place for place in dates if place not in cells], words),
        *_outside(outside),
    )
    return Fitted(timetable=Timetable(cells=cells), remarks=remarks)


def _school_days(
    by_day: Mapping[date, list[Piece]], calendar: SchoolCalendar
) -> Iterator[tuple[date, str]]:
    """Yield the school days, with their names, from the first to the last day of the feed."""
    if not by_day:
        return
    day, last = max(min(by_day), calendar.first_date), min(max(by_day), calendar.until)
    while day <= last:
        label = calendar.label_on(day)
        if label is not None:
            yield day, label
        day += timedelta(days=1)


def _in_periods(
    on_day: list[Piece], calendar: SchoolCalendar, day: date, label: str, outside: Counter[str]
) -> dict[_Place, list[str]]:
    """Return what is in each period of a date; what is in none is counted as outside."""
    periods = [p for p in calendar.bells.schedule_on(day, label).in_order() if p.timed]
    found: dict[_Place, list[str]] = defaultdict(list)
    for piece in on_day:
        touched = [
            period
            for period in periods
            if not period.is_break
            and piece.start * 60 < period.seconds[1]
            and period.seconds[0] < piece.end * 60
        ]
        for period in touched:
            found[label, period.name].append(piece.what)
        if not touched:
            outside[piece.what] += 1
    return found


def _words(counted: Counter[str]) -> str:
    return " / ".join(word for word, _ in counted.most_common(3) if word)


def _seldom(dates: Mapping[_Place, int], days: Mapping[str, int]) -> Iterator[str]:
    """Yield what counts as a lesson though it is not there on most of its days."""
    told = [
        f"{label} {period} ({n} of {days[label]} days)"
        for (label, period), n in dates.items()
        if n * 2 <= days[label]
    ]
    if told:
        yield f"Not every time, but counted as busy: {_some(told)}."


def _left_out(places: list[_Place], words: Mapping[_Place, Counter[str]]) -> Iterator[str]:
    told = [f"“{_words(words[place])[:40]}” ({' '.join(place)})" for place in places]
    if told:
        yield f"Not part of the timetable, because once only: {_some(told)}."


def _outside(outside: Counter[str]) -> Iterator[str]:
    told = [f"“{what[:40]}”" for what in outside if what]
    if told:
        yield f"Outside of the school's periods, so not in the timetable: {_some(told)}."


def _some(told: list[str]) -> str:
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    return f"{', '.join(told[:_TOLD])}{more}"

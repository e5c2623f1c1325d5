"""A feed's events in the periods of a school: the calendar tells which day and bells a date has."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.timetable.bells import Period
from bot.domain.timetable.feed_weeks import Piece, feed_name, pieces, week_of_feeds, whole_days
from bot.domain.timetable.feeds import Feed
from bot.domain.timetable.grid import Dated, Grid, Place
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import FREE, Cell, Timetable, Use

_TOLD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A feed as a timetable of the school, and remarks about what does not go into one."""

    timetable: Timetable
    remarks: tuple[str, ...]


def in_school(grid: Grid, calendar: SchoolCalendar | None, zone: str) -> Grid:
    """Return a week made of feeds in the days and periods of the school, by clock times and dates.

    Without a school, or one without clock times, feeds that state no zone are put on the clocks of
    ``zone`` (IANA), which is where their reader is. Any other grid is returned as it is.
    """
    if not grid.feeds:
        return grid
    if calendar is None or not calendar.bells.timed:
        return week_of_feeds(grid.feeds, zone)
    days, periods = calendar.cycle, calendar.bells.names
    at = {(day, name): (i, k) for i, day in enumerate(days) for k, name in enumerate(periods)}
    lessons: dict[str, set[Place]] = {}
    what: dict[str, dict[Place, str]] = {}
    notes: list[str] = []
    dated: dict[str, Dated] = {}
    for number, feed in enumerate(grid.feeds, 1):
        name, found = feed_name(feed, number, len(grid.feeds)), fitted(feed, calendar)
        cells = found.timetable.cells
        lessons.setdefault(name, set()).update(at[place] for place in cells)
        what.setdefault(name, {}).update({at[p]: c.what for p, c in cells.items() if c.what})
        dated[name] = {**dated.get(name, {}), **found.timetable.dated}
        notes += found.remarks
    return Grid(
        days=days,
        periods=periods,
        lessons={name: frozenset(places) for name, places in lessons.items()},
        what=what,
        subjects=frozenset(word for told in what.values() for word in told.values()),
        dated=dated,
        notes=tuple(dict.fromkeys(notes)),
    )


def fitted(feed: Feed, calendar: SchoolCalendar) -> Fitted:
    """Return the lessons of a feed in the calendar's days and periods, by the minutes they share.

    The calendar's bells have clock times. A period of a cycle day is a lesson when an event touches
    it on at least half of its dates between the feed's first and last event; the dates on which it
    is otherwise are kept as such.
    """
    by_day: dict[date, list[Piece]] = defaultdict(list)
    for piece in pieces(feed.busy, calendar.zone):
        by_day[piece.day].append(piece)
    labels = dict(_school_days(by_day, calendar))
    placed = {
        day: _in_periods(by_day.get(day, []), calendar, day, label) for day, label in labels.items()
    }
    cells = _usual(placed, labels)
    dated = {}
    for day, found in placed.items():
        rung = {period.name for period in calendar.bells.schedule_on(day, labels[day]).periods}
        usual = {at: cell for (of, at), cell in cells.items() if of == labels[day] and at in rung}
        if otherwise := _otherwise(found, usual):
            dated[day] = otherwise
    return Fitted(
        timetable=Timetable(cells=cells, dated=dated),
        remarks=(*feed.remarks, *whole_days(feed), *_on_dates(dated), *_outside(by_day, placed)),
    )


def _usual(
    placed: Mapping[date, Mapping[str, list[str]]], labels: Mapping[date, str]
) -> dict[tuple[str, str], Cell]:
    """Return the lessons that are there on at least half of the dates of their cycle day."""
    days = Counter(labels.values())
    dates: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for day, found in placed.items():
        for period, told in found.items():
            dates[labels[day], period] += 1
            words[labels[day], period].update(told)
    return {
        place: Cell(use=Use.LESSON, what=_words(words[place]))
        for place, n in sorted(dates.items())
        if n * 2 >= days[place[0]]
    }


def _otherwise(found: Mapping[str, list[str]], usual: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the periods of a date that are not as they usually are on its cycle day."""
    more = {
        period: Cell(use=Use.LESSON, what=_words(Counter(told)))
        for period, told in found.items()
        if period not in usual
    }
    return {**more, **{period: FREE for period in usual if period not in found}}


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
    on_day: list[Piece], calendar: SchoolCalendar, day: date, label: str
) -> dict[str, list[str]]:
    """Return what is in each period of a date."""
    periods = [p for p in calendar.bells.schedule_on(day, label).in_order() if p.timed]
    found: dict[str, list[str]] = defaultdict(list)
    for piece in on_day:
        touched = [
            period
            for period in periods
            if not period.is_break
            and piece.start * 60 < period.seconds[1]
            and period.seconds[0] < piece.end * 60
        ]
        for period in _one_at_a_time(touched, piece):
            found[period.name].append(piece.what)
    return found


def _one_at_a_time(touched: list[Period], piece: Piece) -> list[Period]:
    """Return the periods that an event is in: of those that run at once the one it fits best."""

    def off(period: Period) -> int:
        start, end = period.seconds
        return abs(start - piece.start * 60) + abs(end - piece.end * 60)

    chosen: list[Period] = []
    for period in sorted(touched, key=off):
        start, end = period.seconds
        if all(end <= one.seconds[0] or one.seconds[1] <= start for one in chosen):
            chosen.append(period)
    return chosen


def _words(counted: Counter[str]) -> str:
    return " / ".join(word for word, _ in counted.most_common(3) if word)


def _on_dates(dated: Mapping[date, Mapping[str, Cell]]) -> Iterator[str]:
    """Yield on which dates it is otherwise than in the week that is shown."""
    told = [
        f"{day} {', '.join(f'{at} {_use(cell)}' for at, cell in cells.items())}"
        for day, cells in sorted(dated.items())
    ]
    if told:
        yield f"On single dates it is otherwise than in this week, and kept so: {_some(told)}."


def _use(cell: Cell) -> str:
    return "free" if cell.use is Use.FREE else f"“{cell.what[:40]}”"


def _outside(
    by_day: Mapping[date, list[Piece]], placed: Mapping[date, Mapping[str, list[str]]]
) -> Iterator[str]:
    """Yield what is in no period of any school day: in the holidays, in a break, in the evening."""
    inside = {what for found in placed.values() for told in found.values() for what in told}
    every = dict.fromkeys(piece.what for on_day in by_day.values() for piece in on_day)
    told = [f"“{what[:40]}”" for what in every if what not in inside]
    if told:
        yield f"Outside of the school's days and periods, so left out: {_some(told)}."


def _some(told: list[str]) -> str:
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    return f"{', '.join(told[:_TOLD])}{more}"

"""A file's days and periods under the names that the school has for them.

"Monday" is the school's "Mo", "Pd1 (07:10-07:50)" its "P1" of the same clock times. What is not
clearly the same keeps its name, and is asked about.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain.timetable.doubts import clock_of
from bot.domain.timetable.grid import Grid, fold_name
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.weekdays import plain_word, weekday_of

V = TypeVar("V")
_APART = re.compile(r"[\s-]+")
_NUMBER = re.compile(
    r"(?:p|pd|per|period|lesson|hour|std|stunde)?\.?\s*(\d{1,2})(?:\.|st|nd|rd|th)?"
)
_Key = Callable[[str], object]


def called_as(grid: Grid, calendar: SchoolCalendar | None) -> Grid:
    """Return ``grid`` with its days and periods called as ``calendar`` calls them."""
    if calendar is None:
        return grid
    return _renamed(grid, _days(grid, calendar), _periods(grid, calendar))


def _days(grid: Grid, calendar: SchoolCalendar) -> dict[str, str]:
    """Return new names of days: by their letters, or as weekdays where the school's days are."""
    found = _matched(grid.days, calendar.cycle, _letters, _letters)
    if calendar.weekly and len(found) < len(grid.days):
        by_weekday = dict(zip(calendar.school_weekdays, calendar.cycle, strict=True))
        found = _injective(
            {
                day: by_weekday[weekday]
                for day in grid.days
                if (weekday := weekday_of(day)) is not None and weekday in by_weekday
            }
        )
    return found


def _periods(grid: Grid, calendar: SchoolCalendar) -> dict[str, str]:
    """Return new names of periods: by their letters, their long names, clock times, or numbers."""
    names = calendar.bells.names
    ordinary = calendar.bells.schedules[calendar.bells.default].in_order()
    clock = clock_of(grid)
    timed = [((p.start, p.end), p.name) for p in ordinary if p.timed]
    clocks = Counter(span for span, _ in timed)
    by_clock = {span: name for span, name in timed if clocks[span] == 1}
    ways: list[dict[str, str]] = [
        _matched(grid.periods, names, _letters, _letters),
        _matched(grid.periods, names, lambda name: _letters(grid.titles.get(name, name)), _letters),
        _injective(
            {name: by_clock[clock[name]] for name in grid.periods if clock.get(name) in by_clock}
        ),
    ]
    if not clock:  # times tell more than numbers
        ways.append(_matched(grid.periods, names, _numbered, _numbered))
    return max(ways, key=len)


def _letters(name: str) -> object:
    """Return a name without case, blanks, and the word “day” around it: " B DAY" is "b"."""
    plain = _APART.sub("", plain_word(fold_name(name)))
    return plain.removesuffix("day").removeprefix("day") or plain


def _numbered(name: str) -> object:
    """Return the number of a period that has no other name: "Period 1", "1." and "P1" are one."""
    found = _NUMBER.fullmatch(plain_word(fold_name(name)))
    return int(found[1]) if found else _letters(name)


def _matched(names: Sequence[str], known: Sequence[str], key: _Key, own: _Key) -> dict[str, str]:
    """Return the known name of each of ``names`` that has one of the same key."""
    if len({own(name) for name in known}) < len(known):
        return {name: name for name in names if name in known}
    by_key = {own(name): name for name in known}
    return _injective({name: by_key[key(name)] for name in names if key(name) in by_key})


def _injective(found: dict[str, str]) -> dict[str, str]:
    """Return the names found, none when two would become one."""
    return found if len(set(found.values())) == len(found) else {}


def _renamed(grid: Grid, days: Mapping[str, str], periods: Mapping[str, str]) -> Grid:
    """Return the grid under other names; nothing where a new name is that of another one."""
    new_days = tuple(days.get(name, name) for name in grid.days)
    new_periods = tuple(periods.get(name, name) for name in grid.periods)
    if len(set(new_days)) < len(new_days) or len(set(new_periods)) < len(new_periods):
        return grid

    def keyed(values: Mapping[str, V], names: Mapping[str, str]) -> dict[str, V]:
        return {names.get(name, name): value for name, value in values.items()}

    return replace(
        grid,
        days=new_days,
        periods=new_periods,
        clock=keyed(grid.clock, periods),
        titles=keyed(grid.titles, periods),
        lines=keyed(grid.lines, days),
    )

"""What a file leaves open: said to whoever gives it, before anything of it counts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from bot.domain.timetable.clocktimes import times_in
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.marking import Likely, likely
from bot.domain.timetable.period_lines import periods_from_names
from bot.domain.timetable.weekdays import plain_word, weekday_of

_MORNING = """
morning am vormittag vorm matin manana mattina manha ochtend rano dopoledne sabah صباح صباحا
الصباح صباحي الصباحي صباحية الصباحية
"""
_AFTERNOON = """
afternoon evening pm nachmittag nachm apresmidi soir tarde pomeriggio sera noite middag avond
popoludniu odpoledne aksam مساء مساءا المساء مسائي المسائي مسائية المسائية
"""
_HALVES = tuple(frozenset(map(plain_word, some.split())) for some in (_MORNING, _AFTERNOON))
_ASKED = {
    Likely.MEETING: "a meeting, so that nobody is busy with a lesson",
    Likely.BREAK: "a break, in which nobody plans",
    Likely.PREPARATION: "preparation, so that it is a planning period",
    Likely.DUTY: "a duty rather than a lesson",
    Likely.OBSERVATION: "a visit to somebody else's lesson",
    Likely.NOTHING: "nothing at all, so that this time is free",
}
_MOST = 2_000
"""Subjects that are looked at: more than any school has."""


def clock_of(grid: Grid) -> Mapping[str, tuple[time, time]]:
    """Return start and end of the periods of which the file tells them, apart or in a name.

    A period of which only the start is told lasts until the next one starts.
    """
    names = [name if times_in(name) else grid.titles.get(name, name) for name in grid.periods]
    told = zip(grid.periods, periods_from_names(names), strict=True)
    found = {
        name: (p.start, p.end) for name, p in told if p.start is not None and p.end is not None
    }
    return {**found, **grid.clock}


def break_periods(grid: Grid) -> tuple[str, ...]:
    """Return the periods in which nobody ever has a lesson and which are breaks.

    By what the file states, or by their names where it states none.
    """
    taught = {at for places in grid.lessons.values() for _, at in places}
    idle = [(at, name) for at, name in enumerate(grid.periods) if at not in taught]
    if grid.breaks:
        days = range(len(grid.days))
        return tuple(name for at, name in idle if all((day, at) in grid.breaks for day in days))
    return tuple(name for _, name in idle if likely(grid.titles.get(name, name)) is Likely.BREAK)


def likely_uses(grid: Grid) -> dict[str, Likely]:
    """Return the subjects that may be no lessons, in their order by name, and what they may be."""
    found = ((subject, likely(subject)) for subject in sorted(grid.subjects)[:_MOST])
    return {subject: kind for subject, kind in found if kind is not None}


def questions(grid: Grid) -> tuple[str, ...]:
    """Return, in one sentence each, what somebody who knows the school should answer."""
    taught = {word for words in grid.what.values() for word in words.values()}
    return (
        *_about_days(grid),
        *_about_clock(grid),
        *_about_periods(grid),
        *(
            f"Is “{subject}” {_ASKED[kind]}?"
            for subject, kind in likely_uses(grid).items()
            if subject in taught
        ),
    )


def _about_days(grid: Grid) -> Iterator[str]:
    named = ", ".join(grid.days[:4]) + (" …" if len(grid.days) > 4 else "")  # noqa: PLR2004
    if halves(grid.days):
        yield f"Are the days ({named}) half-days, two for each day?"
    elif numbered(grid.days):
        yield f"Which days of the week, or of your cycle, are {named}?"
    elif not all(weekday_of(day) is not None for day in grid.days):
        yield f"Do the days ({named}) rotate, or does each belong to a day of the week?"


def _about_clock(grid: Grid) -> Iterator[str]:
    known = clock_of(grid)
    untold = [name for name in grid.periods if name not in known]
    if untold:
        yield f"When do the periods start and end ({', '.join(untold[:4])})?"
    told = (times_in(grid.titles.get(name, name)) or times_in(name) for name in grid.periods)
    if not grid.clock and any(span is not None and span[1] is None for span in told):
        yield "Only starts of periods are told: does each last until the next one starts?"


def _about_periods(grid: Grid) -> Iterator[str]:
    """Yield the periods that may be breaks by their names, where the file does not say so."""
    stated = {at for _, at in grid.breaks}
    for at, name in enumerate(grid.periods):
        if at not in stated and likely(grid.titles.get(name, name)) is Likely.BREAK:
            yield f"Is the period “{grid.titles.get(name, name)}” {_ASKED[Likely.BREAK]}?"


def halves(days: tuple[str, ...]) -> bool:
    """Tell whether the days are halves, most with both: "Sunday morning", "Sunday afternoon"."""
    found: dict[str, set[int]] = {}
    for day in days:
        plain = re.sub(r"apres\W*midi", "apresmidi", plain_word(day)).replace(".", "")
        words = re.split(r"[\W_]+", plain)
        half = [at for at, names in enumerate(_HALVES) if names & set(words)]
        if len(half) != 1:
            return False
        rest = " ".join(word for word in words if word not in _HALVES[half[0]])
        found.setdefault(rest, set()).add(half[0])
    whole = sum(len(both) == len(_HALVES) for both in found.values())
    return whole * 2 >= len(found) > 0  # on some days school ends at noon


def numbered(days: Sequence[str]) -> bool:
    """Tell whether the days are numbers 1 to 7 at most, as Untis writes the days of a week."""
    return bool(days) and set(days) <= set("1234567")

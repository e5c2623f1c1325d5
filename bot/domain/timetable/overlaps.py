"""Periods that overlap on the clock, as split lunches do: busy in one is busy in the other."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

from bot.domain.timetable.clocktimes import DAY, as_minutes
from bot.domain.timetable.doubts import clock_of
from bot.domain.timetable.grid import Grid, Place

_SLIGHT = 5
"""Minutes; a shorter overlap is rather a slip in the clock times."""
_NOTE = "Some periods overlap on the clock; whoever has a lesson in one is not free in the other."


def by_clock(grid: Grid) -> Grid:
    """Return ``grid`` in which nobody is free in a period that overlaps one of their lessons.

    Only where the clock times are told; they are those of every day of the file.
    """
    beside = _overlapping(grid)
    if not beside:
        return grid
    blocked = {
        teacher: frozenset(
            (day, other) for day, at in grid.busy(teacher) for other in beside.get(at, ())
        )
        for teacher in grid.lessons
    }
    own = {t: grid.own_breaks.get(t, frozenset()) | places for t, places in blocked.items()}
    return replace(grid, own_breaks=_without_empty(own), notes=(*grid.notes, _NOTE))


def _without_empty(places: Mapping[str, frozenset[Place]]) -> dict[str, frozenset[Place]]:
    return {teacher: some for teacher, some in places.items() if some}


def _overlapping(grid: Grid) -> dict[int, tuple[int, ...]]:
    """Return, by period, the other periods that run at the same time."""
    told = clock_of(grid)
    spans = {
        at: (as_minutes(told[name][0]), as_minutes(told[name][1]) or DAY)
        for at, name in enumerate(grid.periods)
        if name in told
    }
    beside: dict[int, tuple[int, ...]] = {}
    for one, other in permutations(spans, 2):
        shared = min(spans[one][1], spans[other][1]) - max(spans[one][0], spans[other][0])
        if shared >= _SLIGHT:
            beside[one] = (*beside.get(one, ()), other)
    return beside

"""Free time on days on which periods run at the same time: split lunches, two grids in one house.

    4A 11:30-12:10               one half of the school has class, then lunch B,
    Lunch A 11:30-12:00 (break)
    4B 12:00-12:40               the other half has lunch A, then class
    Lunch B 12:10-12:40 (break)

Who has a lesson in one of them is not free in the others as long as it lasts. Of the breaks that
their lessons leave them everybody keeps one: whoever teaches 4A has lunch B, and somebody with
neither class is free in each of the two periods, for the other lunch remains.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from bot.domain.timetable.bells import Bells, BellSchedule, Period
from bot.domain.timetable.costs import Cost, cost_at
from bot.domain.timetable.timetable import Timetable, Use

_BUSY = (Use.LESSON, Use.DUTY)
_HELD = (*_BUSY, Use.ABSENT, Use.BREAK)
_Span = tuple[int, int]


class Piece(NamedTuple):
    """Free time in a period, in seconds after midnight; ``cut``: it is not the whole period."""

    start: int
    end: int
    period: str
    cost: Cost
    cut: bool


class _Told(NamedTuple):
    """A period and what somebody uses it for."""

    span: _Span
    period: Period
    use: Use

    def beside(self, spans: Iterable[_Span]) -> bool:
        """Tell whether it runs at the same time as one of the spans."""
        return any(_meets(self.span, one) for one in spans)


def free_pieces(timetable: Timetable, schedule: BellSchedule, label: str) -> list[Piece]:
    """Return the free time of such a day, in order; no two pieces overlap.

    InvalidInput for a period, other than a break, without clock times.
    """
    told = [
        _Told(period.seconds, period, timetable.cell(label, period.name).use)
        for period in schedule.periods
        if period.timed or not period.is_break
    ]
    told.sort(key=lambda one: one.span)
    held = [one.span for one in told if one.use in _HELD]
    kept = [break_ for group in schedule.at_once() for break_ in [_breaks(told, group)] if break_]
    taken = list(held)
    found: list[Piece] = []
    for one in _in_turn(told, held):
        lost = [breaks[-1] for breaks in kept if all(_meets(one.span, at) for at in breaks)]
        for start, end in _without(one.span, taken + lost):
            taken.append((start, end))
            cut = (start, end) != one.span
            found.append(Piece(start, end, one.period.name, _cost(told, one, start), cut))
    return sorted(found)


def clashes(timetable: Timetable, bells: Bells, label: str) -> list[tuple[str, str]]:
    """Return the periods of a cycle day in which somebody has lessons or duties at one time."""
    schedule = bells.schedules[bells.by_label.get(label, bells.default)]
    return [
        (one.name, other.name)
        for group in schedule.at_once()
        for one, other in combinations(group, 2)
        if _meets(one.seconds, other.seconds)
        and all(timetable.cell(label, period.name).use in _BUSY for period in (one, other))
    ]


def _in_turn(told: Sequence[_Told], held: Sequence[_Span]) -> Iterator[_Told]:
    """Yield the periods that are free at least in part, those first that stay whole.

    Planning periods before all others: what they share with a free one belongs to them.
    """
    free = [one for one in told if one.use not in _HELD and not one.period.is_break]
    planning = [one for one in free if one.use is Use.PLANNING]
    yield from planning
    taken = [*held, *(one.span for one in planning)]
    rest = []
    others = (one for one in free if one.use is not Use.PLANNING)
    for one in sorted(others, key=lambda one: (one.span[0], -one.span[1])):
        if one.beside(taken):
            rest.append(one)
        else:
            taken.append(one.span)
            yield one
    yield from rest


def _breaks(told: Sequence[_Told], group: Sequence[Period]) -> list[_Span]:
    """Return the breaks of periods at one time that somebody can have; empty: they had theirs."""
    names = {period.name for period in group}
    here = [one for one in told if one.period.name in names]
    if any(one.use is Use.BREAK for one in here):
        return []
    taken = [one.span for one in here if one.use in _HELD or one.use is Use.PLANNING]
    return [one.span for one in here if one.period.is_break and not one.beside(taken)]


def _cost(told: Sequence[_Told], one: _Told, start: int) -> Cost:
    """Return the class of a piece that begins at ``start``, among the periods of one's own day.

    What runs beside it, or beside a lesson, is a place in somebody else's day.
    """
    if one.use is Use.PLANNING:
        return Cost.PLANNING
    busy = [other.span for other in told if other.use in _BUSY]
    day = [(start, False)]
    for other in told:
        if other.use in _BUSY:
            day.append((other.span[0], True))
        elif other is not one and not other.beside([one.span, *busy]):
            day.append((other.span[0], False))
    day.sort()
    return cost_at([lesson for _, lesson in day], day.index((start, False)))


def _meets(one: _Span, other: _Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without(span: _Span, taken: Iterable[_Span]) -> list[_Span]:
    """Return what remains of a span."""
    parts = [span]
    for start, end in taken:
        parts = [
            part
            for a, b in parts
            for part in ((a, min(b, start)), (max(a, end), b))
            if part[0] < part[1]
        ]
    return parts

"""The free time of one kind of day: one timetable, one bell schedule, one cycle day."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.domain.members import Around
from bot.domain.timetable.bells import BellSchedule
from bot.domain.timetable.beside import free_pieces
from bot.domain.timetable.costs import Cost, day_costs
from bot.domain.timetable.instants import DAY_SECONDS
from bot.domain.timetable.timetable import Timetable, Use, without_use

_BUSY = (Use.LESSON, Use.DUTY)
_FLEXIBLE = "flexible"


class Wall(NamedTuple):
    """A free piece of some day, in seconds after midnight; a tuple, for tens of thousands."""

    start: int
    end: int
    period: str | None
    cost: Cost
    cut: bool = False
    """It is not the whole period: the rest is taken by what runs beside it."""


def free_walls(timetable: Timetable, schedule: BellSchedule, label: str) -> tuple[Wall, ...]:
    """Return the free periods of a day with these bells and label, in order.

    The timetable remembers them, with the schedule they are of: a calendar that was changed has
    another one of that name. InvalidInput for a period without clock times.
    """
    key = (schedule.name, label)
    known: tuple[BellSchedule, tuple[Wall, ...]] | None = timetable.memo.get(key)
    if known is None or known[0] is not schedule:
        known = schedule, tuple(_walls(timetable, schedule, label))
        timetable.memo[key] = known
    return known[1]


def _walls(timetable: Timetable, schedule: BellSchedule, label: str) -> Iterator[Wall]:
    if schedule.at_once():
        yield from (Wall(*piece) for piece in free_pieces(timetable, schedule, label))
        return
    periods = schedule.in_order()
    uses = [timetable.cell(label, period.name).use for period in periods]
    costs = day_costs([use in _BUSY for use in uses])
    for period, use, cost in zip(periods, uses, costs, strict=True):
        if period.is_break or use is Use.BREAK:
            continue
        start, end = period.seconds
        if use is Use.PLANNING:
            yield Wall(start, end, period.name, Cost.PLANNING)
        elif cost is not None and use is not Use.ABSENT:
            yield Wall(start, end, period.name, cost)


def walls_around(
    timetable: Timetable, schedule: BellSchedule, label: str, around: Around
) -> Iterator[Wall]:
    """Yield the time before the first bell and after the last one that somebody would plan in.

    Not where they are absent in the first or the last period: they are not in the building then.
    """
    periods = [period for period in schedule.in_order() if period.timed]
    if not periods:
        return
    uses = [timetable.cell(label, period.name).use for period in periods]
    costs = day_costs([False, *(use in _BUSY for use in uses), False])
    first, last = periods[0].seconds[0], max(period.seconds[1] for period in periods)
    earliest = max(0, first - around.before * 60)
    latest = min(DAY_SECONDS, last + around.after * 60)
    if earliest < first and costs[0] is not None and uses[0] is not Use.ABSENT:
        yield Wall(earliest, first, None, costs[0])
    if last < latest and costs[-1] is not None and uses[-1] is not Use.ABSENT:
        yield Wall(last, latest, None, costs[-1])


def flexible(timetable: Timetable) -> Timetable:
    """Return the timetable without its lessons; the one with them remembers it."""
    known: Timetable | None = timetable.memo.get(_FLEXIBLE)
    if known is None:
        known = timetable.memo[_FLEXIBLE] = without_use(timetable, Use.LESSON)
    return known

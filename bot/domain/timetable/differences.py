"""What is other in a timetable that was read again, and what was said about its subjects before."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.timetable.timetable import FREE, Cell, Timetable, Use, with_use


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One period of one cycle day that was used otherwise before."""

    day: str
    period: str
    before: Cell
    after: Cell


def differences(
    old: Timetable, new: Timetable, days: Sequence[str], periods: Sequence[str]
) -> tuple[Difference, ...]:
    """Return what changed from ``old`` to ``new``, by day, then period; others come last.

    A free period is free whatever is written in it.
    """
    places = {**old.cells, **new.cells}
    ranks = ({name: at for at, name in enumerate(names)} for names in (days, periods))
    of_day, of_period = ranks

    def rank(place: tuple[str, str]) -> tuple[int, int, str, str]:
        day, period = place
        return of_day.get(day, len(days)), of_period.get(period, len(periods)), day, period

    pairs = ((place, _plain(old.cell(*place)), _plain(new.cell(*place))) for place in places)
    changed = {place: (before, after) for place, before, after in pairs if before != after}
    return tuple(
        Difference(day=place[0], period=place[1], before=before, after=after)
        for place, (before, after) in sorted(changed.items(), key=lambda one: rank(one[0]))
    )


def dated_differences(
    old: Timetable, new: Timetable, label_on: Callable[[date], str | None]
) -> tuple[Difference, ...]:
    """Return what changed on single dates, which stand for the day ("2026-11-09"), in order.

    Only what is other than in the cycle before or after counts.
    """
    found = []
    for day in sorted(old.dated.keys() | new.dated.keys()):
        label = label_on(day)
        if label is None:
            continue
        one, other = old.on(day, label), new.on(day, label)
        periods = dict.fromkeys((*old.dated.get(day, ()), *new.dated.get(day, ())))
        for period in periods:
            before, after = _plain(one.cell(label, period)), _plain(other.cell(label, period))
            usual = _plain(old.cell(label, period)), _plain(new.cell(label, period))
            if before != after and (before, after) != usual:
                found.append(
                    Difference(day=day.isoformat(), period=period, before=before, after=after)
                )
    return tuple(found)


def _plain(cell: Cell) -> Cell:
    return FREE if cell.use is Use.FREE else cell


def remembered(old: Timetable, new: Timetable) -> dict[str, Use]:
    """Return the subjects that the new timetable has as lessons and somebody had marked otherwise.

    Only where all of the old one's periods of that subject have one and the same other use.
    """
    said: dict[str, set[Use]] = defaultdict(set)
    for cell in old.cells.values():
        if cell.what:
            said[cell.what].add(cell.use)
    lessons = {cell.what for cell in new.cells.values() if cell.use is Use.LESSON}
    return {
        what: next(iter(uses))
        for what, uses in sorted(said.items())
        if len(uses) == 1 and Use.LESSON not in uses and what in lessons
    }


def as_remembered(new: Timetable, uses: dict[str, Use]) -> Timetable:
    """Return the new timetable with those subjects used as somebody had said."""
    for what, use in uses.items():
        new = with_use(new, what, use)
    return new

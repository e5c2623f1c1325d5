"""Breaks and absences that stand in another file than the lessons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, Place, fold_name

_Time = tuple[str, str]
_STRANGERS = "Not in the file of constraints, so nothing is known of their absences: "
_NUMBER = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When nobody can meet (``breaks``) and who is not there when (``absences``, by folded name).

    A time is the names of its day and period, in the order of ``days`` and ``periods``.
    ``teachers`` are all that the file names, folded.
    """

    days: tuple[str, ...]
    periods: tuple[str, ...]
    breaks: frozenset[_Time] = frozenset()
    absences: Mapping[str, frozenset[_Time]] = field(default_factory=dict)
    teachers: frozenset[str] = frozenset()


def limited(grid: Grid, limits: Limits) -> Grid:
    """Return ``grid`` with the breaks and absences of ``limits`` besides its own.

    Days and periods are matched by their names (periods also by their long ones), or by position
    where the grid has numbers only. Times that the grid does not have are left out; teachers whom
    ``limits`` does not know are noted. InvalidInput when no day or no period matches: these are
    then two different schools.
    """
    days = _matched(limits.days, grid.days, {}, "days")
    periods = _matched(limits.periods, grid.periods, grid.titles, "periods")

    def places(times: frozenset[_Time]) -> frozenset[Place]:
        return frozenset(
            (days[day], periods[period])
            for day, period in times
            if day in days and period in periods
        )

    known = limits.teachers | limits.absences.keys()
    strangers = [teacher for teacher in grid.lessons if fold_name(teacher) not in known]
    notes = (_STRANGERS + _some(strangers) + ".",) if strangers else ()
    absences = dict(grid.absences)
    for teacher in grid.lessons:
        times = limits.absences.get(fold_name(teacher), frozenset())
        absences[teacher] = absences.get(teacher, frozenset()) | places(times)
    return replace(
        grid,
        breaks=grid.breaks | places(limits.breaks),
        absences={teacher: times for teacher, times in absences.items() if times},
        notes=(*grid.notes, *notes),
    )


def _matched(
    names: Sequence[str], known: Sequence[str], titles: Mapping[str, str], kind: str
) -> dict[str, int]:
    """Return the index in ``known`` of each of the ``names`` that is there."""
    own = {fold_name(name): at for at, name in enumerate(known)}
    long = {fold_name(titles[name]): at for at, name in enumerate(known) if name in titles}
    folded = {fold_name(name) for name in names}
    # What fits better goes first: some schools call the period of number 1 "0".
    best = long | own if len(folded & own.keys()) >= len(folded & long.keys()) else own | long
    at_name = {name: best.get(fold_name(name)) for name in names}
    found = {name: at for name, at in at_name.items() if at is not None}
    if not found and all(_NUMBER.fullmatch(name) for name in known):
        first = min(int(name) for name in known) if known else 0
        start = min(first, 1)  # periods are counted from 0 in some schools, days never
        numbers = {str(start + at): name for at, name in enumerate(names)}
        found = {numbers[name]: at for at, name in enumerate(known) if name in numbers}
    if not found:
        raise InvalidInput(
            what=f"The {kind} of the two files are different: {_some(names)} there, "
            f"{_some(known)} here.",
            remedy="Give the constraints of the same school.",
        )
    return found


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004

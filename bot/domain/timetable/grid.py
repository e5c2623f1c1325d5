"""The timetables of a whole file, by index of day and period, and what several people share.

Nothing here knows clock times: the days and periods are the file's own words in its own order.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches

from bot.domain.errors import InvalidInput
from bot.domain.timetable.costs import Cost, day_costs
from bot.domain.timetable.feeds import Feed
from bot.domain.timetable.timetable import Cell, Timetable, Use

Place = tuple[int, int]
"""Index of the day, index of the period, both from 0."""
Places = Mapping[str, frozenset[Place]]
Dated = Mapping[date, Mapping[str, Cell]]
_NONE: frozenset[Place] = frozenset()
_MOST_COMPARED = 5_000
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What a file says about its teachers, by their names as the file first writes them.

    ``lessons`` has every teacher, also those without lessons; a file about one person alone has
    the teacher "". ``breaks`` are nobody's; ``own_breaks``, ``absences``, ``planning`` and
    ``duties`` are what the file states as such. ``what`` holds the words of a place; ``clashes``
    are the places for which the file tells two different things of one name, perhaps two people,
    with each of them ("" for a lesson of no subject). ``subjects`` are all that the file names.
    ``clock`` has the wall times of periods (end of midnight: 00:00) and ``titles`` their longer
    names, where the file states them apart from ``periods``. ``notes`` are sentences about what
    was left out or is doubtful. ``lines`` tells on which line (from 1) a day stands first, where
    the days stand in lines. ``feeds`` are the calendars that the week was made of, if it was;
    ``dated`` is what somebody's single dates have otherwise, as in ``Timetable``.
    """

    days: tuple[str, ...]
    periods: tuple[str, ...]
    lessons: Places
    what: Mapping[str, Mapping[Place, str]] = field(default_factory=dict)
    breaks: frozenset[Place] = _NONE
    own_breaks: Places = field(default_factory=dict)
    absences: Places = field(default_factory=dict)
    planning: Places = field(default_factory=dict)
    duties: Places = field(default_factory=dict)
    clashes: Mapping[str, Mapping[Place, tuple[str, ...]]] = field(default_factory=dict)
    subjects: frozenset[str] = frozenset()
    clock: Mapping[str, tuple[time, time]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=(), compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    feeds: tuple[Feed, ...] = field(default=(), compare=False)
    dated: Mapping[str, Dated] = field(default_factory=dict)

    def busy(self, teacher: str) -> frozenset[Place]:
        """Return where ``teacher`` has a lesson or duty."""
        return self.lessons.get(teacher, _NONE) | self.duties.get(teacher, _NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What some people share: ``free`` has no lesson and no break, ``available`` no absence either.

    Both go by day, then period; ``available`` has each one's cost by the name asked for.
    """

    free: tuple[Place, ...]
    available: tuple[tuple[Place, Mapping[str, Cost]], ...]


def fold_name(name: str) -> str:
    """Return ``name`` without outer blanks, inner ones folded to one, letters composed."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def find_teacher(grid: Grid, name: str) -> str:
    """Return the grid's teacher called ``name``; InvalidInput offers the near names."""
    wanted = fold_name(name)
    for teacher in grid.lessons:
        if fold_name(teacher) == wanted:
            return teacher
    raise InvalidInput(
        what=f"There is no teacher “{name}” in the file.", remedy=_hint(grid, wanted)
    )


def _hint(grid: Grid, wanted: str) -> str:
    """Return what to write instead of an unknown name."""
    teachers = [teacher for teacher in grid.lessons if teacher]
    if not grid.lessons:
        return "Nobody stands in its column for teachers: fill it in and try again."
    if not teachers:
        return "The file has no column for teachers: it holds one person's timetable."
    near = near_names(wanted, teachers)
    if near:
        return "Did you mean " + " or ".join(f"“{name}”" for name in near) + "?"
    some = ", ".join(sorted(teachers)[:_MOST_NEAR])
    return f"It has {len(teachers)} names, for example {some}."


def clash_words(grid: Grid, teacher: str) -> str:
    """Return where a teacher has two different things at once: "Mon P1 (Art / Science)"; or ""."""
    places = sorted(grid.clashes.get(teacher, {}))
    words = grid.what.get(teacher, {})
    return ", ".join(
        f"{grid.days[day]} {grid.periods[at]} ({words.get((day, at), '')})"
        for day, at in places[:_MOST_NEAR]
    )


def near_names(wanted: str, names: Sequence[str]) -> list[str]:
    """Return up to three of ``names`` that are spelled much like ``wanted``, nearest first."""
    small = {fold_name(name).casefold(): fold_name(name) for name in names[:_MOST_COMPARED]}
    key = fold_name(wanted).casefold()
    near = get_close_matches(key, small, n=_MOST_NEAR, cutoff=0.6)
    parts = [name for name in small if key and set(key.split()) & set(name.split())]
    return [small[name] for name in dict.fromkeys(near + sorted(parts))][:_MOST_NEAR]


def common(grid: Grid, names: Sequence[str]) -> Common:
    """Return when all people called ``names`` are free in ``grid``, and what it costs them.

    InvalidInput for a name that the file does not have.
    """
    people = {name: find_teacher(grid, name) for name in names}
    teachers = frozenset(people.values())
    blocked = grid.breaks.union(
        *(grid.busy(teacher) | grid.own_breaks.get(teacher, _NONE) for teacher in teachers)
    )
    absent = _NONE.union(*(grid.absences.get(teacher, _NONE) for teacher in teachers))
    free = tuple(place for place in _places(grid) if place not in blocked)
    costs = {teacher: _costs(grid, teacher) for teacher in teachers}
    return Common(
        free=free,
        available=tuple(
            (place, {name: costs[teacher][place] for name, teacher in people.items()})
            for place in free
            if place not in absent
        ),
    )


def _places(grid: Grid) -> list[Place]:
    """Return all places of the grid, by day, then period."""
    return [(day, at) for day in range(len(grid.days)) for at in range(len(grid.periods))]


def _costs(grid: Grid, teacher: str) -> dict[Place, Cost]:
    """Return the class of every place where ``teacher`` is not busy."""
    busy = grid.busy(teacher)
    costs = {}
    for day in range(len(grid.days)):
        row = day_costs([(day, at) in busy for at in range(len(grid.periods))])
        costs.update({(day, at): cost for at, cost in enumerate(row) if cost is not None})
    planned = grid.planning.get(teacher, _NONE) - busy
    return costs | dict.fromkeys(planned, Cost.PLANNING)


def hand_offs(grid: Grid, names: Sequence[str]) -> list[tuple[str, Place]]:
    """Return a place for each name, one after another, where that one alone is available.

    The asynchronous offer for people without a common slot. Whoever has none left in the cycle
    after the one before is left out.
    """
    offer: list[tuple[str, Place]] = []
    for name in dict.fromkeys(names):
        after = offer[-1][1] if offer else (-1, -1)
        places = (place for place, _cost in common(grid, [name]).available)
        place = next((place for place in places if place > after), None)
        if place is not None:
            offer.append((name, place))
    return offer


def timetable_of(grid: Grid, name: str) -> Timetable:
    """Return the timetable of the teacher called ``name``; InvalidInput when there is none."""
    teacher = find_teacher(grid, name)
    words = grid.what.get(teacher, {})
    # Later uses win: a lesson stays a lesson where the file states something else as well.
    uses = (
        (Use.BREAK, grid.breaks | grid.own_breaks.get(teacher, _NONE)),
        (Use.ABSENT, grid.absences.get(teacher, _NONE)),
        (Use.PLANNING, grid.planning.get(teacher, _NONE)),
        (Use.DUTY, grid.duties.get(teacher, _NONE)),
        (Use.LESSON, grid.lessons[teacher]),
    )
    cells = {
        (grid.days[day], grid.periods[at]): Cell(use=use, what=words.get((day, at), ""))
        for use, places in uses
        for day, at in sorted(places)
    }
    return Timetable(cells=cells, dated=grid.dated.get(teacher, {}))

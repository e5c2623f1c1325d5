"""One member's timetable: what happens in each period of each cycle day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any


class Use(StrEnum):
    """What a period is used for."""

    LESSON = "lesson"
    DUTY = "duty"
    PLANNING = "planning"
    ABSENT = "absent"
    FREE = "free"
    BREAK = "break"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One period of one cycle day; ``what`` is the subject or the like, often empty."""

    use: Use
    what: str = ""


FREE = Cell(use=Use.FREE)
_TAPS = (Use.FREE, Use.LESSON, Use.PLANNING, Use.DUTY, Use.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Cells by (cycle day, period name); where there is none, the member has no lesson.

    ``dated`` is what single dates (of the school's zone) have otherwise, by period: a lesson that
    was moved, or does not take place. It is there whatever day of the cycle the date becomes.
    """

    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    dated: Mapping[date, Mapping[str, Cell]] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was worked out about this very value; a changed timetable begins with nothing."""

    def cell(self, label: str, period: str) -> Cell:
        """Return the cell of a period on a cycle day."""
        return self.cells.get((label, period), FREE)

    def on(self, day: date, label: str) -> "Timetable":
        """Return the timetable with the cycle day ``label`` as it is on that date."""
        changed = self.dated.get(day)
        if not changed:
            return self
        known: Timetable | None = self.memo.get((day, label))
        if known is None:
            here = {(label, period): cell for period, cell in changed.items()}
            known = self.memo[day, label] = Timetable(cells={**self.cells, **here})
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A timetable read back: ``head`` is the cycle days; a row is a period and its cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def week_rows(timetable: Timetable, days: Sequence[str], periods: Sequence[str]) -> Week:
    """Return ``timetable`` as a week: the ``days`` are columns, the ``periods`` rows."""
    rows = ((name, tuple(timetable.cell(day, name) for day in days)) for name in periods)
    return Week(head=tuple(days), rows=tuple(rows))


def set_cell(timetable: Timetable, label: str, period: str, cell: Cell) -> Timetable:
    """Return ``timetable`` with one cell changed; a free cell is simply left out."""
    cells = {**timetable.cells, (label, period): cell}
    if cell == FREE:
        del cells[label, period]
    return replace(timetable, cells=cells)


def tap(timetable: Timetable, label: str, period: str) -> Timetable:
    """Return ``timetable`` with one cell's use moved on.

    Free, lesson, planning, duty, absent, free; a break becomes free. What was written in the cell
    stays until it is free.
    """
    cell = timetable.cell(label, period)
    at = _TAPS.index(cell.use) if cell.use in _TAPS else -1
    use = _TAPS[(at + 1) % len(_TAPS)]
    return set_cell(
        timetable, label, period, FREE if use is Use.FREE else Cell(use=use, what=cell.what)
    )


def subjects(timetable: Timetable) -> tuple[str, ...]:
    """Return what the lessons are, each once, in order: some may really be meetings."""
    words = (cell.what for cell in timetable.cells.values() if cell.use is Use.LESSON)
    return tuple(sorted({word for word in words if word}))


def with_use(timetable: Timetable, what: str, use: Use) -> Timetable:
    """Return ``timetable`` with every cell called ``what`` used as ``use``."""

    def used(cell: Cell) -> Cell:
        return Cell(use=use, what=what) if cell.what == what else cell

    return Timetable(
        cells={place: used(cell) for place, cell in timetable.cells.items()},
        dated={
            day: {period: used(cell) for period, cell in cells.items()}
            for day, cells in timetable.dated.items()
        },
    )


def without_use(timetable: Timetable, use: Use) -> Timetable:
    """Return ``timetable`` without the cells of one use: those periods are free."""
    kept = {place: cell for place, cell in timetable.cells.items() if cell.use is not use}
    dated = {
        day: {period: FREE if cell.use is use else cell for period, cell in cells.items()}
        for day, cells in timetable.dated.items()
    }
    return Timetable(cells=kept, dated=dated)

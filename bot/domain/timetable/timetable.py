"""One member's timetable: what happens in each period of each cycle day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """Cells by (cycle day, period name); where there is none, the member has no lesson."""

    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was worked out about this very value; a changed timetable begins with nothing."""

    def cell(self, label: str, period: str) -> Cell:
        """Return the cell of a period on a cycle day."""
        return self.cells.get((label, period), FREE)


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
    return Timetable(cells=cells)


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
    cells = {
        place: Cell(use=use, what=what) if cell.what == what else cell
        for place, cell in timetable.cells.items()
    }
    return Timetable(cells=cells)


def without_use(timetable: Timetable, use: Use) -> Timetable:
    """Return ``timetable`` without the cells of one use: those periods are free."""
    kept = {place: cell for place, cell in timetable.cells.items() if cell.use is not use}
    return Timetable(cells=kept)

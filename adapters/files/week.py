"""One person's week as it stands in a spreadsheet: periods down, days across, or turned round."""

from collections.abc import Sequence

from adapters.files.headings import is_day, is_heading, is_period, no_day
from adapters.files.separated import Row
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid


def read_week(rows: Sequence[Row]) -> Grid | None:
    """Return a pasted week as the grid of one person, called ""; None when it is no such layout.

    The first column holds the periods and the first row the days, or the other way round; a cell
    says what happens, an empty one is free. All days must clearly be days, and most periods
    periods unless the corner says Period (or Day, turned round). InvalidInput for names that
    stand twice and for a row that is too long.
    """
    corner, across = rows[0].cell(0), list(rows[0].cells[1:])
    while across and not across[-1]:
        across.pop()
    down = [row.cell(0) for row in rows[1:]]
    turned = _turned(corner, across, down)
    if turned is None:
        _refuse_odd_day(rows, across)
        return None
    for row in rows[1:]:
        if any(row.cells[len(across) + 1 :]):
            raise InvalidInput(
                what=f"Line {row.line} has more cells than the first row has headings.",
                remedy="Give every column a heading and try again.",
            )
    _refuse_doubles(across)
    _refuse_doubles(down)
    return _grid(rows[1:], across, down, turned=turned)


def _turned(corner: str, across: Sequence[str], down: Sequence[str]) -> bool | None:
    """Tell whether the days go down (turned round) or across; None when it is no week."""
    if not across or not down or not all(across) or not all(down):
        return None
    days_across, days_down = all(map(is_day, across)), all(map(is_day, down))
    if days_across and not days_down and (_periods(down) or is_heading(corner, "period")):
        return False
    if days_down and not days_across and (_periods(across) or is_heading(corner, "day")):
        return True
    return None


def _refuse_odd_day(rows: Sequence[Row], across: Sequence[str]) -> None:
    """Raise InvalidInput when a week has one day that is none, across or down."""
    down = [row.cell(0) for row in rows[1:]]
    lines = [row.line for row in rows[1:]]
    corner = rows[0].cell(0)
    for days, others, where, role in (
        (across, down, [rows[0].line] * len(across), "period"),
        (down, across, lines, "day"),
    ):
        odd = [at for at, name in enumerate(days) if name and not is_day(name)]
        settled = _periods(others) or (bool(others) and is_heading(corner, role))
        if settled and 0 < len(odd) < len(days) - len(odd):
            raise no_day(where[odd[0]], days[odd[0]])


def _periods(names: Sequence[str]) -> bool:
    """Tell whether ``names`` are periods; a few ("Lunch") may have names of their own."""
    return sum(map(is_period, names)) * 2 > len(names)


def _refuse_doubles(names: Sequence[str]) -> None:
    """Raise InvalidInput when a day or period stands twice."""
    for at, name in enumerate(names):
        if name in names[:at]:
            raise InvalidInput(
                what=f"“{name}” stands twice among the headings.",
                remedy="Give each day and each period its own name and try again.",
            )


def _grid(rows: Sequence[Row], across: Sequence[str], down: Sequence[str], *, turned: bool) -> Grid:
    """Return the cells as the lessons of the one person."""
    words = {
        (at_row, at_column) if turned else (at_column, at_row): row.cell(at_column + 1)
        for at_row, row in enumerate(rows)
        for at_column in range(len(across))
        if row.cell(at_column + 1)
    }
    days, periods = (down, across) if turned else (across, down)
    return Grid(
        days=tuple(days),
        periods=tuple(periods),
        lessons={"": frozenset(words)},
        what={"": words},
        subjects=frozenset(words.values()),
    )

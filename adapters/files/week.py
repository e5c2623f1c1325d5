"""One person's week as it stands in a spreadsheet: periods down, days across, or turned round."""

import re
from collections.abc import Sequence
from dataclasses import replace

from adapters.files.headings import is_day, is_heading, is_period, no_day
from adapters.files.separated import Row
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.marking import Likely, likely
from bot.domain.timetable.weekdays import LONG, plain_word, weekday_of, weekdays_of

_OF_WEEK = re.compile(r"([^\W\d_]+)[\s,.-]*\(?(?:(?:week|wk|woche|semaine|semana)\s*)?[a-d1-4]\)?")
_DATED = re.compile(r"([^\W\d_]+)[\s,.]*\(?\d{1,4}[./-]\d{1,2}(?:[./-](?:\d{2}|\d{4}))?\.?\)?")


def read_week(rows: Sequence[Row]) -> Grid | None:
    """Return a pasted week as the grid of one person, called ""; None when it is no such layout.

    The first column holds the periods and the first row the days, or the other way round; a cell
    says what happens, an empty one is free. All days must clearly be days, and most periods
    periods unless the corner says Period (or Day, turned round). InvalidInput for names that
    stand twice and for a row that is too long.
    """
    rows, below = _without_notes(rows)
    corner, across = rows[0].cell(0), list(rows[0].cells[1:])
    while across and not across[-1]:
        across.pop()
    down = [row.cell(0) for row in rows[1:]]
    across, told_across = _days(across)
    down, told_down = _days(down)
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
    grid = _grid(rows[1:], across, down, turned=turned)
    return replace(grid, notes=(*told_across, *told_down, *below))


def _without_notes(rows: Sequence[Row]) -> tuple[Sequence[Row], tuple[str, ...]]:
    """Return rows without the remarks below a table, each alone in its line, and what they are."""
    end = len(rows)
    while end > 1 and _is_remark(rows[end - 1]):
        end -= 1
    if end <= 1 or end == len(rows):
        return rows, ()
    words = " ".join(row.cell(0) for row in rows[end:])
    return rows[:end], (f"What stands below the table was left out: “{words[:80]}”.",)


def _is_remark(row: Row) -> bool:
    name = row.cell(0)
    alone = bool(name) and not any(row.cells[1:])
    return alone and not _is_day(name) and not is_period(name) and likely(name) is not Likely.BREAK


def _days(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return names, days of them by their full names where only all together are clear."""
    week = weekdays_of(names)
    dated = [_DATED.fullmatch(plain_word(name)) for name in names]
    if week is None and dated and all(dated):
        found = [weekday_of(one[1]) for one in dated if one is not None]
        whole = len(set(found)) == len(names)
        week = tuple(day for day in found if day is not None) if whole else None
        week = week if week is not None and len(week) == len(names) else None
    if week is None:
        return list(names), ()
    days = [LONG[day] for day in week]
    return days, (f"The days {', '.join(names)} were read as {', '.join(days)} of every week.",)


def _is_day(name: str) -> bool:
    """Tell whether a name is a day, also one of several weeks: "Mon A", "Tuesday (week 2)"."""
    found = _OF_WEEK.fullmatch(plain_word(name))
    return is_day(name) or (found is not None and weekday_of(found[1]) is not None)


def _turned(corner: str, across: Sequence[str], down: Sequence[str]) -> bool | None:
    """Tell whether the days go down (turned round) or across; None when it is no week."""
    if not across or not down or not all(across) or not all(down):
        return None
    days_across, days_down = all(map(_is_day, across)), all(map(_is_day, down))
    if days_across and days_down:  # periods may be called A, B, C, as days are
        letters = (_are_letters(across), _are_letters(down))
        if letters == (False, True) and is_heading(corner, "period"):
            return False
        return True if letters == (True, False) and is_heading(corner, "day") else None
    if days_across and (_periods(down) or is_heading(corner, "period")):
        return False
    if days_down and (_periods(across) or is_heading(corner, "day")):
        return True
    return None


def _are_letters(names: Sequence[str]) -> bool:
    return all(len(name) == 1 and name.isascii() for name in names)


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

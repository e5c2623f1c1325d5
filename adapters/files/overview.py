"""The timetable of a whole staff on one page: a row for each teacher, a column for each lesson.

The columns' headings are days and periods: in one row ("Mon 1"), or in two, the days over the
periods, each day perhaps only over its first period, where cells were joined.
"""

import re
from collections.abc import Sequence

from adapters.files.headings import SHOWN, is_day, is_period
from adapters.files.separated import Row
from adapters.files.sheet import Sheet
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, fold_name
from bot.domain.timetable.weekdays import LONG, weekday_of, weekdays_of

_IN_ONE = re.compile(
    r"([^\W\d_]+)[\s.,:/_-]*((?:(?:p|pd|per|period|std|h)\.?\s*)?\d{1,2})", re.IGNORECASE
)

Heading = tuple[str, str]
"""The day and the period of a column."""


def read_overview(rows: Sequence[Row]) -> Grid | None:
    """Return the timetables of all teachers in an overview; None when it is no such table.

    A cell says what happens, an empty one is free. InvalidInput for a teacher who stands twice,
    and for lessons in columns without a heading.
    """
    headings, body = _in_one_row(rows[0]), rows[1:]
    if not headings and len(rows) > 1:
        headings, body = _in_two_rows(rows[0], rows[1]), rows[2:]
    if not _is_overview(headings) or not _are_people([row.cell(0) for row in body]):
        return None
    sheet = Sheet()
    places = [sheet.place(day, period) for day, period in headings]
    for row in body:
        if fold_name(row.cell(0)) in sheet.teachers:
            raise InvalidInput(
                what=f"Line {row.line}: “{row.cell(0)[:SHOWN]}” stands twice.",
                remedy="Write all lessons of a teacher into one row and try again.",
            )
        if any(row.cells[len(places) + 1 :]):
            raise InvalidInput(
                what=f"Line {row.line} has more cells than there are headings.",
                remedy="Give every column a heading and try again.",
            )
        teacher = sheet.teacher(row.cell(0))
        for at, place in enumerate(places, start=1):
            if row.cell(at):
                sheet.enter(teacher, place, row.cell(at))
    return sheet.grid()


def _in_one_row(row: Row) -> Sequence[Heading]:
    """Return the headings of columns called "Mon 1", "Mon 2"; none for others."""
    found = [_IN_ONE.fullmatch(cell) for cell in _trimmed(row.cells[1:])]
    told = [(one[1], one[2]) for one in found if one is not None]
    if len(told) < len(found):
        return ()
    days = _days([day for day, _ in told])
    return tuple((days[day], period) for day, period in told) if days else ()


def _in_two_rows(above: Row, below: Row) -> Sequence[Heading]:
    """Return the headings of columns whose days stand over their periods; none for others."""
    periods = _trimmed(below.cells[1:])
    days: list[str] = []
    for at in range(1, len(periods) + 1):
        days.append(above.cell(at) or (days[-1] if days else ""))
    named = _days(days)
    if not named or not all(map(is_period, periods)) or is_period(below.cell(0)):
        return ()
    return tuple((named[day], period) for day, period in zip(days, periods, strict=True))


def _days(words: Sequence[str]) -> dict[str, str]:
    """Return the day that each word is; nothing where one is none."""
    names = list(dict.fromkeys(words))
    week = weekdays_of(names)
    if week is not None:
        return {name: LONG[day] for name, day in zip(names, week, strict=True)}
    cycle = [name for name in names if weekday_of(name) is None]
    return {name: name for name in names} if all(map(is_day, cycle)) else {}


def _is_overview(headings: Sequence[Heading]) -> bool:
    """Tell whether there are several days, with several periods, none of them twice."""
    days = {day for day, _ in headings}
    return 1 < len(days) < len(headings) == len(set(headings))


def _are_people(names: Sequence[str]) -> bool:
    return bool(names) and not any(not one or is_day(one) or is_period(one) for one in names)


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Return cells without the empty ones at their end."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept

"""A week read back as a table, before and after it is saved."""

from collections.abc import Iterable, Sequence

from bot.domain.timetable.bells import BellSchedule
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use, week_rows
from bot.ui.cards import Table
from bot.ui.limits import TABLE_COLUMNS, TABLE_ROWS, shorten

CELL = 18
"""Characters of a subject in a cell."""

_WORDS = {
    Use.LESSON: "lesson",
    Use.DUTY: "duty",
    Use.PLANNING: "planning",
    Use.ABSENT: "away",
    Use.FREE: "",
    Use.BREAK: "break",
}


def week_table(
    timetable: Timetable, days: Sequence[str], periods: Sequence[str], times: dict[str, str]
) -> Table:
    """Return the week: a row a period with its clock times, a column a day of the cycle."""
    week = week_rows(timetable, days[: TABLE_COLUMNS - 1], periods[:TABLE_ROWS])
    rows = tuple(
        (f"{name} {times.get(name, '')}".strip(), *(_cell(cell) for cell in cells))
        for name, cells in week.rows
    )
    return Table(head=("", *week.head), rows=rows)


def clock_times(calendar: SchoolCalendar) -> dict[str, str]:
    """Return the clock times of the ordinary day's periods, where their names lack them."""
    schedule = calendar.bells.schedules[calendar.bells.default]
    return {
        p.name: f"{p.start:%H:%M}"
        for p in schedule.periods
        if p.start is not None and f"{p.start:%H:%M}" not in p.name
    }


def periods_in_order(calendar: SchoolCalendar, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the period names in the order of the day, those the calendar lacks at the end."""
    schedule: BellSchedule = calendar.bells.schedules[calendar.bells.default]
    order = [p.name for p in schedule.in_order()]
    rest = [name for name in wanted if name not in order]
    return (*order, *rest)


def _cell(cell: Cell) -> str:
    if cell.use is Use.LESSON and cell.what:
        return shorten(cell.what, CELL)
    words = _WORDS[cell.use]
    return f"{words}: {shorten(cell.what, CELL)}" if words and cell.what else words

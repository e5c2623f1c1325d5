"""A week read back as a table, before and after it is saved."""

from collections.abc import Iterable, Sequence

from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use, week_rows
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Style, Table
from bot.ui.limits import TABLE_COLUMNS, TABLE_ROWS, shorten

CELL = 18
"""Characters of a subject in a cell."""

NAME = 24
"""Characters of a day or period in the table."""
ALL = 2400
"""Characters of all of a table: it shares a message with other words."""
UNPLACED = (
    "Without clock times I cannot place it: reminders come in working hours until somebody adds "
    "the bell schedule."
)
UNREACHABLE = (
    "Outside your quiet hours, on your own days, no free time is in sight, so no reminder can come:"
    " “next” and the digest show what waits on you."
)
MISFIT = "Your timetable no longer fits the school's calendar: paste it again."

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
    names = [f"{shorten(name, NAME)} {times.get(name, '')}".strip() for name, _ in week.rows]
    head = ("", *(shorten(day, NAME) for day in week.head))
    left = ALL - sum(map(len, (*names, *head)))
    width = min(CELL, max(4, left // max(1, len(names) * len(week.head)) - 1))
    rows = tuple(
        (name, *(_cell(cell, width) for cell in cells))
        for name, (_, cells) in zip(names, week.rows, strict=True)
    )
    return Table(head=head, rows=rows)


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
    schedule = calendar.bells.schedules[calendar.bells.default]
    order = [p.name for p in schedule.in_order()]
    rest = [name for name in wanted if name not in order]
    return (*order, *rest)


def add_bells() -> Buttons:
    """Return the button with which anybody adds the clock times."""
    return Buttons((Button("Add the bell schedule", action("school.bells")),))


def paste_again(style: Style = Style.PLAIN) -> Button:
    """Return the button with which a member gives their timetable anew."""
    return Button("Paste it again", action("tt.form"), style)


def _cell(cell: Cell, width: int) -> str:
    if cell.use is Use.LESSON and cell.what:
        return shorten(cell.what, width)
    words = _WORDS[cell.use]
    return shorten(f"{words}: {cell.what}", width) if words and cell.what else words

"""Timetables as tables: CSV files and what is pasted from a spreadsheet.

One row per teacher, day and period (also FET's ``_timetable.csv``), one person's week as a grid,
or a whole staff's with a row for each. Only a column headed Kind, Use or Type states what is no
lesson; subjects are never guessed.
"""

from collections.abc import Sequence
from dataclasses import replace

from adapters.files.bare import activity_columns, bare_columns
from adapters.files.decoding import decode, empty, guesses
from adapters.files.headings import Columns, find_columns, is_day, is_period, missing
from adapters.files.listed import DayNames, People, PeriodNames, remarks
from adapters.files.overview import read_overview
from adapters.files.separated import Row, read_rows
from adapters.files.sheet import Sheet
from adapters.files.spans import with_periods
from adapters.files.week import read_week
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, Place, fold_name
from bot.domain.timetable.timetable import Use

STATES = {
    "planning": Use.PLANNING,
    "planning period": Use.PLANNING,
    "preparation": Use.PLANNING,
    "duty": Use.DUTY,
    "break": Use.BREAK,
    "absent": Use.ABSENT,
    "absence": Use.ABSENT,
    "away": Use.ABSENT,
    "part-time": Use.ABSENT,
    "part time": Use.ABSENT,
    "not available": Use.ABSENT,
    "unavailable": Use.ABSENT,
    "free": Use.FREE,
}
"""The words of a Kind, Use or Type column that state something; all others mean a lesson."""
_LONGEST_TITLE, _MOST_IN_WEEK = 8, 200
_AS_FET = (
    "Read as a table of FET: its columns are number, day, period, students, subject, teachers."
)


def read_table(data: bytes, name: str = "") -> Grid:
    """Read a timetable from the bytes of a table; ``name`` is the file's, for the messages.

    Days and periods keep their words, in the order of their first row. Co-taught lessons ("A+B")
    count for each. Rows without a teacher make the grid, and breaks if they state them; without
    any column for teachers the table is one person's, who is called "". InvalidInput, in one
    sentence that says what to do, for everything that is no such table.
    """
    text = decode(data)
    if text.lstrip().startswith("<"):
        raise InvalidInput(
            what=f"{f'“{name}”' if name else 'This'} is an XML or HTML file, not a table.",
            remedy="Export the timetable as CSV (in FET: File, Export to CSV) and try again.",
        )
    grid = grid_of_rows(read_rows(text))
    return replace(grid, notes=(*grid.notes, *guesses(data)))


def grid_of_rows(rows: Sequence[Row]) -> Grid:
    """Return the timetable that stands in rows of cells: a list, a week, or one without headings.

    InvalidInput for rows that are none of them; see ``read_table``.
    """
    if not rows:
        raise empty()
    rows = with_periods(rows)
    columns = find_columns(rows[0].cells)
    headed = {"day", "period"} <= columns.keys()
    as_fet = {} if "teacher" in columns else activity_columns(rows)
    # FET's headings may be in a language of which only some words are known here: where two things
    # are at one time it is not one person's list.
    if as_fet and not (headed and _apart(rows[1:], columns)):
        bare = rows[0].cell(0).isdecimal()
        return replace(_read_list(rows if bare else rows[1:], as_fet), notes=(_AS_FET,))
    if headed:
        return _read_headed(rows, columns)
    found = read_overview(rows) or read_week(rows)
    if found is not None:
        return found
    below = _below_title(rows)
    if below is not None:
        return below
    columns = bare_columns(rows)
    if not columns:
        raise missing(rows[0].cells, find_columns(rows[0].cells))
    return _read_list(rows, columns)


def _apart(rows: Sequence[Row], columns: Columns) -> bool:
    """Tell whether no two rows are at one time."""
    places = [(row.cell(columns["day"]), row.cell(columns["period"])) for row in rows]
    placed = [place for place in places if all(place)]
    return len(placed) == len(set(placed))


def _below_title(rows: Sequence[Row]) -> Grid | None:
    """Return the table that begins a few rows below a title, which is told; None without one."""
    for at in range(1, min(len(rows), _LONGEST_TITLE)):
        title = [cell for row in rows[:at] for cell in row.cells if cell]
        try:
            found = _below(title, rows[at:])
        except InvalidInput:
            continue  # what is wrong with the whole is said of its first row
        if found is not None:
            told = f"“{' '.join(title)[:80]}”"
            note = f"What stands above line {rows[at].line} was left out: {told}."
            return replace(found, notes=(*found.notes, note))
    return None


def _below(title: Sequence[str], rows: Sequence[Row]) -> Grid | None:
    """Return the list or week that begins with the first row; None when there is none."""
    rows = with_periods(rows)
    columns = find_columns(rows[0].cells)
    if {"day", "period"} <= columns.keys():
        return _read_headed(rows, columns)
    if len(rows) > _MOST_IN_WEEK or any(is_day(word) or is_period(word) for word in title):
        return None
    return read_overview(rows) or read_week(rows)


def _read_headed(rows: Sequence[Row], columns: Columns) -> Grid:
    """Read a list whose first row are its headings, and tell what of it is not read."""
    told = tuple(remarks(rows[0], rows[1:], columns))
    grid = _read_list(rows[1:], columns)
    return replace(grid, notes=(*grid.notes, *told))


def _read_list(rows: Sequence[Row], columns: Columns) -> Grid:
    """Read a table of one row per teacher, day and period."""
    sheet = Sheet()
    if "teacher" not in columns:
        sheet.teacher("")
    lines: dict[str, int] = {}
    days = DayNames()
    periods = PeriodNames({row.cell(columns["period"]) for row in rows})
    people = People({row.cell(columns.get("teacher")) for row in rows})
    for row in rows:
        if not _placed(row, columns):
            sheet.subjects.update(filter(None, [row.cell(columns.get("what"))]))
            continue
        day = days.one(row.line, row.cell(columns["day"]))
        lines.setdefault(day, row.line)
        for period in periods.all(row.cell(columns["period"])):
            _note(sheet, row, columns, sheet.place(day, period), people)
    if not sheet.days:
        raise InvalidInput(
            what="The table has headings but no lessons.",
            remedy="Export it once more, with one row per teacher, day and period.",
        )
    sheet.notes.extend(people.remarks())
    return replace(sheet.grid(), lines=lines)


def _placed(row: Row, columns: Columns) -> bool:
    """Tell whether a row has a place, which a lesson may not have yet; InvalidInput for a half."""
    day, period = row.cell(columns["day"]), row.cell(columns["period"])
    if bool(day) != bool(period):
        raise InvalidInput(
            what=f"Line {row.line} has no {'period' if day else 'day'}.",
            remedy="Fill it in, or remove the line, and try again.",
        )
    return bool(day)


def _note(sheet: Sheet, row: Row, columns: Columns, place: Place, people: People) -> None:
    """Enter a row for each of its teachers."""
    use = STATES.get(fold_name(row.cell(columns.get("kind"))).casefold(), Use.LESSON)
    subject = row.cell(columns.get("what"))
    for part in people.all(row.cell(columns.get("teacher"))):
        if fold_name(part) or "teacher" not in columns:
            sheet.enter(sheet.teacher(part), place, subject, use)
        elif use is Use.BREAK:
            sheet.close(place)

"""Timetables as tables: CSV files and what is pasted from a spreadsheet.

One row per teacher, day and period (also FET's ``_timetable.csv``), or one person's week as a
grid. Only a column headed Kind, Use or Type states what is no lesson; subjects are never guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from adapters.files.bare import bare_columns
from adapters.files.decoding import decode, empty
from adapters.files.headings import Columns, find_columns, missing
from adapters.files.separated import Row, read_rows
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
_MOST_DAYS = 400
_MOST_PERIODS = 200
_Marks = dict[Use, dict[str, set[Place]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What has been read so far: indexes by name, teachers by folded name, places by use."""

    days: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    teachers: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[Place, str]] = field(default_factory=dict)
    clashes: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    lines: dict[str, int] = field(default_factory=dict)
    """The line on which each day stands first."""
    marks: _Marks = field(default_factory=lambda: {use: defaultdict(set) for use in Use})


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
    rows = read_rows(text)
    if not rows:
        raise empty()
    columns = find_columns(rows[0].cells)
    if {"day", "period"} <= columns.keys():
        return _read_list(rows[1:], columns)
    week = read_week(rows)
    if week is not None:
        return week
    columns = bare_columns(rows)
    if not columns:
        raise missing(rows[0].cells, find_columns(rows[0].cells))
    return _read_list(rows, columns)


def _read_list(rows: Sequence[Row], columns: Columns) -> Grid:
    """Read a table of one row per teacher, day and period."""
    sheet = _Sheet()
    for row in rows:
        place = _place(sheet, row, columns)
        if place is not None:
            _note(sheet, row, columns, place)
    if not sheet.days:
        raise InvalidInput(
            what="The table has headings but no lessons.",
            remedy="Export it once more, with one row per teacher, day and period.",
        )
    return _grid(sheet, one_person="teacher" not in columns)


def _place(sheet: _Sheet, row: Row, columns: Columns) -> Place | None:
    """Return the place of a row, None for a lesson that has none yet; InvalidInput for a half."""
    day, period = row.cell(columns["day"]), row.cell(columns["period"])
    if not day and not period:
        return None
    if not day or not period:
        raise InvalidInput(
            what=f"Line {row.line} has no {'period' if day else 'day'}.",
            remedy="Fill it in, or remove the line, and try again.",
        )
    sheet.lines.setdefault(day, row.line)
    place = (
        sheet.days.setdefault(day, len(sheet.days)),
        sheet.periods.setdefault(period, len(sheet.periods)),
    )
    _refuse_too_many(sheet.days, _MOST_DAYS, "days")
    _refuse_too_many(sheet.periods, _MOST_PERIODS, "periods")
    return place


def _refuse_too_many(names: Mapping[str, int], most: int, kind: str) -> None:
    """Raise InvalidInput when a column has far more values than a timetable has."""
    if len(names) > most:
        some = ", ".join(list(names)[:3])
        raise InvalidInput(
            what=f"The table has more than {most} different {kind} ({some} …).",
            remedy="Check that the headings stand over the right columns.",
        )


def _note(sheet: _Sheet, row: Row, columns: Columns, place: Place) -> None:
    """Enter a row for each of its teachers."""
    use = STATES.get(fold_name(row.cell(columns.get("kind"))).casefold(), Use.LESSON)
    for part in row.cell(columns.get("teacher")).split("+"):
        folded = fold_name(part)
        if not folded and "teacher" in columns:
            if use is Use.BREAK:
                sheet.marks[use][""].add(place)
            continue
        teacher = sheet.teachers.setdefault(folded, folded)
        sheet.marks[use][teacher].add(place)
        if words := row.cell(columns.get("what")):
            _add_words(sheet, teacher, place, words)


def _add_words(sheet: _Sheet, teacher: str, place: Place, what: str) -> None:
    """Add what happens in a place; two things at one time are both kept, and noted."""
    words = sheet.words.setdefault(teacher, {})
    before = words.get(place)
    if before is None:
        words[place] = what
    elif what not in before.split(" / "):
        words[place] = f"{before} / {what}"
        sheet.clashes[teacher].add(place)


def _grid(sheet: _Sheet, *, one_person: bool) -> Grid:
    """Return what was read as a grid."""
    breaks = sheet.marks[Use.BREAK].pop("", set())
    teachers = ("",) if one_person else tuple(sheet.teachers)
    lessons = sheet.marks[Use.LESSON]
    return Grid(
        days=tuple(sheet.days),
        periods=tuple(sheet.periods),
        lessons={teacher: frozenset(lessons.get(teacher, ())) for teacher in teachers},
        what=sheet.words,
        breaks=frozenset(breaks),
        own_breaks=_frozen(sheet.marks[Use.BREAK]),
        absences=_frozen(sheet.marks[Use.ABSENT]),
        planning=_frozen(sheet.marks[Use.PLANNING]),
        duties=_frozen(sheet.marks[Use.DUTY]),
        clashes=_frozen(sheet.clashes),
        lines=sheet.lines,
    )


def _frozen(places: Mapping[str, Iterable[Place]]) -> dict[str, frozenset[Place]]:
    """Return places by teacher, unchangeable."""
    return {teacher: frozenset(some) for teacher, some in places.items()}

"""Timetables in Excel workbooks (XLSX): the cells of a sheet, read as a table.

A workbook is a zip file of XML, so it is looked over before it is opened: how much it unpacks to,
how many cells it has, and whether it holds formulas without their results.
"""

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from adapters.files.decoding import LARGEST, empty, too_large
from adapters.files.separated import MOST_COLUMNS, Row
from adapters.files.table import grid_of_rows
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, fold_name

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

T = TypeVar("T")
_MOST_PARTS = 500
_MOST_UNPACKED = 20_000_000
_MOST_ROWS = 20_000
_MOST_EMPTY = 700_000
_MOST = {
    "cells": 100_000,
    "joined cells": 60_000,
    "groups of joined cells": 5_000,
    "styles, rules and links": 60_000,
}
"""What the library makes an object of, in all parts together; rows and texts count as cells."""
_SAVE = "Save only the timetable's sheet as CSV (UTF-8) and try again."
# A part is what its content says, whatever it is called; names may have a prefix ("<x:c>").
_TAG = rb"<(?:[^\s<>/:!?]{1,40}:)?"
_CELL = re.compile(_TAG + rb"(?:c|row|si)[\s/>]")
_IN_CELLS = re.compile(_TAG + rb"(?:v|is|t|f|r)[\s/>]")
_EMPTY = re.compile(_TAG + rb"c(?:\s[^<>]*)?/>")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_FORMULA = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_JOINED = re.compile(
    rb'<mergeCell\b[^>]*?\bref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
_ENTITY = b"<!DOCTYPE"
_WEEK_OR_TERM = re.compile(
    r"\s*(?:(?:week|wk|woche|semaine|semana|settimana|uge|vecka|term|semester|halbjahr|trimestre)\b"
    r"|[a-d1-4][\s-]*(?:week|woche)|(?:odd|even|(?:un)?gerade)\b)",
    re.IGNORECASE,
)
_TOLD = 4


def is_workbook(data: bytes) -> bool:
    """Tell whether bytes are a zip file with an Excel workbook in it."""
    return data.startswith(b"PK\x03\x04") and b"xl/workbook" in data


def read_workbook(data: bytes) -> Grid:
    """Return the timetable in a workbook: in its first sheet with one, or a person's week in each.

    Hidden sheets do not count. Cells that are joined count for all of their places; times are
    written as "08:45". InvalidInput for files that unpack to too much, hold formulas without
    results, or no timetable.
    """
    packed = _looked_over(data)
    # Only for those who give a workbook: the library takes a fifth of a second to load.
    import openpyxl  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # It warns of styles and menus that it does not know; only what stands there counts.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(packed, data_only=True, keep_links=False)
    except (MemoryError, InvalidInput):
        raise
    except Exception:  # noqa: BLE001 - the library raises whatever a damaged file makes it raise
        raise _damaged() from None
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    filled = [(sheet.title, rows) for sheet in shown if (rows := list(_rows(sheet)))]
    if not filled:
        raise empty()
    return _of_sheets(filled)


def _of_sheets(filled: Sequence[tuple[str, Sequence[Row]]]) -> Grid:
    """Return the timetable of the first sheet that holds one, or of all: a person's week each.

    InvalidInput, that of the first sheet, when none of them does.
    """
    found: list[tuple[str, Grid]] = []
    first: InvalidInput | None = None
    for title, rows in filled:
        try:
            found.append((title, grid_of_rows(rows)))
        except InvalidInput as problem:
            first = first or problem
    if not found:
        raise first or empty()
    if len(found) > 1 and all(_one_week(grid, found[0][1]) for _, grid in found):
        return _people(found)
    title, grid = found[0]
    others = ", ".join(f"“{name[:40]}”" for name, _ in filled if name != title)
    if not others:
        return grid
    note = f"Only the sheet “{title[:40]}” was read; the file also has {others[:200]}."
    return replace(grid, notes=(*grid.notes, note))


def _one_week(grid: Grid, first: Grid) -> bool:
    """Tell whether a grid is one person's week, with the days and periods of the first one."""
    return set(grid.lessons) == {""} and (grid.days, grid.periods) == (first.days, first.periods)


def _people(weeks: Sequence[tuple[str, Grid]]) -> Grid:
    """Return the weeks of several sheets as one grid of the people they are called after.

    InvalidInput for sheets that are called after weeks or terms.
    """
    if all(_WEEK_OR_TERM.match(title) for title, _ in weeks):
        named = ", ".join(title[:20] for title, _ in weeks[:_TOLD])
        raise InvalidInput(
            what=f"The sheets are called {named}: these are weeks or terms and no people.",
            remedy="For weeks in turn put all days on one sheet, as “Mon A … Fri A, Mon B … Fri "
            "B”; else keep only the sheet that counts.",
        )
    note = f"Each of the {len(weeks)} sheets was read as the week of the person it is called after."
    called = [(fold_name(title), grid) for title, grid in weeks]

    def of(part: Callable[[Grid], Mapping[str, T]]) -> dict[str, T]:
        return {name: part(grid)[""] for name, grid in called if "" in part(grid)}

    return replace(
        weeks[0][1],
        lessons=of(lambda grid: grid.lessons),
        what=of(lambda grid: grid.what),
        own_breaks=of(lambda grid: grid.own_breaks),
        absences=of(lambda grid: grid.absences),
        planning=of(lambda grid: grid.planning),
        duties=of(lambda grid: grid.duties),
        clashes=of(lambda grid: grid.clashes),
        subjects=frozenset(word for _, grid in weeks for word in grid.subjects),
        notes=(*weeks[0][1].notes, note),
    )


def _damaged() -> InvalidInput:
    return InvalidInput(
        what="The file is damaged, or no Excel workbook.",
        remedy="Open it in a spreadsheet program, save it as .xlsx or CSV, and try again.",
    )


def _looked_over(data: bytes) -> BytesIO:
    """Return a workbook without its empty cells, of which some programs write thousands.

    InvalidInput for one that it is no good idea to open.
    """
    if len(data) > LARGEST:
        raise too_large()
    looked_over = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed, zipfile.ZipFile(looked_over, "w") as new:
            _check_size(packed)
            counted: Counter[str] = Counter()
            for part in packed.infolist():
                with packed.open(part) as stream:
                    # With a size, no more is unpacked than the part says it holds.
                    content = _filled(stream.read(part.file_size + 1))
                _look_at(content, counted)
                new.writestr(part.filename, content)
    except InvalidInput:
        raise
    except Exception:  # noqa: BLE001 - zipfile raises many kinds for damaged and encrypted files
        raise _damaged() from None
    return looked_over


def _check_size(packed: zipfile.ZipFile) -> None:
    """Raise InvalidInput for a workbook of too many or too large parts, or of two in one name."""
    parts = packed.infolist()
    if len({part.filename for part in parts}) < len(parts):
        raise _damaged()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED:
        raise InvalidInput(
            what=f"The workbook unpacks to {len(parts):,} parts of together "
            f"{unpacked // 1_000_000:,} MB, far more than a timetable.",
            remedy=_SAVE,
        )


def _filled(content: bytes) -> bytes:
    """Return a part without its empty cells; InvalidInput for more than anybody has."""
    if content.count(b"/>") > _MOST_EMPTY:
        raise _more_than(_MOST_EMPTY, "empty cells or styles")
    return _EMPTY.sub(b"", content)


def _more_than(most: int, kind: str) -> InvalidInput:
    return InvalidInput(what=f"The workbook has more than {most:,} {kind}.", remedy=_SAVE)


def _look_at(content: bytes, counted: Counter[str]) -> None:
    """Raise InvalidInput for a part that holds what a workbook never holds, or one too many."""
    if content.startswith(_WIDE):
        raise _damaged()  # in letters of two bytes nothing could be counted; no program writes them
    if _ENTITY in content[:2_000]:
        raise InvalidInput(
            what="The workbook defines entities of its own, which no spreadsheet program does.",
            remedy=_SAVE,
        )
    cells, joined = len(_CELL.findall(content)), _JOINED.findall(content)
    counted["cells"] += cells
    counted["joined cells"] += sum(map(_area, joined))
    counted["groups of joined cells"] += len(joined)
    tags = content.count(b"<") - content.count(b"</")
    counted["styles, rules and links"] += tags - cells - len(_IN_CELLS.findall(content))
    for kind, most in _MOST.items():
        if counted[kind] > most:
            raise _more_than(most, kind)
    formula = _FORMULA.search(content)
    if formula:
        raise InvalidInput(
            what=f"Cell {formula[1].decode()} holds a formula, and the file does not hold its "
            "result.",
            remedy="Copy the table and paste it as values, or save it as CSV, and try again.",
        )


def _area(found: tuple[bytes, bytes, bytes, bytes]) -> int:
    """Return how many cells are joined from one to another, given as letters and number."""
    left, top, right, bottom = found
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _rows(sheet: "Worksheet") -> Iterator[Row]:
    """Yield the rows of a sheet that are not blank, joined cells filled."""
    if sheet.max_row > _MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise InvalidInput(
            what=f"The sheet “{sheet.title[:40]}” reaches to row {sheet.max_row:,} and column "
            f"{sheet.max_column:,}, further than a timetable.",
            remedy="Delete the empty rows and columns at its end, or save it as CSV.",
        )
    joined = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        if area.max_row <= _MOST_ROWS and area.max_col <= MOST_COLUMNS
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    for at, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, cell in enumerate(row, 1):
            first = joined.get((at, column))
            value = sheet.cell(*first).value if first else cell.value
            cells.append(_text(value))
        if any(cells):
            yield Row(line=at, cells=tuple(cells))


def _text(value: object) -> str:
    """Return what a cell shows, without outer blanks."""
    if isinstance(value, datetime) and value.time() != time():
        value = value.time()  # a time of day counted from Excel's first date
    match value:
        case datetime():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
        case timedelta():
            return f"{value // timedelta(hours=1):02}:{value // timedelta(minutes=1) % 60:02}"
        case float() if value.is_integer():
            return str(int(value))
    return "" if value is None else str(value).strip()

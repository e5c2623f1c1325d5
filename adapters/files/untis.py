"""Untis: the lessons of its export GPU001.TXT.

A row is lesson, class, teacher, subject, room, day, period; one lesson has a row for each of its
classes and teachers. There is no grid, no clock, no break in it: its days and periods are numbers.
"""

import re
from collections.abc import Sequence

from adapters.files.decoding import decode, guesses
from adapters.files.separated import Row, read_rows
from adapters.files.sheet import Sheet
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, fold_name

_TEACHER, _SUBJECT, _DAY, _PERIOD = 2, 3, 5, 6
_MOST_DAYS, _MOST_PERIODS = 20, 50
_CERTAIN = 0.9
_LESSON = re.compile(r"\d+([.,]\d+)?")
_DIGITS = 4


def is_gpu001(rows: Sequence[Row]) -> bool:
    """Tell whether rows are those of GPU001: a lesson's number first, day and period as numbers."""
    looked_at = rows[:200]
    fitting = sum(_fits(row) for row in looked_at)
    return fitting > 0 and fitting >= _CERTAIN * len(looked_at)


def _fits(row: Row) -> bool:
    numbers = (row.cell(_DAY), row.cell(_PERIOD))
    return (
        len(row.cells) > _PERIOD
        and bool(_LESSON.fullmatch(row.cell(0)))
        and all(not cell or cell.isdigit() for cell in numbers)
    )


def read_gpu001(data: bytes) -> Grid:
    """Read GPU001: days 1 to the highest one, periods 1 (0 if there is one) to the highest one.

    Rows without a day or period are lessons that are not placed; they are told in the notes.
    InvalidInput for rows of another kind.
    """
    placed: list[tuple[int, int, Row]] = []
    unplaced: list[Row] = []
    for row in read_rows(decode(data)):
        day, period = _number(row, _DAY, _MOST_DAYS), _number(row, _PERIOD, _MOST_PERIODS)
        if not day or period is None:
            unplaced.append(row)
        else:
            placed.append((day, period, row))
    if not placed:
        raise InvalidInput(
            what="No lesson of this Untis file has a day and a period.",
            remedy="Schedule the lessons in Untis and export GPU001 once more.",
        )
    sheet = _frame(placed)
    for day, period, row in placed:
        if name := fold_name(row.cell(_TEACHER)):
            subject = fold_name(row.cell(_SUBJECT))
            sheet.enter(sheet.teacher(name), sheet.place(str(day), str(period)), subject)
    sheet.subjects.update(filter(None, (fold_name(row.cell(_SUBJECT)) for row in unplaced)))
    sheet.notes.extend(guesses(data))
    if unplaced:
        sheet.notes.append(f"Rows without a day or a period, left out: {len(unplaced)}.")
    return sheet.grid()


def _frame(placed: Sequence[tuple[int, int, Row]]) -> Sheet:
    """Return a sheet of all days and periods up to the highest ones."""
    sheet = Sheet()
    days = max(day for day, _, _ in placed)
    periods = [period for _, period, _ in placed]
    for day in range(1, days + 1):
        for period in range(min(1, *periods), max(periods) + 1):
            sheet.place(str(day), str(period))
    return sheet


def _number(row: Row, at: int, most: int) -> int | None:
    """Return the number in a cell, None when it is empty; InvalidInput for anything else."""
    said = row.cell(at)
    if not said:
        return None
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else most + 1
    if len(row.cells) <= _PERIOD or number > most:
        kind = "day" if at == _DAY else "period"
        raise InvalidInput(
            what=f"Line {row.line}: “{said[:20]}” is no number of a {kind}, as GPU001 has them.",
            remedy="Export GPU001 from Untis once more and try again.",
        )
    return number

"""From text to rows of cells: separators, quotes, and what can be wrong with them."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.domain.errors import InvalidInput

SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 500
MOST_ROWS = 100_000
MOST_CELLS = 1_200_000
"""In all rows together: those of as many rows with a dozen columns."""
MOST_LINES = 500_000
"""Lines, also blank ones and those within quotation marks."""
LONGEST_LINE = 100_000
_SAMPLE = 30
_SAMPLE_LETTERS = 120_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_QUOTED = re.compile(r'(?<![^,;\t|\r\n])"(?:[^"]|"")*"')
"""A cell in quotation marks, which begin with it."""
_RULE = re.compile(r":?-+:?")
_DIRECTIVE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of cells without outer blanks; ``line`` is the line it ends on, from 1."""

    line: int
    cells: tuple[str, ...]

    def cell(self, at: int | None) -> str:
        """Return the cell in column ``at``; "" when the row is too short or there is no column."""
        return self.cells[at] if at is not None and at < len(self.cells) else ""


def read_rows(text: str) -> list[Row]:
    """Return the rows of ``text`` that are not blank.

    The separator is the one that gives the first lines the most cells (comma, semicolon, tab or
    vertical bar, or what Excel's "sep=" line says); cells may be quoted. InvalidInput for quotes
    that are not closed and for too many columns, rows or lines.
    """
    directive = _DIRECTIVE.match(text)
    separator = directive[1] if directive else _separator(text)
    _refuse_too_long(max(text.count("\n"), text.count("\r")))  # before any is looked at
    rows: list[Row] = []
    count = 0
    for line, cells in _parsed(text[directive.end() :] if directive else text, separator):
        count += len(cells)
        _refuse_too_much(line, len(cells), len(rows), count)
        if any(cells):
            rows.append(Row(line=line, cells=tuple(cells)))
    return _without_rules(rows) if separator == "|" else rows


def _without_rules(rows: list[Row]) -> list[Row]:
    """Return the rows of a table drawn with bars, without its outer bars and the rules below it.

    Chat programs and Markdown write "| Day | Period |" and "|-----|:---:|".
    """
    if all(len(row.cells) > 1 and not row.cells[0] and not row.cells[-1] for row in rows):
        rows = [Row(line=row.line, cells=row.cells[1:-1]) for row in rows]
    return [row for row in rows if not all(map(_RULE.fullmatch, row.cells))]


def _refuse_too_much(line: int, columns: int, rows: int = 0, cells: int = 0) -> None:
    """Raise InvalidInput when a line has too many columns, or too much came before it."""
    if columns > MOST_COLUMNS:
        raise InvalidInput(
            what=f"Line {line} has {columns:,} columns; a timetable has at most {MOST_COLUMNS}.",
            remedy="Keep the columns for teacher, day, period and subject, and try again.",
        )
    _refuse_too_long(line)
    if rows >= MOST_ROWS or cells > MOST_CELLS:
        many = f"{MOST_ROWS:,} rows" if rows >= MOST_ROWS else f"{MOST_CELLS:,} cells"
        raise InvalidInput(
            what=f"The table has more than {many}.",
            remedy="Export only the timetable, one row per teacher, day and period.",
        )


def _refuse_too_long(lines: int) -> None:
    if lines > MOST_LINES:
        raise InvalidInput(
            what=f"The table has more than {MOST_LINES:,} lines.",
            remedy="Export only the timetable, one row per teacher, day and period.",
        )


def _parsed(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the last line and the cells of each row."""
    quote = "'" if text.startswith("'") else '"'
    lines = _lines(text, separator)
    reader = csv.reader(lines, delimiter=separator, quotechar=quote, strict=True)
    begun = 1
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
            begun = reader.line_num + 1
    except csv.Error:
        raise InvalidInput(
            what=f"The quotation marks in the row that begins on line {begun} are not closed "
            "properly.",
            remedy="Close or remove the quotation mark there and try again.",
        ) from None


def _lines(text: str, separator: str) -> Iterator[str]:
    """Yield the lines with their ends; InvalidInput for one that is far too long."""
    for number, found in enumerate(_LINE.finditer(text), 1):
        if found.end() - found.start() > LONGEST_LINE:
            columns = text.count(separator, *found.span()) + 1
            _refuse_too_much(number, columns)
            raise InvalidInput(
                what=f"Line {number} has {found.end() - found.start():,} letters.",
                remedy="Export only the timetable, one row per teacher, day and period.",
            )
        yield found[0]


def _separator(text: str) -> str:
    """Return the separator that splits the first lines into the most cells, evenly."""
    sample = _QUOTED.sub("x", text[:_SAMPLE_LETTERS])  # also what goes on for several lines
    lines = _below_title([found[0] for found in islice(_LINE.finditer(sample), _SAMPLE)])
    return max(SEPARATORS, key=lambda separator: _score(lines, separator))


def _below_title(lines: list[str]) -> list[str]:
    """Return the lines from the first one on that has any separator."""
    found = (at for at, line in enumerate(lines) if any(sign in line for sign in SEPARATORS))
    return lines[next(found, 0) :]


def _score(lines: list[str], separator: str) -> tuple[int, int]:
    """Return how many lines have a separator as the first one has, and how many it has."""
    counts = [line.count(separator) for line in lines if line.strip()]
    return sum(count == counts[0] > 0 for count in counts), counts[0] if counts else 0

"""What the rows of a list leave open: days by two names, several days or people in one cell.

A list has one row per teacher, day and period; what is looked at here are its cells' words.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from adapters.files.headings import SHOWN, Columns
from adapters.files.separated import Row
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.weekdays import plain_word, weekday_of

_WHEN = frozenset(
    re.findall(
        r"\w+",
        "week weeks woche wochen semaine semana settimana uge uke vecka viikko tydzien tyden het "
        "turnus zyklus fortnight rotation term semester trimester quarter halbjahr trimestre "
        "quadrimestre from until",
    )
)
_TOLD = 4
_SEVERAL = re.compile(r"(?:M|Tu|Th|T|W|R|Fr?|Sa?|Su|U){2,}")
"""American shorthand for several days: "MWF", "TTh"."""
_APART = re.compile(r"\s*(?:[/&;,+\n]|\band\b|\bund\b|\bet\b|\by\b)\s*")
_NUMBER = re.compile(r"0*(\d{1,2})")
_SPAN = re.compile(r"(\d{1,2})\s*[-\u2013]\s*(\d{1,2})")


def remarks(head: Row, rows: Sequence[Row], columns: Columns) -> Iterator[str]:
    """Yield what of a list with the headings ``head`` is not read, or is taken for something.

    InvalidInput where its other columns must be people: nothing says whose the rows are.
    """
    read = set(columns.values())
    others = [at for at, cell in enumerate(head.cells) if cell and at not in read]
    if len(others) > 1 and columns.keys() <= {"day", "period"}:
        named = ", ".join(head.cells[at][:20] for at in others[:_TOLD])
        raise InvalidInput(
            what=f"The table has no column for the teacher or the subject; it has {named}.",
            remedy="If these are people, write one row per teacher, day and period, with the "
            "headings Teacher, Day, Period, Subject.",
        )
    for at in others:
        told = list(dict.fromkeys(row.cell(at) for row in rows if row.cell(at)))
        if plain_word(head.cells[at]) in _WHEN and (len(told) > 1 or not _always(rows, at)):
            some = ", ".join(word[:20] for word in told[:_TOLD])
            yield (
                f"The column “{head.cells[at][:SHOWN]}” ({some}) was not read: what is not always "
                "there counts as if it were."
            )
    blank = _unnamed(rows, columns) if "what" in columns else []
    if blank:
        yield f"Rows that name no subject count as lessons: {len(blank)}, first line {blank[0]}."


def _always(rows: Iterable[Row], at: int) -> bool:
    return all(row.cell(at) for row in rows)


def _unnamed(rows: Sequence[Row], columns: Columns) -> list[int]:
    """Return the lines of lessons without a subject, of people whose others have one."""

    def teacher(row: Row) -> str:
        return row.cell(columns.get("teacher"))

    naming = {teacher(row) for row in rows if row.cell(columns["what"])}
    if "teacher" in columns:
        naming.discard("")  # such rows make the grid
    return [
        row.line
        for row in rows
        if teacher(row) in naming
        and row.cell(columns["day"])
        and not row.cell(columns["what"])
        and not row.cell(columns.get("kind"))
    ]


class DayNames:
    """The days of a list by their first names: "Monday" and "mon" are one day."""

    def __init__(self) -> None:
        self._first: dict[int, str] = {}

    def one(self, line: int, said: str) -> str:
        """Return the day that is meant; InvalidInput where ``said`` are several days."""
        weekday = weekday_of(said)
        if weekday is not None:
            return self._first.setdefault(weekday, said)
        parts = _APART.split(said)
        whole = len(parts) > 1 and all(weekday_of(part) is not None for part in parts)
        if whole or _SEVERAL.fullmatch(said):
            raise InvalidInput(
                what=f"Line {line}: “{said[:SHOWN]}” are several days.",
                remedy="Write one row for each day and try again.",
            )
        return said


class PeriodNames:
    """The periods of a list: "01" is "1", and beside single numbers "1-2" are both."""

    def __init__(self, said: Collection[str]) -> None:
        numbers = {int(found[1]) for one in said if (found := _NUMBER.fullmatch(one))}
        self._numbers = numbers
        self._named: dict[int, str] = {}

    def all(self, said: str) -> tuple[str, ...]:
        """Return the periods that ``said`` names."""
        span = _SPAN.fullmatch(said)
        first, last = (int(span[1]), int(span[2])) if span else (0, 0)
        if span and self._numbers and first < last:
            return tuple(self._one(number, str(number)) for number in range(first, last + 1))
        single = _NUMBER.fullmatch(said)
        return (self._one(int(single[1]), said),) if single else (said,)

    def _one(self, number: int, said: str) -> str:
        return self._named.setdefault(number, said)


class People:
    """The people of a list: "Kim/Lee" are two where one of them stands alone elsewhere."""

    def __init__(self, said: Collection[str]) -> None:
        self._alone = {fold_name(part) for one in said for part in one.split("+")}
        self.split: dict[str, tuple[str, ...]] = {}
        self.doubtful: dict[str, None] = {}

    def all(self, said: str) -> tuple[str, ...]:
        """Return the names in a cell, as the list writes them."""
        return tuple(name for part in said.split("+") for name in self._some(part))

    def _some(self, said: str) -> tuple[str, ...]:
        signs = re.split(r"\s*[/&;]\s*", fold_name(said).strip("/&; "))
        commas = re.split(r"\s*[/&;,]\s*", fold_name(said))
        for parts, enough in ((signs, any), (commas, all)):
            if len(parts) > 1 and all(parts) and enough(part in self._alone for part in parts):
                self.split[fold_name(said)] = tuple(parts)
                return tuple(parts)
        if len(signs) > 1:
            self.doubtful[fold_name(said)] = None
        return (said,)

    def remarks(self) -> Iterator[str]:
        """Yield who was taken for several people, and who may be."""
        if self.split:
            some = "; ".join(f"“{one[:SHOWN]}”" for one in list(self.split)[:_TOLD])
            yield f"Read as several people, each with the lesson: {some}."
        if self.doubtful:
            some = "; ".join(f"“{one[:SHOWN]}”" for one in list(self.doubtful)[:_TOLD])
            yield f"Read as one person each: {some}. If they are several, write + between them."

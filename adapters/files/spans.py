"""Tables that say by two columns when something is: its start and its end."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from adapters.files.headings import SHOWN, find_columns, is_day, word_of
from adapters.files.separated import Row
from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import DAY, as_text, times_in
from bot.domain.timetable.weekdays import plain_word, weekdays_of


def _plain(words: str) -> frozenset[str]:
    return frozenset(plain_word(word) for word in words.split())


_STARTS = _plain(
    "start starts starttime starttijd startzeit begin begins begintime begintijd beginn anfang "
    "from timefrom von zeitvon uhrzeitvon debut heuredebut heurededebut inicio horainicio "
    "horadeinicio inizio orainizio oradiinizio aanvang starttid kezdet zacatek poczatek od pocetak "
    "baslangic alku начало початок почетак έναρξη 開始 开始 시작 البداية بداية התחלה"
)
_ENDS = _plain(
    "end ends endtime eindtijd endzeit finish finishes finishtime ende bis zeitbis uhrzeitbis to "
    "timeto until till fin heurefin heuredefin horafin horadefin fine orafine oradifine fim "
    "horafim horadefim einde slut sluttid veg konec koniec do kraj bitis loppu конец кінець крај "
    "λήξη 終了 结束 종료 النهاية نهاية סיום"
)
_SECONDS = re.compile(r"(\d{1,2}[:.]\d{2})[:.]\d{2}(?!\d)")
_BARE = re.compile(r"(\d{1,2}?)(\d{2})?")
"""A time without a sign: "9", "0915"."""
_FRACTION = re.compile(r"0?[.,]\d{3,}")
"""A time as spreadsheets count it: the share of the day, 0.375 for nine o'clock."""


def with_periods(rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows whose columns Start and End are one, called Period, of times like "08:00-08:45".

    In a week, with its days across, the number of the period goes before: "1 (08:00-08:45)". All
    others are returned as they are: those without both columns side by side, those that name
    periods in a list, and those whose two columns hold no times. InvalidInput where one line's are
    none, or only one is there.
    """
    at = _columns(rows[0].cells)
    if not at:
        return rows
    told = [_told(row, at) for row in rows[1:]]
    if not any(map(_span, told)):
        return rows
    for row, one in zip(rows[1:], told, strict=True):
        if any(row.cell(column) for column in at[-2:]) and any(map(str.isdigit, one)):
            _check(row.line, one)
    return [_joined(row, at, one) for row, one in zip(rows, ["Period", *told], strict=True)]


def _columns(head: Sequence[str]) -> tuple[int, ...]:
    """Return the columns that become one: start and end, in a week after the period's number."""
    words = [word_of(cell) for cell in head]
    pairs = [
        at for at, (one, other) in enumerate(pairwise(words)) if one in _STARTS and other in _ENDS
    ]
    if len(pairs) != 1:
        return ()
    start = pairs[0]
    columns, others = find_columns(head), [*head[:start], *head[start + 2 :]]
    if "day" in columns:
        return () if "period" in columns else (start, start + 1)
    if weekdays_of(head[start + 2 :]) is None and not any(map(is_day, others)):
        return ()
    before = start - 1
    numbered = before >= 0 and (not head[before] or columns.get("period") == before)
    return (before, start, start + 1) if numbered else (start, start + 1)


def _check(line: int, told: str) -> None:
    if _span(told) is None:
        raise InvalidInput(
            what=f"Line {line}: “{told[:SHOWN]}” is no start and end of a lesson.",
            remedy="Write both as times of the day, such as 8:00 and 8:45, and try again.",
        )


def _told(row: Row, at: Sequence[int]) -> str:
    """Return what a row has in those columns: "08:00-08:45", with a number "1 (08:00-08:45)"."""
    *number, start, end = (row.cell(column) for column in at)
    written = "-".join(_clock(time) for time in (start, end) if time)
    span = _span(written) or written
    if number and number[0]:
        return f"{number[0]} ({span})" if span else number[0]
    return span


def _span(told: str) -> str | None:
    """Return a start and an end in one way, however they are written; None where not both are."""
    found = times_in(told)
    if found is None or found[1] is None:
        return None
    return f"{as_text(found[0])}-{as_text(found[1])}"


def _clock(cell: str) -> str:
    """Return a time as clocks show it: "9" is "9:00", "0915" is "09:15", seconds are left out."""
    if _FRACTION.fullmatch(cell):
        return as_text(round(float(cell.replace(",", ".")) * DAY))
    bare = _BARE.fullmatch(cell)
    return f"{bare[1]}:{bare[2] or '00'}" if bare else _SECONDS.sub(r"\1", cell)


def _joined(row: Row, at: Sequence[int], told: str) -> Row:
    kept = [cell for column, cell in enumerate(row.cells) if column not in at]
    first = min(at)
    return replace(row, cells=(*kept[:first], told, *kept[first:]))

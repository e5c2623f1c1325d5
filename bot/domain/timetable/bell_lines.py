"""Bell-schedule text: bell schedules, the default week and special days.

    * regular # Regular day
    8:30 {Period 1}
    9:20 Passing to {Period 2}
    9:25 {Period 2}
    10:15 Free

    * holiday # Holiday

    * Default Week
    Mon regular
    Sat holiday

    * Special Days
    11/23/2026-11/27/2026 holiday # Thanksgiving

What begins at a time lasts until the next line; ways are gaps, "Free" ends the day. A kind of day
without lines is one without school.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import LONGEST_SPAN, BellBook, SpecialDays
from bot.domain.timetable.bells import BellSchedule, Period
from bot.domain.timetable.clocktimes import DAY, NOON, as_text, as_time, minutes_of
from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.marking import Likely, likely
from bot.domain.timetable.weekdays import weekday_of

_HEAD = re.compile(r"\*\s*([^#]*?)\s*(?:#\s*(.*?))?\s*")
_LINE = re.compile(r"(\d{1,2}):(\d{2})(?:\s*([ap])\.?m\.?)?\s+(.+)", re.IGNORECASE)
_DATES = re.compile(r"(\S+?/\S+?/\d+)(?:\s*-\s*(\S+))?(?:\s+([^#]*?))?\s*(?:#\s*(.*))?")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WEEKDAY = re.compile(r"(\w+)\s+([^#]+?)\s*(?:#.*)?")
_WAY = re.compile(r"(pass?ing|walk|go|move|get)\s+t[o0]\b", re.IGNORECASE)
_FIRST = re.compile(r"\s*\*\s*\w")
_SIGN = re.compile(
    r"(?:^|\r)[ \t]*(\d{1,2}:\d{2}\s|\*[ \t]*(default week|special days)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_END = "free"
_LONGEST_WAY = 20
"""Minutes; a longer way is rather a period that somebody forgot to name."""
_EARLIEST = 7 * 60
_SHOWN = 50
_LONGEST_LINE = 500
_MOST_LINES = 20_000
_LOOKED_AT = 2_000_000
"""Letters; who writes more than that above the first time or day writes something else."""


@dataclass(slots=True)
class _Book:
    """What has been read so far."""

    schedules: dict[str, BellSchedule] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    week: dict[int, str] = field(default_factory=dict)
    special: list[SpecialDays] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line that is not blank; ``number`` from 1."""

    number: int
    text: str


def is_bell_lines(text: str) -> bool:
    """Tell whether a text begins with a heading such as "* regular" and has times or days below.

    A list of other things with a star before each is none.
    """
    return bool(_FIRST.match(text) and _SIGN.search(text, 0, _LOOKED_AT))


def parse_bell_lines(text: str) -> BellBook:
    """Read bell-schedule text; what is doubtful is told in the notes.

    InvalidInput, with its line, for what is no time, weekday or date where one should be.
    """
    book = _Book()
    lines = _lines(text)
    for head, body in _sections(lines):
        found = _HEAD.fullmatch(head.text)
        name, title = (fold_name(found[1]), found[2] or "") if found else ("", "")
        match name.casefold():
            case "":
                raise _wrong(head, "has no name of a kind of day")
            case "default week":
                book.week.update(_weekdays(body))
            case "special days":
                _special(book, body)
            case _:
                _kind(book, head, name, body)
                book.titles[name] = title or name
    return _finished(book)


def _lines(text: str) -> list[_Line]:
    """Return the lines that are not blank; InvalidInput for what is no text of bell schedules."""
    if max(text.count("\n"), text.count("\r")) > _MOST_LINES:
        raise InvalidInput(
            what=f"The bell-schedule text has more than {_MOST_LINES:,} lines.",
            remedy="Keep the schedules and days of one school.",
        )
    lines = [
        _Line(number=number, text=stripped)
        for number, one in enumerate(text.splitlines(), 1)
        if (stripped := one.strip())
    ]
    long = next((line for line in lines if len(line.text) > _LONGEST_LINE), None)
    if long is not None:
        raise _wrong(long, "is too long for a line of bell-schedule text")
    return lines


def _finished(book: _Book) -> BellBook:
    """Return the book; a file that has its own schedules has to describe all kinds it uses."""
    whole = BellBook(
        schedules=book.schedules,
        closed=frozenset(book.closed),
        titles=book.titles,
        week=book.week,
        special=tuple(book.special),
        notes=tuple(book.notes),
    )
    if book.titles and whole.unknown:
        told = f"Nothing describes the kind of day “{', '.join(whole.unknown)[:100]}”."
        whole = replace(whole, notes=(*whole.notes, told))
    return whole


def _sections(lines: Sequence[_Line]) -> Iterator[tuple[_Line, list[_Line]]]:
    """Yield each heading with the lines below it."""
    heads = [at for at, line in enumerate(lines) if line.text.startswith("*")]
    if not heads or heads[0] > 0:
        first = lines[0] if lines else _Line(number=1, text="")
        raise _wrong(first, "stands before any heading such as “* regular”")
    for at, after in pairwise([*heads, len(lines)]):
        yield lines[at], list(lines[at + 1 : after])


def _weekdays(lines: Sequence[_Line]) -> Iterator[tuple[int, str]]:
    for line in lines:
        found = _WEEKDAY.fullmatch(line.text)
        weekday = weekday_of(found[1]) if found else None
        if found is None or weekday is None:
            raise _wrong(line, "is no weekday and kind of day such as “Mon regular”")
        yield weekday, fold_name(found[2])


def _special(book: _Book, lines: Sequence[_Line]) -> None:
    """Enter the special days; one without a kind, or out of order, is told."""
    before: date | None = None
    for line in lines:
        found = _DATES.fullmatch(line.text)
        if found is None:
            raise _wrong(line, "is no date and kind of day such as “11/23/2026 holiday”")
        first = _date(line, found[1])
        last = _date(line, found[2]) if found[2] else first
        if not first <= last <= first + LONGEST_SPAN:
            raise _wrong(line, "ends before it begins, or lasts longer than a year")
        kind = fold_name(found[3] or "")
        if not kind:
            book.notes.append(f"Line {line.number} says no kind of day and was left out.")
            continue
        if before is not None and first < before:
            book.notes.append(
                f"Line {line.number}: {first} stands after {before}; is its year right?"
            )
        before = max(first, before or first)
        one = SpecialDays(first=first, last=last, kind=kind, comment=fold_name(found[4] or ""))
        book.special.append(one)


def _date(line: _Line, said: str) -> date:
    found = _DATE.fullmatch(said)
    try:
        if found:
            return date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise _wrong(line, f"has no date MM/DD/YYYY in “{said[:20]}”")


def _kind(book: _Book, head: _Line, name: str, lines: Sequence[_Line]) -> None:
    """Enter a kind of day; one whose times go back is left out, and that is told."""
    if name in book.titles:
        raise _wrong(head, "stands twice")
    entries = [_entry(line) for line in lines]
    if not entries:
        book.closed.add(name)
        return
    times = _over_noon([start for start, _ in entries])
    back = next((at for at, (a, b) in enumerate(pairwise(times), 1) if a >= b), None)
    if back is not None:
        book.notes.append(
            f"Line {lines[back].number}: {as_text(times[back])} stands after "
            f"{as_text(times[back - 1])}, so the bell schedule “{name}” was left out."
        )
        return
    periods = tuple(_periods(book, name, times, [text for _, text in entries]))
    if periods:
        book.schedules[name] = BellSchedule(name=name, periods=periods)
    else:
        book.closed.add(name)


def _entry(line: _Line) -> tuple[int, str]:
    """Return the minutes after midnight and the words of a line."""
    found = _LINE.fullmatch(line.text)
    start = minutes_of(found[1], found[2], found[3]) if found else None
    if found is None or start is None or start >= DAY:
        raise _wrong(line, "is no time and name such as “8:30 {Period 1}”")
    return start, fold_name(found[4])


def _over_noon(times: list[int]) -> list[int]:
    """Return times of a twelve-hour clock ("12:55", "1:40") as those of the afternoon."""
    told: list[int] = []
    for minutes in times:
        late = told and minutes < told[-1] and minutes < _EARLIEST
        told.append(minutes + NOON if late else minutes)
    return told


def _periods(
    book: _Book, kind: str, times: Sequence[int], texts: Sequence[str]
) -> Iterator[Period]:
    """Yield the periods of a kind of day; ways and free time are gaps between them."""
    seen: dict[str, int] = {}
    for at, (start, text) in enumerate(zip(times, texts, strict=True)):
        end = times[at + 1] if at + 1 < len(times) else None
        name = fold_name(text.translate({ord("{"): None, ord("}"): None}))
        if name.casefold() == _END:
            continue
        if _WAY.match(name):
            if end is None or end - start > _LONGEST_WAY:
                lasts = "has no end" if end is None else f"takes {end - start} minutes"
                book.notes.append(f"In “{kind}”, “{name}” at {as_text(start)} {lasts}.")
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            book.notes.append(f"In “{kind}”, “{name}” stands {seen[name]} times.")
            name = f"{name} ({seen[name]})"
        is_break = likely(name) is Likely.BREAK
        if end is None:
            book.notes.append(f"In “{kind}”, nothing says when “{name}” ends.")
            yield Period(name=name, is_break=is_break)
        else:
            yield Period(name=name, start=as_time(start), end=as_time(end), is_break=is_break)


def _wrong(line: _Line, what: str) -> InvalidInput:
    return InvalidInput(
        what=f"Line {line.number}: “{line.text[:_SHOWN]}” {what}.",
        remedy="Correct it and try again.",
    )

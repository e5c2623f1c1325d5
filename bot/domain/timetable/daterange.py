"""A day, or several in a row, at the beginning of what somebody says: "3 to 5 December Exams"."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain import errors
from bot.domain.timetable.date_spans import read_day
from bot.domain.timetable.dates import NotADate
from bot.domain.timetable.weekdays import LONG, SHORT, weekday_of

_WEEKDAYS = frozenset(day.casefold() for day in (*LONG, *SHORT))
_MOST = 10
"""Words of the longest way to say it: "Thursday 3 December 2026 to Friday 5 December 2026"."""
_JOINS = frozenset({"to", "until", "till", "through", "-"})
_LEADS = frozenset({"on", "from", "for"})
_DASH = re.compile(r"\s+[-\u2013\u2014]\s+|\s*[\u2013\u2014]\s*|(?<=[.a-z])-(?=\d)", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d-])(\d{1,2}\.?)-(?=\d{1,2}\.?(?:\s|$|\d))(?!\d+-)")
_BARE = re.compile(r"\d{1,2}\.?")
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """The days from ``start`` to ``end``, both included, and the words that came after them."""

    start: date
    end: date
    rest: str


def read_range(text: str, now: date) -> DateRange:
    """Return the days that the text begins with: one, or a first and a last one.

    "tomorrow", "3 to 5 December", "3-5 December", "Monday to Wednesday", "Thursday 3 December",
    each maybe with further words; other dates are those of ``read_day``. ``NotADate`` when it
    begins with none, ``InvalidInput`` for days that do not exist, that end before they begin, and
    when something like a further date follows that is not understood.
    """
    words = _NUMBERS.sub(r"\1 to ", _DASH.sub(" to ", text)).split()
    if words and words[0].casefold() in _LEADS:
        words = words[1:]
    for number in range(min(len(words), _MOST), 0, -1):
        try:
            start, end = _days(words[:number], now)
        except NotADate:
            continue
        rest = words[number:]
        _refuse_half(words[:number], rest)
        return DateRange(start=start, end=end, rest=" ".join(rest).lstrip(":,;- "))
    raise NotADate(
        what=f"“{' '.join(text.split())[:_SHOWN]}” does not begin with a date.",
        remedy="Give one such as tomorrow, 3 December, or 3 to 5 December.",
    )


def _days(words: list[str], now: date) -> tuple[date, date]:
    """Return the first and the last day that exactly these words name."""
    joins = [at for at, word in enumerate(words) if word.casefold() in _JOINS]
    if not joins:
        day = _day(words, now)
        return day, day
    first, last = words[: joins[0]], words[joins[0] + 1 :]
    if not first or not last or len(joins) > 1:
        raise _none(words)
    first, last = _completed(first, last)
    start = _day(first, now)
    end = _day(last, now if " ".join(last).casefold() in {"today", "tomorrow"} else start)
    if end < start:
        raise errors.InvalidInput(
            what=f"{end} comes before {start}.", remedy="Give the first day, then the last one."
        )
    return start, end


def _completed(first: list[str], last: list[str]) -> tuple[list[str], list[str]]:
    """Return both with the month that only one of them names: "3 to 5 December"."""
    start, end = _without_weekday(first), _without_weekday(last)
    if _is_bare(start) and len(end) == 1:  # "3 to 5.12.": the month is within the word
        return [*first[:-1], f"{start[0].rstrip('.')}.{end[0].partition('.')[2]}"], last
    if _is_bare(start):
        return [*first, *end[1:]], last
    if _is_bare(end):
        return first, [*last, *(word for word in start if word.strip(".,").isalpha())]
    return first, last


def _is_bare(words: list[str]) -> bool:
    """Tell whether it is the number of a day without a month."""
    return len(words) == 1 and _BARE.fullmatch(words[0]) is not None


def _day(words: list[str], now: date) -> date:
    return read_day(" ".join(words).rstrip(":,;"), now)


def _without_weekday(words: list[str]) -> list[str]:
    """Return the words without a weekday that stands before a date."""
    led = len(words) > 1 and weekday_of(words[0].rstrip(",")) is not None
    return words[1:] if led else words


def _refuse_half(taken: list[str], rest: list[str]) -> None:
    """Raise ``InvalidInput`` when what follows the days looks like one more: nothing is guessed."""
    further = rest[0].strip(",:;").casefold() if rest else ""
    if further[:1].isdigit() or further in _JOINS | _WEEKDAYS:
        raise errors.InvalidInput(
            what=f"I understand “{' '.join(taken)}”, but not “{' '.join(rest)[:_SHOWN]}”.",
            remedy="Give a first and a last day, for example 3 to 5 December.",
        )


def _none(words: list[str]) -> NotADate:
    return NotADate(what=f"“{' '.join(words)}” is not a date.", remedy="Give one such as Monday.")

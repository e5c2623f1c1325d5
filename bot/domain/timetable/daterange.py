"""A day, or several in a row, at the beginning of what somebody says: "3 to 5 December Exams"."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain import errors
from bot.domain.timetable.date_spans import read_day, require_in_a_row, require_same_week, week_in
from bot.domain.timetable.date_words import COUNT, UNIT, counted, month_of
from bot.domain.timetable.dates import NotADate
from bot.domain.timetable.weekdays import LONG, SHORT, weekday_of

_WEEKDAYS = frozenset(day.casefold() for day in (*LONG, *SHORT))
_MOST = 10
"""Words of the longest way to say it: "Thursday 3 December 2026 to Friday 5 December 2026"."""
_DASHES = frozenset({"-", "\u2013"})
_JOINS = frozenset({"to", "until", "till", "through", *_DASHES})
_LISTS = frozenset({"and", "&", "+"})
_SMALL = frozenset({"the", "of"})
_LEADS = frozenset({"on", "from", "for"})
_LONGER = re.compile(rf"(?:for|of)\s+{COUNT}\s+{UNIT}\b", re.IGNORECASE)
_RELATIVE = frozenset({"today", "tomorrow", "next", "this"})
_DASH = re.compile(
    r"\s+[-\u2013\u2014]\s+|\s*[\u2013\u2014]\s*|(?<=[.a-z])-(?=\d)"
    r"|(?<=\b(?:mon|tue|wed|thu|fri|sat|sun))-(?=(?:mon|tue|wed|thu|fri|sat|sun))|(?<=day)-(?=\w+day\b)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<![\d-])(\d{1,2}\.?)-(?=\d{1,2}\.?(?:\s|$|\d))(?!\d+-)")
_BARE = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th)?", re.IGNORECASE)
_WITH_MONTH = re.compile(r"\d{1,2}\.\d{1,2}\..*")
_YEAR = re.compile(r"\d{4}")
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
    "next week", each maybe with further words; other dates are those of ``read_day``. ``NotADate``
    when it begins with none, ``InvalidInput`` for days that do not exist, that end before they
    begin, and when something like a further date follows that is not understood.
    """
    words = _NUMBERS.sub(r"\1 to ", _DASH.sub(" \u2013 ", text)).split()
    if words and words[0].casefold() in _LEADS:
        words = words[1:]
    for number in range(min(len(words), _MOST), 0, -1):
        try:
            start, end = _days(_without_small(words[:number]), now)
        except NotADate:
            continue
        rest = words[number:]
        _refuse_half(words[:number], rest)
        return DateRange(start=start, end=end, rest=" ".join(rest).lstrip(":,;-\u2013 "))
    raise NotADate(
        what=f"“{' '.join(text.split())[:_SHOWN]}” does not begin with a date.",
        remedy="Give one such as tomorrow, 3 December, or 3 to 5 December.",
    )


def _days(words: list[str], now: date) -> tuple[date, date]:
    """Return the first and the last day that exactly these words name."""
    joins = [at for at, word in enumerate(words) if word.casefold() in _JOINS]
    lists = [at for at, word in enumerate(words) if word.casefold() in _LISTS]
    if not joins and not lists:
        if week := week_in(" ".join(words).rstrip(":,;"), now):
            return week.first, week.last
        day = _day(words, now)
        return day, day
    at = (joins or lists)[0]
    first, last = words[:at], words[at + 1 :]
    if not first or not last or len(joins) + len(lists) > 1:
        raise _none(words)
    first, last = _completed(first, last)
    start = _day(first, now)
    from_today = counted(" ".join(last), now) is not None
    end = _day(last, now if from_today else start)
    require_same_week(" ".join(first), start, " ".join(last), now)
    if end < start:
        raise errors.InvalidInput(
            what=f"{end} comes before {start}.", remedy="Give the first day, then the last one."
        )
    if lists:
        require_in_a_row(" ".join(words), start, end)
    return start, end


def _without_small(words: list[str]) -> list[str]:
    """Return the words of days without "the" and "of", which may stand anywhere but at the end."""
    if words[-1].casefold() in _SMALL:
        raise _none(words)
    return [word for word in words if word.casefold() not in _SMALL]


def _completed(first: list[str], last: list[str]) -> tuple[list[str], list[str]]:
    """Return both with the month that only one of them names: "3 to 5 December"."""
    start, end = _without_weekday(first), _without_weekday(last)
    if (
        _is_bare(start) and len(end) == 1 and _WITH_MONTH.fullmatch(end[0])
    ):  # "3 to 5.12.": the month is within the word
        return [*first[:-1], f"{start[0].rstrip('.')}.{end[0].partition('.')[2]}"], last
    if _is_bare(start):
        return [*first, *_month(end)], last
    if _is_bare(end):
        return first, [*last, *_month(start)]
    return first, last


def _month(words: list[str]) -> list[str]:
    """Return the month, and the year if there is one, of a date in words."""
    year = [word for word in words if _YEAR.fullmatch(word)]
    return [*(word for word in words if month_of(word.strip(".,"))), *year]


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
    first, *more = [word for word in rest if word.casefold() not in _SMALL] or [""]
    joined = first.strip(",:;").casefold() in _JOINS - _DASHES
    listed = (
        first.casefold() in {"or", *_LISTS, *_DASHES} and bool(more) and _is_like_a_day(more[0])
    )
    if joined or listed or _is_like_a_day(first) or _LONGER.match(" ".join(rest)):
        raise errors.InvalidInput(
            what=f"I understand “{' '.join(taken)}”, but not “{' '.join(rest)[:_SHOWN]}”.",
            remedy="Give a first and a last day, for example 3 to 5 December.",
        )


def _is_like_a_day(word: str) -> bool:
    told = word.strip(",:;").casefold()
    return told[:1].isdigit() or told in _WEEKDAYS | _RELATIVE


def _none(words: list[str]) -> NotADate:
    return NotADate(what=f"“{' '.join(words)}” is not a date.", remedy="Give one such as Monday.")

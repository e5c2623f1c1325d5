"""Dates as people type them."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from bot.domain import errors
from bot.domain.timetable.date_words import MONTHS, counted, month_of, plain
from bot.domain.timetable.weekdays import LONG, weekday_of

YEARS_BACK = 1
YEARS_AHEAD = 5
_LEAP = 8
"""Years: the longest wait for a 29 February."""
_MOST_MONTHS: Final = 3
"""After a month without a 31st comes one with it; after February maybe two more."""
_ORDINAL: Final = r"(?:st|nd|rd|th)"
_YEAR: Final = r"(?:,?\s+(?:(\d{4})|'(\d{2})))?"
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:\.|{_ORDINAL})?\s+([a-z]{{3,9}})\.?{_YEAR}")
_MONTH_DAY = re.compile(rf"([a-z]{{3,9}})\.?\s+(\d{{1,2}}){_ORDINAL}?{_YEAR}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(?:(\d{4})|(\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(?:(\d{4})|(\d{2})))?")
_DASHED = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_ORDINAL_DAY = re.compile(rf"(\d{{1,2}}){_ORDINAL}")
_MONTH_END = re.compile(r"end\s+([a-z]+)(?:\s+(\d{4}))?")
_NAMED_YEAR = re.compile(r"\d{4}|'\d{2}|[/.]\d{1,2}[/.]\d{2}")
_WEEKDAY: Final = r"([^\W\d][^\s\d,()]*)"
_BEFORE: Final = re.compile(rf"{_WEEKDAY},?\s+(.*\d.*)")
_AFTER: Final = re.compile(rf"(.*\d.*?),?\s+\(?{_WEEKDAY}\)?")


class NotADate(errors.InvalidInput):
    """The words are no date at all, not even one that does not exist."""


def read_date(text: str, now: date) -> date:
    """Return the date that is meant: "2026-11-30", "Mon 30 Nov", "30.11.", "Monday", "tomorrow".

    Without a year the next such date from ``now`` on, as is "the 3rd"; a weekday is the next one
    after today. ``NotADate`` for words that are none; ``InvalidInput`` for dates that do not exist
    ("31 February") or fall on another weekday than the one beside them, for what may be two dates
    ("3/12", "next Friday"), and for years before the last one or more than five ahead: such a date
    is a slip, and no reminder comes.
    """
    weekday, rest = beside(text)
    return on_weekday(_read(rest, now, text), weekday)


def beside(text: str) -> tuple[int | None, str]:
    """Return the weekday that stands beside a date (0 = Monday; None: there is none), and the date.

    A weekday alone is the date itself.
    """
    words = plain(text)
    if _month_and_day(words.casefold()) is not None:  # "mar" is a month, and a day in French
        return None, words
    if (found := _BEFORE.fullmatch(words)) and (day := weekday_of(found[1])) is not None:
        return day, found[2]
    if (found := _AFTER.fullmatch(words)) and (day := weekday_of(found[2])) is not None:
        return day, found[1]
    return None, words


def on_weekday(found: date, weekday: int | None) -> date:
    """Return the date; ``InvalidInput`` when it falls on another weekday than the one told."""
    if weekday is None or found.weekday() == weekday:
        return found
    raise errors.InvalidInput(
        what=f"{found.day} {found:%B} {found.year} is a {LONG[found.weekday()]},"
        f" not a {LONG[weekday]}.",
        remedy="Give the date alone, or the right weekday with it.",
    )


def names_year(text: str) -> bool:
    """Tell whether a date stands with its year."""
    return _NAMED_YEAR.search(plain(text)) is not None


def _read(plainly: str, now: date, text: str) -> date:
    """Return the date of plain words; ``text`` is what was typed."""
    words = plainly.casefold().removeprefix("on ")
    told = counted(plainly, now)
    if told is not None:
        return _within(told, now)
    weekday = weekday_of(words) if words else None
    if weekday is not None and words.endswith("days"):
        raise errors.InvalidInput(
            what=f"“{text.strip()[:40]}” are many days.", remedy=f"Give one: {LONG[weekday]}."
        )
    if weekday is not None:
        return now + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1)
    if found := _MONTH_END.fullmatch(words):
        return _last_of(found[1], found[2], now, text)
    if found := _ORDINAL_DAY.fullmatch(words):
        return _next_day(now, int(found[1]), words)
    return _within(_told(words, text, now), now)


def _told(words: str, text: str, now: date) -> date:
    """Return the date of a day and a month; ``InvalidInput`` when there is none."""
    year, month, day = _numbers(words, text)
    found = existing(year, month, day) if year is not None else _next(now, month, day)
    if found is None:
        raise errors.InvalidInput(
            what=f"There is no {text[:40]}.",
            remedy="Give a date such as 2026-11-30 or 30 November.",
        )
    return found


def _within(found: date, now: date) -> date:
    first, last = now.year - YEARS_BACK, now.year + YEARS_AHEAD
    if not first <= found.year <= last:
        raise errors.InvalidInput(
            what=f"{found} is too far away.", remedy=f"Give a date from {first} to {last}."
        )
    return found


def existing(year: int, month: int, day: int) -> date | None:
    """Return the date of these numbers, or None when there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(now: date, month: int, day: int) -> date | None:
    """Return the next such date from ``now`` on; 29 February may be years away."""
    years = range(now.year, now.year + _LEAP + 1)
    dates = (existing(year, month, day) for year in years)
    return next((found for found in dates if found is not None and found >= now), None)


def _next_day(now: date, day: int, told: str) -> date:
    """Return the next such day of a month, from ``now`` on."""
    months = (now.year * 12 + now.month - 1 + ahead for ahead in range(_MOST_MONTHS))
    dates = (existing(month // 12, month % 12 + 1, day) for month in months)
    found = next((one for one in dates if one is not None and one >= now), None)
    if found is None:
        raise errors.InvalidInput(
            what=f"No month has a {told}.",
            remedy="Give a date such as 2026-11-30 or 30 November.",
        )
    return found


def _last_of(name: str, year: str | None, now: date, text: str) -> date:
    """Return the last day of "month" (this one) or of the month of that name."""
    if name == "month" and year is None:
        return now.replace(day=monthrange(now.year, now.month)[1])
    month = month_of(name)
    if month is None:
        raise _not_a_date(text)
    which = int(year) if year else now.year + (month < now.month)
    return _within(date(max(which, 1), month, monthrange(max(which, 1), month)[1]), now)


def _numbers(words: str, text: str) -> tuple[int | None, int, int]:
    """Return year (None when not told), month and day."""
    if found := _ISO.fullmatch(words):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _DOTTED.fullmatch(words):
        return _year(found[3], found[4]), int(found[2]), int(found[1])
    if found := _SLASHED.fullmatch(words) or _DASHED.fullmatch(words):
        month, day = _either(int(found[1]), int(found[2]), text)
        return _year(*found.groups()[2:]), month, day
    if named := _month_and_day(words):
        return named
    raise _not_a_date(text)


def _either(first: int, second: int, text: str) -> tuple[int, int]:
    """Return month and day of two numbers; ``InvalidInput`` when each may be the month."""
    if min(first, second) > len(MONTHS):
        raise _not_a_date(text)
    if first != second and min(first, second) and max(first, second) <= len(MONTHS):
        one, other = (f"{day} {MONTHS[month - 1].capitalize()}" for day, month in
                      ((first, second), (second, first)))  # fmt: skip
        raise errors.InvalidInput(
            what=f"“{text[:40]}” may be {one} or {other}.",
            remedy="Write the month as a word, for example 30 November.",
        )
    return (first, second) if second > len(MONTHS) else (second, first)


def _not_a_date(text: str) -> NotADate:
    return NotADate(
        what=f"“{text.strip()[:40]}” is not a date.",
        remedy="Give a date such as 2026-11-30, 30 November, Monday or tomorrow.",
    )


def _month_and_day(words: str) -> tuple[int | None, int, int] | None:
    """Return year (None when not told), month and day of "30 november" or "november 30, 2026"."""
    if (found := _DAY_MONTH.fullmatch(words)) and (month := month_of(found[2])):
        return _year(found[3], found[4]), month, int(found[1])
    if (found := _MONTH_DAY.fullmatch(words)) and (month := month_of(found[1])):
        return _year(found[3], found[4]), month, int(found[2])
    return None


def _year(told: str | None, short: str | None = None) -> int | None:
    """Return the year of four digits or of two, None for neither."""
    return int(told) if told else 2000 + int(short) if short else None

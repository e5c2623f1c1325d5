"""Dates as people type them."""

import re
from datetime import date, timedelta
from typing import Final

from bot.domain import errors
from bot.domain.timetable.weekdays import LONG, weekday_of

YEARS_BACK = 1
YEARS_AHEAD = 5
_LEAP = 8
"""Years: the longest wait for a 29 February."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
_WEEKDAY: Final = r"([^\W\d][^\s\d,]*)"
_BEFORE: Final = re.compile(rf"{_WEEKDAY},?\s+(.*\d.*)")
_AFTER: Final = re.compile(rf"(.*\d.*?),?\s+{_WEEKDAY}")


class NotADate(errors.InvalidInput):
    """The words are no date at all, not even one that does not exist."""


def read_date(text: str, now: date) -> date:
    """Return the date that is meant: "2026-11-30", "Mon 30 Nov", "30.11.", "Monday", "tomorrow".

    Without a year the next such date from ``now`` on; a weekday is the next one after today.
    ``NotADate`` for words that are none; ``InvalidInput`` for dates that do not exist ("31
    February") or fall on another weekday than the one beside them, and for years before the last
    one or more than five ahead: such a date is a slip, and no reminder comes.
    """
    weekday, rest = beside(text)
    return on_weekday(_read(rest, now), weekday)


def beside(text: str) -> tuple[int | None, str]:
    """Return the weekday that stands beside a date (0 = Monday; None: there is none), and the date.

    A weekday alone is the date itself.
    """
    words = " ".join(text.split())
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


def _read(text: str, now: date) -> date:
    words = text.casefold()
    plain = {"today": 0, "tomorrow": 1}.get(words)
    if plain is not None:
        return now + timedelta(days=plain)
    weekday = weekday_of(words) if words else None
    if weekday is not None:
        return now + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1)
    year, month, day = _numbers(words, text)
    found = existing(year, month, day) if year is not None else _next(now, month, day)
    if found is None:
        raise errors.InvalidInput(
            what=f"There is no {text[:40]}.",
            remedy="Give a date such as 2026-11-30 or 30 November.",
        )
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


def _numbers(words: str, text: str) -> tuple[int | None, int, int]:
    """Return year (None when not told), month and day."""
    if found := _ISO.fullmatch(words):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.fullmatch(words):
        return _year(found[3]), int(found[2]), int(found[1])
    if named := _month_and_day(words):
        return named
    raise NotADate(
        what=f"“{text.strip()[:40]}” is not a date.",
        remedy="Give a date such as 2026-11-30, 30 November, Monday or tomorrow.",
    )


def _month_and_day(words: str) -> tuple[int | None, int, int] | None:
    """Return year (None when not told), month and day of "30 november" or "november 30, 2026"."""
    if (found := _DAY_MONTH.fullmatch(words)) and found[2][:3] in _MONTHS:
        return _year(found[3]), _MONTHS.index(found[2][:3]) + 1, int(found[1])
    if (found := _MONTH_DAY.fullmatch(words)) and found[1][:3] in _MONTHS:
        return _year(found[3]), _MONTHS.index(found[1][:3]) + 1, int(found[2])
    return None


def _year(told: str | None) -> int | None:
    return int(told) if told else None

"""Dates that are counted from today: "the day after tomorrow", "in two weeks", "next Friday".

Words may be ready for that by ``plain``: the readers of dates and of spans share it.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from bot.domain import errors
from bot.domain.timetable.weekdays import LONG, weekday_of

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SHORTEST: Final = 3
"""Letters of a month's name: "sep", "sept", "septem" are one, "decoy" is none."""
COUNT: Final = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
UNIT: Final = r"(?:day|week|fortnight|month)s?"
_NAMED: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTS: Final = {"a": 1, "an": 1, **{name: number for number, name in enumerate(_NAMED, 1)}}
_AWAY: Final = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_WEEK: Final = timedelta(days=7)

_HYPHENS: Final = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-"})
_SPREADSHEET: Final = re.compile(r"\b(\d{1,2})-([a-z]{3,9})-(\d{4})\b", re.IGNORECASE)
_ISO_DASHED: Final = re.compile(r"\b(\d{4})[\u2013\u2014](\d{1,2})[\u2013\u2014](\d{1,2})\b")
_SMALL: Final = re.compile(r"\b(?:the|of)\b", re.IGNORECASE)
_CLOSING: Final = re.compile(r"[\s!?,;:]+$|(?<=[^\W\d])[.\s]+$|(?<=\d{4})\.$")

_IN: Final = re.compile(rf"in ({COUNT}) ({UNIT})|({COUNT}) ({UNIT}) from (?:now|today)")
_NEXT: Final = re.compile(r"next ([^\W\d]+)")
_THIS: Final = re.compile(r"this ([^\W\d]+)|([^\W\d]+) this week|this week (?:on )?([^\W\d]+)")
_COMING: Final = re.compile(r"coming ([^\W\d]+)")
_WEEK_ON: Final = re.compile(r"([^\W\d]+) week|a week on ([^\W\d]+)|([^\W\d]+) in a week")
_NEXT_WEEK: Final = re.compile(r"([^\W\d]+) (?:in )?next week|next week (?:on )?([^\W\d]+)")


def plain(text: str) -> str:
    """Return the text as dates are read in it: with plain digits, blanks and hyphens.

    Without "the" and "of", and without what closes a sentence.
    """
    known = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    seen = "".join(c for c in known if unicodedata.category(c) != "Cf")
    whole = _ISO_DASHED.sub(r"\1-\2-\3", _SPREADSHEET.sub(r"\1 \2 \3", seen))
    return _CLOSING.sub("", " ".join(_SMALL.sub(" ", whole).split()))


def month_of(word: str) -> int | None:
    """Return the month (1 to 12) of that name, short or long, or None."""
    if len(word) < _SHORTEST:
        return None
    return next((at for at, name in enumerate(MONTHS, 1) if name.startswith(word.casefold())), None)


def counted(words: str, today: date) -> date | None:
    """Return the date that plain words count from ``today``, or None when they do not.

    ``InvalidInput`` where people mean different days by them: "next Friday" on a Wednesday.
    """
    told = words.casefold()
    if told in _AWAY:
        return today + timedelta(days=_AWAY[told])
    if found := _IN.fullmatch(told):
        return later(today, found[1] or found[3], found[2] or found[4])
    for pattern, days in _OF_WEEKDAY:
        if (found := pattern.fullmatch(told)) and (day := weekday_of(_group(found))) is not None:
            return _one_of(days(day, today), words, today)
    return None


def later(start: date, count: str, unit: str) -> date:
    """Return the date so many days, weeks, fortnights or months after ``start``."""
    number, one = _COUNTS.get(count.casefold()) or int(count), unit.casefold().removesuffix("s")
    if one in _DAYS:
        return start + timedelta(days=number * _DAYS[one])
    months = start.year * 12 + start.month - 1 + number
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _group(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group)


def _soon(weekday: int, today: date) -> date:
    """Return the next such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _coming(weekday: int, today: date) -> set[date]:
    return {_soon(weekday, today)}


def _in_next_week(weekday: int, today: date) -> set[date]:
    """Return that day of the next week: weeks begin on Mondays, or for some on Sundays."""
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=today.isoweekday() % 7)
    after = timedelta(days=weekday), timedelta(days=(weekday + 1) % 7)
    return {monday + _WEEK + after[0], sunday + _WEEK + after[1]}


def _next(weekday: int, today: date) -> set[date]:
    return {_soon(weekday, today)} | _in_next_week(weekday, today)


def _in_this_week(weekday: int, today: date) -> set[date]:
    return {today - timedelta(days=today.weekday() - weekday)}


def _in_a_week(weekday: int, today: date) -> set[date]:
    return {_soon(weekday, today) + _WEEK}


_OF_WEEKDAY: Final = (
    (_NEXT, _next),
    (_THIS, _in_this_week),
    (_COMING, _coming),
    (_WEEK_ON, _in_a_week),
    (_NEXT_WEEK, _in_next_week),
)


def _one_of(found: set[date], said: str, today: date) -> date:
    """Return the one date that is meant; ``InvalidInput`` for several, and for one that is past."""
    days = sorted(found)
    if len(days) > 1:
        may = " or ".join(f"{LONG[day.weekday()]}, {day.day} {day:%B}" for day in days)
        raise errors.InvalidInput(
            what=f"“{said}” may be {may}.", remedy="Give the date itself, such as 30 November."
        )
    if days[0] < today:
        raise errors.InvalidInput(
            what=f"“{said}” was {days[0].day} {days[0]:%B}.",
            remedy="Give the date itself, such as 30 November.",
        )
    return days[0]

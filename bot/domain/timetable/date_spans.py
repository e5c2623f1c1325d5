"""From a date to a date, as people type it."""

import re
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from bot.domain import errors
from bot.domain.timetable.date_words import COUNT, UNIT, counted, later, month_of, plain
from bot.domain.timetable.dates import beside, names_year, on_weekday, read_date
from bot.domain.timetable.weekdays import LONG, weekday_of


class Span(NamedTuple):
    """From a day to a day, both included; ``bare``: one day was named, and not what it is."""

    first: date
    last: date
    bare: bool = False


LONGEST = timedelta(days=366)
JUST_PAST = timedelta(days=60)
"""A date without a year that was so lately is taken for that one, and not for next year's."""
_SHORT = "(?:mon|tue|wed|thu|fri|sat|sun)"
_ONE_DAY = timedelta(days=1)
_pattern = partial(re.compile, flags=re.IGNORECASE)
_HYPHENS = _pattern(
    rf"(?<=[.a-z])-(?=\d)|(?<=\b{_SHORT})-(?={_SHORT})|(?<=day)-(?={_SHORT})|[–—]|\.\.+"
)
_BETWEEN = _pattern(r"\s+(?:to|until|till|til|through|thru|-)\s+")
_AND = _pattern(r"\s+(?:and|&|\+)\s+")
_UNTIL = _pattern(r"(?:to|until|till|til|through|thru)\s+")
_FROM = _pattern(r"(?:from|starting|since)\s+(?:on\s+)?")
_FROM_TO = _pattern(r"between\s+(.+?)\s+and\s+(.+)")
_ON = _pattern(r"(?:only on|on|only)\s+")
_LENGTH = rf"(?P<count>{COUNT})\s+(?P<unit>{UNIT})"
_FOR = _pattern(rf"(?:for\s+)?(?:next\s+)?{_LENGTH}")
_SINCE = _pattern(rf"(?P<first>.+?)\s+for\s+{_LENGTH}")
_AFTER = _pattern(rf"{_LENGTH}\s+from\s+(?P<first>.+)")
_WEEK = _pattern(r"(?:(?:all|whole|rest)\s+)?(this|next)\s+week|(?:all|whole|rest)\s+week")
_WEEKEND = _pattern(r"(?:(?:this|over)\s+)?weekend")
_DAY = _pattern(r"(\d{1,2})(?:\.|st|nd|rd|th)?")
_NUMBERS = _pattern(r"(\d{1,2})\.?\s*-\s*(\d{1,2}\.?(?:\s*\D.*)?)")
_MONTH_DAYS = _pattern(r"(\D+\s\d{1,2})\s*-\s*(\d{1,2})")
_WORD = re.compile(r"[^\W\d]+")
_YEAR = _pattern(r"\d{4}")
_OWN_WEEK = _pattern(r".+? ((?:next|this) week)")


def read_span(text: str, today: date) -> Span:
    """Return first and last day of what is meant, from ``today`` on.

    "Thursday" and "until Thursday" begin today, "on Thursday" is that day alone; "3 to 12
    December", "from Monday until 2026-12-04", "Monday Friday", "for two weeks", "Monday for three
    days", "next week". ``InvalidInput`` for dates that do not exist or have passed, an end before
    the beginning, more than a year, two days that are not in a row ("Monday and Thursday"), and
    where no end is named.
    """
    words = " ".join(_HYPHENS.sub(" - ", plain(text.replace(",", " "))).split())
    if not words:
        raise _endless()
    if (whole := _in_one(words, today)) is not None:
        return whole
    if begins := _ON.match(words):
        day = read_day(words[begins.end() :], today)
        return checked_span(day, day, today)
    if begins := _UNTIL.match(words):
        return checked_span(today, read_day(words[begins.end() :], today), today)
    begun = _FROM.match(words)
    found = _parted(words[begun.end() :] if begun else words, today)
    if found.last is None and begun:
        raise _endless()
    if found.last is None:
        return checked_span(today, read_day(found.first, today), today)._replace(bare=True)
    start = read_day(_completed(found.first, found.last), today)
    end = _later(_completed(found.last, found.first), start, today)
    require_same_week(found.first, start, found.last, today)
    if found.listed or (found.loose and "," in text):
        require_in_a_row(words, start, end)
    return checked_span(start, end, today)


def _in_one(words: str, today: date) -> Span | None:
    """Return the span that has a name or a length, or None."""
    if found := _FOR.fullmatch(words):
        return _lasting(today, found, today)
    if found := _SINCE.fullmatch(words) or _AFTER.fullmatch(words):
        first = read_day(_ON.sub("", _FROM.sub("", found["first"])), today)
        return _lasting(first, found, today)
    return week_in(words, today)


def week_in(words: str, today: date) -> Span | None:
    """Return the days from ``today`` on of "this week", "next week" or "the weekend", else None."""
    monday = today - timedelta(days=today.weekday())
    if found := _WEEK.fullmatch(words):
        monday += timedelta(days=7 * ((found[1] or "").casefold() == "next"))
        return checked_span(max(monday, today), monday + timedelta(days=6), today)
    if _WEEKEND.fullmatch(words):
        return checked_span(
            max(monday + timedelta(days=5), today), monday + timedelta(days=6), today
        )
    return None


def _lasting(first: date, length: re.Match[str], today: date) -> Span:
    """Return so many days, weeks or months from ``first`` on."""
    last = later(first, length["count"], length["unit"]) - _ONE_DAY
    return checked_span(first, last, today)


def checked_span(first: date, last: date, today: date, begun: date | None = None) -> Span:
    """Return the two days, or raise ``InvalidInput`` as ``read_span`` does.

    ``begun`` is a first day that may lie in the past: that of an absence which is changed.
    """
    for day in (last, *((first,) if first != begun else ())):
        if day < today:
            raise errors.InvalidInput(
                what=f"{_told(day)} has passed.", remedy="Give days from today on."
            )
    if last < first:
        raise errors.InvalidInput(
            what=f"{_told(last)} comes before {_told(first)}.",
            remedy="Give first the day from which, then the day to which you are away.",
        )
    if last - first > LONGEST:
        raise errors.InvalidInput(
            what=f"From {_told(first)} to {_told(last)} is more than a year.",
            remedy="Give a nearer end; you can move it later.",
        )
    return Span(first, last)


def read_day(text: str, today: date) -> date:
    """Return the date that is meant, as ``dates.read_date``.

    A date without a year that has only just passed is that one: nobody means eleven months ahead.
    """
    weekday, told = beside(text)
    return on_weekday(_nearest(told, today), weekday)


def _nearest(text: str, today: date) -> date:
    found = read_date(text, today)
    if names_year(text) or not re.search(r"\d", text):
        return found
    try:
        last_time = found.replace(year=found.year - 1)
    except ValueError:
        return found
    return last_time if timedelta() < today - last_time <= JUST_PAST else found


def _endless() -> errors.InvalidInput:
    return errors.InvalidInput(
        what="An absence always has an end.",
        remedy="Say until when, for example “away to Thursday” or “away from Monday to Thursday”.",
    )


class _Parts(NamedTuple):
    """The words of the first and of the last day; ``last`` None where only one day is named.

    ``listed``: with "and" between them; ``loose``: with nothing.
    """

    first: str
    last: str | None = None
    listed: bool = False
    loose: bool = False


def _parted(words: str, today: date) -> _Parts:
    if found := _NUMBERS.fullmatch(words) or _MONTH_DAYS.fullmatch(words):
        return _Parts(found[1], found[2])
    if found := _FROM_TO.fullmatch(words):
        return _Parts(found[1], found[2])
    for between in (_BETWEEN, _AND):
        first, *rest = between.split(words, maxsplit=1)
        if rest:
            return _Parts(first, rest[0], listed=between is _AND)
    weekday, told = beside(words)
    if weekday is not None and _is_day(told, today):
        return _Parts(words)
    pieces = words.split()
    for at in range(1, len(pieces)):
        one, other = " ".join(pieces[:at]), " ".join(pieces[at:])
        if not _is_day(words, today) and _is_day(one, today) and _is_day(other, today):
            return _Parts(one, other, loose=True)
    return _Parts(words)


def require_in_a_row(words: str, first: date, last: date) -> None:
    """Raise ``InvalidInput`` for two days that are listed and do not follow one another."""
    if last != first + _ONE_DAY:
        raise errors.InvalidInput(
            what=f"Are the days between them meant, too, by “{words[:40]}”?",
            remedy="Give a first and a last day, for example 3 to 5 December; or one at a time.",
        )


def require_same_week(first: str, start: date, last: str, today: date) -> None:
    """Raise ``InvalidInput`` for "Thursday to Friday next week" where Thursday may be this one."""
    week = _OWN_WEEK.fullmatch(last)
    if week is None or weekday_of(first) is None:
        return
    other = counted(f"{first} {week[1]}", today) or start
    if other != start:
        raise errors.InvalidInput(
            what=f"“{first}” may be {_told(start)}, or {_told(other)}.",
            remedy="Give the dates, for example 3 to 5 December.",
        )


def _is_day(text: str, today: date) -> bool:
    try:
        read_date(text, today)
    except errors.InvalidInput:
        return False
    return True


def _completed(day: str, other: str) -> str:
    """Return a day with the month that only the other one names: "3" beside "12 December"."""
    (weekday, told), (_, named) = beside(day), beside(other)
    bare = _DAY.fullmatch(told)
    month = next(filter(month_of, _WORD.findall(named)), None)
    if bare is None or month is None:
        return day
    year = _YEAR.search(named)
    parts = ("" if weekday is None else LONG[weekday], bare[1], month, year[0] if year else "")
    return " ".join(filter(None, parts))


def _later(text: str, first: date, today: date) -> date:
    """Return the last day: a weekday, or a date without a year, that follows the first one."""
    weekday, told = beside(text)
    if counted(told, today) is not None or names_year(told):
        return read_date(text, today)
    found = read_date(told, max(first, today))
    same = _nearest(told, today)
    return on_weekday(same if re.search(r"\d", told) and same < first else found, weekday)


def _told(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"

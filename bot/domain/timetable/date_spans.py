"""From a date to a date, as people type it."""

import re
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from bot.domain import errors
from bot.domain.timetable.dates import beside, on_weekday, read_date
from bot.domain.timetable.weekdays import LONG


class Span(NamedTuple):
    """From a day to a day, both included; ``bare``: one day was named, and not what it is."""

    first: date
    last: date
    bare: bool = False


LONGEST = timedelta(days=366)
JUST_PAST = timedelta(days=60)
"""A date without a year that was so lately is taken for that one, and not for next year's."""
_RELATIVE = {"today", "tomorrow"}
_pattern = partial(re.compile, flags=re.IGNORECASE)
_BETWEEN = _pattern(r"\s+(?:to|until|till|til|through|thru|and|[-–—])\s+|\s*[–—]\s*")
_UNTIL = _pattern(r"(?:to|until|till|til|through|thru)\s+")
_FROM = _pattern(r"(?:from|between|starting|since)\s+")
_ON = _pattern(r"(?:only on|on|only)\s+")
_FOR = _pattern(r"for\s+(a|an|one|two|three|four|\d{1,3})\s+(day|week)s?")
_WEEK = _pattern(r"(this|next)\s+week")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_DAY = _pattern(r"(\d{1,2})\.?")
_NUMBERS = _pattern(r"(\d{1,2})\.?\s*-\s*(\d{1,2}\.?(?:\s*\D.*)?)")
_MONTH_DAYS = _pattern(r"(\D+\s\d{1,2})\s*-\s*(\d{1,2})")
_MONTH = _pattern(r"[^\W\d]{3,}")
_YEAR = _pattern(r"\d{4}")


def read_span(text: str, today: date) -> Span:
    """Return first and last day of what is meant, from ``today`` on.

    "Thursday" and "until Thursday" begin today, "on Thursday" is that day alone; "3 to 12
    December", "from Monday until 2026-12-04", "Monday Friday", "for two weeks", "next week".
    ``InvalidInput`` for dates that do not exist or have passed, an end before the beginning, more
    than a year, and where no end is named.
    """
    words = " ".join(text.replace(",", " ").split())
    if not words:
        raise _endless()
    if found := _FOR.fullmatch(words):
        count = _COUNTS.get(found[1].casefold()) or int(found[1])
        days = count * (7 if found[2].casefold() == "week" else 1)
        return checked_span(today, today + timedelta(days=max(1, days) - 1), today)
    if found := _WEEK.fullmatch(words):
        monday = (
            today
            - timedelta(days=today.weekday())
            + timedelta(days=7 * (found[1].casefold() == "next"))
        )
        return checked_span(max(monday, today), monday + timedelta(days=6), today)
    if found := _ON.match(words):
        day = read_day(words[found.end() :], today)
        return checked_span(day, day, today)
    if found := _UNTIL.match(words):
        return checked_span(today, read_day(words[found.end() :], today), today)
    begun = _FROM.match(words)
    first, last = _parted(words[begun.end() :] if begun else words, today)
    if last is None and begun:
        raise _endless()
    if last is None:
        return checked_span(today, read_day(first, today), today)._replace(bare=True)
    start = read_day(_completed(first, last), today)
    return checked_span(start, _later(_completed(last, first), start, today), today)


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
    if _YEAR.search(text) or not re.search(r"\d", text):
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


def _parted(words: str, today: date) -> tuple[str, str | None]:
    """Return the words of the first and of the last day; None where only one day is named."""
    if found := _NUMBERS.fullmatch(words) or _MONTH_DAYS.fullmatch(words):
        return found[1], found[2]
    first, *rest = _BETWEEN.split(words, maxsplit=1)
    if rest:
        return first, rest[0]
    weekday, told = beside(words)
    if weekday is not None and _is_day(told, today):
        return words, None
    pieces = words.split()
    for at in range(1, len(pieces)):
        one, other = " ".join(pieces[:at]), " ".join(pieces[at:])
        if _is_day(one, today) and _is_day(other, today):
            return one, other
    return words, None


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
    month = _MONTH.search(named)
    if bare is None or month is None:
        return day
    year = _YEAR.search(named)
    parts = ("" if weekday is None else LONG[weekday], bare[1], month[0], year[0] if year else "")
    return " ".join(filter(None, parts))


def _later(text: str, first: date, today: date) -> date:
    """Return the last day: a weekday, or a date without a year, that follows the first one."""
    weekday, told = beside(text)
    if told.casefold() in _RELATIVE or _YEAR.search(told):
        return read_date(text, today)
    found = read_date(told, max(first, today))
    same = _nearest(told, today)
    return on_weekday(same if re.search(r"\d", told) and same < first else found, weekday)


def _told(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"

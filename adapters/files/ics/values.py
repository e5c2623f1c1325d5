"""Values of calendar properties: dates, times, durations, rules of recurrence."""

import re
from datetime import UTC, date, datetime, time, timedelta

from adapters.files.ics.rules import DAYS, FREQUENCIES, Frequency, Rule

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_MOMENT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})?(Z?)")
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?"
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2}):?(\d{2})?")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBERS = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYYEARDAY": (-366, 366),
    "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
    "BYSETPOS": (-366, 366),
}
_KNOWN = frozenset({*_NUMBERS, "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"})
_NIGHT = time(23, 59, 59)


class NotUnderstoodError(ValueError):
    """A value that is not what its property holds; the message is what stands there."""


def when(text: str) -> date | datetime:
    """Return a date, an aware moment (UTC), or a naive one: a time on the clocks of some place."""
    text = text.strip().upper()
    try:
        if day := _DATE.fullmatch(text):
            return date(*map(int, day.groups()))
        if at := _MOMENT.fullmatch(text):
            parts = [int(part or 0) for part in at.groups()[:6]]
            parts[5] = min(parts[5], 59)  # a leap second
            return datetime(*parts[:6], tzinfo=UTC if at[7] else None)  # type: ignore[misc,arg-type]
    except ValueError:
        pass
    raise NotUnderstoodError(text[:40])


def duration(text: str) -> timedelta:
    """Return a duration such as "PT1H30M"."""
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or not any(found.groups()[1:]):
        raise NotUnderstoodError(text[:40])
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def offset(text: str) -> timedelta:
    """Return an offset from UTC such as "+0100"."""
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        raise NotUnderstoodError(text[:40])
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def rule(text: str) -> Rule:
    """Return a rule of recurrence; its ``until`` is a date or moment as it is written."""
    parts = dict(_parts(text))
    if not parts.keys() <= _KNOWN or parts.get("FREQ") not in FREQUENCIES:
        raise NotUnderstoodError(text[:40])
    numbers = {name: _numbers(parts[name], *_NUMBERS[name]) for name in _NUMBERS if name in parts}
    return Rule(
        frequency=Frequency(parts["FREQ"]),
        interval=_number(parts.get("INTERVAL", "1")),
        count=_number(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=_weekdays(parts.get("WKST", "MO"))[0][1],
        by_day=_weekdays(parts["BYDAY"]) if "BYDAY" in parts else (),
        by_month=numbers.get("BYMONTH", ()),
        by_week=numbers.get("BYWEEKNO", ()),
        by_year_day=numbers.get("BYYEARDAY", ()),
        by_month_day=numbers.get("BYMONTHDAY", ()),
        by_hour=numbers.get("BYHOUR", ()),
        by_minute=numbers.get("BYMINUTE", ()),
        by_second=numbers.get("BYSECOND", ()),
        by_position=numbers.get("BYSETPOS", ()),
    )


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the names and values of a rule; a name that stands twice is no rule."""
    parts = [part.partition("=")[::2] for part in text.upper().replace(" ", "").split(";") if part]
    if len({name for name, _ in parts}) < len(parts):
        raise NotUnderstoodError(text[:40])
    return parts


def _until(text: str) -> datetime:
    """Return the last moment of a rule; of a date the end of that day."""
    told = when(text)
    return told if isinstance(told, datetime) else datetime.combine(told, _NIGHT)


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:9]) == int(text):
        raise NotUnderstoodError(text[:40])
    return int(text)


def _numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    try:
        found = tuple(sorted({int(part[:9]) for part in text.split(",")}))
    except ValueError:
        raise NotUnderstoodError(text[:40]) from None
    if not all(least <= one <= most for one in found) or (least < 0 and 0 in found):
        raise NotUnderstoodError(text[:40])
    return found


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = [_WEEKDAY.fullmatch(part) for part in text.split(",")]
    if not all(found):
        raise NotUnderstoodError(text[:40])
    return tuple((int(one[1] or 0), DAYS.index(one[2])) for one in found if one)

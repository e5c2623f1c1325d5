"""Clock times and time zones as people write them.

Times of day are counted in minutes after midnight, 0 to 1440, until they become ``datetime.time``;
1440, the end of the day, becomes 00:00.
"""

import re
from datetime import time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import InvalidInput

DAY = 24 * 60
NOON = 12 * 60
LONGEST_OVER_NOON = 10 * 60
"""Minutes; "10:00-9:00" is rather a slip than eleven hours."""
_HALF = r"(?:\s*([ap])\.?m\b\.?)?"
CLOCK = rf"(\d{{1,2}})(?:[:.h](\d{{2}}))?(?!\d){_HALF}(?:\s*uhr\b)?"
"""A time as a pattern of three groups: hour, minute or None, a or p or None."""
DASH = r"\s*(?:-|\u2013|\u2014|\u2212|~|\u301c|\uff5e|\bto\b|\buntil\b|\btill\b|\bbis\b)\s*"
_RANGE = re.compile(rf"(?<![\d:.]){CLOCK}{DASH}{CLOCK}(?![\d:])", re.IGNORECASE)
_WHOLE = rf"(\d{{1,2}})[:.h](\d{{2}})(?!\d){_HALF}(?:\s*uhr\b)?"
_CLEAR = re.compile(rf"(?<![\d:.]){_WHOLE}{DASH}{_WHOLE}(?![\d:])", re.IGNORECASE)
"""Both with minutes: in "P1-08:00-08:45" the 1 is no hour."""
_COUNTED = re.compile(
    r"(?:[^\W\d_]|\b(?:period|lesson|hour|block|slot|session|class|stunde|hora|heure|sesi[oó]n)\s*)$",
    re.IGNORECASE,
)
"""What stands before a number that is no hour: "P1-08:00", "Lesson 1 - 08:00"."""
_HOURS = re.compile(
    r"(?<!\d)(\d{1,2}) ?h( ?[-\u2013\u2014] ?| [aà] )(\d{1,2}) ?h(?! ?\d|\w)", re.IGNORECASE
)
_BLANKS = re.compile(r"(?<=\d) ?h ?(?=\d{2}(?!\d))", re.IGNORECASE)
_TO = re.compile(r"(?<=\d) [aà] (?=\d)", re.IGNORECASE)
_SURE = re.compile(rf"(?<![\d:.])(\d{{1,2}}):(\d{{2}})(?!\d){_HALF}", re.IGNORECASE)
_ONLY = re.compile(rf"\s*{CLOCK}\s*", re.IGNORECASE)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone called ``name`` (IANA); InvalidInput when there is none."""
    if name not in zone_names():
        raise InvalidInput(
            what=f"There is no time zone called “{name[:40]}”.",
            remedy="Write it as region and city, for example Europe/London.",
        )
    return ZoneInfo(name)


@cache
def zone_names() -> frozenset[str]:
    """Return the names of places; some systems list files that are none beside them."""
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


def as_time(minutes: int) -> time:
    """Return ``minutes`` after midnight as a time of day; 1440 is 00:00."""
    return time(minutes // 60 % 24, minutes % 60)


def as_minutes(at: time) -> int:
    """Return the whole minutes after midnight of ``at``."""
    return at.hour * 60 + at.minute


def as_text(minutes: int) -> str:
    """Return ``minutes`` after midnight as "08:05"; the end of the day is "24:00"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_of(hour: str, minute: str | None, half: str | None) -> int | None:
    """Return the minutes after midnight of the groups of ``CLOCK``, None for 25:00 or 13 pm."""
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - the hours of a clock's face
            return None
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= DAY else None  # noqa: PLR2004 - minutes of an hour


def between(first: tuple[str | None, ...], second: tuple[str | None, ...]) -> tuple[int, int]:
    """Return start and end in minutes for two times given as the groups of ``CLOCK``.

    "7-9pm" is 19 to 21 h, "11-1pm" 11 to 13 h, "9-5" and "12:50-1:40" run over noon. What is
    no range raises InvalidInput.
    """
    (hour, minute, half), (to_hour, to_minute, to_half) = first, second
    end = minutes_of(to_hour or "", to_minute, to_half)
    start = minutes_of(hour or "", minute, half or to_half)
    if start is not None and end is not None and start >= end and not half:
        start = minutes_of(hour or "", minute, None)
    if start is not None and end is not None and not to_half and _over_noon(start, end):
        end += NOON
    if start is None or end is None or start >= end:
        raise InvalidInput(
            what=f"{_spoken(first)} to {_spoken(second)} is no range of clock times within a day.",
            remedy="Write both times with hours and minutes, for example 08:00-08:45.",
        )
    return start, end


def _over_noon(start: int, end: int) -> bool:
    """Tell whether "9:00-5:00" is meant: an end on a twelve-hour clock, within ten hours."""
    return end < start < NOON + 60 and end + NOON - start <= LONGEST_OVER_NOON


def _spoken(groups: tuple[str | None, ...]) -> str:
    """Return the time of the groups of ``CLOCK`` roughly as it was written."""
    hour, minute, half = groups
    return f"{hour}{':' + minute if minute else ''}{half + 'm' if half else ''}"


def times_in(name: str) -> tuple[int, int | None] | None:
    """Return start and end (minutes) that a period's ``name`` tells; the end None if not told.

    Known are ranges ("9.30 - 11.00", "Pd1 (07:10-07:50)", "9:30am-10:15am") with minutes in at
    least one time, so that "Period 1-2" is no range, and single times ("07:30", "P1 08:00").
    "8 h 30 à 9 h 25" and "8h-9h" are known as well. Names without a time, or with an impossible
    one, give None.
    """
    name = _without_words(name)
    found = _CLEAR.search(name) or _RANGE.search(name)
    if found and not (found[2] or found[3]) and _COUNTED.search(name[: found.start()]):
        found = None
    if found and (found[2] or found[5] or found[6]):
        try:
            return between(found.groups()[:3], found.groups()[3:])
        except InvalidInput:
            return None
    single = _SURE.search(name) or _ONLY.fullmatch(name)
    if not single or not (single[2] or single[3]):
        return None
    start = minutes_of(single[1], single[2], single[3])
    return None if start is None or start >= DAY else (start, None)


def _without_words(name: str) -> str:
    """Return a name whose times are written with signs: "8 h 30 à 9 h 25" is "8h30-9h25"."""
    name = _HOURS.sub(r"\1h00-\3h00", name)
    return _TO.sub("-", _BLANKS.sub("h", name))

"""Times of the day, spans and lengths as people type them into a form."""

import re
from typing import Final

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import CLOCK, DASH, DAY, NOON, as_text, minutes_of

_HOUR: Final = 60
LATE: Final = 18 * _HOUR
"""What begins from then on may end after midnight."""
_NIGHT: Final = frozenset("12345")
"""Hours, without a 0 before them, that are rather meant twelve hours later."""
_EARLY: Final = frozenset("123456")
"""The same for hours without minutes."""
SIGNS_OF_24_HOURS: Final = re.compile(r"\dh|\d\s*uhr", re.IGNORECASE)
"""“16h”, “3 Uhr”: nobody who writes so means a clock of twelve."""
_WORDS: Final = (
    (re.compile(r"\b(?:noon|midday)\b"), "12:00"),
    (re.compile(r"\bmidnight\b"), "24:00"),
)
_TIME: Final = re.compile(rf"(?:at\s+)?{CLOCK}h?", re.IGNORECASE)
_SPAN: Final = re.compile(rf"(?:from\s+)?({CLOCK}h?){DASH}({CLOCK}h?)", re.IGNORECASE)
_LASTING: Final = re.compile(r"(.+?),?\s+for\s+(.+)", re.IGNORECASE)
_PLAIN: Final = re.compile(r"\d{1,6}")
_MINUTES: Final = re.compile(r"(\d{1,6})\s*(?:m|mins?|minutes?|['\u2032\u2019])\.?")
_HOURS: Final = re.compile(
    r"(?:(an?|one|two|three|four|\d{1,3})|(\d{1,2})[.,](\d))?\s*(?:h|hrs?|hours?)\.?"
    r"(?P<half>\s+and\s+a\s+half|\s*½)?(?:\s*(?:and\s+)?(\d{1,2})\s*(?:m|mins?|minutes?|')?\.?)?"
)
_FIXED: Final = {"half an hour": 30, "a half hour": 30, "three quarters of an hour": 45,
                 "a quarter of an hour": 15, "quarter of an hour": 15}  # fmt: skip
_NAMED: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_CLOCKED: Final = re.compile(r"(\d{1,2}):(\d{2})(?:\s*(?:h|hours?))?")
_HALVES: Final = re.compile(r"(\d{1,2})[½](?=\s*h)|(\d{1,2})\s+1/2(?=\s*h)")


def doubtful(hour: str, minute: str | None) -> bool:
    """Tell whether a time without "am" or "pm" may be meant twelve hours later: "2:30", "at 6"."""
    return hour in (_NIGHT if minute else _EARLY)


def before_or_after_noon(said: str, hour: str, minute: str | None) -> InvalidInput:
    """Return the question which of the two times is meant."""
    early = int(hour) * _HOUR + int(minute or 0)
    return InvalidInput(
        what=f"Is “{said.strip()}” before or after noon?",
        remedy=f"Write {as_text(early)} or {as_text(early + NOON)}; or am or pm with it.",
    )


def read_time(text: str) -> int:
    """Return the minutes after midnight of "8:30", "8.30 am", "noon"; else ``InvalidInput``."""
    said = _plain(text)
    found = _TIME.fullmatch(said)
    minutes = minutes_of(found[1], found[2], found[3]) if found else None
    if found is None or minutes is None or minutes == DAY:
        raise InvalidInput(
            what="That is no time of the day.", remedy="Write one, for example 08:30."
        )
    if not found[3] and doubtful(found[1], found[2]) and not SIGNS_OF_24_HOURS.search(said):
        raise before_or_after_noon(text, found[1], found[2])
    return minutes


def read_meeting(text: str) -> tuple[int, int]:
    """Return start and end in minutes after midnight of "16:00-16:45", "11:30-1", "2pm for 1 h".

    An end before the start is after midnight, when it begins in the evening. ``InvalidInput`` for
    what is no span, or may be one in the afternoon or at night ("2-3").
    """
    said = _plain(text)
    if lasting := _LASTING.fullmatch(said):
        start, length = read_time(lasting[1]), read_length(lasting[2])
        return start, (start + length) % DAY or DAY
    found = _SPAN.fullmatch(said)
    if found is None:
        raise _no_span()
    start, end = _ends(found)
    if end == start:
        raise _no_span("The start and the end are the same")
    if end < start < LATE:
        raise _no_span("It ends before it begins")
    return start, end


def _ends(found: re.Match[str]) -> tuple[int, int]:
    """Return start and end as they are meant, each on a clock of 12 hours or of 24."""
    (hour, minute, half), (_, _, to_half) = found.group(2, 3, 4), found.group(6, 7, 8)
    start, end = minutes_of(hour, minute, half), minutes_of(*found.group(6, 7, 8))
    if start is None or end is None:
        raise _no_span()
    if not half and to_half:  # "2-2:45pm", "11-1pm"
        shared = minutes_of(hour, minute, to_half)
        return (shared if shared is not None and shared < end else start), end
    if not half and doubtful(hour, minute) and not SIGNS_OF_24_HOURS.search(found[0]):
        raise before_or_after_noon(found[1], hour, minute)
    face = half is not None or start < NOON + _HOUR
    if not to_half and face and end < start < min(end + NOON, DAY):  # "11:30-1", "2pm-3"
        end += NOON
    return start, end


def read_length(text: str) -> int:
    """Return the minutes of "45", "45 min", "1h", "1.5 hours", "an hour and a half"."""
    said = " ".join(text.casefold().split()).rstrip(".!")
    said = _HALVES.sub(lambda half: f"{half[1] or half[2]}.5", said)
    if said in _FIXED:
        return _FIXED[said]
    if found := _PLAIN.fullmatch(said) or _MINUTES.fullmatch(said):
        return int(found[1] if found.re is _MINUTES else found[0])
    if found := _CLOCKED.fullmatch(said):
        return int(found[1]) * _HOUR + int(found[2])
    if (found := _HOURS.fullmatch(said)) and (found[1] or found[2]):
        return _hours(found)
    raise InvalidInput(
        what=f"“{text.strip()[:40]}” is no length of time.",
        remedy="Give it in minutes, for example 45, or 1 h 30.",
    )


def _hours(found: re.Match[str]) -> int:
    """Return the minutes of hours, whole or with one decimal, and what comes on top."""
    whole = found[1] or found[2]
    minutes = (_NAMED.get(whole) or int(whole)) * _HOUR
    minutes += int(found[3] or 0) * _HOUR // 10
    return minutes + (_HOUR // 2 if found["half"] else 0) + int(found[5] or 0)


def _plain(text: str) -> str:
    said = " ".join(text.casefold().split()).rstrip("!")
    for pattern, time in _WORDS:
        said = pattern.sub(time, said)
    return said


def _no_span(what: str = "That is no time from a start to an end") -> InvalidInput:
    return InvalidInput(
        what=f"{what}.",
        remedy="Write two times, for example 16:00-16:45.",
    )

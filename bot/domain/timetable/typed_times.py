"""Times of the day, spans and lengths as people type them into a form."""

import re
import unicodedata
from typing import Final

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import CLOCK, DAY, NOON, as_text, minutes_of

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
    (re.compile(r"(?<=\d)\s*o['\u2019]clock\b"), ""),
    (re.compile(r"^(?:at|from|until|till|to)\s+"), ""),
)
_TIME: Final = re.compile(rf"{CLOCK}h?", re.IGNORECASE)
_FOUR: Final = re.compile(r"([01]\d|2[0-4])([0-5]\d)h?")
"""“1630”, on a clock of 24 hours."""
_LASTING: Final = re.compile(r"\A\s*(?:for\s+|\+\s*)", re.IGNORECASE)
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


def read_time(text: str, until: str = "") -> int:
    """Return the minutes after midnight of "8:30", "8.30 am", "noon"; else ``InvalidInput``.

    ``until`` is when that ends, if it is told: of "2" until "2:45pm" it says which half of the day
    is meant.
    """
    told, ends = _clock(text), _clock(until)
    minutes = minutes_of(*told) if told else None
    if told is None or minutes is None or minutes == DAY:
        raise _no_time("08:30")
    hour, minute, half = told
    if half:
        return minutes
    if ends and ends[2]:
        end, shared = minutes_of(*ends), minutes_of(hour, minute, ends[2])
        return shared if shared is not None and shared < (end or 0) else minutes
    if doubtful(hour, minute) and not SIGNS_OF_24_HOURS.search(f"{text} {until}"):
        raise before_or_after_noon(text, hour, minute)
    return minutes


def read_end(start: str, until: str) -> int:
    """Return when what begins at ``start`` ends, in minutes after midnight: "16:45", "45 minutes".

    An end before the start is after midnight, when it begins in the evening; "1" after "11:30" is
    13:00. ``InvalidInput`` for what is no end of it.
    """
    begins, first, last = read_time(start, until), _clock(start), _clock(until)
    ends = minutes_of(*last) if last else None
    if last is None or ends is None:
        return _after(begins, until)
    on_a_face = begins < NOON + _HOUR or (first is not None and first[2] is not None)
    twice = last[2] is None and not last[0].startswith("0")
    if on_a_face and twice and ends < begins < min(ends + NOON, DAY):  # "11:30" until "1"
        ends += NOON
    if ends == begins:
        raise _no_end("The start and the end are the same")
    if ends < begins < LATE:
        raise _no_end("It ends before it begins")
    return ends


def _after(begins: int, said: str) -> int:
    """Return the end of what takes that long: "45 min"."""
    try:
        length = read_length(_LASTING.sub("", said))
    except InvalidInput:
        raise _no_time("16:45") from None
    if not 0 < length < DAY:
        raise _no_end("It takes no time" if not length else "It takes a day or more")
    return (begins + length) % DAY or DAY


def read_clock(text: str) -> int:
    """Return the minutes after midnight of "20", "8pm", "7:00" before noon, 24:00 as 0."""
    told = _clock(text)
    minutes = minutes_of(*told) if told else None
    if minutes is None:
        raise _no_time("20:00")
    return minutes % DAY


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


def _clock(text: str) -> tuple[str, str | None, str | None] | None:
    """Return the groups of ``CLOCK`` in what is a time and nothing else."""
    said = _plain(text)
    if found := _FOUR.fullmatch(said):
        return found[1], found[2], None
    found = _TIME.fullmatch(said)
    return (found[1], found[2], found[3]) if found else None


def _plain(text: str) -> str:
    """Return a time as it is read: without signs nobody sees, its colon the one of ASCII."""
    shown = "".join(each for each in text if unicodedata.category(each) != "Cf")
    said = " ".join(shown.replace("\uff1a", ":").casefold().split()).rstrip("!")
    for pattern, time in _WORDS:
        said = pattern.sub(time, said)
    return said


def _no_time(example: str) -> InvalidInput:
    return InvalidInput(
        what="That is no time of the day.", remedy=f"Write one, for example {example}."
    )


def _no_end(what: str) -> InvalidInput:
    return InvalidInput(what=f"{what}.", remedy="Give a later end, or an earlier start.")

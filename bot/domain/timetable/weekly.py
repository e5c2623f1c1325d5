"""Weekly hours in words, for people without a school: "weekdays after 16:00".

Understood are days (names, "Mon-Fri", "weekdays", "weekends", "every day") followed by times
(ranges, "after", "before", "mornings" 8 to 12, "afternoons" 12 to 17, "evenings" 17 to 21,
"all day"); times hold for all days named before them. What is not understood is named, not
skipped.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import (
    CLOCK,
    DASH,
    DAY,
    as_minutes,
    as_text,
    as_time,
    between,
    minutes_of,
)
from bot.domain.timetable.typed_times import (
    SIGNS_OF_24_HOURS,
    before_or_after_noon,
    doubtful,
)
from bot.domain.timetable.weekdays import SHORT, plain_word, weekday_of

_EXAMPLE = "Write days and times, for example: Mon, Wed 9:00-12:00; weekdays after 16:00"
_ALL = tuple(range(7))
_GROUPS = {
    "weekdays": _ALL[:5],
    "weekday": _ALL[:5],
    "weekends": _ALL[5:],
    "weekend": _ALL[5:],
    "everyday": _ALL,
    "every day": _ALL,
    "daily": _ALL,
}
_PARTS = {
    "morning": (8 * 60, 12 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, 21 * 60),
    "all day": (0, DAY),
}
_WORD = r"[^\W\d_]+(?:-feira)?\.?"
_AT = rf"{CLOCK}(?:h\b)?"
_TOKEN = re.compile(
    rf"(?P<skip>(?:[\s,&/+:]|[.!]+(?=\s*(?:;|$))|\bplease\b|\b(?:and|on|at|the|in|every(?!\s*day))\b)+)"
    rf"|(?P<stop>;)"
    rf"|(?P<range>(?:\b(?:from|between)\s+)?{_AT}(?:{DASH}|\s+and\s+){_AT})"
    rf"|(?P<after>\b(?:after|from|since|ab)\s+{_AT})"
    rf"|(?P<before>\b(?:before|until|till|by)\s+{_AT})"
    rf"|(?P<part>\b(?:morning|afternoon|evening|all\s+day)s?\b)"
    rf"|(?P<group>\b(?:weekdays?|weekends?|every\s*day|daily)\b)"
    rf"|(?P<days>{_WORD}\s*(?:-|\u2013|\bto\b|\bthrough\b|\bthru\b|\bbis\b)\s*{_WORD})"
    rf"|(?P<day>{_WORD})",
    re.IGNORECASE,
)
_BETWEEN_DAYS = re.compile(
    r"\s*(?:-(?!feira)|\u2013|\bto\b|\bthrough\b|\bthru\b|\bbis\b)\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """Times that somebody has free, week by week, in the wall time of their own zone.

    A span is (weekday from 0 = Monday to 6, start, end); an end of 00:00 is midnight at the end of
    that day. Spans are kept sorted, overlapping and touching ones joined.
    """

    spans: tuple[tuple[int, time, time], ...]

    def __post_init__(self) -> None:
        joined = _join((day, as_minutes(start), as_minutes(end)) for day, start, end in self.spans)
        spans = tuple((day, as_time(start), as_time(end)) for day, start, end in joined)
        object.__setattr__(self, "spans", spans)

    def minutes_on(self, weekday: int) -> tuple[tuple[int, int], ...]:
        """Return starts and ends on ``weekday`` in minutes after midnight; the end up to 1440."""
        return tuple(
            (as_minutes(start), as_minutes(end) or DAY)
            for day, start, end in self.spans
            if day == weekday
        )


def _join(spans: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return spans in minutes sorted, with those that overlap or touch joined."""
    joined: list[tuple[int, int, int]] = []
    for day, start, told in sorted((day, start, end or DAY) for day, start, end in spans):
        end = told
        if not 0 <= day < len(_ALL) or start >= end:
            raise InvalidInput(what="A time ends before it begins.", remedy=_EXAMPLE)
        if joined and joined[-1][0] == day and joined[-1][2] >= start:
            _, start, before = joined.pop()  # noqa: PLW2901 - the joined span replaces both
            end = max(end, before)
        joined.append((day, start, end))
    return joined


def parse_weekly_hours(text: str) -> WeeklyHours:
    """Read weekly hours in words; InvalidInput names the piece that is not understood."""
    found: list[tuple[int, time, time]] = []
    days: tuple[int, ...] = ()
    last = ""
    timed = True
    for kind, piece, value in (*_tokens(text), ("stop", "", ())):
        if kind == "days":
            days = value if timed else (*days, *value)
            last, timed = piece, False
        elif kind == "times":
            found += _spans(days, piece, value)
            timed = True
        elif not timed:
            raise InvalidInput(what=f"“{last}” has no time.", remedy=_EXAMPLE)
        else:
            days = ()
    if not found:
        raise InvalidInput(what="There are no hours in this text.", remedy=_EXAMPLE)
    return WeeklyHours(spans=tuple(found))


def _spans(
    days: tuple[int, ...], piece: str, value: tuple[int, ...]
) -> list[tuple[int, time, time]]:
    """Return one span of times for each of the days; InvalidInput when no day was named."""
    if not days:
        raise InvalidInput(what=f"“{piece}” has no day before it.", remedy=_EXAMPLE)
    return [(day, as_time(value[0]), as_time(value[1])) for day in days]


def _tokens(text: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield ("days", piece, weekdays), ("times", piece, (start, end)) and ("stop", …)."""
    text = re.sub(r"\bnoon\b", "12:00", text.replace("\n", ";"), flags=re.IGNORECASE)
    text = re.sub(r"\bmidnight\b", "24:00", text, flags=re.IGNORECASE)
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _not_understood(text[at:].split(";")[0])
        if found.lastgroup != "skip":
            yield _token(found)
        at = found.end()


def _token(found: re.Match[str]) -> tuple[str, str, tuple[int, ...]]:
    """Return the token that was found."""
    kind, piece = str(found.lastgroup), found[0].strip()
    if kind == "stop":
        return "stop", piece, ()
    if kind in {"day", "days", "group"}:
        return "days", piece, _days(kind, piece)
    if kind == "part":
        return "times", piece, _PARTS[" ".join(piece.lower().removesuffix("s").split())]
    return "times", piece, _times(kind, piece)


def _times(kind: str, piece: str) -> tuple[int, int]:
    """Return start and end in minutes of a range, or of "after" or "before" a time."""
    clocks = [groups.groups() for groups in re.finditer(CLOCK, piece, re.IGNORECASE)]
    hour, minute, _ = clocks[0]
    plain = not any(half for _, _, half in clocks) and not SIGNS_OF_24_HOURS.search(piece)
    if plain and doubtful(hour, minute):
        raise before_or_after_noon(piece, hour, minute)
    if kind == "range":
        return between(clocks[0], clocks[1])
    at = minutes_of(*clocks[0])
    if at is None or at == (DAY if kind == "after" else 0):
        raise _not_understood(piece)
    return (at, DAY) if kind == "after" else (0, at)


def _days(kind: str, piece: str) -> tuple[int, ...]:
    """Return the weekdays that ``piece`` names."""
    if kind == "group":
        return _GROUPS[" ".join(plain_word(piece).split())]
    ends = [weekday_of(name) for name in _BETWEEN_DAYS.split(piece)]
    first, last = ends[0], ends[-1]
    if first is None or last is None:
        raise _not_understood(piece)
    return tuple((first + at) % 7 for at in range((last - first) % 7 + 1))


def _not_understood(piece: str) -> InvalidInput:
    """Return the problem of a piece of text that says neither a day nor a time."""
    return InvalidInput(what=f"“{piece.strip()[:60]}” is not understood.", remedy=_EXAMPLE)


def in_words(hours: WeeklyHours) -> str:
    """Return ``hours`` in words that ``parse_weekly_hours`` reads back to the same."""
    by_times: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for weekday in _ALL:
        if times := hours.minutes_on(weekday):
            by_times.setdefault(times, []).append(weekday)
    return "; ".join(
        f"{_day_words(tuple(days))} {' and '.join(_time_words(*span) for span in times)}"
        for times, days in by_times.items()
    )


def _day_words(days: tuple[int, ...]) -> str:
    """Return the words for some weekdays."""
    names = {_ALL[:5]: "weekdays", _ALL[5:]: "weekends", _ALL: "every day"}
    return names.get(days) or ", ".join(SHORT[day] for day in days)


def _time_words(start: int, end: int) -> str:
    """Return the words for a span in minutes after midnight."""
    if end == DAY:
        return f"after {as_text(start)}" if start else "all day"
    return f"{as_text(start)}\u2013{as_text(end)}" if start else f"before {as_text(end)}"

"""A calendar as an iCalendar file (RFC 5545): for a subscription, or to be imported once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.timetable.published import Entry, Shift, shifts

_WIDTH = 75
"""Bytes of a line."""
_YEAR = timedelta(days=366)
_UTC = "UTC"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROL = dict.fromkeys(n for n in (*range(32), 127) if n != ord("\n"))


def ics(name: str, zone: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """Return the calendar called ``name`` with wall times of ``zone`` (IANA), as of ``now`` (UTC).

    Programs that subscribe are asked to look again every hour.
    """
    listed = tuple(entries)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Coplan//Coplan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *(line for used in _zones(zone, listed) for line in _zone(used, listed, now)),
        *(line for entry in listed for line in _event(entry, zone, now)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _zones(zone: str, entries: Sequence[Entry]) -> list[str]:
    """Return the zones in which there are times."""
    used = {entry.zone or zone for entry in entries if entry.start is not None}
    return sorted(used - {_UTC})


def _event(entry: Entry, zone: str, now: datetime) -> Iterator[str]:
    zone = entry.zone or zone
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_utc(now)}"
    if entry.day is not None:
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    if entry.start is not None and entry.end is not None:
        yield f"DTSTART{_local(entry.start, zone)}"
        yield f"DTEND{_local(entry.end, zone)}"
    if entry.weekly:
        yield "RRULE:FREQ=WEEKLY"
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.about:
        yield f"DESCRIPTION:{_text(entry.about)}"
    yield f"STATUS:{'CONFIRMED' if entry.sure else 'TENTATIVE'}"
    yield f"TRANSP:{'OPAQUE' if entry.busy else 'TRANSPARENT'}"
    yield "END:VEVENT"


def _zone(zone: str, entries: Sequence[Entry], now: datetime) -> Iterator[str]:
    """Yield the rules of the zone for all entries, and for the coming years of weekly ones."""
    starts = [entry.start for entry in entries if entry.start is not None]
    first = min((*starts, now)).date() - _YEAR
    last = max((*starts, now)).date() + (4 * _YEAR)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone}"
    for shift in shifts(ZoneInfo(zone), date(first.year, 1, 1), last):
        yield from _rule(shift)
    yield "END:VTIMEZONE"


def _rule(shift: Shift) -> Iterator[str]:
    kind = "DAYLIGHT" if shift.summer else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{shift.wall:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(shift.before)}"
    yield f"TZOFFSETTO:{_offset(shift.after)}"
    yield f"TZNAME:{_text(shift.name)}"
    yield f"END:{kind}"


def _offset(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"
    return f"{text}{rest:02}" if rest else text


def _local(at: datetime, zone: str) -> str:
    if zone == _UTC:
        return f":{_utc(at)}"
    return f";TZID={zone}:{at.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Return a text with its signs escaped; other control characters than line ends are gone."""
    return words.replace("\r\n", "\n").translate(_CONTROL).translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Return a line of at most 75 bytes, its rest below it, no character torn apart."""
    parts: list[bytes] = []
    part = b""
    for letter in line:
        more = letter.encode("utf-8", "replace")
        if len(part) + len(more) > _WIDTH:
            parts.append(part)
            part = b" "
        part += more
    return b"\r\n".join((*parts, part)) + b"\r\n"

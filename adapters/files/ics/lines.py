"""From the text of a calendar to its components: RFC 5545 §3.1, and what real programs make of it.

The library ``icalendar`` reads two thousand events a second and gives up at one odd line; feeds of
schools have ten thousand events and odd lines, so the lines are read here, within bounds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.errors import InvalidInput

MOST_EVENTS = 20_000
"""Several years of everything that one person does."""
_MOST_LINES = 300_000
"""Of those that matter: a dozen for each event."""
_MOST_CALENDARS = 1_000
_DEEPEST = 8
_LONGEST = 100_000
"""Characters of a line: five thousand dates."""
_CUT = "\0"
"""Stands in no text."""
_SHOWN = 40
_WANTED = frozenset(
    {
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
        "RECURRENCE-ID",
        "UID",
        "SEQUENCE",
        "SUMMARY",
        "STATUS",
        "TRANSP",
        "DTSTAMP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-WR-TIMEZONE",
        "X-WR-CALNAME",
        "NAME",
        "TZID",
        "X-LIC-LOCATION",
        "TZOFFSETTO",
    }
)
_REMARKS = 3
_KEPT = frozenset({"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
_PARAMETER = re.compile(r';([^=;:"]+)=((?:"[^"]*"|[^";:])*)')
_NAME = re.compile(r"[A-Za-z0-9-]+")
_LINE = re.compile(r"[^\r\n]+")
_QUOTED = re.compile(r'((?:"[^"]*"|[^":])*):(.*)', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One line: its parameters by name in capitals, and its value as it stands."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What stands between BEGIN and END: the properties that matter here, and what is inside."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    children: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """Return the first property of that name, or None."""
        found = self.properties.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """Return the value of the first property of that name in plain text; "" without one."""
        found = self.first(name)
        return plain_text(found.value) if found else ""

    def all(self, name: str) -> list[Property]:
        """Return every property of that name."""
        return self.properties.get(name, [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The calendars of a file, what stands outside of them, and remarks about the file."""

    calendars: tuple[Component, ...]
    remarks: tuple[str, ...]


def plain_text(value: str) -> str:
    """Return a TEXT value without its escapes, blanks folded to one."""
    plain = re.sub(r"\\(.)", lambda m: " " if m[1] in "nN" else m[1], value, flags=re.DOTALL)
    return " ".join(plain.split())


def read_document(text: str) -> Document:
    """Return the calendars in ``text``; events outside of any make one of their own.

    InvalidInput for what is no calendar, ends within an event, is nested, or has too many events.
    """
    reader = _Reader()
    for line in _unfolded(text):
        reader.read(line)
    return reader.ended()


def _unfolded(text: str) -> Iterator[str]:
    """Yield the content lines, put together again, also where blank lines crept in.

    One that is too long is cut, and ends with ``_CUT``.
    """
    parts: list[str] = []
    length = 0
    for found in _LINE.finditer(text):
        line = found[0]
        if line[0] not in " \t":
            if parts:
                yield "".join(parts)
            parts, length = [], 0
        elif parts:
            line = line[1:]
        if length <= _LONGEST:
            length += len(line)
            parts.append(line if length <= _LONGEST else line[:_LONGEST] + _CUT)
    if parts:
        yield "".join(parts)


class _Reader:
    """Puts lines together to components; ``_open`` are those begun and not yet ended."""

    def __init__(self) -> None:
        self._loose = Component(name="VCALENDAR")
        self._open = [self._loose]
        self._calendars: list[Component] = []
        self._odd: list[str] = []
        self._events = 0
        self._lines = 0

    def read(self, line: str) -> None:
        """Take the next content line."""
        head, sign, value = line.partition(":")
        if '"' in head:
            whole = _QUOTED.fullmatch(line)
            head, sign, value = (whole[1], ":", whole[2]) if whole else (line, "", "")
        name, _, parameters = head.partition(";")
        name = name.strip().upper()
        if not sign or not _NAME.fullmatch(name):
            if line.strip() and len(self._odd) < _REMARKS:
                self._odd.append(line.strip(f"{_CUT} ")[:_SHOWN])
        elif name == "BEGIN":
            self._begin(value.strip().upper())
        elif name == "END":
            self._end(value.strip().upper())
        elif name in _WANTED and value.endswith(_CUT):
            raise InvalidInput(
                what=f"The calendar has a {name} of more than {_LONGEST:,} letters.",
                remedy="Export only your own calendar, one school year.",
            )
        elif name in _WANTED:
            self._lines += 1
            _refuse_more_than(_MOST_LINES, self._lines, "dates and names")
            told = Property(value=value.strip(), parameters=_parameters(parameters))
            self._open[-1].properties.setdefault(name, []).append(told)

    def _begin(self, name: str) -> None:
        if len(self._open) > _DEEPEST:
            raise InvalidInput(
                what=f"The calendar has parts within parts, more than {_DEEPEST} deep.",
                remedy="Export it once more from the program it comes from.",
            )
        self._events += name == "VEVENT"
        _refuse_more_than(MOST_EVENTS, self._events, "events")
        begun = Component(name=name)
        if name == "VCALENDAR":
            self._calendars.append(begun)
            _refuse_more_than(_MOST_CALENDARS, len(self._calendars), "calendars in it")
        elif name in _KEPT:
            self._open[-1].children.append(begun)
        self._open.append(begun)

    def _end(self, name: str) -> None:
        if len(self._open) > 1 and self._open[-1].name == name:
            self._open.pop()
        else:
            raise InvalidInput(
                what=f"The calendar ends a {name[:_SHOWN]} that it did not begin.",
                remedy="Export it once more from the program it comes from.",
            )

    def ended(self) -> Document:
        """Return what was read, at the end of the file."""
        calendars = [*self._calendars, *([self._loose] if self._loose.children else [])]
        if not calendars:
            raise InvalidInput(
                what="This is no iCalendar file: nothing in it says BEGIN:VCALENDAR.",
                remedy="Export the calendar as .ics and try again.",
            )
        remarks = [
            f"“{line}” is no line of a calendar and was left out." for line in self._odd[:_REMARKS]
        ]
        if len(self._open) > 1:
            if self._open[-1].name != "VCALENDAR":
                raise InvalidInput(
                    what="The calendar breaks off in the middle of an event.",
                    remedy="Download or export it once more.",
                )
            remarks.append("The calendar has no end: it may have been cut off.")
        return Document(calendars=tuple(calendars), remarks=tuple(remarks))


def _refuse_more_than(most: int, count: int, kind: str) -> None:
    """Raise InvalidInput when a file holds more than anybody's calendar does."""
    if count > most:
        raise InvalidInput(
            what=f"The calendar has more than {most:,} {kind}.",
            remedy="Export only your own calendar, one school year.",
        )


def _parameters(text: str) -> Mapping[str, str]:
    if not text:
        return {}
    found = _PARAMETER.findall(f";{text}")
    return {name.strip().upper(): value.strip().strip('"') for name, value in found}

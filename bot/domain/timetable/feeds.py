"""What a calendar feed says: dated events, before anybody knows which periods they are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

LONGEST_ADDRESS = 4_000


class Dated(NamedTuple):
    """One event on one date.

    ``start`` and ``end`` are aware (UTC) or naive: a wall time wherever its reader is. ``end`` is
    None where the feed states none.
    """

    start: datetime
    end: datetime | None
    what: str


class WholeDay(NamedTuple):
    """Something on whole days, from ``first`` to ``last``, both included."""

    first: date
    last: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar: ``busy`` by their start, what is only noted on whole days, remarks on the file.

    ``person`` is the calendar's own name, "" without one; ``zone`` the IANA name of the zone whose
    clocks it shows, None where it states none.
    """

    person: str
    zone: str | None
    busy: tuple[Dated, ...]
    days: tuple[WholeDay, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The address that a timetable came from: ``secret`` is sealed, "" where none is kept.

    ``person`` is whose calendar of those at the address it is, "" where there is one.
    """

    secret: str
    person: str = ""


def calendar_address(text: str) -> str:
    """Return the address of something on the web that a text is, "" when it is anything else.

    Chat programs write "<address|words>".
    """
    address = text.strip().strip("<>").partition("|")[0].strip()
    start = address[:10].casefold()
    alone = len(address) <= LONGEST_ADDRESS and len(address.split()) == 1
    return address if alone and start.startswith(("https://", "http://", "webcal://")) else ""

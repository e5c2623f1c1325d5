"""What a calendar feed says: dated events, before anybody knows which periods they are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


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

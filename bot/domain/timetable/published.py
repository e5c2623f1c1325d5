"""What goes out as a calendar: entries that other programs show beside somebody's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from bot.domain.ids import MemberId, PartnershipId

FeedId = NewType("FeedId", str)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar that ``member`` may subscribe to: their own, or that of a partnership."""

    id: FeedId
    member: MemberId
    partnership: PartnershipId | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a calendar. ``uid`` stays the same as long as it is the same thing.

    ``start`` and ``end`` are instants (UTC); an entry of a whole day has its ``day`` alone.
    ``busy``: the time is taken; ``sure``: it is agreed. ``weekly``: every week from ``start`` on,
    at the wall time of ``zone`` (IANA; else the calendar's).
    """

    uid: str
    title: str
    about: str = ""
    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    busy: bool = False
    sure: bool = True
    weekly: bool = False
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The clocks of a zone change: ``wall`` is what they show at that instant before the change.

    Offsets from UTC are those before and after; ``name`` is that of the time that begins.
    """

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def shifts(zone: ZoneInfo, first: date, last: date) -> Iterator[Shift]:
    """Yield the time that holds at the beginning of ``first`` (UTC), then every change of it.

    Up to the end of ``last``; a zone changes at most once a day.
    """
    at = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + _DAY
    yield _shift(zone, at, _offset(zone, at))
    while at < end:
        if _offset(zone, at) != _offset(zone, at + _DAY):
            turn = _turn(zone, at, at + _DAY)
            yield _shift(zone, turn, _offset(zone, at))
        at += _DAY


def _turn(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first instant, to the second, after ``low`` at which the offset is another."""
    before = _offset(zone, low)
    seconds = (high - low) // timedelta(seconds=1)
    first = 0
    while first + 1 < seconds:
        middle = (first + seconds) // 2
        if _offset(zone, low + timedelta(seconds=middle)) == before:
            first = middle
        else:
            seconds = middle
    return low + timedelta(seconds=seconds)


def _shift(zone: ZoneInfo, at: datetime, before: timedelta) -> Shift:
    local = at.astimezone(zone)
    return Shift(
        wall=(at + before).replace(tzinfo=None),
        before=before,
        after=_offset(zone, at),
        name=local.tzname() or "",
        summer=bool(local.dst()),
    )


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()

"""One event of a calendar: when it begins, on whose clocks, and how long it lasts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from adapters.files.ics.lines import Component, Property
from adapters.files.ics.values import NotUnderstoodError, duration, when
from adapters.files.ics.zones import Zones

ONE_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
Moment = date | datetime


class LeftOutError(Exception):
    """An event that says nothing of when it is; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Event:
    """A VEVENT with its values: ``start`` is naive and on the clocks of ``zone``, or a date.

    ``zone`` is None for times without a place; ``length`` is None where no end is stated.
    """

    part: Component
    start: Moment
    zone: tzinfo | None
    length: timedelta | None

    @property
    def uid(self) -> str:
        """Return what tells the same event from others, "" without one."""
        return self.part.text("UID")

    @property
    def sequence(self) -> tuple[int, str]:
        """Return what is greater for the newer of two versions."""
        told = self.part.text("SEQUENCE")
        return int(told[:9]) if told[:9].isdecimal() else 0, self.part.text("DTSTAMP")

    @property
    def cancelled(self) -> bool:
        """Tell whether it does not happen."""
        return self.part.text("STATUS").upper() == "CANCELLED"

    @property
    def free(self) -> bool:
        """Tell whether it takes no time of the person whose calendar it is."""
        transparent = self.part.text("TRANSP").upper() == "TRANSPARENT"
        return transparent or self.part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "FREE"

    @property
    def whole_days(self) -> bool:
        """Tell whether it lasts from midnight to midnight, as some programs write whole days."""
        told, lasts = self.start, self.length or timedelta()
        midnight = isinstance(told, datetime) and told.time() == time()
        return midnight and lasts >= ONE_DAY and not lasts % ONE_DAY


def event_of(part: Component, zones: Zones) -> Event:
    """Return the event of a component; LeftOutError or NotUnderstoodError when there is none."""
    told = part.first("DTSTART") or part.first("RECURRENCE-ID")
    if told is None:
        raise LeftOutError("it does not say when it begins")
    start, zone = placed(told, zones)
    length = _length(part, start, zone, zones)
    if length is not None and length < timedelta():
        raise LeftOutError(f"it ends before it begins, on {start:%Y-%m-%d}")
    return Event(part=part, start=start, zone=zone, length=length)


def placed(told: Property, zones: Zones) -> tuple[Moment, tzinfo | None]:
    """Return a date or wall time, and the zone of the clocks that show it."""
    moment = when(told.value)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise NotUnderstoodError(told.value[:40])
    if not isinstance(moment, datetime):
        return moment, None
    if moment.tzinfo is not None:
        return moment.replace(tzinfo=None), UTC
    tzid = told.parameters.get("TZID", "")
    return moment, zones.zone(tzid) if tzid else None


def _length(part: Component, start: Moment, zone: tzinfo | None, zones: Zones) -> timedelta | None:
    """Return how long an event lasts on the clocks, None where nothing tells."""
    told, lasts = part.first("DTEND"), part.first("DURATION")
    if told is not None:
        end, end_zone = placed(told, zones)
        if isinstance(end, datetime) and isinstance(start, datetime):
            return wall(end, end_zone, zone) - start
        if isinstance(end, datetime) or isinstance(start, datetime):
            raise LeftOutError("it begins on a date and ends at a time, or the other way round")
        return max(end - start, ONE_DAY) if end >= start else end - start
    if lasts is not None:
        return duration(lasts.value)
    return None if isinstance(start, datetime) else ONE_DAY


def wall(moment: datetime, zone: tzinfo | None, wanted: tzinfo | None) -> datetime:
    """Return what the clocks of the zone ``wanted`` show at a wall time of another zone."""
    if zone is wanted or zone is None or wanted is None:
        return moment
    return moment.replace(tzinfo=zone).astimezone(wanted).replace(tzinfo=None)


def instant(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return the instant (UTC) of a wall time; a time without a place stays one."""
    return moment if zone is None else moment.replace(tzinfo=zone).astimezone(UTC)


def key_of(moment: Moment, zone: tzinfo | None) -> Moment:
    """Return what two mentions of one date of a series have in common."""
    return instant(moment, zone) if isinstance(moment, datetime) else moment

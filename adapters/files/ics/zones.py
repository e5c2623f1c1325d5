"""Time zones of a calendar: by IANA name, by Windows' name, or by what the calendar states."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from adapters.files.ics.lines import Component
from adapters.files.ics.rules import Budget, starts
from adapters.files.ics.values import NotUnderstoodError, offset, rule, when
from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import zone_of

_NOON: Final = time(12)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_LAST_PARTS = 3
"""Of "/softwarestudio.org/Tzfile/America/Argentina/Salta" these many may be the name."""


class Zones:
    """The zones of one calendar, by the TZID that its events use."""

    def __init__(self, calendar: Component, until: datetime, budget: Budget) -> None:
        self._stated = {
            part.text("TZID"): part for part in calendar.children if part.name == "VTIMEZONE"
        }
        self._until = until
        self._budget = budget
        self._known: dict[str, tzinfo] = {}

    def zone(self, tzid: str) -> tzinfo:
        """Return the zone; InvalidInput when nothing tells what it is."""
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid)
        return self._known[tzid]

    def place(self, tzid: str, days: Sequence[date]) -> str:
        """Return the IANA name of a zone whose clocks go as that one's do, on all these days.

        "" where there is none, and for what ``zone`` has not found.
        """
        zone = self._known.get(tzid)
        if isinstance(zone, StatedZone):
            return _alike(zone, days)
        return zone.key if isinstance(zone, ZoneInfo) else ""

    def _find(self, tzid: str) -> tzinfo:
        stated = self._stated.get(tzid)
        place = stated.text("X-LIC-LOCATION") if stated else ""
        for name in (tzid, place):
            if key := place_of(name):
                return zone_of(key)
        if stated is not None:
            changes = _changes(stated, self._until, self._budget)
            if changes:
                return StatedZone(tzid, changes)
        raise InvalidInput(
            what=f"The calendar gives times of a zone that nobody knows: “{tzid[:40]}”.",
            remedy="Set the calendar's time zone to a city, such as Europe/London, and export it "
            "once more.",
        )


class StatedZone(tzinfo):
    """A zone as a calendar states it: offsets from UTC, each from some wall time on."""

    def __init__(self, name: str, changes: Mapping[datetime, timedelta]) -> None:
        self._name = name
        self._onsets = sorted(changes)
        self._offsets = [changes[onset] for onset in self._onsets]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Return the offset at a wall time; before the first one stated, that one."""
        if moment is None:
            return self._offsets[0]
        at = bisect_right(self._onsets, moment.replace(tzinfo=None)) - 1
        return self._offsets[max(at, 0)]

    def around_changes(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Yield wall times before and after each change between the two, none of them twofold."""
        for onset in self._onsets:
            if first <= onset <= last:
                yield onset - _MINUTE
                yield onset + _HOUR + _MINUTE

    def dst(self, moment: datetime | None) -> timedelta:  # noqa: ARG002 - as tzinfo wants it
        """Return nothing: only the whole offset is known."""
        return timedelta()

    def tzname(self, moment: datetime | None) -> str:  # noqa: ARG002 - as tzinfo wants it
        """Return the name that the calendar gives it."""
        return self._name


def place_of(name: str) -> str:
    """Return the IANA name that ``name`` is, ends with, or is Windows' word for; else ""."""
    parts = name.strip("/ ").split("/")
    tails = ["/".join(parts[-count:]) for count in range(_LAST_PARTS, 0, -1)]
    own = name.partition("_")[2]  # "custom_America/New_York"
    for tail in (name, *tails, own):
        try:
            return zone_of(tail).key
        except InvalidInput:
            continue
    return _of_windows().get(name.strip(), "")


def _of_windows() -> Mapping[str, str]:
    """Return the IANA names by Windows' words for them: one or two for each way of clocks."""
    # Only for the few calendars that need it: the library takes long to load.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415

    return WINDOWS_TO_OLSON


def _alike(stated: StatedZone, days: Sequence[date]) -> str:
    """Return the first zone that is as far from UTC on the days at noon, by its own clocks.

    One whose clocks change at the same hours, too, goes before others. "" where there is none.
    """
    noons = [datetime.combine(day, _NOON) for day in days]
    around = [*stated.around_changes(noons[0], noons[-1])] if noons else []
    zones = [zone for zone in _usual_zones() if _agree(stated, zone, noons)]
    exact = [zone for zone in zones if _agree(stated, zone, around)]
    return next((zone.key for zone in (*exact, *zones)), "")


def _usual_zones() -> Iterator[ZoneInfo]:
    """Yield a zone for each way in which clocks go: those for which Windows has a word."""
    for key in sorted(set(_of_windows().values())):
        with suppress(InvalidInput):  # the list is newer than this machine's zones
            yield zone_of(key)


def _agree(stated: StatedZone, zone: ZoneInfo, moments: Iterable[datetime]) -> bool:
    return all(stated.utcoffset(moment) == zone.utcoffset(moment) for moment in moments)


def _changes(stated: Component, until: datetime, budget: Budget) -> dict[datetime, timedelta]:
    """Return from which wall times on which offsets hold, up to ``until`` (naive)."""
    changes = {}
    for part in stated.children:
        told, since = part.first("TZOFFSETTO"), part.first("DTSTART")
        if told is None or since is None:
            continue
        try:
            length = offset(told.value)
            for onset in _onsets(part, since.value, until, budget):
                changes[onset] = length
        except NotUnderstoodError:
            continue
    return changes


def _onsets(part: Component, since: str, until: datetime, budget: Budget) -> Iterator[datetime]:
    first = when(since)
    if not isinstance(first, datetime):
        return
    first = first.replace(tzinfo=None)
    yield first
    for told in part.all("RRULE"):
        written = rule(told.value)
        stop = written.until and written.until.replace(tzinfo=None)
        yield from starts(replace(written, until=stop), first, until, budget)
    for told in part.all("RDATE"):
        for text in told.value.split(","):
            onset = when(text)
            if isinstance(onset, datetime):
                yield onset.replace(tzinfo=None)

"""The dates of one event: its own, those of its rules, and those added to it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from adapters.files.ics.events import Event, Moment, key_of, placed, wall
from adapters.files.ics.lines import Property
from adapters.files.ics.rules import Budget, starts
from adapters.files.ics.values import NotUnderstoodError, duration, rule
from adapters.files.ics.zones import Zones

AHEAD = timedelta(days=366)
"""How far events without end are followed, at least."""


class Series:
    """The dates of one event that no edit is about."""

    def __init__(
        self,
        event: Event,
        edits: Mapping[Moment, Event],
        zones: Zones,
        until: datetime,
        budget: Budget,
    ) -> None:
        self._event = event
        self._edits = edits
        self._zones = zones
        self._until = max(until, _as_datetime(event.start) + AHEAD)
        self._budget = budget

    def dates(self) -> Iterator[tuple[Moment, Event]]:
        """Yield the start of each date, and the version of the event that holds for it."""
        without = {*self._listed("EXDATE"), *self._edits}
        seen = set()
        for start, lasts in self._all():
            if start in seen:
                continue
            seen.add(start)
            version = self._event
            if lasts is not version.length:
                version = replace(version, length=lasts)
            if not without:
                yield start, version
                continue
            key = key_of(start, version.zone)
            if key not in without and _date(start) not in without:
                yield self._onward(key, start) or (start, version)

    def _onward(self, key: Moment, start: Moment) -> tuple[Moment, Event] | None:
        """Return a date as the last edit of "this and all following" before it has made it."""
        before = [
            (told, edit)
            for told, edit in self._edits.items()
            if _reaches_on(edit) and type(told) is type(key) and told < key
        ]
        if not before:
            return None
        told, edit = max(before, key=lambda one: one[0])
        return start + (edit.start - _wall_of(told, edit)), edit  # type: ignore[operator]

    def _all(self) -> Iterator[tuple[Moment, timedelta | None]]:
        """Yield every date that the event itself states."""
        event = self._event
        yield event.start, event.length
        first = _as_datetime(event.start)
        for told in filter(_says_something, event.part.all("RRULE")):
            written = rule(told.value)
            stop = written.until and self._local(written.until)
            for moment in starts(replace(written, until=stop), first, self._until, self._budget):
                yield moment if isinstance(event.start, datetime) else moment.date(), event.length
        yield from self._more()

    def _local(self, until: datetime) -> datetime:
        """Return the end of a rule on the clocks of the event."""
        if until.tzinfo is None:
            return until
        zone = self._event.zone or UTC
        return until.astimezone(zone).replace(tzinfo=None)

    def _more(self) -> Iterator[tuple[Moment, timedelta | None]]:
        """Yield the dates of RDATE."""
        event = self._event
        for told in filter(_says_something, event.part.all("RDATE")):
            for text in told.value.split(","):
                begin, _, lasts = text.partition("/")
                start, zone = placed(replace(told, value=begin), self._zones)
                if isinstance(start, datetime):
                    start = wall(start, zone, event.zone)
                if isinstance(start, datetime) is not isinstance(event.start, datetime):
                    raise NotUnderstoodError(text[:40])
                self._budget.spend()
                yield start, self._period(start, lasts, told) if lasts else event.length

    def _period(self, start: Moment, lasts: str, told: Property) -> timedelta:
        """Return the length of a PERIOD: it states an end or a duration."""
        if lasts.upper().startswith("P"):
            return duration(lasts)
        end, zone = placed(replace(told, value=lasts), self._zones)
        if not isinstance(end, datetime) or not isinstance(start, datetime):
            raise NotUnderstoodError(lasts[:40])
        return wall(end, zone, self._event.zone) - start

    def _listed(self, name: str) -> Iterator[Moment]:
        """Yield the keys of the dates that a property lists."""
        for told in filter(_says_something, self._event.part.all(name)):
            for text in told.value.split(","):
                self._budget.spend()
                one = Property(value=text, parameters=told.parameters)
                yield key_of(*placed(one, self._zones))


def _reaches_on(edit: Event) -> bool:
    told = edit.part.first("RECURRENCE-ID")
    return told is not None and told.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


def _wall_of(told: Moment, edit: Event) -> Moment:
    """Return the date that an edit is about on the clocks that the edit is written in."""
    if not isinstance(told, datetime) or told.tzinfo is None:
        return told
    return told.astimezone(edit.zone or UTC).replace(tzinfo=None)


def _says_something(told: Property) -> bool:
    """Tell whether a property has a value: some programs write an empty rule for none."""
    return bool(told.value)


def _date(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _as_datetime(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time())

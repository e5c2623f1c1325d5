"""Everything that a calendar's events are about: their dates, as moved, cancelled and edited."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from adapters.files.ics.events import (
    ONE_DAY,
    Event,
    LeftOutError,
    Moment,
    event_of,
    instant,
    key_of,
    placed,
)
from adapters.files.ics.lines import Component
from adapters.files.ics.rules import Budget, TooOftenError
from adapters.files.ics.series import Series
from adapters.files.ics.values import NotUnderstoodError
from adapters.files.ics.zones import Zones
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feeds import Dated, WholeDay

_MOST_DAYS = 366
"""On so many days an event is shown, however long it lasts."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What was found: times, whole days, and what was left out with the reason."""

    busy: list[Dated] = field(default_factory=list)
    days: list[WholeDay] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_events(parts: Iterable[Component], zones: Zones, until: datetime, budget: Budget) -> Found:
    """Return everything that the events are about, up to ``until`` (naive).

    InvalidInput for zones that nobody knows and for events that recur too often.
    """
    found = Found()
    by_uid: dict[object, list[Event]] = defaultdict(list)
    for number, part in enumerate(parts):
        if part.name != "VEVENT":
            continue
        try:
            event = event_of(part, zones)
        except (LeftOutError, NotUnderstoodError) as problem:
            found.left_out.append(_told(part, problem))
            continue
        by_uid[event.uid or number].append(event)
    for same in by_uid.values():
        _read_same(same, zones, until, budget, found)
    return found


def _told(part: Component, problem: Exception) -> str:
    """Return why an event was left out."""
    why = f"{problem}" if isinstance(problem, LeftOutError) else f"“{problem}” is not understood"
    return f"“{part.text('SUMMARY')[:40] or 'an event without a name'}”: {why}"


def _read_same(
    same: list[Event], zones: Zones, until: datetime, budget: Budget, found: Found
) -> None:
    """Add what the events of one UID are about."""
    edits = _edits(same, zones, found)
    for event in _newest([one for one in same if one.part.first("RECURRENCE-ID") is None]):
        try:
            dates = list(Series(event, edits, zones, until, budget).dates())
        except (TooOftenError, OverflowError):
            raise too_often(event.part.text("SUMMARY")) from None
        except NotUnderstoodError as problem:
            found.left_out.append(_told(event.part, problem))
            continue
        for version, some in groupby(dates, key=itemgetter(1)):
            _add(found, version, [start for start, _ in some], budget)
    for edit in edits.values():
        _add(found, edit, [edit.start], budget)


def _edits(same: list[Event], zones: Zones, found: Found) -> dict[Moment, Event]:
    """Return the events that edit one date of another one, by that date; the newest holds."""
    edits: dict[Moment, Event] = {}
    for event in sorted(same, key=lambda one: one.sequence):
        told = event.part.first("RECURRENCE-ID")
        try:
            if told is not None:
                edits[key_of(*placed(told, zones))] = event
        except NotUnderstoodError as problem:
            found.left_out.append(_told(event.part, problem))
    return edits


def too_often(what: str) -> InvalidInput:
    """Return the problem of an event with more dates than a timetable has."""
    return InvalidInput(
        what=f"“{what[:40] or 'An event'}” takes place too often to be read date by date.",
        remedy="Take it out of the calendar, or export one school year only.",
    )


def _newest(masters: list[Event]) -> list[Event]:
    """Return the newest version of an event; several that are as new are several events."""
    newest = max((event.sequence for event in masters), default=None)
    return [event for event in masters if event.sequence == newest]


def _add(found: Found, event: Event, starts_on: Sequence[Moment], budget: Budget) -> None:
    """Add the dates of an event, unless it is cancelled or takes no time."""
    if event.cancelled:
        return
    what, lasts, zone = event.part.text("SUMMARY"), event.length, event.zone
    try:
        budget.spend(len(starts_on) * min((lasts or timedelta()).days, _MOST_DAYS))
    except TooOftenError:
        raise too_often(what) from None
    if not isinstance(event.start, datetime) or event.whole_days:
        more = (lasts or ONE_DAY) - ONE_DAY
        days = [day.date() if isinstance(day, datetime) else day for day in starts_on]
        found.days += [WholeDay(day, day + more, what) for day in days]
    elif not event.free and lasts != timedelta():
        found.busy += [
            Dated(
                instant(start, zone),
                None if lasts is None else instant(start + lasts, zone),
                what,
            )
            for start in starts_on
            if isinstance(start, datetime)
        ]

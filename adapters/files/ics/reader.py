"""iCalendar files: bytes to feeds, one for each calendar in the file."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from adapters.files.decoding import LARGEST, decode
from adapters.files.ics.gathering import Found, read_events, too_often
from adapters.files.ics.lines import Component, Document, read_document
from adapters.files.ics.rules import Budget, TooOftenError
from adapters.files.ics.series import AHEAD
from adapters.files.ics.values import NotUnderstoodError, when
from adapters.files.ics.zones import Zones, place_of
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feeds import Feed

_STEPS = 300_000
"""A year of a whole staff; a second's work."""
_OLDEST, _NEWEST = date(1970, 1, 1), date(2200, 1, 1)
_FOLD = re.compile(rb"\r?\n[ \t]")
_FEW = 10
"""Of so many dates one may be far off."""
_REMARKS = 5


def is_calendar(data: bytes) -> bool:
    """Tell whether bytes begin like an iCalendar file."""
    start = data[:400].decode("utf-8-sig", "ignore").lstrip()
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        start = data[:400].decode("utf-16", "ignore").lstrip()
    return start[:15].upper() == "BEGIN:VCALENDAR" or start[:12].upper() == "BEGIN:VEVENT"


def read_feeds(data: bytes) -> tuple[Feed, ...]:
    """Return the calendars of an iCalendar file, each with everything that it dates.

    Events without end are followed for a year from the newest date in the file on. InvalidInput, in
    one sentence that says what to do, for everything that is no such file or dates nothing.
    """
    document = read_document(_text(data))
    budget = Budget(_STEPS)
    feeds, reasons = [], []
    for calendar in document.calendars:
        feed, found = _feed(calendar, document, budget)
        reasons += found.left_out
        if feed.busy or feed.days:
            feeds.append(feed)
    if not feeds:
        raise _nothing(document, reasons)
    return tuple(feeds)


def _text(data: bytes) -> str:
    """Return the text of a calendar, also where a line was folded in the middle of a letter."""
    if len(data) <= LARGEST:
        try:
            data.decode()
        except UnicodeDecodeError:
            data = _FOLD.sub(b"", data)
    return decode(data)


def _feed(calendar: Component, document: Document, budget: Budget) -> tuple[Feed, Found]:
    until = _until(calendar)
    try:
        zones = Zones(calendar, until, budget)
        found = read_events(calendar.children, zones, until, budget)
    except TooOftenError:
        raise too_often("A change of the clocks") from None
    place, told = _place(calendar, zones, found)
    remarks = (*document.remarks, *told, *_remarks(found))
    feed = Feed(
        person=calendar.text("X-WR-CALNAME") or calendar.text("NAME"),
        zone=place,
        busy=tuple(sorted(found.busy, key=lambda one: (str(one.start), one.what))),
        days=tuple(sorted(found.days)),
        remarks=remarks,
    )
    return feed, found


def _remarks(found: Found) -> Iterator[str]:
    """Yield what was left out."""
    for told in found.left_out[:_REMARKS]:
        yield f"Left out: {told}."
    if more := len(found.left_out[_REMARKS:]):
        yield f"Left out for such reasons: {more} more."


def _until(calendar: Component) -> datetime:
    """Return up to when events are followed: a year from the newest date in the calendar on.

    The few that are far later than all others ("expires in 2099") do not count as the newest.
    """
    events = [part for part in calendar.children if part.name == "VEVENT"]
    told = [part.first(name) for part in events for name in ("DTSTART", "DTSTAMP")]
    dates = sorted(day for one in told if one is not None and (day := _date(one.value)) is not None)
    newest = dates[-1 - len(dates) // _FEW] if dates else _OLDEST
    last = min(max(newest, _OLDEST), _NEWEST) + AHEAD
    return datetime(last.year, last.month, last.day, 23, 59, 59)  # noqa: DTZ001 - wall time


def _date(text: str) -> date | None:
    try:
        found = when(text)
    except NotUnderstoodError:
        return None
    return found.date() if isinstance(found, datetime) else found


def _place(calendar: Component, zones: Zones, found: Found) -> tuple[str | None, Sequence[str]]:
    """Return the zone whose clocks the calendar shows, and what is to be said of that.

    It is the one stated, else that of most events. Where the calendar itself states how clocks go
    there, under a name that nobody knows, it is one where they go alike.
    """
    stated = place_of(calendar.text("X-WR-TIMEZONE"))
    used = Counter(_zones_used(calendar.children)).most_common(1)
    if stated or not used:
        return stated or None, ()
    name = used[0][0]
    days = {one.start.date() for one in found.busy}
    place = zones.place(name, sorted(days))
    if not place or place_of(name):
        return place or None, ()
    return place, (f"The clocks of its time zone, “{name[:40]}”, go as those of {place}.",)


def _zones_used(parts: Iterable[Component]) -> Iterator[str]:
    for part in parts:
        told = part.first("DTSTART")
        if part.name == "VEVENT" and told is not None and told.parameters.get("TZID"):
            yield told.parameters["TZID"]


def _nothing(document: Document, reasons: list[str]) -> InvalidInput:
    """Return the problem of a calendar in which nothing is left."""
    events = sum(p.name == "VEVENT" for c in document.calendars for p in c.children)
    if reasons:
        what = f"Nothing in the calendar can be used; {reasons[0]}."
    elif events:
        what = "Everything in the calendar is cancelled, or takes no time."
    else:
        what = "The calendar is empty."
    return InvalidInput(what=what, remedy="Export a calendar that holds your lessons.")

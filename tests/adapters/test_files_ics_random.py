"""Random calendars against ``recurring-ical-events``: the same dates."""

import warnings
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from adapters.files.ics.reader import read_feeds
from adapters.files.ics.rules import Budget, starts
from adapters.files.ics.values import rule
from bot.domain.errors import InvalidInput

FIRST = datetime(2026, 8, 1)  # noqa: DTZ001 - wall time, wherever it is
LAST = FIRST + timedelta(days=365)
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "UTC", "")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAILY_AND_MORE = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
STAMP = "DTSTAMP:20270201T000000Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An event of a random calendar, before it is written."""

    zone: str
    start: datetime
    rule: str
    minutes: int


def weekdays(draw: st.DrawFn, *, numbered: bool) -> str:
    chosen = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True))
    # The reference does not find all of "MO,1TH"; either every weekday has a number or none.
    which = st.sampled_from(("1", "2", "-1", "5", "-5"))
    numbers = which if numbered and draw(st.booleans()) else st.just("")
    return "BYDAY=" + ",".join(draw(numbers) + day for day in chosen)


def numbers(draw: st.DrawFn, name: str, least: int, most: int) -> str:
    values = st.integers(least, most).filter(bool) if least < 0 else st.integers(least, most)
    chosen = draw(st.lists(values, min_size=1, max_size=3, unique=True))
    return f"{name}=" + ",".join(map(str, chosen))


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}", *draw(bounds()), *draw(by_dates(frequency))]
    if draw(st.integers(0, 5)) == 0:
        parts.append(numbers(draw, "BYHOUR", 8, 17))
    if draw(st.integers(0, 5)) == 0 and frequency in {"MONTHLY", "YEARLY"} and len(parts) > 1:
        parts.append(numbers(draw, "BYSETPOS", -3, 3))
    return ";".join(parts)


@st.composite
def bounds(draw: st.DrawFn) -> list[str]:
    ends = (
        "",
        f"COUNT={draw(st.integers(1, 60))}",
        f"UNTIL={draw(st.datetimes(FIRST, LAST)):%Y%m%dT%H%M%S}Z",
    )
    intervals = ("", f"INTERVAL={draw(st.integers(1, 5))}")
    weeks = ("", f"WKST={draw(st.sampled_from(DAYS))}")
    return [part for part in map(draw, map(st.sampled_from, (ends, intervals, weeks))) if part]


@st.composite
def by_dates(draw: st.DrawFn, frequency: str) -> list[str]:
    parts = []
    if draw(st.booleans()):
        parts.append(weekdays(draw, numbered=frequency in {"MONTHLY", "YEARLY"}))
    for name, least, most, of in (
        ("BYMONTH", 1, 12, DAILY_AND_MORE),
        ("BYMONTHDAY", -31, 31, DAILY_AND_MORE - {"WEEKLY"}),
        ("BYYEARDAY", -366, 366, {"YEARLY"}),
        ("BYWEEKNO", -53, 53, {"YEARLY"}),
    ):
        if frequency in of and draw(st.integers(0, 3)) == 0:
            parts.append(numbers(draw, name, least, most))
    return parts


@st.composite
def series(draw: st.DrawFn) -> Series:
    start = draw(st.datetimes(FIRST, LAST - timedelta(days=300))).replace(microsecond=0)
    return Series(
        zone=draw(st.sampled_from(ZONES)),
        start=start.replace(minute=start.minute // 5 * 5, second=0),
        rule=draw(st.one_of(st.just(""), rules())),
        minutes=draw(st.sampled_from((30, 45, 90, 1500))),
    )


def goes_on(one: Series) -> bool:
    """Tell whether a rule recurs after the time looked at: the reference looks on until it does."""
    if not one.rule:
        return True
    endless = replace(rule(one.rule), count=None, until=None)
    after = starts(endless, one.start, LAST + timedelta(days=800), Budget(10**6))
    return any(moment > LAST for moment in after)


def stamp(name: str, moment: datetime, zone: str) -> str:
    if zone == "UTC":
        return f"{name}:{moment:%Y%m%dT%H%M%S}Z"
    return f"{name}{f';TZID={zone}' if zone else ''}:{moment:%Y%m%dT%H%M%S}"


def written(one: Series, uid: str, *more: str) -> str:
    lines = (
        "BEGIN:VEVENT",
        f"UID:{uid}",
        STAMP,
        stamp("DTSTART", one.start, one.zone),
        stamp("DTEND", one.start + timedelta(minutes=one.minutes), one.zone),
        *((f"RRULE:{one.rule}",) if one.rule else ()),
        f"SUMMARY:{uid}",
        *more,
        "END:VEVENT",
    )
    return "\r\n".join(lines)


def calendar(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""))


def expected(text: str) -> set[tuple[datetime, datetime]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = icalendar.Calendar.from_ical(text)
        events = recurring_ical_events.of(made).between(FIRST, LAST)
    return {
        (comparable(event["DTSTART"].dt), comparable(event["DTEND"].dt))
        for event in events
        if event.get("STATUS") != "CANCELLED"
    }


def comparable(moment: datetime | date) -> datetime:
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def found(text: str) -> set[tuple[datetime, datetime]]:
    feeds = read_feeds(text.encode())
    return {
        (comparable(one.start), comparable(one.end))
        for feed in feeds
        for one in feed.busy
        if one.end is not None
    }


def within(dates: set[tuple[datetime, datetime]]) -> set[tuple[datetime, datetime]]:
    """Return those well inside of the time looked at: at its edges overlaps count differently."""
    low, high = FIRST.replace(tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)
    return {(start, end) for start, end in dates if low + timedelta(days=3) < start < high}


@given(one=series())
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_series_recurs_as_the_reference_says(one: Series) -> None:
    assume(goes_on(one))
    text = calendar(written(one, "a"))
    theirs = within(expected(text))
    try:
        mine = within(found(text))
    except InvalidInput:
        mine = set()
    start = one.start.replace(tzinfo=ZoneInfo(one.zone or "UTC")).astimezone(UTC)
    # Whether the first date counts that does not fit its own rule is undefined (RFC 5545 §3.8.5.3).
    assert {at for at in mine if at[0] != start} == {at for at in theirs if at[0] != start}
    assert theirs <= mine


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What is done to single dates of a series, by the number of the date from 0."""

    excluded: frozenset[int]
    moved: dict[int, int]
    """Hours by which a date is moved."""
    cancelled: frozenset[int]
    added: frozenset[int]
    """Days after the first date on which it takes place as well, shortly after noon."""
    in_utc: bool
    """Whether dates are named in UTC, as some programs do."""


@st.composite
def edits(draw: st.DrawFn) -> Edits:
    numbers = st.integers(0, 12)
    moved = draw(st.dictionaries(numbers, st.integers(-60, 60).filter(bool), max_size=3))
    cancelled = draw(st.frozensets(numbers, max_size=2)) - moved.keys()
    return Edits(
        excluded=draw(st.frozensets(numbers, max_size=3)) - moved.keys() - cancelled,
        moved=moved,
        cancelled=cancelled,
        added=draw(st.frozensets(st.integers(0, 40), max_size=2)),
        in_utc=draw(st.booleans()),
    )


def edited(one: Series, done: Edits) -> str:
    """Return the calendar of a weekly or daily series with single dates edited."""
    dates = list(
        islice(starts(rule(one.rule), one.start, LAST + timedelta(days=30), Budget(10**6)), 13)
    )

    def named(name: str, moment: datetime) -> str:
        if not done.in_utc or not one.zone:
            return stamp(name, moment, one.zone)
        at = moment.replace(tzinfo=ZoneInfo(one.zone)).astimezone(UTC)
        return stamp(name, at, "UTC")

    def version(at: int, *lines: str, hours: int = 0) -> str:
        start = dates[at] + timedelta(hours=hours)
        changed = replace(one, start=start, rule="")
        return written(changed, "a", named("RECURRENCE-ID", dates[at]), "SEQUENCE:1", *lines)

    known = range(len(dates))
    # No series is at seven past: the reference takes "11:00 in London" for 11:00 in UTC as well.
    noon = one.start.replace(hour=12, minute=7)
    noons = [noon + timedelta(days=day) for day in sorted(done.added)]
    return calendar(
        written(
            one,
            "a",
            *(named("EXDATE", dates[at]) for at in sorted(done.excluded) if at in known),
            *(stamp("RDATE", noon, one.zone) for noon in noons),
        ),
        *(version(at, hours=by) for at, by in sorted(done.moved.items()) if at in known),
        *(version(at, "STATUS:CANCELLED") for at in sorted(done.cancelled) if at in known),
    )


@given(
    one=series(),
    text=st.sampled_from(("FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=9", "FREQ=DAILY;INTERVAL=2;COUNT=20")),
    done=edits(),
)
@settings(deadline=None, max_examples=80)
def test_edited_series_are_as_the_reference_says(one: Series, text: str, done: Edits) -> None:
    told = edited(replace(one, rule=text), done)
    assert within(found(told)) == within(expected(told))

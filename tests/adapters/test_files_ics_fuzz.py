"""Calendars that are nearly right: read, or refused in a sentence, and never anything else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files.ics.reader import read_feeds
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feed_weeks import week_of_feeds

PIECES = (
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VTIMEZONE",
    "END:VTIMEZONE",
    "BEGIN:STANDARD",
    "END:STANDARD",
    "TZID:X",
    "TZOFFSETTO:+0100",
    "TZOFFSETTO:+9999",
    "UID:a",
    "SEQUENCE:99999999999999999999",
    "SUMMARY:A Day",
    "SUMMARY:B Day",
    "STATUS:CANCELLED",
    "X-WR-TIMEZONE:Europe/London",
    "X-WR-TIMEZONE:..",
    *(
        f"{name}{zone}:{value}"
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", "DTSTAMP")
        for zone in ("", ";TZID=X", ";TZID=Europe/London", ";VALUE=DATE")
        for value in (
            "20261102T090000",
            "20261102T090000Z",
            "20261102",
            "00010101T000000",
            "00010101T000000Z",
            "99991231T235959",
            "99991231T235959Z",
            "99991231",
            "20261025T013000",
            "20261102T090000/PT1H",
            "20261102T090000Z/20261102T080000Z",
            "20261102,20261103T090000",
            "20260231",
            "",
        )
    ),
    *(f"DURATION:{value}" for value in ("PT1H", "-PT1H", "P99999W", "PT0S", "P", "1H")),
    *(
        f"RRULE:{value}"
        for value in (
            "FREQ=WEEKLY",
            "FREQ=YEARLY",
            "FREQ=MONTHLY;BYDAY=-5MO,1TU;BYSETPOS=-1",
            "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;WKST=SU",
            "FREQ=YEARLY;BYYEARDAY=-366,366",
            "FREQ=DAILY;INTERVAL=999999999",
            "FREQ=SECONDLY;INTERVAL=999999999",
            "FREQ=HOURLY;COUNT=5",
            "FREQ=WEEKLY;UNTIL=00010101",
            "FREQ=WEEKLY;UNTIL=99991231T235959Z",
            "FREQ=WEEKLY;COUNT=0",
            "FREQ=WEEKLY;BYDAY=",
            "FREQ=WEEKLY;FREQ=DAILY",
            "COUNT=3",
            "",
        )
    ),
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T090000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261102",
    'DTSTART;TZID="X:20261102T090000',
    " folded",
    "X",
    "",
)


@given(lines=st.lists(st.sampled_from(PIECES), max_size=25), loose=st.booleans())
@settings(deadline=None, max_examples=400)
def test_nearly_calendars(lines: list[str], loose: bool) -> None:
    text = "\r\n".join(lines)
    if not loose:
        text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{text}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    check(text.encode())


@given(
    some=st.lists(st.sampled_from(PIECES), max_size=12),
    more=st.lists(st.sampled_from(PIECES), max_size=12),
)
@settings(deadline=None, max_examples=400)
def test_two_nearly_events(some: list[str], more: list[str]) -> None:
    plain = [[line for line in lines if ":V" not in line] for lines in (some, more)]
    events = (f"BEGIN:VEVENT\nUID:a\n{chr(10).join(one)}\nEND:VEVENT\n" for one in plain)
    check(f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n".encode())


@given(data=st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_bytes(data: bytes) -> None:
    check(b"BEGIN:VCALENDAR\n" + data)


def check(data: bytes) -> None:
    try:
        week_of_feeds(read_feeds(data))
    except InvalidInput as problem:
        assert "\n" not in str(problem)  # noqa: PT017 - anything else fails by itself

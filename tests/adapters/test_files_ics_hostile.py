"""Calendars that are meant to do harm: one clear sentence, soon, and in little room."""

import re

import pytest

from tests.support.examples import cases
from tests.support.measured import measured
from tests.support.pace import stretched


def event(*lines: str) -> str:
    return "\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def calendar(*parts: str) -> bytes:
    return "\n".join(("BEGIN:VCALENDAR", *parts, "END:VCALENDAR", "")).encode()


TINY = event("DTSTART:20261102T090000Z", "DURATION:PT1H")


def endless(frequency: str) -> bytes:
    return calendar(
        event(
            "DTSTART:19700101T000000Z", "DURATION:PT1S", f"RRULE:FREQ={frequency}", "SUMMARY:Tick"
        )
    )


HOSTILE = {
    "every second": (lambda: endless("SECONDLY"), "“Tick” takes place too often"),
    "every minute": (lambda: endless("MINUTELY"), "“Tick” takes place too often"),
    "never": (lambda: endless("SECONDLY;BYMONTH=2;BYMONTHDAY=30"), "too often"),
    "many seconds a day": (
        lambda: endless("DAILY;BYMINUTE={0};BYSECOND={0}".format(",".join(map(str, range(60))))),
        "too often",
    ),
    "a million events": (
        lambda: calendar(*[TINY] * 10**6),
        "larger than 20 MB|more than 20,000 events",
    ),
    "a million empty events": (
        lambda: calendar(*["BEGIN:VEVENT\nEND:VEVENT"] * 600_000),
        "more than 20,000 events",
    ),
    "fifty megabytes": (lambda: calendar("X" * 50_000_000), "larger than 20 MB"),
    "one long line": (lambda: calendar("X" * 19_000_000), "calendar is empty"),
    "folds": (lambda: calendar("X:" + "\r\n a" * 4_000_000), "calendar is empty"),
    "blank lines": (lambda: calendar("\n" * 18_000_000), "calendar is empty"),
    "quotes": (lambda: calendar('X;Y="' * 3_000_000), "calendar is empty"),
    "many rules": (
        lambda: calendar(
            *[
                event(f"DTSTART:19800101T09{n % 60:02}00Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
                for n in range(15_000)
            ]
        ),
        "too often",
    ),
    "many dates without": (
        lambda: calendar(
            event(
                "DTSTART:20260101T090000Z",
                "DURATION:PT1H",
                "EXDATE:" + ",".join(["20260101T090000Z"] * 1_000_000),
            )
        ),
        "EXDATE of more than 100,000 letters",
    ),
    "many lines of dates without": (
        lambda: calendar(
            event(
                "DTSTART:20260101T090000Z",
                "DURATION:PT1H",
                "RRULE:FREQ=DAILY",
                *["EXDATE:20260101T090000Z"] * 600_000,
            )
        ),
        "more than 300,000 dates and names",
    ),
    "long lines of dates without": (
        lambda: calendar(
            *[
                event(
                    "DTSTART:20260101T090000Z",
                    "DURATION:PT1H",
                    "EXDATE:" + ",".join(["20260101T090000Z"] * 5_000),
                )
            ]
            * 200
        ),
        "too often",
    ),
    "every second of a year": (
        lambda: calendar(
            *[
                event(
                    "DTSTART:20260101T090000Z",
                    "DURATION:PT1S",
                    "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR={};BYMINUTE={};"
                    "BYSECOND={}".format(
                        *(",".join(map(str, range(most))) for most in (24, 60, 60))
                    ),
                )
            ]
            * 5
        ),
        "too often",
    ),
    "a year long every day": (
        lambda: calendar(
            *[event("DTSTART:20260101T090000Z", "DURATION:P300D", "RRULE:FREQ=DAILY")] * 200
        ),
        "too often",
    ),
    "edited to a year each": (
        lambda: calendar(
            event("UID:1", "DTSTART:20260101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"),
            *[
                event(
                    "UID:1",
                    f"RECURRENCE-ID:2026{at % 12 + 1:02}{at // 12 % 28 + 1:02}T{at // 336:02}0000Z",
                    "DTSTART:20260101T090000Z",
                    "DURATION:P300D",
                )
                for at in range(336 * 20)
            ],
        ),
        "too often",
    ),
    "calendars": (
        lambda: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 500_000,
        "more than 1,000 calendars",
    ),
}


@pytest.mark.parametrize("kind", cases(list(HOSTILE)))
def test_hostile_calendars_are_refused_soon_and_in_little_room(kind: str) -> None:
    make, says = HOSTILE[kind]
    found = measured(make())
    assert re.search(says, found.told), found.told
    assert found.seconds < stretched(2)
    assert found.megabytes < 200

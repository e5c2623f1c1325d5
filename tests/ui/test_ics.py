"""What goes out as a calendar, read by the libraries that others read calendars with."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.timetable.published import Entry, shifts
from bot.ui.exports.ics import ics
from tests.support.examples import examples

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC",
         "Africa/Casablanca", "America/St_Johns")  # fmt: skip
WEEKLY = Entry(
    uid="digest",
    title="Digest",
    start=datetime(2026, 10, 19, 6, tzinfo=UTC),
    end=datetime(2026, 10, 19, 6, 15, tzinfo=UTC),
    weekly=True,
)


def events(content: bytes) -> list[icalendar.Event]:
    return [e for e in icalendar.Calendar.from_ical(content).walk("VEVENT")]  # noqa: C416 - typed


def test_a_session_and_a_whole_day() -> None:
    start = datetime(2026, 10, 26, 9, tzinfo=UTC)
    sure = Entry(uid="a", title="Talk; rivers, lakes", about="With Ben.\nAt \\ home", start=start,
                 end=start + timedelta(hours=1), busy=True)  # fmt: skip
    day = Entry(uid="b", title="Due", day=date(2026, 11, 2), sure=False)
    content = ics("Coplan, mine", "Europe/Berlin", [sure, day], NOW)
    talk, due = events(content)
    assert (talk["UID"], talk["SUMMARY"], talk["STATUS"]) == (
        "a",
        "Talk; rivers, lakes",
        "CONFIRMED",
    )
    assert str(talk["DESCRIPTION"]) == "With Ben.\nAt \\ home"
    assert talk["DTSTART"].dt == start.astimezone(ZoneInfo("Europe/Berlin"))
    assert talk["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert (talk["TRANSP"], due["TRANSP"]) == ("OPAQUE", "TRANSPARENT")
    assert (due["DTSTART"].dt, due["DTEND"].dt) == (date(2026, 11, 2), date(2026, 11, 3))
    assert due["STATUS"] == "TENTATIVE"
    assert b"\r\nX-WR-CALNAME:Coplan\\, mine\r\n" in content
    assert content == ics("Coplan, mine", "Europe/Berlin", [sure, day], NOW)


def test_every_week_keeps_its_wall_time_across_the_clock_change() -> None:
    content = ics("Coplan", "Europe/Berlin", [WEEKLY], NOW)
    calendar = icalendar.Calendar.from_ical(content)
    found = recurring_ical_events.of(calendar).between(NOW, NOW + timedelta(days=50))
    assert [event["DTSTART"].dt.timetz().replace(tzinfo=None) for event in found] == [time(8)] * 5
    assert {event["DTSTART"].dt.astimezone(UTC).hour for event in found} == {6, 7}


def test_an_entry_may_have_a_zone_of_its_own() -> None:
    entry = Entry(uid="x", title="x", start=WEEKLY.start, end=WEEKLY.end, zone="Asia/Kolkata")
    content = ics("Coplan", "UTC", [WEEKLY, entry], NOW)
    zones = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")
    assert [zone["TZID"] for zone in zones] == ["Asia/Kolkata"]
    assert b"DTSTART:20261019T060000Z" in content
    assert b"DTSTART;TZID=Asia/Kolkata:20261019T113000" in content


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_of_a_zone_say_what_the_zone_says(zone: str) -> None:
    """Each rule holds from its wall time, by the offset before it (RFC 5545, 3.6.5)."""
    known = list(shifts(ZoneInfo(zone), date(2025, 1, 1), date(2029, 12, 31)))
    for hours in range(0, 5 * 365 * 24, 5):
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        begun = [s for s in known if (s.wall - s.before).replace(tzinfo=UTC) <= at]
        local = at.astimezone(ZoneInfo(zone))
        assert (begun[-1].after, begun[-1].name) == (local.utcoffset(), local.tzname())


@settings(max_examples=examples(200), deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200), st.sampled_from(ZONES))
def test_any_text_comes_back_and_no_line_is_too_long(text: str, zone: str) -> None:
    entry = Entry(uid="x", title=text, start=NOW, end=NOW + timedelta(hours=1))
    content = ics(text, zone, [entry], NOW)
    assert content.endswith(b"\r\n")
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert not {*range(32), 127} & set(line)
    (event,) = events(content)
    kept = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c not in _CONTROLS)
    assert str(event["SUMMARY"]) == kept
    assert event["DTSTART"].dt == NOW


_CONTROLS = {chr(n) for n in (*range(32), 127)}

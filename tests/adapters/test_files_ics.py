"""iCalendar files: what real programs write, odd ones, and broken ones."""

from datetime import UTC, date, datetime

import pytest

from adapters.files.ics.reader import is_calendar, read_feeds
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feed_weeks import week_of_feeds
from bot.domain.timetable.feeds import Dated, Feed
from bot.domain.timetable.grid import Grid, common

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
LONDON = "X-WR-TIMEZONE:Europe/London"


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def weekly(start: str, end: str, *lines: str, rule: str = "FREQ=WEEKLY;COUNT=10") -> str:
    zone = ";TZID=Europe/London"
    return event(f"DTSTART{zone}:{start}", f"DTEND{zone}:{end}", f"RRULE:{rule}", *lines)


def calendar(*parts: str) -> bytes:
    return (HEAD + "\r\n".join((*parts, "END:VCALENDAR", ""))).encode()


def feed(*parts: str) -> Feed:
    [found] = read_feeds(calendar(*parts))
    return found


def starts(*parts: str) -> list[str]:
    return [f"{one.start:%m-%d %H:%M}" for one in feed(*parts).busy]


def week(*parts: str) -> Grid:
    return week_of_feeds(read_feeds(calendar(*parts)))


def test_wall_time_is_kept_across_the_clock_change() -> None:
    art = weekly("20261019T090000", "20261019T100000", "SUMMARY:Art", rule="FREQ=WEEKLY;COUNT=2")
    assert feed(art).busy == (
        Dated(datetime(2026, 10, 19, 8, tzinfo=UTC), datetime(2026, 10, 19, 9, tzinfo=UTC), "Art"),
        Dated(datetime(2026, 10, 26, 9, tzinfo=UTC), datetime(2026, 10, 26, 10, tzinfo=UTC), "Art"),
    )


def test_excluded_moved_cancelled_and_added_dates() -> None:
    lesson = weekly(
        "20261102T090000",
        "20261102T100000",
        "UID:a",
        "EXDATE;TZID=Europe/London:20261109T090000",
        "EXDATE;VALUE=DATE:20261116",
        "RDATE;TZID=Europe/London:20261103T110000",
        rule="FREQ=WEEKLY;COUNT=6",
    )
    moved = event(
        "UID:a",
        "RECURRENCE-ID;TZID=Europe/London:20261123T090000",
        "DTSTART;TZID=Europe/London:20261124T140000",
        "DURATION:PT1H",
    )
    cancelled = event(
        "UID:a",
        "RECURRENCE-ID:20261130T090000Z",
        "DTSTART;TZID=Europe/London:20261130T090000",
        "STATUS:CANCELLED",
    )
    assert starts(lesson, moved, cancelled) == [
        "11-02 09:00",
        "11-03 11:00",
        "11-24 14:00",
        "12-07 09:00",
    ]


def test_this_and_all_following_moves_the_rest() -> None:
    lesson = weekly("20261102T090000", "20261102T100000", "UID:a", rule="FREQ=WEEKLY;COUNT=4")
    later = event(
        "UID:a",
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20261116T090000",
        "DTSTART;TZID=Europe/London:20261116T103000",
        "DTEND;TZID=Europe/London:20261116T113000",
    )
    told = ["11-02 09:00", "11-09 09:00", "11-16 10:30", "11-23 10:30"]
    assert starts(lesson, later) == told


def test_the_newer_version_of_an_event_holds() -> None:
    old = weekly("20261102T090000", "20261102T100000", "UID:a", "SEQUENCE:1")
    new = weekly("20261103T090000", "20261103T100000", "UID:a", "SEQUENCE:2")
    assert {one[:5] for one in starts(old, new)}.isdisjoint(starts(old))


@pytest.mark.parametrize(
    "free",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ],
)
def test_what_takes_no_time_is_free(free: str) -> None:
    art = weekly("20261102T090000", "20261102T100000", "SUMMARY:Art")
    chess = weekly("20261102T120000", "20261102T130000", free)
    assert feed(art, chess).busy == feed(art).busy
    with pytest.raises(InvalidInput, match="cancelled, or takes no time"):
        feed(chess)


def test_whole_days_are_no_lessons() -> None:
    trip = event("DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261104", "SUMMARY:Trip")
    same_day = event("DTSTART:20261105", "DTEND:20261105", "SUMMARY:Fair")
    found = feed(trip, same_day)
    assert found.busy == ()
    assert [tuple(one) for one in found.days] == [
        (date(2026, 11, 2), date(2026, 11, 3), "Trip"),
        (date(2026, 11, 5), date(2026, 11, 5), "Fair"),
    ]
    with pytest.raises(InvalidInput, match="only whole days"):
        week(trip, same_day)


def test_from_midnight_to_midnight_is_a_whole_day() -> None:
    trip = weekly("20261102T000000", "20261104T000000", "SUMMARY:Trip", rule="FREQ=WEEKLY;COUNT=2")
    found = feed(trip)
    assert found.busy == ()
    assert [tuple(one)[:2] for one in found.days] == [
        (date(2026, 11, 2), date(2026, 11, 3)),
        (date(2026, 11, 9), date(2026, 11, 10)),
    ]
    night = weekly("20261102T000000", "20261102T010000", rule="FREQ=WEEKLY;COUNT=2")
    assert len(feed(night).busy) == 2


def test_days_of_a_cycle_are_told_by_whole_days() -> None:
    days = [
        event(f"DTSTART;VALUE=DATE:202611{day:02}", f"SUMMARY:{title}")
        for day, title in ((2, "A Day"), (3, " B DAY"), (4, "a day"), (5, "B-Day"), (6, "A Day"))
    ]
    art = weekly("20261102T090000", "20261102T100000", rule="FREQ=DAILY;INTERVAL=2;COUNT=3")
    grid = week(art, *days)
    assert grid.days == ("A", "B")
    assert grid.lessons == {"": frozenset({(0, 0)})}


@pytest.mark.parametrize(
    ("tzid", "hour"),
    [
        ("Europe/Berlin", 8),
        ("W. Europe Standard Time", 8),
        ("/freeassociation.sourceforge.net/Europe/Berlin", 8),
        ("Eastern Standard Time", 14),
        ("custom_America/New_York", 14),
    ],
)
def test_zones_by_many_names(tzid: str, hour: int) -> None:
    lesson = event(f'DTSTART;TZID="{tzid}":20261102T090000', "DURATION:PT45M")
    assert feed(lesson).busy[0].start == datetime(2026, 11, 2, hour, tzinfo=UTC)


SCHOOL_TIME = (
    "BEGIN:VTIMEZONE",
    "TZID:School time",
    "BEGIN:STANDARD",
    "DTSTART:20201025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0300",
    "TZOFFSETTO:+0200",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:20200329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0300",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def test_a_zone_that_only_the_calendar_states() -> None:
    zone = "\r\n".join(SCHOOL_TIME)
    lesson = event(
        "DTSTART;TZID=School time:20261019T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2"
    )
    assert [f"{one.start:%H}" for one in feed(zone, lesson).busy] == ["06", "07"]
    with pytest.raises(InvalidInput, match="zone that nobody knows: “School time”"):
        feed(lesson)


def test_a_zone_without_a_known_name_is_shown_as_one_whose_clocks_go_alike() -> None:
    lesson = event(
        "DTSTART;TZID=School time:20260907T080000", "DURATION:PT45M", "RRULE:FREQ=WEEKLY;COUNT=40"
    )
    grid = week(*SCHOOL_TIME, lesson)
    assert grid.periods == ("08:00-08:45",)
    told = "The clocks of its time zone, “School time”, go as those of {}."
    assert told.format("Europe/Chisinau") in grid.notes
    # Not quite as anywhere: in Beirut they change on those days, too. And as nowhere at all.
    midnight = [line.replace("T020000", "T000000") for line in SCHOOL_TIME]
    assert told.format("Asia/Beirut") in week(*midnight, lesson).notes
    nowhere = [line.replace("+0300", "+0317") for line in SCHOOL_TIME]
    assert feed(*nowhere, lesson).zone is None
    assert feed("X-WR-TIMEZONE:Asia/Kolkata", *nowhere, lesson).zone == "Asia/Kolkata"


def test_times_without_a_zone_are_on_the_clocks_of_the_place() -> None:
    lesson = event("DTSTART:20261102T090000", "DTEND:20261102T094500", "RRULE:FREQ=WEEKLY;COUNT=9")
    assert week(lesson).periods == ("09:00-09:45",)
    utc = lesson.replace("00\r\n", "00Z\r\n")
    assert week(utc).periods == ("09:00-09:45",)
    assert week(utc).notes == (
        "The calendar names no time zone that is known: its times are shown as in UTC.",
    )
    assert week("X-WR-TIMEZONE:Asia/Kolkata", utc).periods == ("14:30-15:15",)


def test_folded_lines_in_the_middle_of_a_letter_and_blank_lines() -> None:
    title = "SUMMARY:Geography and natural sci\r\n ence\\, 7b"
    assert feed(weekly("20261102T090000", "20261102T100000", title)).busy[0].what == (
        "Geography and natural science, 7b"
    )
    lesson = weekly("20261102T090000", "20261102T100000", "SUMMARY:Französisch, Łódź")
    whole = calendar(lesson)
    for at in (whole.index("ö".encode()) + 1, whole.index("ź".encode()) + 1):
        [cut] = read_feeds(whole[:at] + b"\r\n " + whole[at:])
        assert cut.busy[0].what == "Französisch, Łódź"
    odd = "BEGIN:VEVENT\nDTSTART\n\n :20261102T090000\nDURATION:PT1H\nEND:VEVENT"
    assert len(feed(odd).busy) == 1


def test_an_event_without_an_end_is_a_time_without_an_end() -> None:
    lesson = event("DTSTART:20261102T090000", "RRULE:FREQ=WEEKLY;COUNT=5")
    assert week(lesson).periods == ("09:00",)


def test_several_calendars_in_one_file_are_several_people() -> None:
    one = calendar("X-WR-CALNAME:Ana", LONDON, weekly("20261102T090000", "20261102T100000"))
    two = calendar("X-WR-CALNAME:Ben", LONDON, weekly("20261102T093000", "20261102T110000"))
    grid = week_of_feeds(read_feeds(one + two))
    assert grid.periods == ("09:00-09:30", "09:30-10:00", "10:00-11:00")
    free = {place for place in common(grid, ["Ana", "Ben"]).free if place[0] == 0}
    assert free == set(), "each is busy where the other's lesson overlaps"
    assert {p for p in common(grid, ["Ana"]).free if p[0] == 0} == {(0, 2)}


def test_what_is_once_or_seldom_is_told() -> None:
    art = weekly("20261102T090000", "20261102T100000", "SUMMARY:Art")
    club = weekly(
        "20261102T140000",
        "20261102T150000",
        "SUMMARY:Club",
        rule="FREQ=WEEKLY;INTERVAL=3;COUNT=3",
    )
    dentist = event("DTSTART:20261104T100000Z", "DURATION:PT30M", "SUMMARY:Dentist")
    grid = week(LONDON, art, club, dentist)
    assert grid.periods == ("09:00-10:00", "14:00-15:00")
    assert grid.notes == (
        "Not part of the week, because once only: “Dentist” on 2026-11-04.",
        "Not every time, but counted as busy: “Club” (3 of 10 Mondays).",
    )


def test_what_comes_every_other_week_is_told_although_nothing_else_is_on_its_day() -> None:
    def lesson(rule: str) -> str:
        return weekly("20261102T090000", "20261102T100000", "SUMMARY:Art", rule=rule)

    assert week(LONDON, lesson("FREQ=WEEKLY;INTERVAL=2;COUNT=10")).notes == (
        "Not every time, but counted as busy: “Art” (10 of 20 Mondays).",
    )
    assert week(LONDON, lesson("FREQ=WEEKLY;COUNT=10")).notes == ()
    assert week(LONDON, lesson("FREQ=WEEKLY;COUNT=1")).notes == ()


def test_odd_lines_and_odd_events_are_left_out_and_told() -> None:
    art = weekly("20261102T090000", "20261102T100000", "SUMMARY:Art")
    bad = event("DTSTART:20261102T100000", "DTEND:20261102T090000", "SUMMARY:Bad")
    nowhen = event("SUMMARY:Idea")
    assert feed("X", bad, nowhen, art).remarks == (
        "“X” is no line of a calendar and was left out.",
        "Left out: “Bad”: it ends before it begins, on 2026-11-02.",
        "Left out: “Idea”: it does not say when it begins.",
    )


def test_a_calendar_is_known_by_its_first_words() -> None:
    assert is_calendar(b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n")
    assert is_calendar("\ufeffBEGIN:VCALENDAR".encode("utf-16-le"))
    assert is_calendar(b"\n begin:vcalendar\n")
    assert not is_calendar(b"Teacher,Day,Period\n")


TINY = event("DTSTART:20261102T090000Z", "DURATION:PT1H")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (calendar(), "The calendar is empty"),
        (bytes(range(256)) * 50, "binary"),
        (calendar(weekly("20261102T090000", "20261102T080000")), "ends before it begins"),
        (calendar(event("DTSTART:soon")), "“SOON” is not understood"),
        (calendar(event("DTSTART;TZID=Atlantis:20261102T090000")), "nobody knows: “Atlantis”"),
        (calendar(TINY.replace("PT1H", "PT1H\r\nRRULE:FREQ=SOMETIMES")), "is not understood"),
        ((HEAD + TINY[:-12]).encode(), "breaks off in the middle"),
        (calendar("END:VEVENT"), "did not begin"),
        (calendar("BEGIN:VEVENT\r\n" * 15_000), "parts within parts"),
        (calendar(*["BEGIN:X\r\n" * 100_000]), "parts within parts"),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_feeds(data)


def test_a_year_of_a_whole_staff_is_read_in_a_second() -> None:
    parts = [
        event(
            f"UID:{n}",
            f"DTSTART;TZID=Europe/London:2026090{n % 5 + 1}T{n % 9 + 8:02}0000",
            "DURATION:PT50M",
            "RRULE:FREQ=WEEKLY;UNTIL=20270701T000000Z",
        )
        for n in range(2_000)
    ]
    assert len(feed(*parts).busy) > 2_000 * 40


def test_one_date_far_off_does_not_stretch_the_year() -> None:
    endless = weekly("20261102T090000", "20261102T100000", rule="FREQ=WEEKLY")
    lessons = [
        endless.replace("T09", f"T{hour:02}").replace("T10", f"T{hour + 1:02}")
        for hour in range(8, 20)
    ]
    expires = event("DTSTART;VALUE=DATE:20990101", "SUMMARY:Password expires")
    busy = feed(*lessons, expires).busy
    assert len(busy) < 12 * 60
    assert max(one.start.year for one in busy) == 2027


def test_an_event_newer_than_its_stamp_is_followed_to_its_end() -> None:
    lesson = weekly(
        "20261102T090000", "20261102T100000", "DTSTAMP:19970101T000000Z", rule="FREQ=WEEKLY"
    )
    assert len(feed(lesson).busy) == 53


def test_whole_days_beside_lessons_are_told() -> None:
    art = weekly("20261102T090000", "20261102T100000", "SUMMARY:Art")
    away = event("DTSTART;VALUE=DATE:20261105", "SUMMARY:Conference")
    assert week(LONDON, art, away).notes == (
        "Whole days are no lessons and were left out: “Conference” on 2026-11-05.",
    )

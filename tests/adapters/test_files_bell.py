from datetime import date, time

import pytest

from adapters.files.bell import read_bell_text
from adapters.files.recognising import Format, format_of, read, recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import SpecialDays, bells_in, closures_in, joined
from bot.domain.timetable.bell_text import parse_bells, render_bells

SCHEDULES = """* weekend # Weekend

* regular # Regular day
8:30 {Period 1}
9:20 Passing to {Period 2}
9:27 {Period 2}/A
10:17 Brunch
10:25 Walk to Assembly #1
10:30 Assembly #1
11:45 Lunch
12:55 Pasing to {Period 3}
1:01 {Period 3}
1:50 Free

* twice
8:00 {Period 1}
9:00 Lunch
9:30 {Period 1}
10:30 Passing to {Period 4}
11:30 Free
"""
CALENDAR = """* Default Week
Sun weekend
Mon regular # ordinary
Tue twice
Wed regular
Sat weekend

* Special Days
11/23/2026-11/27/2026 weekend # Thanksgiving Break
11/30/2026 regular
2/1/2027  twice # late
"""


def test_schedules() -> None:
    data = SCHEDULES.replace("\n", "\r\n").encode("utf-8-sig")
    assert format_of(data) is Format.BELL
    book = read_bell_text(data)
    regular = [(p.name, p.start, p.end, p.is_break) for p in book.schedules["regular"].in_order()]
    assert regular == [
        ("Period 1", time(8, 30), time(9, 20), False),
        ("Period 2/A", time(9, 27), time(10, 17), False),
        ("Brunch", time(10, 17), time(10, 25), True),
        ("Assembly #1", time(10, 30), time(11, 45), False),
        ("Lunch", time(11, 45), time(12, 55), True),
        ("Period 3", time(13, 1), time(13, 50), False),
    ]
    assert book.closed == {"weekend"}
    assert book.titles["regular"] == "Regular day"
    old = SCHEDULES.replace("\n", "\r").encode()
    assert format_of(old) is Format.BELL
    assert read_bell_text(old) == book
    assert [p.name for p in book.schedules["twice"].in_order()] == [
        "Period 1", "Lunch", "Period 1 (2)",
    ]  # fmt: skip
    assert book.notes == (
        "In “twice”, “Period 1” stands 2 times.",
        "In “twice”, “Passing to Period 4” at 10:30 takes 60 minutes.",
    )


def test_week_special_days_and_the_two_files_together() -> None:
    calendar = read_bell_text(CALENDAR.encode())
    assert calendar.week == {6: "weekend", 0: "regular", 1: "twice", 2: "regular", 5: "weekend"}
    assert calendar.special[0] == SpecialDays(
        first=date(2026, 11, 23), last=date(2026, 11, 27), kind="weekend",
        comment="Thanksgiving Break",
    )  # fmt: skip
    assert set(calendar.unknown) == {"weekend", "regular", "twice"}
    assert calendar.notes == ()
    book = joined(read_bell_text(SCHEDULES.encode()), calendar)
    assert book.unknown == ()
    assert book.kind_on(date(2026, 11, 23)) == "weekend"
    assert book.kind_on(date(2026, 12, 1)) == "twice"
    assert book.kind_on(date(2026, 12, 3)) is None
    bells = bells_in(book)
    assert (bells.default, bells.by_weekday) == ("regular", {1: "twice"})
    assert bells.by_date == {date(2026, 11, 30): "regular", date(2027, 2, 1): "twice"}
    [closure] = closures_in(book)
    assert (closure.name, closure.start) == ("Thanksgiving Break", date(2026, 11, 23))
    assert read((SCHEDULES + CALENDAR).encode()) == book


def test_what_is_doubtful_is_told() -> None:
    text = (
        "* back\n8:00 {A}\n9:00 {B}\n8:30 {C}\n9:00 Free\n* open\n8:00 {A}\n9:00 {B}\n"
        "* Special Days\n02/15/2027-02/19/2027 # Ski Break\n03/01/2027 open\n"
        "03/01/2026 opne #typo\n"
    )
    book = read_bell_text(text.encode())
    assert book.notes == (
        "Line 4: 08:30 stands after 09:00, so the bell schedule “back” was left out.",
        "In “open”, nothing says when “B” ends.",
        "Line 10 says no kind of day and was left out.",
        "Line 12: 2026-03-01 stands after 2027-03-01; is its year right?",
        "Nothing describes the kind of day “opne”.",
    )
    assert set(book.schedules) == {"open"}
    assert not book.schedules["open"].in_order()[1].timed


def test_a_book_that_is_not_whole_gives_no_bells() -> None:
    with pytest.raises(InvalidInput, match="No bell schedule describes “regular”"):
        bells_in(read_bell_text(CALENDAR.encode()))
    with pytest.raises(InvalidInput, match="on which weekdays"):
        bells_in(read_bell_text(SCHEDULES.encode()))
    long = SCHEDULES.replace("{Period 2}/A", "{Period 2}" + "x" * 40) + CALENDAR
    with pytest.raises(InvalidInput, match="has 48 characters"):
        bells_in(read_bell_text(long.encode()))
    odd = CALENDAR + "3/1/2027 mimimum\n"
    book = joined(read_bell_text(SCHEDULES.encode()), read_bell_text(odd.encode()))
    assert book.unknown == ("mimimum",)
    assert date(2027, 3, 1) not in bells_in(book).by_date


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("* # nameless\n8:00 A\n", "Line 1: .* has no name"),
        ("* a\n8:00 A\n* a\n", "Line 3: .* stands twice"),
        ("* a\nlunch\n", "Line 2: “lunch” is no time and name"),
        ("* a\n25:00 x\n", "Line 2: “25:00 x” is no time"),
        ("* a\n8:00\n", "Line 2"),
        ("* Default Week\nFunday a\n", "Line 2: “Funday a” is no weekday"),
        ("* Special Days\ntomorrow a\n", "Line 2: “tomorrow a” is no date"),
        ("* Special Days\n02/30/2027 a\n", "Line 2: .*02/30/2027"),
        ("* Special Days\n2/3/2027-2/1/2027 a\n", "ends before it begins"),
        ("* Special Days\n2/3/2027-2/1/9999 a\n", "longer than a year"),
        ("8:00 A\n* a\n", "Line 1: “8:00 A” stands before any heading"),
    ],
)
def test_bad_lines_are_named(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as problem:
        read_bell_text(text.encode())
    assert problem.value.remedy


def test_bells_are_nobodys_timetable() -> None:
    with pytest.raises(InvalidInput, match="not who teaches when"):
        recognise(SCHEDULES.encode())


def test_bells_are_pasted_where_clock_times_are_asked_for() -> None:
    text = SCHEDULES + CALENDAR.replace("11/23/2026-11/27/2026 weekend # Thanksgiving Break\n", "")
    bells = parse_bells(text + "12/1/2026 regular\n", ("Mon", "Tue", "Wed"))
    tuesdays = [bells.schedule_on(date(2026, 12, day), None).name for day in (1, 8)]
    assert tuesdays == ["regular", "twice"]
    assert "[regular: 2026-11-30, 2026-12-01]" in render_bells(bells)
    assert parse_bells(render_bells(bells), ()) == bells


def test_the_ordinary_day_is_called_regular_where_it_is_shown() -> None:
    text = (
        "* regular\n8:00 {A}\n9:00 Free\n* normal\n8:00 {B}\n9:00 Free\n"
        "* Default Week\nMon normal\nTue normal\nWed regular\n"
    )
    bells = parse_bells(text, ())
    assert [period.name for period in bells.schedules["regular"].periods] == ["B"]
    assert bells.by_weekday == {2: "other regular"}
    assert parse_bells(render_bells(bells), ()) == bells


def test_what_is_no_matter_of_bells_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidInput, match="1 closures, the first on 2026-11-23") as problem:
        parse_bells(SCHEDULES + CALENDAR, ())
    assert "calendar from a file" in problem.value.remedy
    with pytest.raises(InvalidInput, match="No bell schedule describes “odd”"):
        parse_bells(SCHEDULES + "* Default Week\nMon regular\nTue odd\n", ())
    with pytest.raises(InvalidInput, match="“regular” stands twice"):
        parse_bells("P1 8:00-9:00\n[regular: Mon]\nP2 9:00-10:00", ())


def test_a_list_with_stars_is_no_bell_schedule() -> None:
    assert format_of(b"* Mon P1 Art\n* Tue P2 Bio\n") is Format.TABLE
    assert format_of(b"\n* regular\n8:00 {A}\n") is Format.BELL
    assert format_of(CALENDAR.encode()) is Format.BELL

"""Tables with a column for the start of each lesson and one for its end."""

import pytest

from adapters.files.table import read_table
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid


def read(*lines: str) -> Grid:
    return read_table("\n".join(lines).encode())


def test_a_list_with_starts_and_ends() -> None:
    grid = read(
        "Teacher,Day,Start Time,End Time,Subject,Room",
        "Diaz,Monday,8:00 AM,9:30 AM,Algebra,12",
        "Diaz,Monday,1:15 PM,2:45 PM,Algebra,12",
        "Lee,Wednesday,8:00 AM,9:30 AM,Biology,3",
        "Lee,,,,Biology,3",
    )
    assert grid.days == ("Monday", "Wednesday")
    assert grid.periods == ("08:00-09:30", "13:15-14:45")
    assert grid.lessons == {"Diaz": {(0, 0), (0, 1)}, "Lee": {(1, 0)}}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("08:05", "08:50"),
        ("8.05", "8.50"),
        ("8h05", "8h50"),
        ("0805", "0850"),
        ("08:05:00", "08:50:00"),
        ("8:05am", "8:50am"),
        ("0.3368055555555556", "0.3680555555555556"),
        ("8:05 Uhr", "8:50 Uhr"),
    ],
)
def test_however_times_are_written_they_are_one_period(start: str, end: str) -> None:
    grid = read("Day,Start,End,Subject", "Mon,8:05,8:50,Art", f"Tue,{start},{end},Art")
    assert grid.periods == ("08:05-08:50",)


def test_whole_hours_are_enough() -> None:
    assert read("Day,From,To,Subject", "Mon,9,10,Art").periods == ("09:00-10:00",)


def test_a_week_with_starts_and_ends() -> None:
    grid = read("Start,End,Mon,Tue", "8:05,8:50,Art,", "8:55,9:40,,Maths")
    assert grid.days == ("Mon", "Tue")
    assert grid.periods == ("08:05-08:50", "08:55-09:40")
    assert grid.lessons == {"": {(0, 0), (1, 1)}}


@pytest.mark.parametrize("corner", ["Std", ""])
def test_a_week_whose_periods_have_numbers_too(corner: str) -> None:
    grid = read(
        "Class 7b",
        f"{corner};Von;Bis;Mo;Di;Mi;Do;Fr",
        "1;08:00;08:45;Kunst;;;;",
        "2;08:50;09:35;;;;Mathe;",
        "Pause;;;;;;;",
        "Only in the first term;;;;;;;",
    )
    assert grid.days == ("Mo", "Di", "Mi", "Do", "Fr")
    assert grid.periods == ("1 (08:00-08:45)", "2 (08:50-09:35)", "Pause")
    assert grid.lessons == {"": {(0, 0), (3, 1)}}


@pytest.mark.parametrize("line", ["Tue,9:00,9:75,Art", "Tue,9:00,,Art", "Tue,10:00,9:45,Art"])
def test_a_line_without_both_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(InvalidInput, match=r"Line 3: .* is no start and end of a lesson"):
        read("Day,Start,End,Subject", "Mon,8:05,8:50,Art", line)


def test_a_list_with_periods_keeps_them() -> None:
    grid = read("Day,Period,Start,End,Subject", "Mon,1,8:05,8:50,Art", "Wed,1,8:30,9:10,Art")
    assert grid.periods == ("1",)


def test_dates_are_no_starts_and_ends() -> None:
    with pytest.raises(InvalidInput, match="no column for the period"):
        read("Teacher,Day,From,To,Subject", "Kim,Mon,2026-09-01,2026-12-18,Art")

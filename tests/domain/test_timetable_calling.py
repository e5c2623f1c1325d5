from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.timetable.bell_text import parse_bells
from bot.domain.timetable.calling import called_as
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.school import SchoolCalendar, weekday_calendar

BELLS = parse_bells("P1 08:00-08:45\nP2 08:50-09:35", ())
WEEK = weekday_calendar(
    zone="Europe/Berlin",
    names=("Mo", "Di", "Mi", "Do", "Fr"),
    first_date=date(2026, 8, 24),
    until=date(2027, 6, 18),
    bells=BELLS,
)
ROTATION = SchoolCalendar(
    zone="UTC",
    cycle=("A", "B"),
    first_date=date(2026, 8, 24),
    first_label="A",
    until=date(2027, 6, 18),
    bells=BELLS,
)


def grid(*days: str, periods: tuple[str, ...] = ("P1",)) -> Grid:
    return Grid(days=days, periods=periods, lessons={"Ana": frozenset({(0, 0)})})


@pytest.mark.parametrize(
    ("days", "calendar", "names"),
    [
        (("Monday", "tuesday"), WEEK, ("Mo", "Di")),
        (("Lundi", "Mardi"), WEEK, ("Mo", "Di")),
        (("mo", "di"), WEEK, ("Mo", "Di")),
        (("Mon", "Montag"), WEEK, ("Mon", "Montag")),
        (("Sat", "Mon"), WEEK, ("Sat", "Mo")),
        (("A Day", " B DAY"), ROTATION, ("A", "B")),
        (("Day A", "b"), ROTATION, ("A", "B")),
        (("A-day", "B-Day"), ROTATION, ("A", "B")),
        (("Mon", "Tue"), ROTATION, ("Mon", "Tue")),
        (("1", "2"), WEEK, ("1", "2")),
        (("A", "C"), ROTATION, ("A", "C")),
        (("A", "a"), ROTATION, ("A", "a")),
    ],
)
def test_days_are_called_as_the_school_calls_them(
    days: tuple[str, ...], calendar: SchoolCalendar, names: tuple[str, ...]
) -> None:
    found = called_as(grid(*days), calendar)
    assert found.days == names
    assert found.lessons == grid(*days).lessons


def test_periods_by_letters_long_names_or_clock_times() -> None:
    by_letters = called_as(grid("Mo", periods=("p 1", "P2", "Lunch")), WEEK)
    assert by_letters.periods == ("P1", "P2", "Lunch")
    titled = replace(grid("Mo", periods=("1", "2")), titles={"1": "P1", "2": "p2"})
    assert called_as(titled, WEEK).periods == ("P1", "P2")
    assert called_as(titled, WEEK).titles == {"P1": "P1", "P2": "p2"}
    timed = grid("Mo", periods=("Pd1 (08:00-08:45)", "8.50 - 9.35"))
    assert called_as(timed, WEEK).periods == ("P1", "P2")
    apart = replace(grid("Mo", periods=("1",)), clock={"1": (time(8, 50), time(9, 35))})
    assert called_as(apart, WEEK).periods == ("P2",)
    assert called_as(apart, WEEK).clock == {"P2": (time(8, 50), time(9, 35))}
    other = grid("Mo", periods=("Early (07:00-07:45)",))
    assert called_as(other, WEEK).periods == other.periods


@pytest.mark.parametrize("names", [("1", "2"), ("Period 1", "Period 2"), ("1st", "2."), ("Pd 1",)])
def test_periods_by_their_numbers(names: tuple[str, ...]) -> None:
    found = called_as(grid("Mo", periods=names), WEEK).periods
    assert found == ("P1", "P2")[: len(names)]


def test_a_number_of_something_else_is_no_period() -> None:
    for names in (("Block 1", "Block 2"), ("1", "Period 1")):
        assert called_as(grid("Mo", periods=names), WEEK).periods == names


def test_without_a_school_everything_keeps_its_name() -> None:
    assert called_as(grid("Monday"), None) == grid("Monday")


def test_names_that_would_become_one_are_left() -> None:
    assert called_as(grid("Mo", periods=("P1", "p1")), WEEK).periods == ("P1", "p1")
    clash = replace(grid("Mo", periods=("1", "P1")), titles={"1": "P1"})
    assert called_as(clash, WEEK).periods == ("1", "P1")

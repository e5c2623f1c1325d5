"""A feed in the periods of a school whose calendar is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.timetable.bells import Bells, BellSchedule, Period
from bot.domain.timetable.feed_fitting import fitted, in_school
from bot.domain.timetable.feed_weeks import week_of_feeds
from bot.domain.timetable.feeds import Dated, Feed
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Use

PERIODS = (
    Period(name="P1", start=time(8), end=time(8, 50)),
    Period(name="Break", start=time(8, 50), end=time(9, 10), is_break=True),
    Period(name="P2", start=time(9, 10), end=time(10)),
)
MONDAY = datetime(2026, 11, 2, 7, tzinfo=UTC)
"""08:00 in Berlin."""


def school(*cycle: str) -> SchoolCalendar:
    day = BellSchedule(name="regular", periods=PERIODS)
    return SchoolCalendar(
        zone="Europe/Berlin",
        cycle=cycle,
        first_date=date(2026, 11, 2),
        first_label=cycle[0],
        until=date(2026, 12, 18),
        bells=Bells(schedules={"regular": day}, default="regular"),
    )


def feed(*busy: tuple[int, int, int, str]) -> Feed:
    """Events as (days after Monday, minutes after 08:00, minutes long, what)."""
    dated = (
        Dated(begin := MONDAY + timedelta(days=day, minutes=at), begin + timedelta(minutes=n), what)
        for day, at, n, what in busy
    )
    return Feed(person="Ana", zone="Europe/Berlin", busy=tuple(dated))


def lessons(*what: tuple[str, str, str]) -> dict[tuple[str, str], Cell]:
    return {(day, period): Cell(use=Use.LESSON, what=word) for day, period, word in what}


def test_a_rotation_is_followed_on_its_dates() -> None:
    # A on Monday, Wednesday and Friday, then on Tuesday and Thursday.
    found = fitted(feed(*((day, 0, 50, "Art") for day in (0, 2, 4, 8, 10))), school("A", "B"))
    assert found.timetable.cells == lessons(("A", "P1", "Art"))
    assert found.remarks == ()


def test_an_event_takes_every_period_that_it_touches_and_no_break() -> None:
    found = fitted(feed(*((7 * week, 30, 60, "Lab") for week in range(3))), school("A"))
    daily = set(found.timetable.cells)
    assert daily == {("A", "P1"), ("A", "P2")}
    assert found.remarks == (
        "Not every time, but counted as busy: A P1 (3 of 11 days), A P2 (3 of 11 days).",
    )


def test_what_is_once_or_outside_of_school_is_told() -> None:
    weekly = [(day, 0, 50, "Art") for day in range(5)]
    found = fitted(feed(*weekly, (1, 70, 50, "Trip"), (2, 600, 60, "Choir")), school("A"))
    assert found.timetable.cells == lessons(("A", "P1", "Art"))
    assert found.remarks == (
        "Not part of the timetable, because once only: “Trip” (A P2).",
        "Outside of the school's periods, so not in the timetable: “Choir”.",
    )


def test_days_without_school_do_not_count() -> None:
    found = fitted(feed((0, 0, 50, "Art"), (5, 0, 50, "Fair"), (8, 0, 50, "Art")), school("A", "B"))
    assert found.timetable.cells == lessons(("A", "P1", "Art"))
    assert not fitted(feed(), school("A")).timetable.cells


def test_a_week_of_a_feed_becomes_one_of_the_school() -> None:
    week = week_of_feeds([feed(*((day, 0, 50, "Art") for day in (0, 2, 4, 8, 10)))])
    assert week.periods == ("08:00-08:50",)
    assert in_school(week, None) is week
    grid = in_school(week, school("A", "B"))
    assert (grid.days, grid.periods) == (("A", "B"), ("P1", "Break", "P2"))
    assert grid.lessons == {"Ana": {(0, 0)}}
    assert grid.what == {"Ana": {(0, 0): "Art"}}
    assert in_school(grid, school("A", "B")) is grid, "it has been fitted"


def test_a_school_without_clock_times_cannot_fit_a_feed() -> None:
    week = week_of_feeds([feed(*((7 * n, 0, 50, "Art") for n in range(3)))])
    untimed = BellSchedule(name="regular", periods=(Period(name="P1"),))
    bare = replace(school("A"), bells=Bells(schedules={"regular": untimed}, default="regular"))
    assert in_school(week, bare) is week

"""A feed in the periods of a school whose calendar is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.timetable.availability import Availability, FreePeriod, free_periods
from bot.domain.timetable.bells import Bells, BellSchedule, Period
from bot.domain.timetable.feed_fitting import fitted, in_school
from bot.domain.timetable.feed_weeks import week_of_feeds
from bot.domain.timetable.feeds import Dated, Feed
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import FREE, Cell, Use, with_use, without_use
from bot.domain.timetable.yearmask import year_mask

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
    found = fitted(feed(*((day, 30, 60, "Lab") for day in range(5))), school("A"))
    assert found.timetable.cells == lessons(("A", "P1", "Lab"), ("A", "P2", "Lab"))
    assert not found.timetable.dated


def test_what_is_on_few_dates_is_kept_for_those_dates() -> None:
    weekly = [(day, 0, 50, "Art") for day in (0, 1, 3, 4)]
    found = fitted(feed(*weekly, (1, 70, 50, "Trip"), (2, 600, 60, "Choir")), school("A"))
    assert found.timetable.cells == lessons(("A", "P1", "Art"))
    assert found.timetable.dated == {
        date(2026, 11, 3): {"P2": Cell(use=Use.LESSON, what="Trip")},
        date(2026, 11, 4): {"P1": FREE},
    }
    assert found.remarks == (
        (
            "On single dates it is otherwise than in this week, and kept so: 2026-11-03 P2 “Trip”, "
            "2026-11-04 P1 free."
        ),
        "Outside of the school's days and periods, so left out: “Choir”.",
    )


def test_a_moved_lesson_is_moved_in_the_free_time() -> None:
    weekly = [(day, 0, 50, "Art") for day in (0, 1, 3, 4)]
    calendar = school("A")
    timetable = fitted(feed(*weekly, (2, 70, 50, "Art")), calendar).timetable
    one = Availability(zone=calendar.zone, calendar=calendar, timetable=timetable)
    year = MONDAY, MONDAY + timedelta(days=40)
    for free in (free_periods(one, *year), dates_of_mask(one)):
        wednesday = {p for day, p in free_at(free) if day == date(2026, 11, 4)}
        others = {p for day, p in free_at(free) if day != date(2026, 11, 4)}
        assert (wednesday, others) == ({"P1"}, {"P2"})


def free_at(free: list[FreePeriod]) -> set[tuple[date, str | None]]:
    return {(one.day, one.period) for one in free}


def dates_of_mask(one: Availability) -> list[FreePeriod]:
    mask = year_mask(one)
    assert mask is not None
    assert mask.axis is not None
    return [mask.free_period(at) for at in range(len(mask.costs)) if mask.bits >> at & 1]


def test_a_meeting_is_no_lesson_on_single_dates_either() -> None:
    timetable = fitted(feed((0, 0, 50, "PLC"), (1, 70, 50, "PLC"), (2, 0, 50, "PLC")), school("A"))
    free = with_use(timetable.timetable, "PLC", Use.FREE)
    assert not [c for cells in free.dated.values() for c in cells.values() if c.use is Use.LESSON]
    assert without_use(timetable.timetable, Use.LESSON).dated[date(2026, 11, 3)]["P2"] == FREE


def test_days_without_school_do_not_count() -> None:
    found = fitted(feed((0, 0, 50, "Art"), (5, 0, 50, "Fair"), (8, 0, 50, "Art")), school("A", "B"))
    assert found.timetable.cells == lessons(("A", "P1", "Art"))
    assert found.remarks[-1] == ("Outside of the school's days and periods, so left out: “Fair”.")
    assert not fitted(feed(), school("A")).timetable.cells


def test_a_feed_of_another_year_is_told() -> None:
    found = fitted(feed((-400, 0, 50, "Art"), (-393, 0, 50, "Art")), school("A"))
    assert not found.timetable.cells
    assert found.remarks == ("Outside of the school's days and periods, so left out: “Art”.",)


def test_what_goes_on_in_the_holidays_is_not_told_again() -> None:
    found = fitted(feed(*((day, 0, 50, "Art") for day in range(14))), school("A"))
    assert found.timetable.cells == lessons(("A", "P1", "Art"))
    assert found.remarks == ()


def test_a_week_of_a_feed_becomes_one_of_the_school() -> None:
    week = week_of_feeds([feed(*((day, 0, 50, "Art") for day in (0, 2, 4, 8, 10)))])
    assert week.periods == ("08:00-08:50",)
    assert in_school(week, None, "Europe/Berlin") == week
    grid = in_school(week, school("A", "B"), "UTC")
    assert (grid.days, grid.periods) == (("A", "B"), ("P1", "Break", "P2"))
    assert grid.lessons == {"Ana": {(0, 0)}}
    assert grid.what == {"Ana": {(0, 0): "Art"}}
    assert in_school(grid, school("A", "B"), "UTC") is grid, "it has been fitted"


def test_a_school_without_clock_times_cannot_fit_a_feed() -> None:
    week = week_of_feeds([feed(*((7 * n, 0, 50, "Art") for n in range(3)))])
    untimed = BellSchedule(name="regular", periods=(Period(name="P1"),))
    bare = replace(school("A"), bells=Bells(schedules={"regular": untimed}, default="regular"))
    assert in_school(week, bare, "UTC") == week


def test_a_feed_without_a_zone_is_on_the_clocks_of_its_reader() -> None:
    placeless = replace(feed(*((7 * n, 0, 50, "Art") for n in range(3))), zone=None)
    week = week_of_feeds([placeless])
    assert week.periods == ("07:00-07:50",)
    mine = in_school(week, None, "Asia/Kolkata")
    assert mine.periods == ("12:30-13:20",)
    assert mine.notes == (
        "The calendar names no time zone that is known: its times are shown as in Asia/Kolkata.",
    )

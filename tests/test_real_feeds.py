"""Six teachers' calendar feeds and the grid of their school: the same free time, on every date."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.files.fet import read_fet
from adapters.files.ics.reader import read_feeds
from bot.domain.ids import MemberId
from bot.domain.timetable.availability import Availability, free_periods
from bot.domain.timetable.bells import Bells, BellSchedule, Period
from bot.domain.timetable.feed_fitting import fitted
from bot.domain.timetable.grid import timetable_of
from bot.domain.timetable.school import (
    Closure,
    ClosureKind,
    SchoolCalendar,
    weekday_calendar,
)
from bot.domain.timetable.slots import common_slots

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
FEEDS = DATA / "ics" / "teachers_hopwood"
PEOPLE = ("Adrian", "Anne Rush", "David", "Inka", "Kausar", "Philip")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The data folder is missing: ../shared/data"
)


@pytest.fixture(scope="module")
def school() -> SchoolCalendar:
    """The college as ``about.json`` tells it, its days and periods named as in its grid."""
    about = json.loads((FEEDS / "about.json").read_text())
    grid = read_fet((DATA / "fet" / "hopwood" / "hopwood_solved.fet").read_bytes())
    periods = tuple(
        Period(name=name, start=time.fromisoformat(start), end=time.fromisoformat(end))
        for name, (start, end) in zip(grid.periods, about["bell"], strict=True)
    )
    half_term = [date.fromisoformat(day) for day in about["half_term_no_lessons"]]
    calendar = weekday_calendar(
        zone=about["timezone"],
        names=grid.days,
        first_date=date.fromisoformat(about["first_day"]),
        until=date.fromisoformat(about["last_day"]),
        bells=Bells(
            schedules={"regular": BellSchedule(name="regular", periods=periods)},
            default="regular",
        ),
        school_weekdays=tuple(range(len(grid.days))),
    )
    closure = Closure(start=min(half_term), end=max(half_term), kind=ClosureKind.PLANNED)
    return replace(calendar, closures=(closure,))


def from_grid(school: SchoolCalendar, name: str) -> Availability:
    grid = read_fet((DATA / "fet" / "hopwood" / "hopwood_solved.fet").read_bytes())
    # The feeds state lessons; absences and breaks stand in the grid alone.
    bare = replace(grid, absences={}, breaks=frozenset(), own_breaks={})
    return Availability(zone=school.zone, calendar=school, timetable=timetable_of(bare, name))


def from_feed(school: SchoolCalendar, name: str) -> Availability:
    [feed] = read_feeds((FEEDS / f"{name.replace(' ', '_')}.ics").read_bytes())
    assert (feed.person, feed.zone) == (name, school.zone)
    found = fitted(feed, school)
    assert found.remarks == ()
    return Availability(zone=school.zone, calendar=school, timetable=found.timetable)


TERM = datetime(2026, 9, 7, tzinfo=UTC), datetime(2026, 12, 19, tzinfo=UTC)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_feed_gives_the_free_time_of_the_grid(school: SchoolCalendar, name: str) -> None:
    mine = free_periods(from_feed(school, name), *TERM)
    assert mine == free_periods(from_grid(school, name), *TERM)
    changed = [one for one in mine if one.day in {date(2026, 10, 23), date(2026, 11, 2)}]
    assert {one.start.hour for one in changed if one.period == "9.30 - 11.00"} <= {8, 9}


def test_feeds_give_the_common_slots_of_the_grid(school: SchoolCalendar) -> None:
    for one, other in pairwise(PEOPLE):
        feeds = {MemberId(name): from_feed(school, name) for name in (one, other)}
        grids = {MemberId(name): from_grid(school, name) for name in (one, other)}
        slots = common_slots(feeds, *TERM)
        assert slots
        assert slots == common_slots(grids, *TERM)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_event_of_a_feed_is_in_free_time(school: SchoolCalendar, name: str) -> None:
    """The feed's own instants, without the timetable made of them."""
    [feed] = read_feeds((FEEDS / f"{name.replace(' ', '_')}.ics").read_bytes())
    free = free_periods(from_feed(school, name), *TERM)
    for busy in feed.busy:
        assert busy.end is not None
        assert not [one for one in free if one.start < busy.end and busy.start < one.end]

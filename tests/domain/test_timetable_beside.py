"""Periods that run at the same time: split lunches, two grids in one house."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.ids import MemberId
from bot.domain.timetable.availability import Availability, free_periods, next_free_period
from bot.domain.timetable.bells import Bells, BellSchedule, Period
from bot.domain.timetable.costs import Cost, day_costs
from bot.domain.timetable.daykinds import free_walls
from bot.domain.timetable.feed_fitting import fitted
from bot.domain.timetable.feeds import Dated, Feed
from bot.domain.timetable.period_lines import parse_bell_schedule, render_bell_schedule
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.slots import common_slots
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.yearmask import year_mask
from tests.support.examples import examples

MONDAY = date(2026, 9, 7)
START = datetime(2026, 9, 7, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SPLIT = """P3 10:30-11:25
4A 11:30-12:10
Lunch A 11:30-12:00 (break)
4B 12:00-12:40
Lunch B 12:10-12:40 (break)
P5 12:45-13:30"""
PLAIN = SPLIT.replace(" (break)", "")
LESSON, PLANNING, DUTY = (Cell(use=use) for use in (Use.LESSON, Use.PLANNING, Use.DUTY))


def school(text: str) -> SchoolCalendar:
    schedule = parse_bell_schedule(text)
    return SchoolCalendar(
        zone="UTC",
        cycle=("A",),
        first_date=MONDAY,
        first_label="A",
        until=MONDAY + timedelta(weeks=40),
        bells=Bells(schedules={"regular": schedule}, default="regular"),
    )


def teacher(text: str, **uses: Cell) -> Availability:
    """Return somebody with lessons in P3 and P5 and, by name without blanks, in what is given."""
    calendar = school(text)
    names = {name.replace(" ", ""): name for name in calendar.bells.names}
    own = {names[name]: cell for name, cell in {"P3": LESSON, "P5": LESSON, **uses}.items()}
    table = Timetable(cells={("A", period): cell for period, cell in own.items()})
    return Availability(zone="UTC", calendar=calendar, timetable=table)


def told(one: Availability) -> list[str]:
    return [
        f"{free.start:%H:%M}-{free.end:%H:%M} {free.period}"
        for free in free_periods(one, START, START + DAY)
    ]


def shared(*people: Availability) -> list[str]:
    several = {MemberId(str(number)): one for number, one in enumerate(people)}
    slots = common_slots(several, START, START + DAY)
    return sorted(f"{slot.start:%H:%M}-{slot.end:%H:%M}" for slot in slots)


def test_each_half_of_the_school_keeps_its_own_lunch() -> None:
    assert told(teacher(SPLIT, **{"4A": LESSON})) == [], "their lunch is B"
    assert told(teacher(SPLIT, **{"4B": LESSON})) == [], "their lunch is A"
    assert told(teacher(SPLIT, **{"4A": PLANNING})) == ["11:30-12:10 4A"]
    assert told(teacher(SPLIT, **{"4B": PLANNING})) == ["12:00-12:40 4B"]
    assert told(teacher(SPLIT)) == ["11:30-12:10 4A", "12:10-12:40 4B"], "the other lunch remains"
    assert told(teacher(SPLIT, LunchA=DUTY)) == ["12:00-12:10 4B"], "they have lunch B"
    own = Cell(use=Use.BREAK)
    assert told(teacher(SPLIT, LunchA=own)) == ["12:00-12:40 4B"], "they say that it is A"


def test_lunches_that_are_no_breaks_are_free_time() -> None:
    assert told(teacher(PLAIN, **{"4A": LESSON})) == ["12:10-12:40 Lunch B"]
    assert told(teacher(PLAIN, **{"4B": LESSON})) == ["11:30-12:00 Lunch A"]
    assert told(teacher(PLAIN)) == ["11:30-12:10 4A", "12:10-12:40 Lunch B"]


def test_common_slots_across_the_halves() -> None:
    first, second = teacher(SPLIT, **{"4A": PLANNING}), teacher(SPLIT, **{"4B": PLANNING})
    assert shared(first, second) == [], "ten minutes are no slot"
    assert shared(first, teacher(SPLIT)) == ["11:30-12:10"]
    assert shared(second, teacher(SPLIT)) == ["12:00-12:40"], "two pieces in a row"
    assert shared(first, teacher(SPLIT, **{"4A": LESSON})) == []
    assert shared(teacher(PLAIN, **{"4A": LESSON}), teacher(PLAIN)) == ["12:10-12:40"]
    assert shared(teacher(PLAIN, **{"4A": LESSON}), teacher(PLAIN, **{"4B": LESSON})) == []


def test_what_a_piece_costs_is_counted_in_ones_own_day() -> None:
    def costs(one: Availability) -> list[Cost]:
        return [free.cost for free in free_periods(one, START, START + DAY)]

    assert costs(teacher(PLAIN, **{"4A": LESSON})) == [Cost.SINGLE_GAP]
    assert costs(teacher(PLAIN, **{"4B": LESSON})) == [Cost.SINGLE_GAP]
    assert costs(teacher(PLAIN)) == [Cost.BORDER_GAP, Cost.BORDER_GAP]
    assert costs(teacher(SPLIT, **{"4B": PLANNING})) == [Cost.PLANNING]
    only = Availability(
        zone="UTC",
        calendar=school("4A 11:30-12:10\n4B 12:00-12:40 (overlaps)\nP5 12:45-13:30"),
        timetable=Timetable(cells={("A", "4A"): LESSON}),
    )
    assert costs(only) == [Cost.STAY_LONGER, Cost.STAY_LONGER], "4B is no place in their day"


def test_one_break_inside_a_long_period_parts_it() -> None:
    long = "P4 11:20-12:40\nLunch 11:45-12:15 (break)"
    one = Availability(zone="UTC", calendar=school(long), timetable=Timetable())
    assert told(one) == ["11:20-11:45 P4", "12:15-12:40 P4"]
    three = (
        "P4 11:20-12:40\nLunch A 11:20-11:45 (break)\nLunch B 11:45-12:10 (break)\n"
        "Lunch C 12:15-12:40 (break)"
    )
    one = Availability(zone="UTC", calendar=school(three), timetable=Timetable())
    assert told(one) == ["11:20-12:15 P4"], "the last of the lunches is left"


def test_the_year_has_no_bits_then_and_the_answers_are_right_all_the_same() -> None:
    one = teacher(SPLIT, **{"4A": PLANNING})
    assert year_mask(one) is None
    for _ in range(6):
        found = next_free_period(one, START + timedelta(days=1, hours=9))
        assert found is not None
        assert found.start == datetime(2026, 9, 8, 11, 30, tzinfo=UTC)


def test_a_day_that_ends_early_cuts_what_runs_at_the_same_time() -> None:
    one = teacher(SPLIT)
    assert one.calendar is not None
    bells = Bells(
        schedules=one.calendar.bells.schedules,
        default="regular",
        dismissals={MONDAY: time(12, 3)},
    )
    schedule = bells.schedule_on(MONDAY, "A")
    table = Timetable(cells={("A", "P3"): LESSON})
    (wall,) = free_walls(table, schedule, "A")
    assert (wall.start, wall.end, wall.cut) == (12 * 3600, 12 * 3600 + 180, True)


@pytest.mark.parametrize(
    "text",
    [
        "P1 08:00-08:45\nP2 08:30-09:15",
        "P1 08:00-08:45\nP2 08:43-09:15",
        "P4 11:30-12:12\nLunch 12:10-12:40 (break)",
        "P1 08:00-08:45\nOne 08:00-08:45",
    ],
)
def test_what_looks_like_a_slip_is_refused_with_the_way_to_say_it(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"overlap.*\(overlaps\)"):
        parse_bell_schedule(text)
    meant = parse_bell_schedule(f"{text} (overlaps)")
    assert len(meant.at_once()) == 1
    assert parse_bell_schedule(render_bell_schedule(meant)) == meant
    assert parse_bell_schedule(render_bell_schedule(parse_bell_schedule(SPLIT))).at_once()


def test_a_new_period_may_not_overlap_one_that_stands_by_a_slip() -> None:
    day = parse_bell_schedule("P1 08:00-08:45\nP2 08:50-09:35\nX2 09:00-09:40 (overlaps)")
    assert parse_bell_schedule("P3 09:40-10:20", beside=day.periods).periods[0].name == "P3"
    with pytest.raises(InvalidInput, match="“P1” and “1” overlap"):
        parse_bell_schedule("1 08:00-08:45", beside=day.periods)
    assert parse_bell_schedule("1 08:00-08:45 (overlaps)", beside=day.periods)


def test_a_feeds_event_is_in_the_one_of_them_that_it_fits_best() -> None:
    def event(start: str, end: str) -> Feed:
        first, last = (datetime.combine(MONDAY, time.fromisoformat(at), UTC) for at in (start, end))
        return Feed(person="", zone=None, busy=(Dated(first, last, "Bio"),))

    def periods(start: str, end: str) -> list[str]:
        return [period for _, period in fitted(event(start, end), school(PLAIN)).timetable.cells]

    assert periods("11:30", "12:10") == ["4A"]
    assert periods("12:00", "12:40") == ["4B"]
    assert periods("10:30", "12:10") == ["4A", "P3"]
    assert periods("12:00", "13:30") == ["4B", "P5"]


@st.composite
def days(draw: st.DrawFn) -> tuple[BellSchedule, dict[str, Use]]:
    """Return any periods, minutes 0 to 40 after noon, and what somebody does in them."""
    spans = draw(
        st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), min_size=1, max_size=6)
    )
    uses = [Use.FREE, Use.LESSON, Use.DUTY, Use.ABSENT, Use.PLANNING]
    periods = tuple(
        Period(name=f"P{at}", start=time(12, start), end=time(12, start + length))
        for at, (start, length) in enumerate(spans)
    )
    return BellSchedule(name="any", periods=periods), {
        period.name: draw(st.sampled_from(uses)) for period in periods
    }


@given(day=days())
@settings(max_examples=examples(300), deadline=None)
def test_minute_by_minute_somebody_is_free_where_a_period_is_and_no_lesson(
    day: tuple[BellSchedule, dict[str, Use]],
) -> None:
    schedule, uses = day
    free: set[int] = set()
    held: set[int] = set()
    for period in schedule.periods:
        start, end = (second // 60 for second in period.seconds)
        (free if uses[period.name] in {Use.FREE, Use.PLANNING} else held).update(range(start, end))
    table = Timetable(cells={("A", name): Cell(use=use) for name, use in uses.items()})
    walls = free_walls(table, schedule, "A")
    found = [minute for wall in walls for minute in range(wall.start // 60, wall.end // 60)]
    assert sorted(found) == sorted(free - held)
    assert found == sorted(set(found)), "in order, and none twice"
    if not schedule.at_once():
        order = schedule.in_order()
        busy = [uses[period.name] in {Use.LESSON, Use.DUTY} for period in order]
        classes = dict(zip((p.name for p in order), day_costs(busy), strict=True))
        assert all(
            wall.cost
            is (
                Cost.PLANNING
                if uses[wall.period or ""] is Use.PLANNING
                else classes[wall.period or ""]
            )
            for wall in walls
        )


@given(day=days(), other=days())
@settings(max_examples=examples(200), deadline=None)
def test_minute_by_minute_two_people_share_what_both_have(
    day: tuple[BellSchedule, dict[str, Use]], other: tuple[BellSchedule, dict[str, Use]]
) -> None:
    people, minutes = {}, []
    for at, (schedule, uses) in enumerate((day, other)):
        calendar = SchoolCalendar(
            zone="UTC",
            cycle=("A",),
            first_date=MONDAY,
            first_label="A",
            until=MONDAY,
            bells=Bells(schedules={"any": schedule}, default="any"),
        )
        table = Timetable(cells={("A", name): Cell(use=use) for name, use in uses.items()})
        people[MemberId(str(at))] = Availability(zone="UTC", calendar=calendar, timetable=table)
        walls = free_walls(table, schedule, "A")
        minutes.append({m for w in walls for m in range(w.start // 60, w.end // 60)})
    slots = common_slots(people, START, START + DAY, min_minutes=0)
    found = [
        minute
        for slot in slots
        for minute in range((slot.start - START) // MINUTE, (slot.end - START) // MINUTE)
    ]
    assert sorted(found) == sorted(minutes[0] & minutes[1])

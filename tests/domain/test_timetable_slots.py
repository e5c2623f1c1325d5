from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import Availability, free_periods
from bot.domain.timetable.bells import Bells
from bot.domain.timetable.costs import Cost, day_costs
from bot.domain.timetable.nexts import async_offer
from bot.domain.timetable.period_lines import parse_bell_schedule
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.slots import common_slots
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import parse_weekly_hours
from tests.support.examples import examples

MONDAY = date(2026, 9, 7)
START = datetime(2026, 9, 7, tzinfo=UTC)
DAY = timedelta(days=1)
ANA, BEN, KIM = MemberId("ana"), MemberId("ben"), MemberId("kim")
NORTH = "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:40-10:25\nP4 10:30-11:15"
SOUTH = "H1 08:00-09:00\nH2 09:00-10:00\nH3 10:00-11:00"


def teacher(bells: str, row: str) -> Availability:
    schedule = parse_bell_schedule(bells)
    calendar = SchoolCalendar(
        zone="UTC",
        cycle=("A",),
        first_date=MONDAY,
        first_label="A",
        until=MONDAY + timedelta(weeks=40),
        bells=Bells(schedules={"regular": schedule}, default="regular"),
    )
    uses = {"L": Use.LESSON, "P": Use.PLANNING}
    cells = {
        ("A", period.name): Cell(use=uses[letter])
        for period, letter in zip(schedule.periods, row, strict=True)
        if letter in uses
    }
    return Availability(zone="UTC", calendar=calendar, timetable=Timetable(cells=cells))


def clock(minutes: str) -> datetime:
    hour, minute = minutes.split(":")
    return START + timedelta(hours=int(hour), minutes=int(minute))


def test_whole_shared_periods_by_cost() -> None:
    people = {ANA: teacher(NORTH, "L.PL"), BEN: teacher(NORTH, "L.P.")}
    slots = common_slots(people, START, START + DAY)
    assert [(slot.start, slot.partial) for slot in slots] == [
        (clock("9:40"), False),
        (clock("8:50"), False),
    ]
    assert slots[0].costs == {ANA: Cost.PLANNING, BEN: Cost.PLANNING}
    assert slots[1].costs == {ANA: Cost.BORDER_GAP, BEN: Cost.STAY_LONGER}
    assert slots[1].periods == {ANA: "P2", BEN: "P2"}


def test_partial_overlaps_of_two_schools() -> None:
    people = {ANA: teacher(NORTH, "L.LL"), BEN: teacher(SOUTH, "L.L")}
    (slot,) = common_slots(people, START, START + DAY)
    assert (slot.start, slot.end, slot.partial) == (clock("9:00"), clock("9:35"), True)
    assert common_slots(people, START, START + DAY, min_minutes=36) == []
    # P1 of 45 minutes lies whole in H1 of 60: for Ben it is a part.
    (slot,) = common_slots(
        {ANA: teacher(NORTH, ".LLL"), BEN: teacher(SOUTH, ".LL")}, START, START + DAY
    )
    assert (slot.end, slot.partial) == (clock("8:45"), True)


def test_parts_in_a_row_are_one_slot() -> None:
    tight = "A1 08:00-08:40\nA2 08:40-09:20\nA3 09:20-10:00"
    people = {ANA: teacher(tight, "L.."), BEN: teacher(SOUTH, "L.L")}
    (slot,) = common_slots(people, START, START + DAY)
    assert (slot.start, slot.end) == (clock("9:00"), clock("10:00"))
    assert slot.periods == {ANA: "A2, A3", BEN: "H2"}
    assert slot.costs[ANA] == Cost.STAY_MUCH_LONGER


def test_a_whole_short_period_counts_a_short_overlap_does_not() -> None:
    short = "Meet 07:00-07:10\nP1 07:10-08:00"
    both = {ANA: teacher(short, ".L"), BEN: teacher(short, ".L")}
    assert len(common_slots(both, START, START + DAY)) == 1
    hours = Availability(zone="UTC", hours=parse_weekly_hours("Mon 9:00-10:00"))
    later = replace(hours, hours=parse_weekly_hours("Mon 9:50-12:00"))
    assert common_slots({ANA: hours, BEN: later}, START, START + DAY) == []


def test_teachers_and_people_with_weekly_hours() -> None:
    hours = Availability(zone="UTC", hours=parse_weekly_hours("Mon 8:00-10:00"))
    slots = common_slots({ANA: teacher(NORTH, "L..L"), BEN: hours}, START, START + DAY)
    assert [(slot.start, slot.end, slot.partial) for slot in slots] == [
        (clock("8:50"), clock("9:35"), False),
        (clock("9:40"), clock("10:00"), True),
    ]
    assert slots[0].periods == {ANA: "P2"}


def test_one_person_and_nobody() -> None:
    ana = teacher(NORTH, "L..L")
    assert len(common_slots({ANA: ana}, START, START + DAY)) == 2
    assert common_slots({}, START, START + DAY) == []


def test_slots_are_clipped_to_the_time_asked_for() -> None:
    (slot,) = common_slots({ANA: teacher(NORTH, "L.LL")}, clock("9:00"), START + DAY)
    assert slot.start == clock("9:00")


def test_hand_offs_follow_one_another() -> None:
    people = {
        ANA: teacher(NORTH, "L..L"),
        BEN: teacher(NORTH, ".LLL"),
        KIM: teacher(NORTH, "LLLL"),
    }
    offer = async_offer(people, START, START + 3 * DAY)
    assert [(member, free.start) for member, free in offer] == [
        (BEN, clock("8:00")),
        (ANA, clock("8:50")),
    ]
    assert async_offer({}, START, START + DAY) == []
    assert len(async_offer({ANA: people[ANA]}, START, START + DAY)) == 1


def test_costs_are_ordered_by_price() -> None:
    assert Cost.PLANNING < Cost.SINGLE_GAP < Cost.BORDER_GAP < Cost.BIG_GAP < Cost.COME_EARLIER
    assert Cost.COME_EARLIER <= Cost.STAY_LONGER
    assert Cost.COME_EARLIER >= Cost.STAY_LONGER
    assert Cost.FREE_DAY > Cost.STAY_MUCH_LONGER
    assert max(Cost, key=lambda cost: cost.price) is Cost.FREE_DAY


def test_the_classes_of_a_day() -> None:
    words = [cost.value if cost else "" for cost in day_costs([0, 0, 1, 0, 1, 0, 0, 1, 0, 0])]  # type: ignore[list-item]
    assert words == [
        "come much earlier",
        "come earlier",
        "",
        "single gap",
        "",
        "border gap",
        "border gap",
        "",
        "stay longer",
        "stay much longer",
    ]
    assert day_costs([True, False, False, False, True])[2] is Cost.BIG_GAP
    assert day_costs([False, False]) == (Cost.FREE_DAY, Cost.FREE_DAY)
    assert day_costs([]) == ()


PERSON = st.one_of(
    st.text("L.P", min_size=4, max_size=4).map(lambda row: teacher(NORTH, row)),
    st.text("L.P", min_size=3, max_size=3).map(lambda row: teacher(SOUTH, row)),
    st.sampled_from(["weekdays 8:20-10:05", "Mon 7-9; Tue after 9"]).map(
        lambda words: Availability(zone="UTC", hours=parse_weekly_hours(words))
    ),
)


@settings(deadline=None, max_examples=examples(80))
@given(st.lists(PERSON, min_size=1, max_size=4))
def test_slots_are_the_minutes_that_all_have_free(persons: list[Availability]) -> None:
    people = {MemberId(str(at)): person for at, person in enumerate(persons)}
    end = START + 2 * DAY
    slots = common_slots(people, START, end, min_minutes=1)
    free = [free_periods(person, START, end) for person in persons]
    for minute in range(0, 2 * 24 * 60, 5):
        at = START + timedelta(minutes=minute)
        expected = all(any(one.start <= at < one.end for one in mine) for mine in free)
        assert any(slot.start <= at < slot.end for slot in slots) == expected
    keys = [
        (max(prices), sum(prices), slot.start - slot.end, slot.start)
        for slot in slots
        for prices in [[cost.price for cost in slot.costs.values()]]
    ]
    assert keys == sorted(keys)
    by_time = sorted(slots, key=lambda slot: slot.start)
    assert all(one.end <= other.start for one, other in pairwise(by_time))
    assert all(set(slot.costs) == set(people) for slot in slots)

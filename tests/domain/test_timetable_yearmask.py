"""Many people's free time by bits, against a comparison period by period with datetimes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import MemberId
from bot.domain.members import Around, Library, LibraryMode, Preferences, QuietHours
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.availability import (
    Availability,
    FreePeriod,
    free_periods,
    next_free_period,
)
from bot.domain.timetable.bells import Bells
from bot.domain.timetable.nexts import next_free_periods
from bot.domain.timetable.period_lines import parse_bell_schedule
from bot.domain.timetable.school import Closure, ClosureKind, SchoolCalendar
from bot.domain.timetable.slots import common_slots, common_times
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import parse_weekly_hours
from bot.domain.timetable.yearmask import worthy_mask, year_mask
from tests.support.examples import examples

FIRST = date(2026, 10, 12)
CYCLE = ("A", "B", "C")
REGULAR = (
    "P1 08:00-08:45\nP2 08:50-09:35\nPause 09:35-10:00 (break)\nP3 10:00-10:45\nP4 10:45-11:30"
)
LATE = "P1 10:00-10:30\nP2 10:30-11:00\nP4 11:05-11:35"
SCHOOL = SchoolCalendar(
    zone="Europe/Berlin",
    cycle=CYCLE,
    first_date=FIRST,
    first_label="A",
    until=FIRST + timedelta(days=27),
    bells=Bells(
        schedules={
            "regular": parse_bell_schedule(REGULAR),
            "late": parse_bell_schedule(LATE, "late"),
        },
        default="regular",
        by_weekday={2: "late"},
        dismissals={date(2026, 10, 16): time(9, 20)},
    ),
    closures=(Closure(start=date(2026, 10, 20), end=date(2026, 10, 20), kind=ClosureKind.PLANNED),),
    labels={date(2026, 10, 18): "B", date(2026, 12, 24): "C"},
)
OTHER = replace(
    SCHOOL,
    zone="Europe/London",
    bells=Bells(schedules={"regular": parse_bell_schedule("H1 07:10-08:40\nH2 08:40-10:10")},
                default="regular"),
)  # fmt: skip
CALENDARS = (SCHOOL, SCHOOL, SCHOOL, OTHER)
START = datetime(2026, 10, 10, tzinfo=UTC)
NAMES = ("P1", "P2", "P3", "P4", "H1", "H2")
PREFERENCES = (
    Preferences(),
    Preferences(library=Library(mode=LibraryMode.FLEXIBLE)),
    Preferences(library=Library(mode=LibraryMode.MIXED, weekdays=(1, 4))),
    Preferences(around=Around(before=20, after=40)),
    Preferences(days=(1, 2, 3, 6, 7)),
    Preferences(quiet=QuietHours(start=time(18), end=time(9))),
    Preferences(quiet=QuietHours(start=time(9), end=time(9, 10))),
)
AWAY = ((), (Absence(first=date(2026, 10, 14), last=date(2026, 10, 22)),))
cells = st.dictionaries(
    st.tuples(st.sampled_from(CYCLE), st.sampled_from(NAMES)),
    st.sampled_from((Use.LESSON, Use.PLANNING, Use.ABSENT, Use.BREAK)).map(lambda u: Cell(use=u)),
    max_size=9,
)
dates = st.integers(0, 27).map(lambda at: FIRST + timedelta(days=at))
dated = st.dictionaries(
    dates,
    st.dictionaries(
        st.sampled_from(NAMES),
        st.sampled_from((Use.LESSON, Use.PLANNING, Use.FREE)).map(lambda u: Cell(use=u)),
        max_size=3,
    ),
    max_size=2,
)
availabilities = st.builds(
    Availability,
    zone=st.sampled_from(("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "Europe/London")),
    calendar=st.sampled_from(CALENDARS),
    timetable=st.builds(Timetable, cells=cells, dated=st.one_of(st.just({}), dated)),
    hours=st.sampled_from((None, None, parse_weekly_hours("Tue 7:30-9:00; Wed after 15:00"))),
    preferences=st.sampled_from((PREFERENCES[0], *PREFERENCES)),
    away=st.sampled_from(AWAY),
)
people = st.lists(st.tuples(availabilities, st.booleans()), min_size=1, max_size=4).map(
    lambda some: {MemberId(f"m{at}"): asked(*one) for at, one in enumerate(some)}
)
moments = st.integers(0, 30 * 24 * 12).map(lambda fives: START + timedelta(minutes=5 * fives))


def asked(one: Availability, before: bool) -> Availability:
    """Return somebody whose mask was made before, if they can have one, or was not."""
    if before:
        year_mask(one)
    return one


def shared(some: dict[MemberId, Availability], start: datetime, end: datetime) -> list[
    tuple[datetime, datetime, tuple[FreePeriod, ...]]
]:  # fmt: skip
    """Return what all have free, every period of each compared with every one of the next."""
    found = [(start, end, ())]
    for one in some.values():
        found = [
            (max(first, period.start), min(last, period.end), (*others, period))
            for first, last, others in found
            for period in free_periods(one, start, end)
            if max(first, period.start) < min(last, period.end)
        ]
    return found


def test_two_schools_share_parts_of_their_periods() -> None:
    """H1 of London, 07:10 to 08:40, is 08:10 to 09:40 in Berlin."""
    ana = Availability(zone="Europe/Berlin", calendar=SCHOOL, timetable=Timetable())
    ben = Availability(
        zone="Europe/London",
        calendar=OTHER,
        timetable=Timetable(cells={("B", "H2"): Cell(use=Use.LESSON)}),
    )
    kim = replace(ana, timetable=Timetable(cells={("B", "P2"): Cell(use=Use.LESSON)}))
    some = {MemberId("ana"): ana, MemberId("ben"): ben, MemberId("kim"): kim}
    for one in some.values():
        assert year_mask(one) is not None
    tuesday = datetime(2026, 10, 13, tzinfo=UTC)
    found = common_slots(some, tuesday, tuesday + timedelta(days=1))
    assert [(one.start.time(), one.end.time(), one.partial) for one in found] == [
        (time(6, 10), time(6, 45), True)
    ]
    assert dict(found[0].periods) == {"ana": "P1", "ben": "H1", "kim": "P1"}
    assert list(found[0].costs) == list(some), "in the order of the people"


@settings(max_examples=examples(300), deadline=None)
@given(people, moments, st.integers(0, 40 * 24 * 60))
def test_what_all_have_free(
    some: dict[MemberId, Availability], start: datetime, minutes: int
) -> None:
    end = start + timedelta(minutes=minutes)
    wanted = shared(some, start, end)
    found = common_times(some, start, end)
    assert found == [(int(a.timestamp()), int(b.timestamp())) for a, b, _ in wanted]
    whole = {
        (slot.start, slot.end): (dict(slot.costs), dict(slot.periods))
        for slot in common_slots(some, start, end, 0)
    }
    for first, last, periods in wanted:
        if all((p.start, p.end) == (first, last) for p in periods) and (first, last) in whole:
            costs, names = whole[first, last]
            assert costs == dict(zip(some, (p.cost for p in periods), strict=True))
            told = zip(some, (p.period for p in periods), strict=True)
            assert names == {member: name for member, name in told if name is not None}
    covered = [
        (one.start, one.end)
        for one in sorted(common_slots(some, start, end, 0), key=lambda s: s.start)
    ]
    for first, last, _ in wanted:
        assert any(a <= first and last <= b for a, b in covered)
    assert sum((b - a for a, b in covered), timedelta()) == sum(
        (b - a for a, b, _ in wanted), timedelta()
    )


@settings(max_examples=examples(300), deadline=None)
@given(people, moments, st.one_of(st.none(), st.integers(-60, 9999)))
def test_the_next_free_period_of_each(
    some: dict[MemberId, Availability], after: datetime, minutes: int | None
) -> None:
    before = None if minutes is None else after + timedelta(minutes=minutes)
    wanted = {who: next_free_period(one, after, before) for who, one in some.items()}
    known = {who: period for who, period in wanted.items() if period is not None}
    assert next_free_periods(some, after, before) == known


def test_a_mask_is_worked_out_once_and_anew_when_anything_changed() -> None:
    ana = Availability(zone="Europe/Berlin", calendar=SCHOOL, timetable=Timetable())
    mask = year_mask(ana)
    assert mask is not None
    assert year_mask(replace(ana)) is mask
    away = replace(ana, away=AWAY[1])
    changed = year_mask(away)
    assert changed is not None
    assert changed.bits.bit_count() < mask.bits.bit_count()
    assert year_mask(replace(ana, zone="Asia/Tokyo")) is None
    assert year_mask(replace(ana, preferences=PREFERENCES[-1])) is None


def test_a_mask_is_made_for_long_times_and_for_whoever_is_asked_about_often() -> None:
    ana = Availability(zone="Europe/Berlin", calendar=SCHOOL, timetable=Timetable())
    assert [worthy_mask(ana, 3600) is None for _ in range(5)] == [True, True, True, False, False]
    ben = replace(ana, timetable=Timetable())
    assert worthy_mask(ben, 50 * 86400) is not None
    assert worthy_mask(ben, 3600) is not None
    assert worthy_mask(replace(ana, timetable=None), 50 * 86400) is None


def test_a_calendar_without_clock_times_has_no_masks() -> None:
    untimed = replace(SCHOOL, bells=Bells(
        schedules={"r": parse_bell_schedule("P1\nP2", "r")}, default="r"))  # fmt: skip
    ana = Availability(zone="Europe/Berlin", calendar=untimed, timetable=Timetable())
    assert year_mask(ana) is None
    assert common_times({}, START, START) == []


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(cells, min_size=1, max_size=4), st.integers(0, 50))
def test_slots_of_one_school_are_ranked_as_all_others_are(
    tables: list[dict[tuple[str, str], Cell]], minutes: int
) -> None:
    some = {
        MemberId(f"m{at}"): asked(
            Availability(zone="Europe/Berlin", calendar=SCHOOL, timetable=Timetable(cells=own)),
            before=True,
        )
        for at, own in enumerate(tables)
    }
    start = datetime(2026, 10, 12, 6, tzinfo=UTC) + timedelta(minutes=minutes)
    found = common_slots(some, start, start + timedelta(days=40))
    ranks = []
    for slot in found:
        prices = [cost.price for cost in slot.costs.values()]
        ranks.append((max(prices), sum(prices), slot.start - slot.end, slot.start))
        assert list(slot.costs) == list(slot.periods) == list(some)
        assert slot.costs == dict(slot.costs)
        assert repr(slot.periods) == repr(dict(slot.periods))
    assert ranks == sorted(ranks)
    whole = {
        (first, last): [(period.cost, period.period) for period in periods]
        for first, last, periods in shared(some, start, start + timedelta(days=40))
        if first != start
    }
    told = {
        (slot.start, slot.end): list(zip(slot.costs.values(), slot.periods.values(), strict=True))
        for slot in found
        if slot.start != start
    }
    assert told == whole

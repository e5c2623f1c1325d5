from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.members import Preferences, QuietHours
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.availability import (
    Availability,
    FreePeriod,
    free_periods,
    has_times,
    next_free_period,
)
from bot.domain.timetable.bells import Bells, Period
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.period_lines import parse_bell_schedule
from bot.domain.timetable.school import Closure, ClosureKind, SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import parse_weekly_hours
from tests.support.bells import one_schedule
from tests.support.examples import examples

MONDAY = date(2026, 9, 7)
DAY_BELLS = parse_bell_schedule(
    "P1 08:00-08:45\nP2 08:50-09:35\nRecess 09:35-09:55 (break)\nP3 09:55-10:40\nP4 10:45-11:30"
)
BELLS = Bells(schedules={"regular": DAY_BELLS}, default="regular")
LESSON = Cell(use=Use.LESSON)


def calendar(**changes: object) -> SchoolCalendar:
    plain = SchoolCalendar(
        zone="Europe/London",
        cycle=("A", "B"),
        first_date=MONDAY,
        first_label="A",
        until=MONDAY + timedelta(weeks=20),
        bells=BELLS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def cells(text: str) -> Timetable:
    """ "A: L.PX" is lesson, free, planning, absent in P1 to P4 of day A."""
    uses = {
        "L": Use.LESSON,
        "D": Use.DUTY,
        "P": Use.PLANNING,
        "X": Use.ABSENT,
        "K": Use.BREAK,
    }
    found = {}
    for part in text.split():
        label, row = part.split(":")
        for at, letter in enumerate(row, 1):
            if letter in uses:
                found[label, f"P{at}"] = Cell(use=uses[letter])
    return Timetable(cells=found)


def teacher(text: str, **changes: object) -> Availability:
    plain = Availability(zone="Europe/London", calendar=calendar(), timetable=cells(text))
    return replace(plain, **changes)  # type: ignore[arg-type]


def london(day: int, at: str) -> datetime:
    wall = datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(at))
    return wall.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def told(found: FreePeriod | None) -> tuple[str | None, str | None, Cost] | None:
    return None if found is None else (found.label, found.period, found.cost)


def test_the_next_free_period_is_the_one_free_period_of_an_a_day() -> None:
    rosa = teacher("A:LL.L B:LLLL")
    found = next_free_period(rosa, london(1, "07:00"))
    assert found is not None
    assert told(found) == ("A", "P3", Cost.BORDER_GAP)
    assert (found.start, found.end) == (london(2, "09:55"), london(2, "10:40"))
    assert found.day == MONDAY + timedelta(days=2)


def test_a_period_that_has_begun_is_given_from_now_on() -> None:
    found = next_free_period(teacher("A:LL.L B:LLLL"), london(0, "10:10"))
    assert found is not None
    assert found.start == london(0, "10:10")
    later = next_free_period(teacher("A:LL.L B:LLLL"), london(0, "10:40"))
    assert later is not None
    assert later.day == MONDAY + timedelta(days=2)


def test_one_timetable_follows_the_bells_of_each_calendar() -> None:
    mine = cells("A:LL.L B:LLLL")
    later = parse_bell_schedule("P1 10:00-10:45\nP2 10:50-11:35\nP3 11:40-12:25\nP4 12:30-13:15")
    bells = Bells(schedules={"regular": later}, default="regular")
    for _ in range(2):
        for school, start in ((calendar(), "09:55"), (calendar(bells=bells), "11:40")):
            rosa = Availability(zone="Europe/London", calendar=school, timetable=mine)
            found = next_free_period(rosa, london(0, "07:00"))
            assert found is not None
            assert (found.period, found.start) == ("P3", london(0, start))


def test_snow_moves_it_to_the_next_such_day() -> None:
    snow = Closure(
        start=MONDAY + timedelta(days=1),
        end=MONDAY + timedelta(days=1),
        kind=ClosureKind.UNPLANNED,
    )
    rosa = teacher("A:LLLL B:L.LL", calendar=calendar(closures=(snow,)))
    found = next_free_period(rosa, london(0, "12:00"))
    assert found is not None
    assert found.start == london(2, "08:50")


def test_nothing_begins_at_or_after_the_due_time() -> None:
    rosa = teacher("A:LL.L B:LLLL")
    assert next_free_period(rosa, london(0, "08:00"), london(0, "09:55")) is None
    assert next_free_period(rosa, london(0, "08:00"), london(0, "09:56")) is not None
    assert next_free_period(teacher("A:LLLL B:LLLL"), london(0, "08:00")) is None
    assert next_free_period(rosa, london(0, "10:00"), london(0, "10:00")) is None


def test_costs_of_a_day_and_what_is_never_free() -> None:
    found = free_periods(teacher("A:PL.D B:X.K."), london(0, "00:00"), london(2, "00:00"))
    assert [told(one) for one in found] == [
        ("A", "P1", Cost.PLANNING),
        ("A", "P3", Cost.BORDER_GAP),
        ("B", "P2", Cost.FREE_DAY),
        ("B", "P4", Cost.FREE_DAY),
    ]


def test_the_break_of_the_bells_is_an_ordinary_empty_neighbour() -> None:
    found = free_periods(teacher("A:L..L"), london(0, "00:00"), london(1, "00:00"))
    assert [one.cost for one in found] == [Cost.BORDER_GAP, Cost.BORDER_GAP]


def test_free_periods_are_clipped() -> None:
    found = free_periods(teacher("A:.LLL"), london(0, "08:10"), london(0, "08:30"))
    assert [(one.start, one.end) for one in found] == [(london(0, "08:10"), london(0, "08:30"))]


def test_away_and_own_days() -> None:
    away = teacher("A:LL.L B:LL.L", away=(Absence(first=MONDAY, last=MONDAY + timedelta(days=2)),))
    found = next_free_period(away, london(0, "06:00"))
    assert found is not None
    assert found.day == MONDAY + timedelta(days=3)
    part_time = replace(away, away=(), preferences=Preferences(days=(5,)))
    found = next_free_period(part_time, london(0, "06:00"))
    assert found is not None
    assert found.day == MONDAY + timedelta(days=4)


def test_a_school_on_weekends_sets_the_own_days() -> None:
    every_day = calendar(school_weekdays=tuple(range(7)))
    found = next_free_period(teacher("A:LL.L B:LLL.", calendar=every_day), london(5, "00:00"))
    assert found is not None
    assert found.day == MONDAY + timedelta(days=5)
    chosen = Preferences(days=(1, 2, 3, 4, 5, 6))
    strict = teacher("A:LL.L B:LLL.", calendar=every_day, preferences=chosen)
    found = next_free_period(strict, london(6, "00:00"))
    assert found is not None
    assert found.day == MONDAY + timedelta(days=7)


def test_working_hours_where_nobody_told_anything() -> None:
    plain = Availability(zone="America/New_York")
    found = next_free_period(plain, datetime(2026, 9, 5, 12, tzinfo=UTC))
    assert found is not None
    assert found.start == datetime(2026, 9, 7, 13, tzinfo=UTC)
    assert found.end == datetime(2026, 9, 7, 21, tzinfo=UTC)
    assert told(found) == (None, None, Cost.OWN_HOURS)
    assert has_times(plain)


def test_closures_hold_for_people_without_a_timetable() -> None:
    shut = Closure(start=MONDAY, end=MONDAY, kind=ClosureKind.PLANNED)
    plain = Availability(zone="Europe/London", calendar=calendar(closures=(shut,)))
    found = next_free_period(plain, london(0, "00:00"))
    assert found is not None
    assert found.start == london(1, "09:00")


def test_hours_in_words_set_their_own_days_and_end_at_quiet_hours() -> None:
    hours = parse_weekly_hours("Sun after 18:00")
    found = next_free_period(Availability(zone="Europe/London", hours=hours), london(0, "00:00"))
    assert found is not None
    assert (found.start, found.end) == (london(6, "18:00"), london(6, "20:00"))
    chosen = Availability(zone="Europe/London", hours=hours, preferences=Preferences(days=(1, 2)))
    assert next_free_period(chosen, london(0, "00:00")) is None


def test_hours_beside_a_timetable_count_outside_the_bells() -> None:
    hours = parse_weekly_hours("Mon 8-13")
    both = teacher("A:LLL. B:LLLL", hours=hours)
    found = free_periods(both, london(0, "00:00"), london(1, "00:00"))
    assert [(one.period, one.start) for one in found] == [
        ("P4", london(0, "10:45")),
        (None, london(0, "11:30")),
    ]


def test_a_member_in_another_zone_than_the_school() -> None:
    night = Preferences(quiet=QuietHours(start=time(20), end=time(7)))
    remote = teacher("A:.... B:LLLL", zone="America/New_York", preferences=night)
    found = free_periods(remote, london(0, "00:00"), london(1, "00:00"))
    # 07:00 in New York is 12:00 in London: the school's day is over.
    assert found == []
    early = replace(remote, preferences=Preferences(quiet=QuietHours(start=time(20), end=time(5))))
    found = free_periods(early, london(0, "00:00"), london(1, "00:00"))
    assert [one.start for one in found] == [london(0, "10:00"), london(0, "10:45")]
    quiet_noon = QuietHours(start=time(5, 10), end=time(5, 20))
    midday = replace(remote, preferences=Preferences(quiet=quiet_noon))
    assert len(free_periods(midday, london(0, "00:00"), london(1, "00:00"))) == 5


def test_periods_without_times_cannot_be_placed() -> None:
    untimed = calendar(bells=one_schedule([Period(name="P1"), Period(name="P2")]))
    lost = teacher("A:L. B:..", calendar=untimed)
    assert not has_times(lost)
    assert has_times(teacher(""))
    with pytest.raises(InvalidInput, match="“P1” has no clock times"):
        next_free_period(lost, london(0, "00:00"))


def test_a_timetable_needs_a_calendar_and_everybody_a_zone() -> None:
    with pytest.raises(InvalidInput, match="no school calendar"):
        Availability(zone="Europe/London", timetable=Timetable())
    with pytest.raises(InvalidInput, match="no time zone"):
        Availability(zone="Moon/Base")


def test_wall_time_holds_across_clock_changes() -> None:
    hours = parse_weekly_hours("Sun 0:30-3:30")
    plain = Availability(
        zone="Europe/London",
        hours=hours,
        preferences=Preferences(quiet=QuietHours(start=time(22), end=time(22))),
    )
    spring = free_periods(
        plain, datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 3, 29, tzinfo=UTC)
    )
    assert [one.end - one.start for one in spring] == [timedelta(hours=2)]
    autumn = free_periods(
        plain, datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)
    )
    assert [one.end - one.start for one in autumn] == [timedelta(hours=4)]


LETTERS = st.text("L.PXDK", min_size=4, max_size=4)
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
QUIET = st.builds(
    QuietHours, start=st.builds(time, st.integers(0, 23)), end=st.builds(time, st.integers(0, 23))
)
DAYS = st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days)))
WORDS = st.sampled_from(["", "weekdays after 16:00", "Mon, Sun 7-12; Tue 22:00-24:00"])


@st.composite
def people(draw: st.DrawFn) -> Availability:
    at = MONDAY + timedelta(days=draw(st.integers(0, 70)))
    shut = Closure(start=at, end=at + timedelta(days=2), kind=ClosureKind.PLANNED)
    words = draw(WORDS)
    school = draw(st.booleans())
    return Availability(
        zone=draw(ZONES),
        calendar=calendar(closures=(shut,), school_weekdays=draw(DAYS.map(tuple_minus_one)))
        if school
        else None,
        timetable=cells(f"A:{draw(LETTERS)} B:{draw(LETTERS)}") if school else None,
        hours=parse_weekly_hours(words) if words else None,
        preferences=Preferences(days=draw(DAYS), quiet=draw(QUIET)),
        away=(Absence(first=at + timedelta(days=4), last=at + timedelta(days=5)),),
    )


def tuple_minus_one(days: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(day - 1 for day in days)


def inside(at: time, start: time, end: time) -> bool:
    return start <= at and (at < end or end == time(0))


def free_at(one: Availability, moment: datetime) -> bool:
    """Whether a single minute is free, by the words of the rules."""
    own = moment.astimezone(ZoneInfo(one.zone))
    day, at = own.date(), own.time()
    if quiet_at(one.preferences.quiet, at) or any(a.first <= day <= a.last for a in one.away):
        return False
    named = [s for s in one.hours.spans if s[0] == day.weekday()] if one.hours else []
    default = one.preferences.days == (1, 2, 3, 4, 5)
    school_day = one.calendar is not None and one.calendar.label_on(day) is not None
    if day.isoweekday() not in one.preferences.days and not (default and (named or school_day)):
        return False
    if one.calendar is None:
        if one.hours is None:
            return time(9) <= at < time(17)
        return any(inside(at, start, end) for _, start, end in named)
    return free_at_school(one, one.calendar, moment) or (
        any(inside(at, start, end) for _, start, end in named)
        and not one.calendar.closed_on(day)
        and not in_bells(one.calendar, moment)
    )


def in_bells(school: SchoolCalendar, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(school.zone))
    within = time(8) <= local.time() < time(11, 30)
    return within and school.label_on(local.date()) is not None


def free_at_school(one: Availability, school: SchoolCalendar, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(school.zone))
    label = school.label_on(local.date())
    if label is None or one.timetable is None:
        return False
    for period in DAY_BELLS.periods:
        if period.start and period.end and period.start <= local.time() < period.end:
            use = one.timetable.cell(label, period.name).use
            return not period.is_break and use in {Use.FREE, Use.PLANNING}
    return False


@settings(deadline=None, max_examples=examples(60))
@given(people(), st.integers(0, 70 * 24 * 60))
def test_free_time_agrees_with_a_look_at_every_minute(one: Availability, at: int) -> None:
    start = datetime(2026, 9, 7, tzinfo=UTC) + timedelta(minutes=at)
    end = start + timedelta(days=2)
    found = free_periods(one, start, end)
    minutes = [start + timedelta(minutes=m) for m in range(0, 2 * 24 * 60, 5)]
    free = [any(f.start <= m < f.end for f in found) for m in minutes]
    assert free == [free_at(one, m) for m in minutes]
    assert [f.start for f in found] == sorted(f.start for f in found)
    coming = next_free_period(one, start, end)
    assert (coming and coming.start) == (found[0].start if found else None)


def quiet_at(hours: QuietHours, at: time) -> bool:
    """Tell whether a wall time lies in the quiet hours (start included)."""
    if hours.start <= hours.end:
        return hours.start <= at < hours.end
    return at >= hours.start or at < hours.end

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.ids import ItemId, PlanId
from bot.domain.members import Nudges, Preferences
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.domain.reminders.free_times import free_now
from bot.domain.reminders.marks import Heard, heard, mark, told_in
from bot.domain.reminders.nudging import (
    GRACE,
    Owed,
    decide,
    next_message,
    owed,
)
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.availability import Availability, next_free_period
from bot.domain.timetable.school import Closure, ClosureKind
from bot.domain.timetable.timetable import Cell, Timetable, Use
from tests.support.examples import examples
from tests.support.pace import stretched
from tests.support.teaching_team import CALENDAR, PERIODS, ROSAS, ZONE, at, busy_but

ROSA = Availability(zone=ZONE, calendar=CALENDAR, timetable=ROSAS)
MONDAY = at(2, 6)


def thing(day: int, name: str = "answer:a:", plan: str = "p") -> Owed:
    return Owed(plan=PlanId(plan), thing=name, due=date(2026, 11, day))


def with_nudges(nudges: Nudges, who: Availability = ROSA) -> Availability:
    return replace(who, preferences=Preferences(nudges=nudges))


def with_days(*days: int) -> Availability:
    return replace(ROSA, preferences=Preferences(days=days))


def marks(one: Owed, *instants: datetime) -> list[str]:
    return [mark(one.key, instant, instant.isoformat()) for instant in instants]


def test_first_in_the_first_free_period_of_the_due_day() -> None:
    assert next_message(ROSA, [thing(4)], [], MONDAY) == at(4, 11, 20)


def test_the_last_free_period_before_when_the_day_has_none() -> None:
    none_on_b = replace(ROSA, timetable=busy_but({"A": "5"}))
    assert next_message(none_on_b, [thing(5)], [], MONDAY) == at(4, 11, 20)


def test_nobody_with_nothing_dated_is_reminded() -> None:
    undated = Waiting(kind=WaitingKind.ANSWER, step="a", what="text")
    assert owed(PlanId("p"), [undated], ZONE) == ()
    assert next_message(ROSA, [], [], MONDAY) is None


def test_fields_of_one_step_are_one_thing() -> None:
    first = Waiting(kind=WaitingKind.ANSWER, step="a", what="x", due=date(2026, 11, 5))
    second = replace(first, what="y", due=date(2026, 11, 4))
    assert owed(PlanId("p"), [first, second], ZONE) == (thing(4),)


def test_of_a_session_in_the_last_free_period_before_it_begins() -> None:
    def ahead(start: datetime) -> Owed:
        meet = Waiting(kind=WaitingKind.MEET, item=ItemId("s"), at=start)
        (one,) = owed(PlanId("p"), [meet], ZONE)
        return one

    late, early, at_once = ahead(at(4, 14)), ahead(at(4, 9)), ahead(at(4, 11, 25))
    assert next_message(ROSA, [late], [], MONDAY) == at(4, 11, 20), "that day"
    assert next_message(ROSA, [early], [], MONDAY) == at(3, 8, 50), "the day before"
    assert next_message(ROSA, [at_once], [], MONDAY) == at(3, 8, 50), "time to get there"
    assert next_message(ROSA, [late], [], at(4, 13)) is None, "no free period before it any more"
    assert next_message(ROSA, [late], marks(late, at(4, 11, 20)), at(4, 11, 30)) is None, "once"


def test_of_a_session_after_the_school_year_however_long_before_it_was_agreed() -> None:
    over = replace(ROSA, calendar=replace(CALENDAR, until=date(2026, 11, 13)))
    session = Owed(plan=PlanId("p"), thing="meet::s", due=date(2026, 11, 18), ahead=at(18, 19))
    for now in (MONDAY, at(13, 7), at(14, 12), at(17, 18)):
        assert next_message(over, [session], [], now) == at(18, 9), "working hours of that day"
    assert decide(over, [session], [], at(18, 9)).say == (session,)


@settings(max_examples=examples(300))
@each(
    st.sampled_from([ROSAS, busy_but({}), busy_but({"A": "5"}), None]),
    st.integers(0, 40),
    st.integers(0, 25 * 24 * 60),
    st.floats(0, 0.99),
    st.floats(0, 0.99),
)
def test_of_a_session_is_planned_the_same_whenever_it_is_asked(
    timetable: Timetable | None, school_days: int, begins: int, early: float, later: float
) -> None:
    until = date(2026, 11, 2) + timedelta(days=school_days)
    who = replace(ROSA, calendar=replace(CALENDAR, until=until), timetable=timetable)
    start = MONDAY + timedelta(minutes=begins)
    day = start.astimezone(ZoneInfo(ZONE)).date()
    session = Owed(plan=PlanId("p"), thing="meet::s", due=day, ahead=start)
    asked = MONDAY + (start - MONDAY) * early
    planned = next_message(who, [session], [], asked)
    if planned is None or planned > asked + GRACE:
        again = asked + ((planned or start) - asked) * later
        assert next_message(who, [session], [], again) == planned


def test_too_late_for_the_due_day_means_the_next_free_period() -> None:
    assert next_message(ROSA, [thing(4)], [], at(4, 13)) == at(5, 8, 50)
    assert next_message(ROSA, [thing(2)], [], at(4, 13)) == at(5, 8, 50)


def test_who_is_free_when_it_begins_to_wait_gets_a_moment_of_grace() -> None:
    now = at(4, 11, 30)
    assert next_message(ROSA, [thing(4)], [], now) == now + GRACE
    near_the_end = at(4, 12, 4)
    due_at = next_message(ROSA, [thing(4)], [], near_the_end)
    assert due_at is not None
    assert near_the_end <= due_at < at(4, 12, 5)


def test_one_follow_up_on_a_school_day_after_then_never_again() -> None:
    one = thing(4)
    first = at(4, 11, 20)
    assert next_message(ROSA, [one], marks(one, first), first) == at(5, 8, 50)
    both = marks(one, first, at(5, 8, 50))
    assert next_message(ROSA, [one], both, at(5, 9)) is None


def test_the_follow_up_skips_weekends_and_closures() -> None:
    one, friday = thing(6), at(6, 11, 20)
    snow = Closure(start=date(2026, 11, 9), end=date(2026, 11, 9), kind=ClosureKind.UNPLANNED)
    closed = replace(ROSA, calendar=replace(CALENDAR, closures=(snow,)))
    found = next_message(closed, [one], marks(one, friday), friday)
    assert found == at(10, 8, 50), "Monday is closed, and its B-day moves to Tuesday"


def test_hundreds_of_things_of_who_is_free_on_no_school_day_take_no_time() -> None:
    sunday = with_days(7)
    things = [thing(4, f"answer:{number}:") for number in range(300)]
    told = [one for each in things for one in marks(each, MONDAY)]
    began = process_time()
    assert next_message(sunday, things, told, MONDAY) is None
    assert process_time() - began < stretched(0.5), "each of them takes a hundredth of a second"


def test_a_late_first_reminder_is_not_followed_up_on_the_same_day() -> None:
    one = thing(2)
    late = at(4, 11, 20)
    assert next_message(ROSA, [one], marks(one, late), late) == at(5, 8, 50)


@pytest.mark.parametrize(("nudges", "count"), [(Nudges.OFF, 0), (Nudges.LIGHT, 1)])
def test_off_and_light(nudges: Nudges, count: int) -> None:
    who, one, said = with_nudges(nudges), thing(4), list[str]()
    now, messages = MONDAY, 0
    while (due_at := next_message(who, [one], said, now)) is not None:
        verdict = decide(who, [one], said, due_at)
        messages += bool(verdict.say)
        said += [mark(o.key, due_at, "x") for o in verdict.say]
        now = due_at
    assert messages == count


def test_everything_due_before_the_period_ends_is_one_message() -> None:
    things = [thing(4), thing(4, "answer:b:"), thing(3, "answer:c:", "q"), thing(5, "answer:d:")]
    verdict = decide(ROSA, things, marks(things[2], at(3, 8, 50)), at(4, 11, 21))
    assert set(verdict.say) == set(things[:3])
    assert verdict.next_at == at(5, 8, 50), "the thing of the fifth and the follow-ups"


def test_a_claim_outside_of_free_time_says_nothing_and_moves_on() -> None:
    for late in (at(4, 12, 5), at(4, 12, 30), at(4, 20)):
        verdict = decide(ROSA, [thing(4)], [], late)
        assert verdict.say == ()
        assert verdict.next_at == at(5, 8, 50)


def test_a_small_delay_within_the_period_does_no_harm() -> None:
    assert decide(ROSA, [thing(4)], [], at(4, 12, 4)).say == (thing(4),)


def test_closure_on_the_due_day_means_the_last_free_period_before() -> None:
    snow = Closure(start=date(2026, 11, 4), end=date(2026, 11, 4), kind=ClosureKind.UNPLANNED)
    closed = replace(ROSA, calendar=replace(CALENDAR, closures=(snow,)))
    assert next_message(closed, [thing(4)], [], MONDAY) == at(3, 8, 50)


def test_while_away_nothing_comes_and_on_return_it_does() -> None:
    away = replace(ROSA, away=(Absence(first=date(2026, 10, 26), last=date(2026, 11, 5)),))
    assert next_message(away, [thing(4)], [], MONDAY) == at(6, 11, 20)


def test_a_cycle_of_seven_days() -> None:
    cycle = tuple("1234567")
    calendar = replace(CALENDAR, cycle=cycle, first_label="1")
    cells = {
        (label, p.name): cell
        for label in cycle
        for (old, name), cell in ROSAS.cells.items()
        if old == "A"
        for p in PERIODS
        if p.name == name
    }
    only_three = replace(ROSAS, cells={**cells, **{(d, "5"): cells["1", "1"] for d in "124567"}})
    who = replace(ROSA, calendar=calendar, timetable=only_three)
    assert next_message(who, [thing(5)], [], MONDAY) == at(4, 11, 20)
    follow_up = next_message(who, [thing(5)], marks(thing(5), at(4, 11, 20)), at(5, 9))
    assert follow_up == at(13, 11, 20), "the next third day, nine days on"


def test_never_free_at_school_means_working_hours_outside_of_the_bells() -> None:
    busy = replace(ROSA, timetable=busy_but({}))
    due_at = next_message(busy, [thing(4)], [], MONDAY)
    assert due_at == at(4, 14, 35), "the last bell"
    assert decide(busy, [thing(4)], [], at(4, 15)).say == (thing(4),)


def test_free_in_some_weeks_only_means_those_weeks_and_no_evening() -> None:
    calendar = replace(CALENDAR, cycle=tuple("1234567890"), first_label="1")
    taught = {(d, p.name): Cell(use=Use.LESSON) for d in calendar.cycle for p in PERIODS}
    del taught["9", "5"]
    seldom = replace(ROSA, calendar=calendar, timetable=Timetable(cells=taught))
    assert next_message(seldom, [thing(5)], [], MONDAY) == at(12, 11, 20), "the ninth day"
    assert free_now(seldom, at(5, 15)) is None, "after the last bell"
    assert decide(seldom, [thing(5)], [], at(5, 15)).say == ()


def test_who_is_never_free_at_school_is_reminded_of_a_session_outside_of_the_bells() -> None:
    busy = replace(ROSA, timetable=busy_but({}))
    meet = Waiting(kind=WaitingKind.MEET, item=ItemId("s"), at=at(4, 16))
    assert next_message(busy, owed(PlanId("p"), [meet], ZONE), [], MONDAY) == at(4, 14, 35)


def test_who_has_no_own_days_is_never_reminded() -> None:
    never = replace(ROSA, preferences=Preferences(days=()))
    assert next_message(never, [thing(4)], [], MONDAY) is None
    assert decide(never, [thing(4)], [], at(4, 11, 21)).next_at is None


def test_without_a_timetable_working_hours_of_the_own_zone() -> None:
    tokyo = Availability(zone="Asia/Tokyo")
    assert next_message(tokyo, [thing(4)], [], MONDAY) == at(4, 9, zone="Asia/Tokyo")


def test_the_summer_does_not_swallow_a_reminder() -> None:
    away = Availability(zone=ZONE, away=(Absence(first=date(2026, 6, 1), last=date(2026, 9, 15)),))
    one = replace(thing(1), due=date(2026, 6, 10))
    assert next_message(away, [one], [], at(2, 9, month=6)) == at(16, 9, month=9)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/New_York", date(2026, 10, 30), date(2026, 11, 2)),
        ("America/New_York", date(2027, 3, 12), date(2027, 3, 15)),
        ("Europe/London", date(2026, 10, 23), date(2026, 10, 26)),
        ("Europe/London", date(2027, 3, 26), date(2027, 3, 29)),
    ],
)
def test_wall_time_is_kept_across_clock_changes(zone: str, before: date, after: date) -> None:
    calendar = replace(CALENDAR, zone=zone, first_date=date(2026, 10, 1))
    who = Availability(zone=zone, calendar=calendar, timetable=busy_but({"A": "5", "B": "5"}))
    for day in (before, after):
        due_at = next_message(who, [replace(thing(1), due=day)], [], MONDAY - timedelta(days=30))
        assert due_at is not None
        assert due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(
            day, time(11, 20)
        )


def test_marks_tell_when_and_in_which_message() -> None:
    one = thing(4, "responsibility::id1")
    early, late = at(4, 11, 20), at(5, 8, 50)
    keys = [mark(one.key, late, "second"), mark(one.key, early, "first"), "somebody else's key"]
    keys += ["no instant@20261104/x", "nor this@tomorrow/x"]
    assert heard(keys) == {one.key: Heard(counted=(early, late))}
    assert told_in(keys, "second") == {one.key}
    assert told_in(keys, "first") == frozenset(), "the later message speaks about it"


days = st.integers(1, 28)


@settings(deadline=None, max_examples=examples(120))
@each(
    st.lists(st.tuples(days, st.sampled_from("abc")), max_size=4, unique_by=lambda x: x[1]),
    st.dictionaries(st.sampled_from("AB"), st.sampled_from("12345678"), max_size=2),
    st.sampled_from(["America/New_York", "Europe/London", "Asia/Tokyo", "Pacific/Auckland"]),
    st.lists(st.integers(0, 90), min_size=0, max_size=40),
)
def test_never_in_a_lesson_and_never_more_than_twice(
    due: list[tuple[int, str]], free: dict[str, str], zone: str, delays: list[int]
) -> None:
    """Walk through six weeks, ticking late by any number of minutes."""
    who = Availability(zone=zone, calendar=CALENDAR, timetable=busy_but(free))
    things = [thing(day, name) for day, name in due]
    now, said, days_of = at(1, 6), list[str](), list[tuple[str, date]]()
    for step in range(40):
        due_at = next_message(who, things, said, now)
        if due_at is None:
            break
        assert due_at >= now
        now = due_at + timedelta(minutes=delays[step] if step < len(delays) else 0)
        verdict = decide(who, things, said, now)
        if not verdict.say:
            assert verdict.next_at is None or verdict.next_at > now
            continue
        running = next_free_period(who, now, now + timedelta(seconds=1))
        assert running is not None or not _in_bells(now)
        said += [mark(o.key, now, str(step)) for o in verdict.say]
        days_of += [(o.key, now.astimezone(ZoneInfo(zone)).date()) for o in verdict.say]
    else:
        raise AssertionError("it never comes to an end")
    assert all(len(one.counted) <= 2 for one in heard(said).values())
    assert len(set(days_of)) == len(days_of), "the same thing twice on one day"


def _in_bells(now: datetime) -> bool:
    wall = now.astimezone(ZoneInfo(ZONE))
    school = CALENDAR.label_on(wall.date()) is not None
    return school and time(8) <= wall.time() < time(14, 35)


FAR = [date.min, date.max, date(1, 1, 2), date(9999, 12, 30), date(2027, 8, 1)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", ZONE])
@pytest.mark.parametrize("due", FAR)
def test_no_date_whatever_stops_the_reminders(due: date, zone: str) -> None:
    for who in (replace(ROSA, zone=zone), Availability(zone=zone)):
        everything_is_answered(who, due)


@each(due=st.dates(), taught=st.booleans())
def test_any_date_can_be_reminded_of(due: date, taught: bool) -> None:
    everything_is_answered(ROSA if taught else Availability(zone=ZONE), due)


def everything_is_answered(who: Availability, due: date) -> None:
    far = Owed(plan=PlanId("p"), thing="duty:d", due=due)
    for said in ([], marks(far, MONDAY)):
        found = next_message(who, [far, thing(4)], said, MONDAY)
        verdict = decide(who, [far, thing(4)], said, found or MONDAY)
        assert verdict.say or found is None
        if due.year > 2100:
            assert far not in verdict.say
    if due.year < 2026:
        first = next_message(who, [far], [], MONDAY)
        assert first is not None
        assert first < at(4, 23)

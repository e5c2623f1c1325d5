"""What was put off comes again once, and moves no series."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import PlanId
from bot.domain.members import Nudges, Preferences
from bot.domain.reminders.marks import heard, mark, only_again, spoken_of, told_in
from bot.domain.reminders.nudging import Owed, decide, next_message
from bot.domain.reminders.snoozing import Hold, Snooze, released
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.availability import Availability, next_free_period
from bot.domain.timetable.school import Closure, ClosureKind
from tests.support.examples import examples
from tests.support.teaching_team import BEN, CALENDAR, MAYA, ROSA, ROSAS, ZONE, at

FREE = Availability(zone=ZONE, calendar=CALENDAR, timetable=ROSAS)
PLAN = PlanId("p")


def thing(day: int, name: str = "answer:a:") -> Owed:
    return Owed(plan=PLAN, thing=name, due=date(2026, 11, day))


ONE = thing(4)
FIRST = at(4, 11, 20)
REMINDED = (mark(ONE.key, FIRST, "first"),)


def snoozed(until: datetime | None, one: Owed = ONE) -> dict[str, Snooze]:
    return {one.key: Snooze(key=one.key, plan=PLAN, step=one.step, until=until)}


def heard_at(
    until: datetime | None, who: Availability = FREE, marks: tuple[str, ...] = REMINDED
) -> list[tuple[datetime, bool]]:
    """Return when it is told after it was put off at once, and whether only again."""
    told, keys, left, now = [], list(marks), snoozed(until), FIRST
    while (due_at := next_message(who, [ONE], keys, now, left)) is not None:
        verdict = decide(who, [ONE], keys, due_at, left)
        if verdict.say or verdict.again:
            told.append((due_at, bool(verdict.again)))
        keys += [mark(o.key, due_at, f"{due_at}") for o in verdict.say]
        keys += [mark(o.key, due_at, f"{due_at}", again=True) for o in verdict.again]
        left = {} if verdict.again else left
        now = due_at if due_at > now else due_at + timedelta(minutes=1)
    return told


@pytest.mark.parametrize(
    ("until", "told"),
    [
        # The follow-up is on Thursday, period 2.
        (at(4, 12, 5), [(at(5, 8, 50), True), (at(6, 11, 20), False)]),
        (at(5, 0), [(at(5, 8, 50), True), (at(6, 11, 20), False)]),
        (at(6, 0), [(at(6, 11, 20), True), (at(9, 8, 50), False)]),
        (at(7, 0), [(at(9, 8, 50), True), (at(10, 11, 20), False)]),
        (None, []),
    ],
)
def test_it_comes_again_once_and_the_follow_up_not_on_the_same_day(
    until: datetime | None, told: list[tuple[datetime, bool]]
) -> None:
    assert heard_at(until) == told


def test_a_follow_up_that_lies_behind_stays_where_it_was() -> None:
    early = replace(ONE, due=date(2026, 11, 9))  # reminded of days before
    marks = [mark(early.key, FIRST, "first"), mark(early.key, at(5, 8, 50), "x", again=True)]
    plain = next_message(FREE, [early], marks[:1], at(6, 0))
    assert next_message(FREE, [early], marks, at(6, 0)) == plain == at(10, 11, 20)


def test_after_the_follow_up_it_comes_again_and_then_never() -> None:
    both = (*REMINDED, mark(ONE.key, at(5, 8, 50), "second"))
    assert heard_at(at(9, 0), marks=both) == [(at(9, 8, 50), True)]


@pytest.mark.parametrize(("nudges", "count"), [(Nudges.OFF, 0), (Nudges.LIGHT, 1)])
def test_light_and_off(nudges: Nudges, count: int) -> None:
    who = replace(FREE, preferences=Preferences(nudges=nudges))
    assert len(heard_at(at(6, 0), who)) == count


def test_a_closed_day_and_an_absence_put_it_further_off() -> None:
    snow = Closure(start=date(2026, 11, 6), end=date(2026, 11, 6), kind=ClosureKind.PLANNED)
    closed = replace(FREE, calendar=replace(CALENDAR, closures=(snow,)))
    assert heard_at(at(6, 0), closed)[0][0].date() == date(2026, 11, 9)
    away = Absence(first=date(2026, 11, 5), last=date(2026, 11, 12))
    assert heard_at(at(6, 0), replace(FREE, away=(away,)))[0] == (at(13, 8, 50), True)


def test_what_comes_with_other_things_is_one_message() -> None:
    other = thing(6, "answer:b:")
    verdict = decide(FREE, [ONE, other], REMINDED, at(6, 11, 20), snoozed(at(6, 0)))
    assert (verdict.say, verdict.again) == ((other,), (ONE,))
    early = decide(FREE, [ONE, other], REMINDED, at(6, 11, 20), snoozed(at(6, 12)))
    assert (early.say, early.again) == ((other,), ()), "its time has not come"


def test_a_session_is_not_put_off_until_it_has_begun() -> None:
    meeting = Owed(plan=PLAN, thing="meet::i1", due=date(2026, 11, 6), ahead=at(6, 11, 0))
    assert next_message(FREE, [meeting], [], FIRST, snoozed(at(6, 0), meeting)) is None
    assert next_message(FREE, [meeting], [], FIRST, snoozed(at(5, 0), meeting)) == at(5, 8, 50)


def test_marks_know_what_came_again() -> None:
    marks = [*REMINDED, mark(ONE.key, at(5, 8, 50), "later", again=True)]
    found = heard(marks)[ONE.key]
    assert (found.counted, found.again) == ((FIRST,), (at(5, 8, 50),))
    assert told_in(marks, "later") == spoken_of(marks, "first") == {ONE.key}
    assert told_in(marks, "first") == frozenset()
    assert only_again(marks, "later")
    assert not only_again(marks, "first")


@pytest.mark.parametrize(
    ("step", "act", "free"),
    [
        ("a", Act(kind=ActKind.ANSWER_SAVED, by=MAYA, at=FIRST, step="a"), True),
        ("a", Act(kind=ActKind.COMMENTED, by=MAYA, at=FIRST, step="b"), False),
        ("a", Act(kind=ActKind.ANSWER_SAVED, by=ROSA, at=FIRST, step="a"), False),
        ("a", Act(kind=ActKind.DECIDED, by=MAYA, at=FIRST), False),
        ("", Act(kind=ActKind.DECIDED, by=MAYA, at=FIRST), True),
        ("", Act(kind=ActKind.AWAY, by=MAYA, at=FIRST), False),
        ("", Act(kind=ActKind.UNDONE, by=MAYA, at=FIRST, detail={"kind": "back"}), False),
        ("", Act(kind=ActKind.UNDONE, by=MAYA, at=FIRST, detail={"kind": "decided"}), True),
    ],
)
def test_what_is_held_waits_for_another_partner_there(step: str, act: Act, free: bool) -> None:
    hold = Hold(member=ROSA, snooze=Snooze(key="p:x", plan=PLAN, step=step, until=None))
    assert released(hold, (MAYA, BEN, ROSA), [act]) is free
    assert released(hold, (ROSA,), []), "nobody is left to wait for"


PUT_OFF = st.tuples(st.integers(0, 20 * 96), st.integers(-1, 12))
"""A quarter of an hour at which it is put off, and for how many days; -1: for a partner."""


@settings(max_examples=examples(150))
@given(
    due=st.integers(2, 20),
    puts=st.lists(PUT_OFF, max_size=4),
    acts=st.lists(st.integers(0, 20 * 96), max_size=3),
    away=st.tuples(st.integers(1, 25), st.integers(0, 6)),
    done=st.integers(0, 40 * 96),
)
def test_never_unfree_never_when_done_and_at_most_one_more_for_each_time(
    due: int,
    puts: list[tuple[int, int]],
    acts: list[int],
    away: tuple[int, int],
    done: int,
) -> None:
    """Four weeks in quarters of an hour; the alarm is set as the use cases set it."""
    absence = Absence(
        first=date(2026, 11, away[0]), last=date(2026, 11, away[0]) + timedelta(days=away[1])
    )
    who, one = replace(FREE, away=(absence,)), thing(due)
    keys: list[str] = []
    left: dict[str, Snooze] = {}
    made = 0
    start = at(2, 0)
    for quarter in range(28 * 96):
        now = start + timedelta(minutes=15 * quarter)
        things = [one] if quarter < done else []
        for when, days in puts:
            if when == quarter and keys and things:
                made += one.key not in left
                left = snoozed(None if days < 0 else now + timedelta(days=days), one)
        if quarter in acts and left and left[one.key].until is None:
            left = snoozed(now, one)
        due_at = next_message(who, things, keys, now, left)
        assert due_at is None or due_at >= now
        if due_at is None or due_at > now + timedelta(minutes=14):
            continue
        verdict = decide(who, things, keys, due_at, left)
        if not (verdict.say or verdict.again):
            continue
        period = next_free_period(who, due_at, due_at + timedelta(seconds=1))
        assert period is not None
        assert not absence.covers(due_at.date())
        assert not (verdict.say and left), "nothing is said before what was put off comes"
        today = [h for h in (*heard(keys)[one.key].counted, *heard(keys)[one.key].again)
                 if h.date() == due_at.date()] if keys else []  # fmt: skip
        assert not (verdict.say and today), "no follow-up on a day on which it was heard of"
        keys += [mark(o.key, due_at, f"{due_at}") for o in verdict.say]
        keys += [mark(o.key, due_at, f"{due_at}", again=True) for o in verdict.again]
        left = {} if verdict.again else left
    told = heard(keys).get(one.key)
    assert told is None or (len(told.counted) <= 2 and len(told.again) <= made)

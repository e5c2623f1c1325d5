from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import ItemId, PlanId
from bot.domain.members import Nudges
from bot.domain.planning.partnership import DigestSlot
from bot.domain.planning.plan import Plan, PlanState, Responsibility
from bot.domain.planning.template import ItemKind, Need, Step
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.school import Closure, ClosureKind
from bot.usecases.ports import Work
from bot.usecases.reminders.claiming import claim
from bot.usecases.reminders.planning import default_slot, digest_setup, replan, replan_after
from tests.support.fake_clock import FakeClock
from tests.support.reminder_store import Store, opened
from tests.support.teaching_team import (
    BEN,
    CALENDAR,
    HERE,
    MAYA,
    ROSA,
    ROSAS,
    TEAM,
    ZONE,
    at,
    busy_but,
    member,
    partnership,
    plan,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path, FakeClock(at(2, 6))) as store:
        yield store


def tick(store: Store) -> list[Leased]:
    """Claim once what is due, and return the notices it became, marked as sent."""

    def claims(work: Work) -> None:
        for _, reminder in work.everywhere.due(work.now, 10):
            claim(work, reminder)

    def send(work: Work) -> list[Leased]:
        leased = work.everywhere.lease(work.now, work.now + timedelta(seconds=60), 10)
        assert all(work.outbox.sent(one, None) for one in leased)
        return leased

    store.write(claims)
    return store.write(send)


def to(store: Store, day: int, hour: int, minute: int = 0) -> list[Leased]:
    store.clock.set(at(day, hour, minute))
    return tick(store)


def test_rosa_is_reminded_in_period_five(store: Store) -> None:
    store.start(plan())
    assert store.due() == at(4, 11, 20)
    assert to(store, 4, 11, 19) == []
    (leased,) = to(store, 4, 11, 20)
    assert (leased.notice.kind, leased.notice.member) == (NoticeKind.REMINDER, ROSA)
    assert tick(store) == []
    assert store.due() == at(5, 8, 50), "the follow-up"


def test_a_clock_set_back_swallows_nothing_that_is_due_at_the_same_instant(store: Store) -> None:
    store.start(plan())
    (told,) = to(store, 4, 11, 20)
    store.clock.set(at(4, 7))
    store.start(plan({"goals": date(2026, 11, 4)}, id=PlanId("later")))
    assert store.due() == at(4, 11, 20)
    assert to(store, 4, 11, 20) == [], "a message of this occurrence is out already"
    (also_told,) = to(store, 4, 11, 21)
    assert also_told.notice.key != told.notice.key
    assert store.due() == at(5, 8, 50), "the follow-ups"


def test_what_a_step_asks_for_beside_something_else_is_a_thing_of_its_own(store: Store) -> None:
    asks = Step(
        key="assessment",
        title="Assessment",
        needs=(Need(kind=ItemKind.RESOURCE), Need(kind=ItemKind.RESPONSIBILITY)),
    )
    booked = Responsibility(id=ItemId("d"), text="Book", by=MAYA, at=at(1, 12), done_at=at(1, 13))
    unit = replace(
        plan(), template=replace(plan().template, steps=(asks,)), responsibilities=(booked,)
    )
    store.start(unit)
    assert len(to(store, 4, 11, 20)) == len(to(store, 5, 8, 50)) == 1, "of the resource"
    assert store.due() is None
    store.change(unit, lambda p: replace(p, responsibilities=()))
    assert store.due() == at(5, 8, 55), "the responsibility was never spoken of"


def test_none_if_she_filled_it_at_ten_past_seven(store: Store) -> None:
    unit = store.start(plan())
    store.clock.set(at(4, 7, 10))
    store.answer(unit)
    assert to(store, 4, 11, 20) == []
    assert store.due() is None


def test_one_follow_up_then_silence(store: Store) -> None:
    store.start(plan())
    assert len(to(store, 4, 11, 20)) == 1
    assert len(to(store, 5, 8, 50)) == 1
    assert store.due() is None
    assert to(store, 20, 9) == []


@pytest.mark.parametrize(("nudges", "count"), [(Nudges.OFF, 0), (Nudges.LIGHT, 1)])
def test_off_and_light(store: Store, nudges: Nudges, count: int) -> None:
    store.write(lambda w: w.members.save(member(ROSA, nudges=nudges)))
    store.start(plan())
    assert len(to(store, 4, 11, 20)) + len(to(store, 5, 8, 50)) == count
    assert store.due() is None


def test_two_plans_are_one_message(store: Store) -> None:
    store.start(plan())
    other = plan({"goals": date(2026, 11, 4)}, id=PlanId("other"), title="Rivers")
    store.start(other)
    assert len(to(store, 4, 11, 20)) == 1
    nudged = store.read(lambda w: w.reminders.nudged(ROSA))
    assert {key.split(":")[0] for key in nudged} == {"unit", "other"}


def test_snow_day_moves_the_reminder(store: Store) -> None:
    store.start(plan({"assessment": date(2026, 11, 3)}))
    assert store.due() == at(3, 8, 50)

    def snow(work: Work) -> None:
        day = date(2026, 11, 3)
        closure = Closure(start=day, end=day, kind=ClosureKind.UNPLANNED)
        work.times.save_calendar(replace(CALENDAR, closures=(closure,)))
        assert replan(work, (MAYA, BEN, ROSA)) == 1, "how many moved"

    store.write(snow)
    assert store.due() == at(4, 8, 50), "Wednesday is the B-day now, and the work is due then"

    def thaw(work: Work) -> None:
        work.times.save_calendar(CALENDAR)
        replan(work, (ROSA,))

    store.write(thaw)
    assert store.due() == at(3, 8, 50)


def test_an_edited_timetable_is_seen_at_the_claim(store: Store) -> None:
    store.start(plan())
    store.timetable(ROSA, busy_but({"A": "7", "B": "2"}))  # nobody replanned
    assert to(store, 4, 11, 20) == []
    assert store.due() == at(4, 13)
    assert len(to(store, 4, 13)) == 1


def test_a_claim_twice_is_one_notice(store: Store) -> None:
    store.start(plan())
    store.clock.set(at(4, 11, 21))

    def twice(work: Work) -> tuple[bool, bool]:
        ((_, reminder),) = work.everywhere.due(work.now, 10)
        return claim(work, reminder), claim(work, reminder)

    assert store.write(twice) == (True, False)
    assert len(tick(store)) == 1


def test_a_claim_that_lost_the_race_puts_nothing(store: Store) -> None:
    store.start(plan())
    store.clock.set(at(4, 11, 21))

    def late(work: Work) -> bool:
        seen = work.reminders.of(ReminderKind.MEMBER, ROSA)
        assert seen is not None
        assert work.reminders.advance(seen, at(5, 9))
        return work.reminders.advance(seen, at(5, 10)) or claim(work, seen.id)

    assert store.write(late) is False
    assert tick(store) == []


def test_no_bell_schedule_yet_is_no_obstacle(store: Store) -> None:
    def untimed(work: Work) -> None:
        bells = CALENDAR.bells
        regular = bells.schedules["regular"]
        periods = tuple(replace(p, start=None, end=None) for p in regular.periods)
        schedules = {"regular": replace(regular, periods=periods)}
        work.times.save_calendar(replace(CALENDAR, bells=replace(bells, schedules=schedules)))

    store.write(untimed)
    store.start(plan())
    assert store.due() == at(4, 9), "working hours"


class Untouchable:
    """A unit of work that may not be asked anything but the time."""

    now = at(2, 6)

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"asked for {name}")


def test_a_field_save_costs_no_query() -> None:
    two = {"assessment": date(2026, 11, 4), "goals": date(2026, 11, 11)}
    before = plan(two)
    after = replace(
        before,
        answers={},
        steps=tuple(replace(s, last_by=ROSA) for s in before.steps),
    )
    replan_after(Untouchable(), before, after)  # type: ignore[arg-type]
    gone = replace(before, state=PlanState.FINISHED)
    replan_after(Untouchable(), before, gone)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="asked"):
        replan_after(Untouchable(), None, after)  # type: ignore[arg-type]


def test_a_moved_date_moves_the_reminder(store: Store) -> None:
    unit = store.start(plan())

    def sooner(p: Plan) -> Plan:
        return replace(p, steps=tuple(replace(s, due=date(2026, 11, 3)) for s in p.steps))

    store.change(unit, sooner)
    assert store.due() == at(3, 8, 50)


def test_acts_within_the_period_do_not_put_the_reminder_off(store: Store) -> None:
    unit = store.start(plan({"assessment": date(2026, 11, 4), "goals": date(2026, 11, 20)}))
    store.clock.set(at(4, 11, 20, month=11))
    for day in (19, 18, 17):
        store.clock.move(seconds=1)
        store.change(unit, lambda p, day=day: _due(p, "goals", date(2026, 11, day)))
    assert store.due() == at(4, 11, 20)


def _due(p: Plan, key: str, day: date) -> Plan:
    return replace(p, steps=tuple(replace(s, due=day) if s.key == key else s for s in p.steps))


# The digest -------------------------------------------------------------------------------------


def test_a_digest_a_week_by_local_date(store: Store) -> None:
    store.start(plan())
    store.write(lambda w: digest_setup(w, partnership()))
    assert store.due(TEAM) == at(2, 8)
    digests = [one for one in to(store, 2, 8) if one.notice.kind is NoticeKind.DIGEST]
    day = f"digest:{TEAM}:2026-11-02"
    keys = {one.notice.key for one in digests}
    assert keys == {day, f"{day}:maya", f"{day}:ben", f"{day}:rosa"}, "the thread's and each one's"
    assert store.due(TEAM) == at(9, 8)


def test_after_an_outage_comes_one_digest(store: Store) -> None:
    store.start(plan())
    store.write(lambda w: digest_setup(w, partnership()))
    late = [o.notice for o in to(store, 26, 10) if o.notice.kind is NoticeKind.DIGEST]
    assert [notice.member for notice in late].count(BEN) == 1
    assert store.due(TEAM) == at(30, 8)


def test_no_active_plan_no_digest(store: Store) -> None:
    store.start(replace(plan(), state=PlanState.ARCHIVED))
    store.write(lambda w: digest_setup(w, partnership()))
    assert to(store, 2, 8) == []
    assert store.due(TEAM) == at(9, 8)


def test_sunday_in_london_stays_sunday_in_london(store: Store) -> None:
    slot = DigestSlot(weekday=6, at=time(18), zone="Europe/London")
    store.write(lambda w: w.partnerships.save(partnership(slot)))
    store.start(plan())
    store.clock.set(datetime(2027, 3, 13, 12, tzinfo=UTC))
    store.write(lambda w: digest_setup(w, partnership(slot)))
    seen = []
    for _ in range(4):
        due_at = store.due(TEAM)
        assert due_at is not None
        seen.append(due_at.strftime("%d %H:%M"))
        store.clock.set(due_at)
        notices = [one.notice for one in tick(store)]
        digests = [notice for notice in notices if notice.kind is NoticeKind.DIGEST]
        assert [notice.member for notice in digests].count(BEN) == 1
    assert seen == ["14 18:00", "21 18:00", "28 17:00", "04 17:00"]


def test_the_default_slot_is_the_best_common_one(store: Store) -> None:
    store.timetable(BEN, ROSAS)
    found = store.read(lambda w: default_slot(w, (BEN, ROSA), ZONE))
    assert found == DigestSlot(weekday=1, at=time(8, 50), zone=ZONE)


def test_without_a_common_slot_monday_at_the_start_of_work(store: Store) -> None:
    store.timetable(BEN, busy_but({"A": "1"}))
    expected = DigestSlot(weekday=0, at=time(8), zone=ZONE)
    assert store.read(lambda w: default_slot(w, (BEN, ROSA), ZONE)) == expected
    assert store.read(lambda w: default_slot(w, (), ZONE)) == expected


def test_rows_stay_in_their_workspace(store: Store) -> None:
    store.start(plan())
    store.clock.set(at(4, 11, 20))
    ((workspace, _),) = store.read(lambda w: w.everywhere.due(w.now, 10))
    assert workspace == HERE

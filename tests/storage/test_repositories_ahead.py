"""Reading ahead changes no answer; rows that are held are passed over by others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.reminders.snoozing import Snooze
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.timetable import Cell, Timetable, Use
from storage.work import StorageWork
from tests.storage.test_repositories import (
    ANA,
    BEN,
    BOTH,
    CEM,
    HERE,
    MINUTE,
    NOON,
    THERE,
    Store,
    a_calendar,
    a_member,
    a_plan,
    opened,
)

NOBODY = MemberId("nobody")
EVERYBODY = (ANA, BEN, CEM, NOBODY)
AWAY = Absence(first=NOON.date(), last=NOON.date(), stand_in=ANA, passes=True)
LATER = Snooze(key="p1:t1", plan=PlanId("p1"), step="", until=None)
LESSONS = Timetable(cells={("A", "P1"): Cell(use=Use.LESSON, what="7b")})


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        for workspace in (HERE, THERE):
            with store.unit(workspace) as work:
                settle(work)
        with store.unit() as work:
            work.times.save_timetable(BEN, LESSONS)
            work.reminders.count_nudges({BEN: ["t1", "t2"]}, NOON)
            work.plans.add(a_plan("p3", HERE, BEN, CEM))
        yield store


def settle(work: StorageWork) -> None:
    for who in (ANA, BEN, CEM):
        work.members.save(a_member(who, work.workspace))
        work.reminders.plan(ReminderKind.MEMBER, who, NOON)
    work.times.save_calendar(a_calendar())
    work.times.save_timetable(ANA, LESSONS)
    work.reminders.count_nudges({ANA: ["t1"]}, NOON)
    work.absent.replace(BEN, (), (AWAY,))
    work.snoozes.put(BEN, (LATER,))
    work.plans.add(a_plan("p1", work.workspace, ANA, BEN))
    work.plans.add(replace(a_plan("p2", work.workspace, ANA), state=PlanState.ARCHIVED))


def answers(work: StorageWork) -> list[object]:
    """Return everything that reading ahead is about."""
    return [
        work.members.get(EVERYBODY),
        [work.members.get([one]) for one in EVERYBODY],
        [work.plans.of_member(one) for one in EVERYBODY],
        [work.plans.of_member(one, archived=True) for one in EVERYBODY],
        work.times.timetables(EVERYBODY),
        work.times.hours(EVERYBODY),
        work.absent.of(EVERYBODY),
        [work.absent.covered_by(one) for one in EVERYBODY],
        [work.snoozes.of(one) for one in EVERYBODY],
        [work.reminders.nudged(one) for one in EVERYBODY],
    ]


def test_reading_ahead_changes_no_answer(store: Store) -> None:
    for workspace in (HERE, THERE):
        with store.look(workspace) as work:
            plain = answers(work)
        for ahead in (EVERYBODY, (ANA,), (BEN, NOBODY), ()):
            with store.look(workspace) as work:
                work.read_ahead(ahead)
                assert answers(work) == plain


def test_reading_ahead_asks_once(store: Store) -> None:
    asked: list[str] = []
    with store.look() as work:
        work.read_ahead(EVERYBODY)
        sa.event.listen(store.reader, "before_cursor_execute", lambda *a: asked.append(a[2]))
        for one in EVERYBODY:
            work.members.get([one])
            work.plans.of_member(one)
            work.times.timetables([one])
            work.absent.of([one])
            work.absent.covered_by(one)
            work.snoozes.of(one)
            work.reminders.nudged(one)
        assert asked == []
        work.members.get([MemberId("another")])
        assert len(asked) == 1


def test_who_was_met_is_not_asked_for_again(store: Store) -> None:
    with store.unit() as work:
        asked: list[str] = []
        sa.event.listen(store.writer, "before_cursor_execute", lambda *a: asked.append(a[2]))
        ana = work.members.by_identity(a_member().identity)
        assert ana == a_member()
        assert work.members.get([ANA]) == {ANA: ana}
        assert len(asked) == 1
        work.members.save(replace(ana, name="Another"))
        assert work.members.get([ANA])[ANA].name == "Another"


def test_what_is_written_after_reading_ahead_is_seen(store: Store) -> None:
    with store.unit() as work:
        work.read_ahead(EVERYBODY)
        (plan,) = work.plans.of_member(ANA)
        work.members.save(replace(a_member(), name="Another"))
        work.plans.save(replace(plan, title="Another"))
        work.plans.add(a_plan("p4", HERE, CEM))
        work.times.save_timetable(CEM, LESSONS)
        work.reminders.count_nudges({ANA: ["t1", "t9"]}, NOON)
        work.absent.replace(BEN, (AWAY,), (replace(AWAY, stand_in=CEM),))
        work.snoozes.drop(BEN, (LATER.key,))
        work.snoozes.put(CEM, (LATER,))
        written = answers(work)
    with store.look() as work:
        assert answers(work) == written
        assert work.members.get([ANA])[ANA].name == "Another"
        assert work.reminders.nudged(ANA) == {"t1": 2, "t9": 1}


def test_held_rows_are_as_they_are_after_each_claim(store: Store) -> None:
    with store.unit() as work:
        ids = [one for _, one in work.everywhere.due(NOON, 9)]
        held = work.reminders.hold([*ids, "nothing"])
        assert {row.subject for row in held} == {ANA, BEN, CEM}, "another workspace's are not held"
        assert [row.id for row in held] == sorted(row.id for row in held)
        first = held[0]
        assert work.reminders.get(first.id) == first
        assert work.reminders.advance(first, NOON + MINUTE)
        moved = work.reminders.get(first.id)
        assert moved is not None
        assert moved.due_at == NOON + MINUTE
        assert not work.reminders.advance(first, NOON)


def test_held_rows_are_passed_over_by_others(tmp_path: Path) -> None:
    with opened("postgres", tmp_path) as store:
        with store.unit() as work:
            settle(work)
            ids = [one for _, one in work.everywhere.due(NOON, 9)]
        with store.unit() as one, store.unit() as other:
            held = one.reminders.hold(ids[:2])
            assert len(held) == 2
            assert [row.id for row in other.reminders.hold(ids)] == ids[2:]
        with store.unit() as later:
            assert len(later.reminders.hold(ids)) == 3

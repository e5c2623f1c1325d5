"""Absences and what was put off: stored as they are, and changed by nobody twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId, PlanId
from bot.domain.reminders.snoozing import Hold, Snooze
from bot.domain.timetable.absences import Absence
from tests.storage.test_repositories import ANA, BEN, BOTH, CEM, NOON, Store, opened

SPRING = Absence(first=date(2026, 4, 1), last=date(2026, 4, 9), told="2026-04-10")
AUTUMN = Absence(first=date(2026, 10, 1), last=date(2026, 10, 1), stand_in=BEN, passes=True)


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def test_absences_are_sorted_by_day_and_whole(store: Store) -> None:
    with store.unit() as work:
        work.absent.replace(ANA, (), (AUTUMN, SPRING))
        work.absent.replace(CEM, (), (replace(AUTUMN, passes=False),))
    with store.look() as work:
        assert work.absent.of([ANA, BEN]) == {ANA: (SPRING, AUTUMN)}
        assert work.absent.of([]) == {}
        assert work.absent.covered_by(BEN) == {ANA: (AUTUMN,)}
        assert work.absent.covered_by(ANA) == {}


def test_of_many_members_at_once(store: Store) -> None:
    many = [MemberId(f"m{n}") for n in range(20)]
    with store.unit() as work:
        for one in many:
            work.absent.replace(one, (), (SPRING,))
    with store.look() as work:
        for count in (1, 2, 3, 5, 8, 9, 20):
            assert work.absent.of(many[:count]) == dict.fromkeys(many[:count], (SPRING,))


def test_only_what_differs_is_changed(store: Store) -> None:
    longer = replace(SPRING, last=date(2026, 4, 12), told="")
    with store.unit() as work:
        work.absent.replace(ANA, (), (SPRING, AUTUMN))
    with store.unit() as work:
        work.absent.replace(ANA, (SPRING, AUTUMN), (longer, AUTUMN))
    with pytest.raises(Conflict), store.unit() as work:
        work.absent.replace(ANA, (SPRING, AUTUMN), (AUTUMN,))  # somebody was faster
    with pytest.raises(Conflict), store.unit() as work:
        work.absent.replace(ANA, (), (AUTUMN,))
    with store.look() as work:
        assert work.absent.of([ANA]) == {ANA: (longer, AUTUMN)}


def test_what_was_put_off_is_put_off_anew_and_dropped(store: Store) -> None:
    later = Snooze(key="p1:answer:a:", plan=PlanId("p1"), step="a", until=NOON)
    held = Snooze(key="p2:add_item:minutes", plan=PlanId("p2"), step="", until=None)
    with store.unit() as work:
        work.snoozes.put(ANA, [replace(later, until=None), held])
        work.snoozes.put(ANA, [later])
        work.snoozes.put(BEN, [held])
        assert work.snoozes.of(ANA) == {later.key: later, held.key: held}
        plans = [PlanId("p1"), PlanId("p2")]
        assert work.snoozes.held(plans) == [
            Hold(member=ANA, snooze=held),
            Hold(member=BEN, snooze=held),
        ]
        assert work.snoozes.held([]) == work.snoozes.held(plans[:1]) == []
        work.snoozes.drop(ANA, [held.key, "another"])
        work.snoozes.drop(ANA, [])
        assert work.snoozes.of(ANA) == {later.key: later}

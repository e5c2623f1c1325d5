"""When a step's date was last moved to a later one, and what taking a move back makes of that."""

from datetime import date, datetime

import pytest

from bot.domain.ids import MemberId
from bot.domain.planning.steps import move_due
from tests.support.planning_model import PEOPLE, SMALL, World, started

ANA, BEN = PEOPLE[:2]


@pytest.fixture
def world() -> World:
    return World(started(SMALL, (ANA, BEN)))


def moved(world: World, by: MemberId, due: date | None) -> int:
    """Move the date at a later instant and return the number of its entry."""
    at = world.tick()
    made = world.do(lambda plan: move_due(plan, by=by, step="goal", due=due, at=at))
    assert made is not None
    assert made.acts
    return world.plan.entries


def test_a_date_that_is_moved_back_counts_as_not_moved(world: World) -> None:
    def later_at() -> datetime | None:
        state = world.plan.step("goal")
        assert state is not None
        return state.moved_at

    moved(world, ANA, None)
    first = moved(world, ANA, date(2026, 10, 1))
    assert later_at() is None, "it had no date"
    later = moved(world, ANA, date(2026, 10, 2))
    once = later_at()
    assert once == world.now
    again = moved(world, BEN, date(2026, 10, 9))
    assert later_at() == world.now != once
    earlier = moved(world, BEN, date(2026, 10, 5))
    stands = later_at()
    world.undo(earlier, BEN)
    assert later_at() == stands, "taking back an earlier date asks nobody anew"
    world.undo(again, ANA)
    assert later_at() == once
    world.undo(later, ANA)
    world.undo(first, ANA)
    assert later_at() is None

"""Undoing an old act never removes a later one of its kind; some acts are one's own to undo."""

import pytest

from bot.domain.planning import items, lifecycle, partners, steps
from bot.domain.planning.plan import Plan
from bot.domain.planning.undo import undo
from tests.domain.test_planning_undo import did, wrote
from tests.support.planning_model import PEOPLE, SMALL, START, World, refusal, started

ANA, BEN = PEOPLE[:2]


@pytest.fixture
def world() -> World:
    return World(started(SMALL, (ANA, BEN)))


def test_only_the_signer_takes_a_sign_off_back(world: World) -> None:
    wrote(world, ANA, "Mine", field="part")
    wrote(world, ANA, "First")
    number = did(world, steps.sign_off, by=BEN, step="goal")
    entry = world.entries[number - 1]
    told = refusal(lambda: undo(world.plan, entry, by=ANA, at=START))
    assert told.startswith("Only the one who signed off can take that back.")
    assert world.undo(number, BEN) is not None
    assert world.plan.steps[0].signed == ()


def test_an_old_act_is_not_undone_where_a_later_one_of_its_kind_stands(world: World) -> None:
    taken = did(world, partners.take_role, by=ANA, role="librarian")
    did(world, partners.take_role, by=ANA, role="")
    did(world, partners.take_role, by=ANA, role="librarian")
    finished = did(world, lifecycle.finish, by=ANA)
    did(world, lifecycle.reopen, by=BEN)
    did(world, lifecycle.finish, by=BEN)
    before = world.plan
    assert world.undo(finished, ANA) is None
    assert world.plan == before
    assert world.undo(len(world.entries), ANA) is not None
    assert world.undo(taken, ANA) is None
    assert world.plan.partners[0].role == "librarian"


def test_a_sign_off_is_not_undone_under_a_later_one(world: World) -> None:
    wrote(world, ANA, "Mine", field="part")
    wrote(world, ANA, "First")
    first = did(world, steps.sign_off, by=BEN, step="goal")
    wrote(world, ANA, "Second")
    second = did(world, steps.sign_off, by=BEN, step="goal")
    assert world.undo(first, BEN) is None
    assert world.plan.steps[0].signed == (BEN,)
    assert world.undo(second, BEN) is not None
    assert world.undo(first, BEN) is None, "the sign-off it speaks of is gone already"


def test_the_same_text_again_belongs_to_the_later_act(world: World) -> None:
    first = wrote(world, ANA, "River")
    wrote(world, BEN, "Lake")
    wrote(world, ANA, "River")
    assert world.undo(first, ANA) is None
    assert [a.text for a in world.plan.answers.values()] == ["River"]


def test_nothing_more_is_tried_for_a_closed_challenge(world: World) -> None:
    which = world.item()
    did(world, items.raise_challenge, by=ANA, item=which, kind="time", text="")
    did(world, items.try_remedy, by=ANA, challenge=which, remedy="Ask", duty=world.item())
    did(world, items.close_challenge, by=BEN, challenge=which)

    def again(plan: Plan) -> object:
        return items.try_remedy(
            plan, by=ANA, challenge=which, remedy="More", duty=world.item(), at=START
        )

    assert refusal(again, world.plan).startswith("That challenge is closed")

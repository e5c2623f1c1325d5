import asyncio
from dataclasses import replace

from bot.domain.errors import Unavailable
from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.reminders.schedule import ReminderKind
from bot.runtime.ticking import BATCH, TOGETHER, tick
from bot.usecases.ports import Work
from tests.runtime.failing import FailingDoor
from tests.runtime.house import House
from tests.support.teaching_team import at, member, plan

NOW = at(4, 11, 20)
SCHOOLS = [WorkspaceId("north"), WorkspaceId("south")]
MANY = BATCH + 2 * TOGETHER


def settle(house: House, *, poisoned: set[MemberId]) -> None:
    for school in SCHOOLS:
        members = [MemberId(f"{school}-{number:03}") for number in range(MANY // 2)]

        def unit(work: Work, members: list[MemberId] = members) -> None:
            for who in members:
                zone = "Nowhere/Land" if who in poisoned else "America/New_York"
                work.members.save(replace(member(who, zone=zone), workspace=work.workspace))
                own = plan(id=PlanId(f"p-{who}"), turn=who, members=(who,))
                work.plans.add(replace(own, workspace=work.workspace))
                work.reminders.plan(ReminderKind.MEMBER, who, NOW)

        house.put(unit, workspace=school)
    house.clock.set(NOW)


async def test_more_than_a_batch_is_claimed_in_one_tick(house: House) -> None:
    settle(house, poisoned=set())
    assert await tick(house.door, house.clock) == MANY
    assert await tick(house.door, house.clock) == 0
    await house.service().settle()
    people = [sent.to.user for sent in house.messenger.shown]  # type: ignore[union-attr]
    assert len(people) == len(set(people)) == MANY


async def test_poison_in_every_unit_holds_up_nobody(house: House) -> None:
    every = range(0, MANY // 2, TOGETHER)
    poisoned = {MemberId(f"{school}-{number:03}") for school in SCHOOLS for number in every}
    settle(house, poisoned=poisoned)
    await house.service().settle()
    people = {sent.to.user for sent in house.messenger.shown}  # type: ignore[union-attr]
    assert len(people) == len(house.messenger.shown) == MANY - len(poisoned)
    assert not people & poisoned


async def test_what_the_store_could_not_take_is_not_pushed_forward(house: House) -> None:
    house.store.start(plan())
    house.clock.set(NOW)
    full = FailingDoor(house.door, Unavailable(reason="the disk is full"), times=2)
    assert await tick(full, house.clock) == 0
    assert await tick(house.door, house.clock) == 1


async def test_two_ticks_at_once_claim_each_once(house: House) -> None:
    settle(house, poisoned=set())
    moved = await asyncio.gather(*(tick(house.door, house.clock) for _ in range(2)))
    assert sum(moved) == MANY
    await house.service().settle()
    assert len(house.messenger.shown) == MANY


async def test_nobody_waits_for_the_claims_of_all_others(house: House) -> None:
    settle(house, poisoned=set())
    left: list[int] = []
    house.messenger.before = lambda _: left.append(
        len(house.store.read(lambda work: work.everywhere.due(NOW, MANY)))
    )
    await house.service().settle()
    assert len(left) == MANY
    assert left[0] == MANY - BATCH
    assert left[-1] == 0

"""What changes while a notice is leased: the message says what is so when it is worded."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import update

from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.planning.lifecycle import finish
from bot.domain.planning.partners import remove_partner
from bot.domain.planning.plan import Plan
from bot.runtime.ticking import tick
from bot.usecases.ports import Door, Work
from storage.tables import outbox
from tests.runtime.house import House, news
from tests.runtime.waiting import until
from tests.support.teaching_team import BEN, MAYA, ROSA, at, busy_but, plan

T = TypeVar("T")
PERIOD_5 = at(4, 11, 20)
"""Wednesday, an A-day: Rosa is free in period 5 only."""


@dataclass(slots=True)
class Meanwhile(Door):
    """A door behind which something happens once, right after the notices were leased."""

    door: Door
    happens: Callable[[], object]
    happened: bool = False

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        found = await self.door.write(workspace, unit)
        if isinstance(found, tuple) and not self.happened:  # the leases, and how deliveries stand
            assert found[0], "nothing was leased"
            self.happened = True
            self.happens()
        return found

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self.door.read(workspace, unit)


async def leased_and(house: House, at_: datetime, happens: Callable[[], object]) -> None:
    """Claim what is due at that instant, and deliver it while that happens."""
    house.clock.set(at_)
    await tick(house.door, house.clock)
    door = Meanwhile(house.door, happens)
    await house.courier(door=door).deliver()
    assert door.happened


async def test_a_partner_finishes_between_claim_and_send(house: House) -> None:
    unit = house.store.start(plan())
    await leased_and(house, PERIOD_5, lambda: house.store.answer(unit))
    assert house.messenger.shown == []
    assert [state for state, _ in house.states().values()] == ["cancelled"]


async def test_the_plan_is_finished_while_leased(house: House) -> None:
    unit = house.store.start(plan())

    def done(of: Plan) -> Plan:
        return finish(of, by=MAYA, at=house.clock.now()).plan

    await leased_and(house, PERIOD_5, lambda: house.store.change(unit, done))
    assert house.messenger.shown == []
    assert [state for state, _ in house.states().values()] == ["cancelled"]


async def test_a_member_leaves_while_leased(house: House) -> None:
    unit = house.store.start(plan())

    def gone(of: Plan) -> Plan:
        return remove_partner(of, by=ROSA, member=ROSA, at=house.clock.now()).plan

    await leased_and(house, PERIOD_5, lambda: house.store.change(unit, gone))
    assert house.messenger.shown == []
    assert [state for state, _ in house.states().values()] == ["cancelled"]


async def test_the_timetable_is_replaced_while_leased(house: House) -> None:
    house.store.start(plan())
    other = busy_but({"A": "7", "B": "2"})  # Wednesday's period 7 is 13:00 to 13:45
    await leased_and(house, PERIOD_5, lambda: house.store.timetable(ROSA, other))
    assert house.messenger.shown == [], "it is a lesson now"
    service = house.service()
    for minute in range(0, 24 * 60, 5):
        house.clock.set(at(4, 11, 25) if not minute else house.clock.now())
        house.clock.move(minutes=5)
        await service.settle()
        if house.messenger.shown:
            break
    assert at(4, 13) <= house.clock.now() <= at(4, 13, 45)
    assert [s.how for s in house.messenger.shown] == ["direct"]
    assert "period 7 is free" in house.messenger.shown[0].card.summary


async def test_one_answers_and_another_is_still_reminded(house: House) -> None:
    mine = house.store.start(plan())
    house.store.timetable(BEN, busy_but({"A": "5", "B": "2"}))
    house.store.start(plan(id=PlanId("other"), turn=BEN))
    await leased_and(house, PERIOD_5, lambda: house.store.answer(mine))
    assert [s.to for s in house.messenger.shown] == [
        house.store.read(lambda w: w.members.get((BEN,)))[BEN].identity
    ]


async def test_what_is_taken_over_while_several_are_sent_leaves_the_others_marked(
    house: House,
) -> None:
    plans = [replace(plan(), id=PlanId(f"plan{n}")) for n in range(4)]
    for n, one in enumerate(plans):
        house.store.start(one)
        house.put(news(f"news:{n}", one.id))
    begun: list[str] = []
    house.messenger.before = lambda sent: begun.append(sent.key)
    house.messenger.gate = asyncio.Event()
    delivering = asyncio.create_task(house.courier().deliver())
    await until(lambda: len(begun) == len(plans))
    with house.store.writer.begin() as connection:
        connection.execute(
            update(outbox).where(outbox.c.key == "news:2").values(epoch=outbox.c.epoch + 1)
        )
    house.messenger.gate.set()
    await delivering
    states = {key: state for key, (state, _) in house.states().items()}
    assert states == {f"news:{n}": "leased" if n == 2 else "sent" for n in range(4)}

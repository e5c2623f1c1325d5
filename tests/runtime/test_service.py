import asyncio

from bot.config import Guarantee
from bot.domain.ids import MemberId
from bot.domain.reminders.schedule import ReminderKind
from bot.runtime.manner import Manner
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan
from tests.runtime.house import House, news
from tests.runtime.waiting import until
from tests.support.fake_messenger import Sent
from tests.support.teaching_team import (
    BEN,
    MAYA,
    ROSA,
    ROSAS,
    at,
    busy_but,
    member,
    plan,
)


async def test_started_it_delivers_what_an_act_puts_and_wakes_for(house: House) -> None:
    house.store.start(plan())
    service = house.service()
    await service.start()
    await until(lambda: service.last_pass is not None)
    house.put(news("news:1"))
    for _ in range(50):
        service.wake()
    await until(lambda: bool(house.messenger.shown))
    await service.stop()
    await service.stop()
    service.wake()
    assert len(house.messenger.shown) == 1


async def test_next_due_is_what_the_movable_clock_asks(house: House) -> None:
    service = house.service()
    assert await service.next_due() is None
    house.store.start(plan())
    assert await service.next_due() == at(4, 11, 20)


async def test_callers_settle_at_the_same_time(house: House) -> None:
    house.store.start(plan())
    house.clock.set(at(4, 11, 20))
    service = house.service()
    await asyncio.gather(*(service.settle() for _ in range(8)))
    assert len(house.messenger.shown) == 1


async def test_a_caller_who_gives_up_takes_nothing_with_them(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.gate = asyncio.Event()
    service = house.service(Manner(delivery=Guarantee.AT_MOST_ONCE))
    impatient = asyncio.create_task(service.settle())
    await asyncio.sleep(0.05)
    impatient.cancel()
    house.messenger.gate.set()
    await service.settle()
    assert [s.key for s in house.messenger.shown] == ["news:1"]
    assert house.states()["news:1"][0] == "sent"


async def test_stopping_lets_sends_finish(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    begun: list[Sent] = []
    house.messenger.before, house.messenger.gate = begun.append, asyncio.Event()
    service = house.service()
    await service.start()
    await until(lambda: bool(begun))
    stopping = asyncio.create_task(service.stop())
    await asyncio.sleep(0.05)
    house.messenger.gate.set()
    await stopping
    assert house.states()["news:1"][0] == "sent"


async def test_a_failing_reminder_never_blocks_the_others(house: House) -> None:
    house.store.start(plan(turn=ROSA))
    ghost = MemberId("0-ghost")

    def haunted(work: Work) -> None:
        work.members.save(member(ghost, zone="Nowhere/Land"))
        work.reminders.plan(ReminderKind.MEMBER, ghost, at(3, 6))

    house.put(haunted)
    house.clock.set(at(4, 11, 20))
    await house.service().settle()
    assert [s.how for s in house.messenger.shown] == ["direct"]
    assert house.store.due(ghost) == at(4, 11, 35), "pushed forward"


async def test_replanning_everybody_changes_nothing_that_was_right(house: House) -> None:
    house.store.start(plan())
    house.store.timetable(BEN, ROSAS)
    house.store.timetable(MAYA, busy_but({}))
    before = house.store.due()
    house.store.write(lambda w: replan(w, (MAYA, BEN, ROSA)))
    assert house.store.due() == before
    assert house.store.due(BEN) is None

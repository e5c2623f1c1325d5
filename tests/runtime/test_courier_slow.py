"""A send that takes long: nothing else waits for it, but what follows it in its own plan."""

import asyncio
import threading
import time

from bot.config import Guarantee
from bot.domain.ids import PlanId
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.runtime.courier import FINISHED_AT_ONCE, HELD
from bot.runtime.manner import Manner
from bot.runtime.slots import Slots
from bot.ui.deliveries import Composed, Delivery, Post, Unfinished
from bot.usecases.ports import Work
from tests.runtime.house import House, compose_news, news
from tests.runtime.waiting import until
from tests.support.fake_messenger import Sent
from tests.support.teaching_team import plan

OTHER = PlanId("other")


def slow(house: House, *keys: str) -> asyncio.Event:
    """Let these messages hang until the event that is returned."""
    gate = asyncio.Event()

    def before(sent: Sent) -> None:
        house.messenger.gate = gate if sent.key in keys else None

    house.messenger.before = before
    return gate


def shown(house: House) -> list[str]:
    return [sent.key for sent in house.messenger.shown]


async def test_what_comes_due_meanwhile_is_sent(house: House) -> None:
    house.store.start(plan())
    house.store.start(plan(id=OTHER))
    house.put(news("news:slow"))
    gate = slow(house, "news:slow")
    service = house.service()
    settling = asyncio.create_task(service.settle())
    await until(lambda: house.messenger.gate is gate)
    house.put(news("news:other", OTHER))
    await until(lambda: shown(house) == ["news:other"])
    assert not settling.done(), "it is not over before the slow one is"
    gate.set()
    await settling
    assert shown(house) == ["news:other", "news:slow"]
    assert set(house.states().values()) == {("sent", "")}


async def test_few_pictures_are_drawn_at_once_and_never_on_the_loop(house: House) -> None:
    plans = [PlanId(f"plan{number}") for number in range(12)]
    for each in plans:
        house.store.start(plan(id=each))
        house.put(news(f"news:{each}", each))
    drawing: list[int] = []
    most: list[int] = []
    loop = threading.get_ident()

    def drawn(delivery: Delivery) -> Delivery:
        drawing.append(threading.get_ident())
        most.append(len(drawing))
        time.sleep(0.01)
        drawing.pop()
        assert threading.get_ident() != loop
        return delivery

    def with_picture(work: Work, leased: Leased) -> Composed:
        post = compose_news(work, leased)
        assert isinstance(post, Post)
        return Unfinished(finish=lambda: drawn(post))

    assert await house.courier(composers={NoticeKind.NEWS: with_picture}).deliver() == len(plans)
    assert len(shown(house)) == len(most) == len(plans)
    assert max(most) <= FINISHED_AT_ONCE


async def test_what_follows_in_the_same_plan_comes_after_it(house: House) -> None:
    house.store.start(plan())
    house.store.start(plan(id=OTHER))
    house.put(news("news:slow"))
    gate = slow(house, "news:slow")
    settling = asyncio.create_task(house.service().settle())
    await until(lambda: house.messenger.gate is gate)
    house.put(news("news:next"), news("news:other", OTHER))
    await until(lambda: "news:other" in shown(house))
    gate.set()
    await settling
    assert shown(house) == ["news:other", "news:slow", "news:next"]


async def test_slow_ones_take_no_room(house: House) -> None:
    for name in ("a", "b", "c"):
        house.store.start(plan(id=PlanId(name)))
        house.put(news(f"news:{name}", PlanId(name)))
    gate = slow(house, "news:a", "news:b")
    settling = asyncio.create_task(house.service(Manner(concurrency=1)).settle())
    await until(lambda: shown(house) == ["news:c"])
    gate.set()
    await settling
    assert sorted(shown(house)) == ["news:a", "news:b", "news:c"]


async def test_a_clock_set_forward_takes_nothing_out_of_our_hands(house: House) -> None:
    """As when a laptop is closed in the middle of a send, and opened an hour later."""
    house.store.start(plan())
    house.put(news("news:1"), news("news:2"))
    gate = slow(house, "news:1")
    service = house.service(Manner(delivery=Guarantee.AT_LEAST_ONCE))
    settling = asyncio.create_task(service.settle())
    await until(lambda: house.messenger.gate is gate)
    house.clock.move(hours=1)
    await asyncio.sleep(1.5)
    gate.set()
    await settling
    house.clock.move(minutes=1)
    await service.settle()
    assert shown(house) == ["news:1", "news:2"]
    assert set(house.states().values()) == {("sent", "")}


async def test_no_more_is_leased_than_can_be_held(house: House) -> None:
    house.store.start(plan())
    house.put(*(news(f"news:{n:04d}") for n in range(HELD + 20)))
    gate = slow(house, "news:0000")
    settling = asyncio.create_task(house.service().settle())
    states = house.states

    def leased() -> int:
        return sum(state == "leased" for state, _ in states().values())

    await until(lambda: leased() == HELD)
    await asyncio.sleep(1.5)
    assert leased() == HELD
    gate.set()
    await settling
    assert shown(house) == [f"news:{n:04d}" for n in range(HELD + 20)]


async def test_a_slot_is_given_back_once() -> None:
    slots, inside, most, over = Slots(2, 1.0), 0, 0, asyncio.Event()

    async def one() -> None:
        nonlocal inside, most
        async with slots.one():
            inside += 1
            most = max(most, inside)
            await over.wait()
            inside -= 1

    slow = [asyncio.create_task(one()) for _ in range(4)]
    await until(lambda: inside == 4)  # the slow ones do not count
    over.set()
    await asyncio.gather(*slow)
    most = 0
    over.clear()
    quick = [asyncio.create_task(one()) for _ in range(6)]
    for _ in range(9):  # turns of the loop, long before anybody is slow
        await asyncio.sleep(0)
    over.set()
    await asyncio.gather(*quick)
    assert most == 2, "and gave back no more than they had"


async def test_whoever_is_slow_later_gives_their_slot_to_the_next_then() -> None:
    slots, loop = Slots(1, 0.2), asyncio.get_running_loop()
    async with slots.one():
        await asyncio.sleep(0.1)
    start = loop.time()
    slow = asyncio.create_task(_held(slots))
    await asyncio.sleep(0)
    async with asyncio.timeout(30), slots.one():
        assert loop.time() - start >= 0.19, "not when the one before would have been slow"
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def _held(slots: Slots) -> None:
    async with slots.one():
        await asyncio.Event().wait()

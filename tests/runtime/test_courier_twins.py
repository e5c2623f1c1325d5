"""A courier that stood still while somebody else took over: what is shown twice is taken back."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bot.config import Guarantee
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.runtime.courier import LEASE, Courier
from bot.runtime.manner import Manner
from bot.runtime.tally import Outcome
from bot.usecases.ports import Work
from tests.runtime.house import House, news
from tests.support.fake_messenger import PLATFORM
from tests.support.teaching_team import UNIT, plan

KEY = "news:1"
NEWS = news(KEY)


def standing_still(house: House, guarantee: Guarantee) -> tuple[Courier, Courier, Manner]:
    manner = Manner(delivery=guarantee, twin_seconds=0.05)
    return house.courier(manner), house.courier(manner), manner


async def overtaken(
    house: House, slow: Courier, quick: Courier, put: Callable[[Work], None] = NEWS
) -> None:
    """Let the slow one stand still in its send until the quick one has delivered, or given up."""
    house.store.start(plan(), card=put is not thread_wanted)
    house.put(put)
    gate, begun = asyncio.Event(), asyncio.Event()
    house.messenger.gate, house.messenger.before = gate, lambda _: begun.set()
    sending = asyncio.create_task(slow.deliver())
    async with asyncio.timeout(30):
        await begun.wait()
    house.messenger.gate = None
    house.clock.move(seconds=(LEASE + timedelta(seconds=1)).total_seconds())
    await quick.deliver()
    gate.set()
    await sending


async def looked_after() -> None:
    """Return when what may be there twice has been looked after."""
    await asyncio.gather(*(t for t in asyncio.all_tasks() if t.get_name() == "coplan-twin"))


async def test_of_two_copies_the_one_that_nobody_keeps_is_taken_back(house: House) -> None:
    slow, quick, manner = standing_still(house, Guarantee.AT_LEAST_ONCE)
    await overtaken(house, slow, quick)
    await looked_after()
    assert [sent.key for sent in house.messenger.shown] == [KEY, KEY]
    (gone,) = house.messenger.withdrawn
    kept = house.store.write(lambda work: work.outbox.message(KEY))
    assert kept is not None
    assert kept.place == gone.place
    assert (kept.message, gone.message) == ("m1", "m2")
    assert manner.tally.sends[PLATFORM, Outcome.WITHDRAWN] == 1


def thread_wanted(work: Work) -> None:
    work.outbox.put(
        Notice(key="thread:unit", kind=NoticeKind.PLAN_THREAD, due_at=work.now, plan=UNIT)
    )


async def test_of_two_threads_of_a_plan_the_one_with_its_card_stays(house: House) -> None:
    slow, quick, _ = standing_still(house, Guarantee.AT_MOST_ONCE)
    await overtaken(house, slow, quick, thread_wanted)
    await looked_after()
    assert [sent.how for sent in house.messenger.shown] == ["open_thread", "open_thread"]
    card = house.store.read(lambda work: work.plans.card(UNIT))
    assert card is not None
    assert card.message == "t1"
    assert [message.message for message in house.messenger.withdrawn] == ["t2"]


async def test_the_only_copy_stays(house: House) -> None:
    slow, quick, _ = standing_still(house, Guarantee.AT_MOST_ONCE)
    await overtaken(house, slow, quick)
    await looked_after()
    assert [sent.key for sent in house.messenger.shown] == [KEY]
    assert house.messenger.withdrawn == []


async def test_what_is_not_over_when_the_courier_stops_is_left(house: House) -> None:
    manner = Manner(delivery=Guarantee.AT_LEAST_ONCE, twin_seconds=60.0)
    slow, quick = house.courier(manner), house.courier(manner)
    await overtaken(house, slow, quick)
    async with asyncio.timeout(30):  # half as long as it would look after it
        await slow.drain(1.0)
    assert house.messenger.withdrawn == []

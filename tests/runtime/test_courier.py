import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, Notice, NoticeKind
from bot.runtime.courier import Courier, fair
from bot.runtime.manner import ATTEMPTS, PATIENT
from bot.runtime.ports import NotDelivered
from bot.ui.deliveries import Composed, Later, Post
from bot.usecases.ports import Work
from tests.runtime.failing import Failing
from tests.runtime.house import COMPOSERS, House, card, compose_news, news
from tests.support.teaching_team import CHANNEL, HERE, THREAD, UNIT, at, plan


async def under_way(house: House, courier: Courier) -> asyncio.Task[int]:
    """Deliver, and return when a message has reached the messenger's gate."""
    there = asyncio.Event()
    house.messenger.before = lambda _: there.set()
    sending = asyncio.create_task(courier.deliver())
    await there.wait()
    return sending


def thread_wanted(work: Work) -> None:
    work.outbox.put(
        Notice(key=f"thread:{UNIT}", kind=NoticeKind.PLAN_THREAD, due_at=work.now, plan=UNIT)
    )


async def test_a_thread_is_opened_and_remembered_before_what_is_said_in_it(house: House) -> None:
    house.store.start(plan(), card=False)
    house.put(news("news:1"), thread_wanted)
    courier = house.courier()
    for _ in range(4):
        await courier.deliver()
        house.clock.move(seconds=3)
    assert [s.how for s in house.messenger.shown] == ["open_thread", "post"]
    card = house.store.read(lambda w: w.plans.card(UNIT))
    assert card is not None
    assert house.messenger.shown[1].to == card.place


async def test_news_without_a_thread_is_given_up_in_the_end(house: House) -> None:
    house.store.start(plan(), card=False)
    house.put(news("news:1"))
    house.messenger.before = Failing(NotDelivered("channel_not_found", permanent=True))
    courier = house.courier()
    for _ in range(2 * PATIENT):
        await courier.deliver()
        house.clock.move(hours=1)
    assert house.states() == {
        "news:1": ("failed", "no thread yet"),
        f"thread:{UNIT}": ("failed", "channel_not_found"),
    }
    assert house.messenger.shown == []


async def test_a_posted_card_is_remembered(house: House) -> None:
    house.store.start(plan())

    def anew(_work: Work, _leased: Leased) -> Composed:
        return Post(place=THREAD, card=card("anew"), card_of=UNIT)

    house.put(news("news:1"))
    await house.courier(composers={NoticeKind.NEWS: anew}).deliver()
    assert house.store.read(lambda w: w.plans.card(UNIT)) == MessageRef(place=THREAD, message="m1")


async def test_two_couriers_do_not_double(house: House) -> None:
    house.store.start(plan())
    house.put(*(news(f"news:{n}") for n in range(40)))
    couriers = [house.courier() for _ in range(4)]
    await asyncio.gather(*(courier.deliver() for courier in couriers for _ in range(3)))
    assert sorted(s.key for s in house.messenger.shown) == sorted(f"news:{n}" for n in range(40))


async def test_a_poison_composer_blocks_nobody(house: House) -> None:
    house.store.start(plan())

    def poison(work: Work, leased: Leased) -> Composed:
        if leased.notice.key == "news:bad":
            raise ZeroDivisionError
        return compose_news(work, leased)

    house.put(news("news:bad"), *(news(f"news:{n}") for n in range(3)))
    courier = house.courier(composers={**COMPOSERS, NoticeKind.NEWS: poison})
    for _ in range(ATTEMPTS + 1):
        await courier.deliver()
        house.clock.move(hours=1)
    assert len(house.messenger.shown) == 3
    state, reason = house.states()["news:bad"]
    assert (state, reason.split()[0]) == ("failed", "ZeroDivisionError")


async def test_permanent_refusal_is_given_up_at_once(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.before = Failing(NotDelivered("channel_not_found", permanent=True))
    courier = house.courier()
    await courier.deliver()
    house.clock.move(days=1)
    await courier.deliver()
    assert house.states() == {"news:1": ("failed", "channel_not_found")}


async def test_a_passing_refusal_is_tried_again_later_and_later(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.before = Failing(NotDelivered("busy"))
    courier = house.courier()
    waits = []
    for _ in range(PATIENT):
        assert await courier.deliver() == 1
        due = house.store.read(lambda w: w.everywhere.next_due())
        if due is None:
            break
        waits.append((due - house.clock.now()).total_seconds())
        house.clock.set(due)
    assert waits[: PATIENT - 1] == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600]
    assert sum(waits[: PATIENT - 1]) > 30 * 60, "half an hour is outlasted"
    assert house.states() == {"news:1": ("failed", "busy")}


async def test_retry_after_is_honoured(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.before = Failing(NotDelivered("ratelimited", retry_after=90), times=1)
    courier = house.courier()
    await courier.deliver()
    due = house.store.read(lambda w: w.everywhere.next_due())
    assert due is not None
    assert timedelta(seconds=90) <= due - at(2, 6) < timedelta(seconds=95)
    house.clock.set(due)
    await courier.deliver()
    assert [s.key for s in house.messenger.shown] == ["news:1"]


async def test_what_vanished_is_cancelled(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    await house.courier(composers={NoticeKind.NEWS: lambda _w, _l: None}).deliver()
    assert house.states() == {"news:1": ("cancelled", "nothing to say")}


async def test_later_means_later(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    answers = itertools.chain([Later(at=at(2, 9), why="lesson")], itertools.repeat(None))
    courier = house.courier(composers={NoticeKind.NEWS: lambda _w, _l: next(answers)})
    await courier.deliver()
    assert house.states() == {"news:1": ("pending", "lesson")}
    assert house.store.read(lambda w: w.everywhere.next_due()) == at(2, 9)


async def test_an_unknown_kind_and_a_missing_platform_do_no_harm(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    await house.courier(composers={NoticeKind.ITEM: compose_news}).deliver()
    assert house.states() == {"news:1": ("failed", "no composer")}
    elsewhere = Post(place=replace(CHANNEL, platform="slack"), card=card("hello"))
    house.put(news("news:2"))
    await house.courier(composers={NoticeKind.NEWS: lambda _w, _l: elsewhere}).deliver()
    assert house.states()["news:2"] == ("pending", "platform not connected")


async def test_a_card_that_changed_while_it_was_sent_is_sent_again(house: House) -> None:
    house.store.start(plan())

    def changed(work: Work) -> None:
        work.outbox.put(
            Notice(key="card:unit", kind=NoticeKind.PLAN_CARD, due_at=work.now, plan=UNIT)
        )

    house.put(changed)
    house.messenger.gate = asyncio.Event()
    courier = house.courier()
    sending = await under_way(house, courier)
    house.put(changed)
    house.messenger.gate.set()
    await sending
    assert await courier.deliver() == 1
    assert await courier.deliver() == 0
    assert len(house.messenger.shown) == 2


def test_workspaces_take_turns() -> None:
    def leased(workspace: str, number: int, about: str) -> Leased:
        notice = Notice(
            key=f"{workspace}{number}", kind=NoticeKind.NEWS, due_at=at(2, 6), plan=PlanId(about)
        )
        return Leased(
            workspace=WorkspaceId(workspace),
            notice=notice,
            attempts=1,
            epoch=1,
            wanted=1,
            until=at(2, 7),
            first_due_at=notice.due_at,
        )

    big = [leased("big", n, f"p{n % 3}") for n in range(9)]
    small = [leased("small", n, f"p{n}") for n in range(2)]
    queues = fair([*big, *small])
    assert [q[0].workspace for q in queues] == ["big", "small", "big", "small", "big"]
    assert [one.notice.key for one in queues[0]] == ["big0", "big3", "big6"]
    assert HERE not in {q[0].workspace for q in queues}


async def test_draining_lets_a_send_finish_and_takes_nothing_new(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.gate = asyncio.Event()
    courier = house.courier()
    sending = await under_way(house, courier)
    house.put(news("news:2"))
    draining = asyncio.create_task(courier.drain(5))
    await asyncio.sleep(0.01)
    house.messenger.gate.set()
    await asyncio.gather(draining, sending)
    assert await courier.deliver() == 0
    assert [s.key for s in house.messenger.shown] == ["news:1"]
    assert house.states()["news:2"][0] == "pending"


async def test_draining_cancels_what_hangs(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.gate = asyncio.Event()
    courier = house.courier()
    sending = await under_way(house, courier)
    await courier.drain(0.05)
    await sending
    assert house.states() == {"news:1": ("leased", "")}

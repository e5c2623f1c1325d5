"""A stop while there is more to do than can be done."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import Guarantee
from bot.domain.ids import PlanId
from bot.domain.reminders.schedule import ReminderKind
from bot.runtime.courier import LAST_MARKS, Manner
from bot.runtime.service import Service
from bot.runtime.ticking import TOGETHER, tick
from bot.usecases.ports import Work
from storage import backup, migrate, restore
from tests.runtime.house import House, news, opened
from tests.runtime.waiting import until
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import BEN, MAYA, ROSA, at, plan


async def held_up(house: House, manner: Manner | None = None) -> tuple[Service, list[str]]:
    """Return a service whose sends last until the gate opens, and the keys of those begun: one."""
    tried: list[str] = []
    house.messenger.before = lambda sent: tried.append(sent.key)
    house.messenger.gate = asyncio.Event()
    service = house.service(manner)
    await service.start()
    await until(lambda: bool(tried))
    return service, tried


async def test_what_waits_behind_a_send_that_takes_too_long_is_given_back(house: House) -> None:
    house.store.start(plan())
    house.put(*(news(f"news:{n}") for n in range(4)))
    service, tried = await held_up(house)
    await service.stop(drain_seconds=0.05)
    states = {key: state for key, (state, _) in house.states().items()}
    assert states.pop(tried[0]) == "leased", "nobody knows whether it was shown"
    assert set(states.values()) == {"pending"}
    house.messenger.gate.set()
    house.clock.move(seconds=2)
    await house.service().settle()
    shown = [sent.key for sent in house.messenger.shown]
    assert sorted(shown) == sorted(states), "without waiting for any lease"


async def test_what_waits_for_room_is_given_back(house: House) -> None:
    for number, who in enumerate((MAYA, BEN, ROSA)):
        made = plan(id=PlanId(f"p{number}"), turn=who)
        house.store.start(made)
        house.put(news(f"news:{number}", made.id))
    service, _ = await held_up(house, Manner(concurrency=1))
    await service.stop(drain_seconds=0.05)
    assert sorted(state for state, _ in house.states().values()) == ["leased", "pending", "pending"]


async def test_from_the_moment_it_closes_nothing_new_is_sent_and_the_seconds_count(
    house: House,
) -> None:
    house.store.start(plan())
    house.store.start(plan(id=PlanId("other")))
    house.put(news("news:slow"))
    service, tried = await held_up(house)
    service.close()
    house.put(news("news:new", PlanId("other")))
    service.wake()
    await asyncio.sleep(0.3)
    assert tried == ["news:slow"]
    async with asyncio.timeout(30):  # the send itself would last for ever
        await service.stop(drain_seconds=0.3)
    states = {key: state for key, (state, _) in house.states().items()}
    assert states == {"news:slow": "leased", "news:new": "pending"}


async def test_what_cannot_be_given_back_does_not_hold_up_the_stop(house: House) -> None:
    house.store.start(plan())
    house.put(*(news(f"news:{n}") for n in range(4)))
    service, _ = await held_up(house)
    file = house.store.writer.url.database or ""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        house.store.door.hurry(0)
        async with asyncio.timeout(5 * LAST_MARKS):  # of which it may take two
            await service.stop(drain_seconds=0)
        other.execute("ROLLBACK")


async def test_a_stop_ends_the_claiming(house: House) -> None:
    def many_due(work: Work) -> None:
        for number in range(3 * TOGETHER):
            work.reminders.plan(ReminderKind.MEMBER, f"nobody-{number}", at(2, 6))

    house.put(many_due)
    answers = iter([True, True, False])
    assert await tick(house.door, house.clock, lambda: next(answers, False)) == TOGETHER
    assert await tick(house.door, house.clock) == 2 * TOGETHER


@pytest.mark.parametrize("delivery", Guarantee)
async def test_what_waited_when_a_backup_was_made_may_have_been_sent_since(
    tmp_path: Path, delivery: Guarantee
) -> None:
    clock = FakeClock(at(2, 6))
    url, copy = f"sqlite:///{tmp_path}/coplan.db", tmp_path / "copy.db"
    migrate.upgrade(url)
    async with opened(tmp_path, clock) as house:
        house.store.start(plan())
        house.put(news("news:1"))
        backup.back_up(url, copy, over=False)
        await house.service().settle()
        assert len(house.messenger.shown) == 1
    done = restore.restore(copy, url, clock.now())
    assert done.unknown == 1
    clock.move(minutes=1)
    async with opened(tmp_path, clock, fresh=False) as house:
        house.put(news("news:2"))
        await house.service(Manner(delivery=delivery)).settle()
        shown = {sent.key for sent in house.messenger.shown}
        again = {"news:1"} if delivery is Guarantee.AT_LEAST_ONCE else set()
        assert shown == {"news:2"} | again
        assert house.states()["news:1"][0] == ("sent" if again else "failed")

"""After a crash only what was begun is in doubt: the rest of the batch was certainly not shown."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import Guarantee
from bot.domain.ids import PlanId
from bot.domain.reminders.notices import Leased
from bot.runtime.courier import LEASE
from bot.runtime.manner import ATTEMPTS, Manner
from bot.runtime.ports import NotDelivered
from bot.usecases.ports import Work
from tests.runtime.failing import Failing
from tests.runtime.house import House, news
from tests.runtime.waiting import until
from tests.support.teaching_team import plan

KEYS = ["news:1", "news:2"]
ONCE = Manner(delivery=Guarantee.AT_MOST_ONCE)


@pytest.fixture
def leased(house: House) -> list[Leased]:
    """Return two notices that a courier holds which will never be heard of again."""
    house.store.start(plan())
    house.put(*(news(key) for key in KEYS))

    def lease(work: Work) -> list[Leased]:
        now = house.clock.now()
        return work.everywhere.lease(now, now + LEASE, 9)

    found = house.store.write(lease)
    assert [one.notice.key for one in found] == KEYS
    return found


def begin(house: House, one: Leased) -> bool:
    (stands,) = house.store.write(lambda work: work.everywhere.begin([one]))
    return stands


async def test_what_was_leased_and_not_begun_is_sent(house: House, leased: list[Leased]) -> None:
    assert len(leased) == 2
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    assert await house.courier(ONCE).deliver() == 2
    assert [sent.key for sent in house.messenger.shown] == KEYS


async def test_however_often_a_process_ends_what_it_never_began_is_sent(
    house: House, leased: list[Leased]
) -> None:
    for _ in range(3 * ATTEMPTS):
        house.clock.move(seconds=LEASE.total_seconds() + 1)
        found = house.store.write(lambda w: w.everywhere.lease(w.now, w.now + LEASE, 9))
        assert len(found) == len(leased)
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    await house.courier(ONCE).deliver()
    house.clock.move(minutes=2)
    await house.courier(ONCE).deliver()
    assert sorted(sent.key for sent in house.messenger.shown) == KEYS


async def test_what_a_process_left_behind_goes_one_by_one(house: House) -> None:
    others = [replace(plan(), id=PlanId(f"plan{n}")) for n in range(3)]
    for n, one in enumerate(others):
        house.store.start(one)
        house.put(news(f"news:{n}", one.id))
    house.store.write(lambda w: w.everywhere.lease(w.now, w.now + LEASE, 9))
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    house.messenger.gate = asyncio.Event()
    begun: list[str] = []
    house.messenger.before = lambda sent: begun.append(sent.key)
    delivering = asyncio.create_task(house.courier(ONCE).deliver())
    await until(lambda: bool(begun))
    await asyncio.sleep(0.05)
    assert len(begun) == 1
    house.messenger.gate.set()
    await delivering
    assert sorted(begun) == ["news:0", "news:1", "news:2"]


async def test_what_was_begun_is_in_doubt(house: House, leased: list[Leased]) -> None:
    assert begin(house, leased[0])
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    await house.courier(ONCE).deliver()
    assert [sent.key for sent in house.messenger.shown] == KEYS[1:]
    assert house.states()[KEYS[0]] == ("failed", "outcome unknown")


async def test_what_was_taken_over_is_not_begun(house: House, leased: list[Leased]) -> None:
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    later = house.clock.now() + LEASE
    (first, second) = house.store.write(lambda w: w.everywhere.lease(house.clock.now(), later, 9))
    assert not begin(house, leased[0])
    assert begin(house, first)
    assert not second.doubtful


async def test_a_refusal_after_the_beginning_leaves_no_doubt(
    house: House, leased: list[Leased]
) -> None:
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    house.messenger.before = Failing(NotDelivered("busy"), times=len(leased))
    await house.courier(ONCE).deliver()
    house.clock.set(house.clock.now() + timedelta(minutes=2))
    await house.courier(ONCE).deliver()
    assert [sent.key for sent in house.messenger.shown] == KEYS

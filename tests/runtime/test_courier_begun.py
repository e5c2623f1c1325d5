"""After a crash only what was begun is in doubt: the rest of the batch was certainly not shown."""

from datetime import timedelta

import pytest

from bot.config import Guarantee
from bot.domain.reminders.notices import Leased
from bot.runtime.courier import LEASE
from bot.runtime.manner import Manner
from bot.runtime.ports import NotDelivered
from bot.usecases.ports import Work
from tests.runtime.failing import Failing
from tests.runtime.house import House, news
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
    return house.store.write(lambda work: work.outbox.begin(one))


async def test_what_was_leased_and_not_begun_is_sent(house: House, leased: list[Leased]) -> None:
    assert len(leased) == 2
    house.clock.move(seconds=LEASE.total_seconds() + 1)
    assert await house.courier(ONCE).deliver() == 2
    assert [sent.key for sent in house.messenger.shown] == KEYS


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

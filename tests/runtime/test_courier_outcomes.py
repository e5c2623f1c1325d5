import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import pytest
import structlog

from bot.config import Guarantee
from bot.domain.errors import Unavailable
from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.runtime.courier import LEASE, MARK_TRIES, Courier
from bot.runtime.manner import Manner
from bot.runtime.ports import OutcomeUnknown
from bot.usecases.ports import Door, Work
from tests.runtime.failing import Failing
from tests.runtime.house import COMPOSERS, Forgetful, House, news
from tests.support.fake_messenger import PLATFORM
from tests.support.teaching_team import CARD, UNIT, plan

T = TypeVar("T")
AGAIN = Manner(delivery=Guarantee.AT_LEAST_ONCE)


@pytest.mark.parametrize("error", [OutcomeUnknown(), RuntimeError("a bug in the messenger")])
@pytest.mark.parametrize(
    ("manner", "shown", "state"),
    [
        (Manner(), 1, "failed"),
        (AGAIN, 2, "sent"),
        (Manner(deduplicates=frozenset({"playground"})), 2, "sent"),
    ],
)
async def test_unknown_outcome(
    house: House, error: Exception, manner: Manner, shown: int, state: str
) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.after = Failing(error, times=1)
    courier = house.courier(manner)
    await courier.deliver()
    house.clock.move(hours=1)
    await courier.deliver()
    assert len(house.messenger.shown) == shown
    assert house.states()["news:1"][0] == state


async def test_a_messenger_that_hangs_has_an_unknown_outcome(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.gate = asyncio.Event()
    courier = house.courier(Manner(send_seconds=0.05))
    await courier.deliver()
    assert house.states() == {"news:1": ("pending", "outcome unknown")}
    house.clock.move(minutes=1)
    await courier.deliver()
    assert house.states() == {"news:1": ("failed", "outcome unknown")}


@dataclass(slots=True)
class BusyAfterwards(Door):
    """A door at which nothing is written for a while once a message was shown."""

    house: House
    fails: int
    error: Exception

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        if self.house.messenger.shown and self.fails:
            self.fails -= 1
            raise self.error
        return await self.house.door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self.house.door.read(workspace, unit)


FULL = Unavailable(reason="the disk is full")
BUG = RuntimeError("a bug in a mark")


@pytest.mark.parametrize(
    ("error", "fails", "first"),
    [(BUG, MARK_TRIES - 1, "sent"), (BUG, MARK_TRIES, "leased"), (FULL, MARK_TRIES + 1, "sent")],
)
async def test_a_mark_that_fails_when_a_message_was_shown(
    house: House, error: Exception, fails: int, first: str
) -> None:
    """It is tried again; where that does not help the lease runs out, and others get theirs."""
    house.store.start(plan())
    house.put(news("news:1"), news("news:2"))
    courier = house.courier(door=BusyAfterwards(house, fails, error))
    with structlog.testing.capture_logs() as logs:
        await courier.deliver()
        while await courier.under_way():
            pass
    assert {key: state for key, (state, _) in house.states().items()} == {
        "news:1": first,
        "news:2": "sent",
    }
    assert [sent.key for sent in house.messenger.shown] == ["news:1", "news:2"]
    assert [entry["event"] for entry in logs] == ["mark_failed"] * fails


async def test_what_was_shown_while_nothing_could_be_written_is_not_shown_again(
    house: House,
) -> None:
    """The store is full for longer than a lease lasts; others would send it again, too."""
    house.store.start(plan())
    house.put(news("news:1"))
    door = BusyAfterwards(house, MARK_TRIES + 2, FULL)
    courier = Courier(door, house.clock, {PLATFORM: house.messenger}, COMPOSERS, AGAIN)
    await courier.deliver()
    house.clock.move(minutes=2)
    while await courier.under_way():
        with suppress(Unavailable):
            assert await courier.deliver() == 0
    assert house.states() == {"news:1": ("sent", "")}
    assert len(house.messenger.shown) == 1


async def test_an_edit_is_repeated_whatever_the_setting(house: House) -> None:
    house.store.start(plan())
    house.put(
        lambda w: w.outbox.put(
            Notice(key="card:unit", kind=NoticeKind.PLAN_CARD, due_at=w.now, plan=UNIT)
        )
    )
    house.messenger.after = Failing(OutcomeUnknown(), times=1)
    courier = house.courier()
    await courier.deliver()
    house.clock.move(hours=1)
    await courier.deliver()
    assert [s.how for s in house.messenger.shown] == ["edit", "edit"]
    assert house.messenger.shown[0].to == CARD
    assert house.states()["card:unit"][0] == "sent"


@pytest.mark.parametrize(("manner", "shown"), [(Manner(), 0), (AGAIN, 1)])
async def test_a_lease_that_ran_out_is_an_unknown_outcome(
    house: House, manner: Manner, shown: int
) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    await house.courier(manner, door=Forgetful(house.door)).deliver()
    assert len(house.messenger.shown) == shown


async def test_a_row_whose_courier_died_is_taken_over_once(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    died = house.store.write(lambda w: w.everywhere.lease(w.now, w.now + LEASE, 10))
    courier = house.courier(AGAIN)
    assert await courier.deliver() == 0
    house.clock.move(seconds=61)
    assert await courier.deliver() == 1
    assert len(house.messenger.shown) == 1
    assert not house.store.write(lambda w: w.outbox.sent(died[0], None)), "nobody hears the dead"

"""A limited channel waits by itself; what cannot be read or ends a process holds up nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from adapters.playground.deliveries import Outcome
from adapters.playground.faults import FaultKind
from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.places import Place
from bot.domain.reminders.notices import PLATFORM_AWAY, Leased, NoticeKind
from bot.runtime.courier import LEASE
from bot.runtime.manner import ATTEMPTS, PATIENT, Manner
from bot.runtime.ports import NotDelivered
from bot.ui.deliveries import Composed, Post
from bot.usecases.ports import Door, Work
from tests.runtime.failing import Failing
from tests.runtime.house import House, card, compose_news, news
from tests.runtime.waiting import until
from tests.support.fake_messenger import Sent
from tests.support.post_office import PostOffice, post_office
from tests.support.teaching_team import CHANNEL, HERE, at, plan

T = TypeVar("T")
AT_ONCE = Manner(concurrency=1)
"""One send after the other, so that each knows of the limits of those before it."""


def by_key(_: Work, leased: Leased) -> Composed:
    """Say it in the channel that the key begins with: ``news:c1:7``."""
    channel = leased.notice.key.split(":")[1]
    place = Place(platform=CHANNEL.platform, kind=CHANNEL.kind, channel=channel)
    return Post(place=place, card=card(leased.notice.key))


BY_KEY = {NoticeKind.NEWS: by_key}


class Limiting:
    """A channel in which nothing is taken until it ends; ``tried`` keeps what came meanwhile."""

    def __init__(self, channel: str, *, throughout: bool = False) -> None:
        self.channel = channel
        self.throughout = throughout
        self.tried: list[str] = []

    def __call__(self, sent: Sent) -> None:
        assert isinstance(sent.to, Place)
        if sent.to.channel == self.channel:
            self.tried.append(sent.key)
            raise NotDelivered("limited", retry_after=60, throughout=self.throughout)


async def test_a_limited_channel_delays_no_other_and_gets_nothing_before_its_time(
    house: House,
) -> None:
    house.store.start(plan())
    house.put(*(news(f"news:{channel}:{n}") for n in range(5) for channel in ("c1", "c2", "c3")))
    house.messenger.before = limit = Limiting("c2")
    courier = house.courier(AT_ONCE, BY_KEY)
    await courier.deliver()
    assert len(limit.tried) == 1
    assert sorted(s.key[:7] for s in house.messenger.shown) == ["news:c1"] * 5 + ["news:c3"] * 5
    house.put(news("news:c2:new"), news("news:c1:new"))
    house.clock.move(seconds=59)
    await courier.deliver()
    assert len(limit.tried) == 1
    assert house.messenger.shown[-1].key == "news:c1:new"
    house.messenger.before = lambda _: None
    for _ in range(4):
        house.clock.move(seconds=10)
        await courier.deliver()
    assert sum(s.key.startswith("news:c2") for s in house.messenger.shown) == 6
    assert len({s.key for s in house.messenger.shown}) == len(house.messenger.shown) == 17


@dataclass(slots=True)
class SlowSecond(Door):
    """A door whose second writing in a workspace is slow: it waits for ``until_then``."""

    door: Door
    until_then: Callable[[], bool]
    writes: int = 0

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        self.writes += workspace == HERE
        if workspace == HERE and self.writes == 2:
            await until(self.until_then)
        return await self.door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self.door.read(workspace, unit)


async def test_a_send_that_was_just_begun_heeds_the_limit_another_ran_into(house: House) -> None:
    other = PlanId("other")
    house.store.start(plan())
    house.store.start(plan(id=other))
    house.put(news("news:c2:1"), news("news:c2:2", other))
    house.messenger.before = limit = Limiting("c2")
    door = SlowSecond(house.door, lambda: bool(limit.tried))
    await house.courier(Manner(), BY_KEY, door).deliver()
    assert len(limit.tried) == 1
    assert set(house.states().values()) == {("pending", "rate limited")}


async def test_a_limit_of_the_platform_stops_all_of_this_workspace(house: House) -> None:
    house.store.start(plan())
    house.put(*(news(f"news:c{n}:1") for n in range(6)))
    house.messenger.before = Limiting("c0", throughout=True)
    await house.courier(AT_ONCE, BY_KEY).deliver()
    assert house.messenger.shown == []
    assert set(house.states().values()) == {("pending", "rate limited")}


async def test_another_courier_and_the_next_start_know_of_the_limit(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:c2:1"))
    house.messenger.before = limit = Limiting("c2")
    await house.courier(AT_ONCE, BY_KEY).deliver()
    house.put(news("news:c2:2"), news("news:c1:2"))
    await house.courier(AT_ONCE, BY_KEY).deliver()
    assert limit.tried == ["news:c2:1"]
    assert [s.key for s in house.messenger.shown] == ["news:c1:2"]
    house.messenger.before = lambda _: None
    house.clock.move(seconds=65)
    await house.courier(AT_ONCE, BY_KEY).deliver()
    assert [s.key for s in house.messenger.shown] == ["news:c1:2", "news:c2:1", "news:c2:2"]


async def test_waiting_for_a_limit_uses_up_no_attempts(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:c2:1"))
    courier = house.courier(AT_ONCE, BY_KEY)
    house.messenger.before = limit = Limiting("c2")
    for _ in range(3 * ATTEMPTS):
        await courier.deliver()
        due = house.store.read(lambda w: w.everywhere.next_due())
        assert due is not None
        house.clock.set(due)
    assert len(limit.tried) == 3 * ATTEMPTS
    waits = house.clock.now() - at(2, 6)
    assert waits > 2 * timedelta(seconds=60) * 3 * ATTEMPTS, "it asks less and less often"
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    await courier.deliver()
    assert house.states() == {"news:c2:1": ("pending", "busy")}


async def test_what_waited_for_a_platform_that_was_away_comes_soon_and_in_its_order(
    house: House,
) -> None:
    house.store.start(plan())
    courier, keys = house.courier(AT_ONCE), [f"news:{n}" for n in range(8, 12)]
    house.messenger.before = Failing(NotDelivered("ClientConnectorError", away=True))
    began = house.clock.now()
    while house.clock.now() - began < timedelta(hours=2):
        if keys[len(house.states()) :]:
            house.put(news(keys[len(house.states())]))
        await courier.deliver()
        house.clock.move(seconds=10)
    assert set(house.states().values()) == {("pending", PLATFORM_AWAY)}
    found = house.store.read(lambda work: work.everywhere.backlog(house.clock.now()))
    assert (found.waiting, found.due, found.oldest) == (4, 4, began)
    house.messenger.before = lambda _: None
    for _ in range(4):
        await courier.deliver()
        house.clock.move(seconds=10)
    assert [s.key for s in house.messenger.shown] == keys


async def test_a_platform_that_is_away_for_days_is_given_up_as_if_it_refused(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.before = Failing(NotDelivered("ClientConnectorError", away=True))
    courier = house.courier(AT_ONCE)
    for _ in range(2 * PATIENT):
        await courier.deliver()
        house.clock.move(hours=2)
    assert house.states() == {"news:1": ("failed", "ClientConnectorError")}


async def test_a_row_that_this_version_cannot_read_holds_up_nobody(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"), news("news:2"), news("news:3"))
    with house.store.writer.connect() as connection:
        connection.execute(text("UPDATE outbox SET kind = 'parade' WHERE key = 'news:2'"))
        connection.commit()
    assert await house.courier().deliver() == 2
    assert [s.key for s in house.messenger.shown] == ["news:1", "news:3"]
    assert house.states()["news:2"] == ("failed", "unreadable")
    assert await house.courier().deliver() == 0


def ended_while_taking(work: Work) -> None:
    """Leave behind what a process does that ends while it composes what it has just taken."""
    for one in work.everywhere.lease(work.now, work.now + LEASE, 10):
        assert not one.orphaned or work.outbox.suspect(one)


async def test_what_ends_its_process_each_time_is_given_up(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    for _ in range(1 + ATTEMPTS):
        house.store.write(ended_while_taking)
        house.clock.move(seconds=61)
    composed: list[str] = []

    def composer(work: Work, leased: Leased) -> Composed:
        composed.append(leased.notice.key)
        return compose_news(work, leased)

    await house.courier(composers={NoticeKind.NEWS: composer}).deliver()
    assert composed == []
    assert house.states() == {"news:1": ("failed", "taken too often")}
    house.put(news("news:2"))
    await house.courier().deliver()
    assert [s.key for s in house.messenger.shown] == ["news:2"]


async def test_a_messenger_that_cannot_look_now_is_asked_again_and_sends_nothing(
    tmp_path: Path,
) -> None:
    async with post_office(tmp_path) as office:
        ana, ben = await office.person("Ana"), await office.person("Ben")
        await office.goes_wrong(FaultKind.LOST_AFTER)
        await ana.starts("Rivers", ben)
        await office.service.settle()
        assert len(office.copies("thread:")) == 1
        renamed(office, "playground_messages", "away")  # the history cannot be read for a while
        office.bot.clock.move(minutes=1)
        await office.service.settle()
        renamed(office, "away", "playground_messages")
        await office.settles()
        assert len(office.copies("thread:")) == 1
        assert (await office.outcomes())[-1] is Outcome.FOUND


def renamed(office: PostOffice, table: str, name: str) -> None:
    with office.bot.writer.connect() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
        connection.commit()


async def test_a_kill_in_the_middle_of_an_outage_gives_nothing_up(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    house.messenger.before = Failing(NotDelivered("busy"), times=ATTEMPTS + 1)
    for _ in range(ATTEMPTS + 1):
        assert await house.courier().deliver() == 1
        house.clock.move(minutes=11)
    for _ in range(ATTEMPTS):
        house.store.write(ended_while_taking)
        house.clock.move(seconds=61)
    await house.courier().deliver()
    assert [s.key for s in house.messenger.shown] == ["news:1"]


async def test_a_refusal_clears_what_was_thought_to_end_its_process(house: House) -> None:
    house.store.start(plan())
    house.put(news("news:1"))
    for refused in (True, True, False):
        for _ in range(ATTEMPTS):
            house.store.write(ended_while_taking)
            house.clock.move(seconds=61)
        house.messenger.before = Failing(NotDelivered("busy"), times=int(refused))
        await house.courier().deliver()
        house.clock.move(minutes=11)
    assert [s.key for s in house.messenger.shown] == ["news:1"]

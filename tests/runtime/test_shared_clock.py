"""Who shares a store lives by one clock: that of its server."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.domain.errors import Unavailable
from bot.domain.ids import WorkspaceId
from bot.main import open_house
from bot.runtime.shared_clock import SharedClock, by_the_server
from bot.usecases.ports import Door, Work
from storage.holding import hold
from storage.told import server_time
from tests.runtime.house import opened
from tests.runtime.waiting import until
from tests.support.fake_clock import FakeClock
from tests.support.postgres import fresh_database
from tests.support.teaching_team import HERE

T = TypeVar("T")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Server(Door):
    """A door to a server whose clock shows ``clock``'s time; asking it takes ``slow`` seconds."""

    def __init__(self, clock: FakeClock, *others: FakeClock) -> None:
        self.clock = clock
        self.others = others
        self.slow = 0.0
        self.reachable = True
        self.asked = 0

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:  # noqa: ARG002
        self.asked += 1
        if not self.reachable:
            raise Unavailable(reason="the server is down")
        for clock in (self.clock, *self.others):
            clock.move(seconds=self.slow)
        return self.clock.now()  # type: ignore[return-value] - all that is ever asked of it

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:  # noqa: ARG002
        raise AssertionError


@pytest.mark.parametrize("seconds", [-86_400, -30, 30, 3600])
async def test_a_machines_clock_is_set_by_the_servers(seconds: int) -> None:
    own = FakeClock(NOON + timedelta(seconds=seconds))
    clock = SharedClock(own)
    async with by_the_server(clock, Server(FakeClock(NOON))):
        assert clock.now() == NOON
        own.move(minutes=5)
        assert clock.now() == NOON + timedelta(minutes=5)


@pytest.mark.parametrize("seconds", [-0.4, 0, 0.4])
async def test_clocks_that_are_near_are_the_same(seconds: float) -> None:
    clock = SharedClock(FakeClock(NOON + timedelta(seconds=seconds)))
    async with by_the_server(clock, Server(FakeClock(NOON))):
        assert clock.now() == NOON + timedelta(seconds=seconds)


async def test_how_long_the_server_takes_to_answer_is_no_difference() -> None:
    own = FakeClock(NOON)
    clock, server = SharedClock(own), Server(FakeClock(NOON), own)
    server.slow = 8
    await clock.agree(server)
    assert clock.now() == NOON + timedelta(seconds=8)


async def test_a_clock_that_is_set_meanwhile_is_put_right() -> None:
    own = FakeClock(NOON)
    clock, server = SharedClock(own), Server(FakeClock(NOON))
    async with by_the_server(clock, server, every=0):
        own.move(hours=2)
        await until(lambda: clock.now() == NOON)
        server.reachable, asked = False, server.asked
        await until(lambda: server.asked > asked + 3)
        assert clock.now() == NOON, "it goes on as it went"
        own.move(hours=-3)
        server.reachable = True
        await until(lambda: clock.now() == NOON)
    asked = server.asked
    await until(lambda: True)
    assert server.asked == asked, "nobody looks any more"


async def test_a_file_has_no_clock_of_its_own(tmp_path: Path) -> None:
    clock = SharedClock(FakeClock(NOON))
    async with opened(tmp_path, FakeClock(NOON)) as house, by_the_server(clock, house.door):
        assert await house.door.read(HERE, lambda work: work.everywhere.clock()) is None
        assert clock.now() == NOON


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database("clock") as url:
        yield url


async def test_houses_on_machines_a_minute_apart_live_by_the_servers_clock(url: str) -> None:
    shown = server_time(url)
    assert shown is not None
    slow, fast = (SharedClock(FakeClock(shown + timedelta(seconds=s))) for s in (-30, 30))
    with hold(url) as one, hold(url) as other:
        async with open_house(one, {}, clock=slow), open_house(other, {}, clock=fast):
            assert abs(fast.now() - slow.now()) < timedelta(seconds=20)

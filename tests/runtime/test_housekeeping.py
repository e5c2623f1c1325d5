import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import Unavailable
from bot.domain.ids import WorkspaceId
from bot.runtime.housekeeping import KEEPING, Housekeeper
from bot.usecases.ports import Door, Work
from bot.usecases.upkeep import Bygone
from tests.runtime.house import House, opened
from tests.runtime.waiting import until
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import HERE, MAYA, at

T = TypeVar("T")
START = at(2, 6)


def keys(path: Path) -> list[str]:
    with closing(sqlite3.connect(path / "coplan.db")) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM inbox ORDER BY key")]


class Broken(Door):
    """A door that is shut until it works again."""

    def __init__(self, house: House) -> None:
        self._door = house.door
        self.works = False
        self.asked = 0

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        self.asked += 1
        if not self.works:
            raise Unavailable(reason="the disk is full")
        return await self._door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self._door.read(workspace, unit)


def delivered(house: House, *names: str) -> None:
    for name in names:
        house.put(lambda w, name=name: w.inbox.first(name))  # type: ignore[misc]


async def test_it_tidies_once_a_day_and_only_what_is_old(tmp_path: Path) -> None:
    clock = FakeClock(START)
    async with opened(tmp_path, clock) as house:
        housekeeper = Housekeeper(house.door, clock)
        delivered(house, "a", "b")
        house.put(lambda w: w.drafts.put(MAYA, "timetable", b"x"))
        assert sum((await housekeeper.tidy()).values()) == 0
        clock.move(days=6)
        delivered(house, "c")
        clock.move(days=1, seconds=1)
        assert (await housekeeper.tidy())[Bygone.INBOX] == 2
        assert keys(tmp_path) == ["c"]
        clock.move(days=8)
        others = [Housekeeper(house.door, clock) for _ in range(3)]
        done = await asyncio.gather(*(one.tidy() for one in others))
        assert [len(one) > 0 for one in done].count(True) == 1, "one of several does it"
        assert keys(tmp_path) == []
        clock.move(days=30)
        assert (await housekeeper.tidy())[Bygone.DRAFTS] == 1


async def test_nothing_that_platforms_may_deliver_again_is_forgotten() -> None:
    assert KEEPING[Bygone.INBOX].kept >= timedelta(days=1)
    assert set(KEEPING) == set(Bygone)


async def test_the_service_tidies_while_it_runs(tmp_path: Path) -> None:
    clock = FakeClock(START)
    async with opened(tmp_path, clock) as house:
        delivered(house, "a")
        service = house.service()
        await service.start()
        await until(lambda: service.last_pass is not None)
        clock.move(days=8)

        def gone() -> bool:
            service.wake()
            return keys(tmp_path) == []

        await until(gone)
        await service.stop()


async def test_many_rows_go_a_few_at_a_time_and_nobody_waits_long(tmp_path: Path) -> None:
    clock = FakeClock(START)
    async with opened(tmp_path, clock) as house:
        old = [{"key": f"k{n:06}"} for n in range(20_000)]
        with closing(sqlite3.connect(tmp_path / "coplan.db")) as connection:
            connection.executemany("INSERT INTO inbox VALUES ('w1', :key, 0)", old)
            connection.commit()
        loop = asyncio.get_running_loop()
        waits = []

        async def writing() -> None:
            while True:
                began = loop.time()
                await house.door.write(HERE, lambda w: w.inbox.first(""))
                waits.append(loop.time() - began)
                await asyncio.sleep(0)

        writer, began_at = asyncio.create_task(writing()), loop.time()
        assert (await Housekeeper(house.door, clock).tidy())[Bygone.INBOX] == len(old)
        took = loop.time() - began_at
        writer.cancel()
    waits.sort()
    share = waits[len(waits) // 2] / took
    print(f"{len(waits)} writes meanwhile, the median one took {share:.1%} of all that time")
    assert len(waits) > len(old) / KEEPING[Bygone.INBOX].deleted / 2, "they had to wait"
    assert share < 0.05


async def test_a_failure_is_logged_and_tried_again(tmp_path: Path) -> None:
    clock = FakeClock(START)
    async with opened(tmp_path, clock) as house:
        delivered(house, "a")
        clock.move(days=8)
        broken = Broken(house)
        housekeeper = Housekeeper(broken, clock)
        housekeeper.look()
        await until(lambda: broken.asked == 1)
        housekeeper.look()
        await asyncio.sleep(0.01)
        assert broken.asked == 1, "not at once"
        clock.move(hours=1)
        broken.works = True
        housekeeper.look()
        await until(lambda: keys(tmp_path) == [])
        await housekeeper.stop()

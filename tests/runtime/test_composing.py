import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Leased, Notice, NoticeKind
from bot.runtime.composing import Composing
from bot.ui.deliveries import Composed, Post
from bot.usecases.ports import Door, Work
from tests.runtime.house import House, card
from tests.support.teaching_team import CHANNEL, HERE, ROSA

T = TypeVar("T")


class Counting(Door):
    """A door that counts what is read, in the order of asking."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.reads: list[WorkspaceId] = []

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self._door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        self.reads.append(workspace)
        return await self._door.read(workspace, unit)


def leased(house: House, key: str, workspace: WorkspaceId = HERE) -> Leased:
    now = house.clock.now()
    return Leased(
        workspace=workspace,
        notice=Notice(key=key, kind=NoticeKind.REMINDER, due_at=now, member=ROSA),
        attempts=1,
        epoch=1,
        wanted=1,
        until=now,
        first_due_at=now,
    )


def worded(work: Work, one: Leased) -> Composed:
    if one.notice.key.startswith("poison"):
        raise LookupError(one.notice.key)
    return Post(place=CHANNEL, card=card(f"{work.workspace} {one.notice.key}"))


def titles(found: list[Composed]) -> list[str]:
    return [one.card.title for one in found if isinstance(one, Post)]


async def test_what_waits_together_is_composed_together(house: House) -> None:
    door = Counting(house.door)
    composing = Composing(door)
    wanted = [leased(house, f"k{n}") for n in range(20)]
    elsewhere = leased(house, "k0", WorkspaceId("elsewhere"))
    found = await asyncio.gather(*(composing.compose(one, worded) for one in (*wanted, elsewhere)))
    assert titles(found) == [*(f"{HERE} k{n}" for n in range(20)), "elsewhere k0"]
    assert sorted(door.reads) == sorted([HERE, WorkspaceId("elsewhere")])
    assert titles([await composing.compose(wanted[0], worded)]) == [f"{HERE} k0"]


async def test_poison_is_told_to_whoever_asked_for_it_alone(house: House) -> None:
    composing = Composing(house.door)
    keys = ["k1", "poison1", "k2", "poison2"]
    found = await asyncio.gather(
        *(composing.compose(leased(house, key), worded) for key in keys), return_exceptions=True
    )
    assert [str(one.card.title) for one in found if isinstance(one, Post)] == [
        f"{HERE} k1",
        f"{HERE} k2",
    ]
    assert [str(one) for one in found if isinstance(one, LookupError)] == ["poison1", "poison2"]
    with pytest.raises(LookupError):
        await composing.compose(leased(house, "poison3"), worded)


async def test_whoever_gives_up_takes_no_answer_from_the_others(house: House) -> None:
    composing = Composing(house.door)
    tasks = [
        asyncio.create_task(composing.compose(leased(house, key), worded)) for key in ("k1", "k2")
    ]
    await asyncio.sleep(0)
    tasks[0].cancel()
    assert titles([await tasks[1]]) == [f"{HERE} k2"]
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]

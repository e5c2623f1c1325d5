import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.ids import WorkspaceId
from bot.runtime.gathering import Gathering
from tests.runtime.waiting import until

HERE, THERE = WorkspaceId("here"), WorkspaceId("there")


class Desk:
    """Doubles numbers, one lot at a time, when it is open; refuses lots with a negative one."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.lots: list[tuple[WorkspaceId, list[int]]] = []

    async def answer(self, workspace: WorkspaceId, asked: Sequence[int]) -> list[int]:
        self.lots.append((workspace, list(asked)))
        await self.open.wait()
        if min(asked) < 0:
            raise ValueError(min(asked))
        return [2 * one for one in asked]


async def test_who_asks_meanwhile_shares_the_next_answer() -> None:
    desk = Desk()
    gathering = Gathering(desk.answer, "doubling")
    asking = [asyncio.create_task(gathering.ask(HERE, 1))]
    await until(lambda: bool(desk.lots))
    asking += [asyncio.create_task(gathering.ask(HERE, n)) for n in range(2, 5)]
    asking += [asyncio.create_task(gathering.ask(THERE, 9))]
    await asyncio.sleep(0.01)
    desk.open.set()
    assert await asyncio.gather(*asking) == [2, 4, 6, 8, 18]
    assert desk.lots == [(HERE, [1]), (THERE, [9]), (HERE, [2, 3, 4])]
    assert await gathering.ask(HERE, 5) == 10


async def test_everybody_meets_their_own_error() -> None:
    desk = Desk()
    desk.open.set()
    gathering = Gathering(desk.answer, "doubling")
    found = await asyncio.gather(
        *(gathering.ask(HERE, n) for n in (1, -1, 2, -2)), return_exceptions=True
    )
    assert found[::2] == [2, 4]
    assert [str(one) for one in found[1::2]] == ["-1", "-2"]
    assert sorted(map(len, (lot for _, lot in desk.lots))) == [1, 1, 1, 1, 4]


async def test_what_was_asked_is_answered_though_nobody_waits_for_it_any_more() -> None:
    desk = Desk()
    gathering = Gathering(desk.answer, "doubling")
    asking = [asyncio.create_task(gathering.ask(HERE, 1))]
    await until(lambda: bool(desk.lots))
    asking += [asyncio.create_task(gathering.ask(HERE, n)) for n in (2, 3)]
    await asyncio.sleep(0)
    for one in asking[:2]:
        one.cancel()
    finishing = asyncio.create_task(gathering.finish(9))
    await asyncio.sleep(0.01)
    assert not finishing.done()
    await gathering.finish(0.01)
    desk.open.set()
    await finishing
    assert desk.lots == [(HERE, [1]), (HERE, [2, 3])]
    assert await asking[2] == 6
    for one in asking[:2]:
        with pytest.raises(asyncio.CancelledError):
            await one

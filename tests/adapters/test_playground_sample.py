"""The sample school comes whole, whatever cuts its loading off."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from adapters.playground.sample import load_sample
from adapters.playground.store import PlaygroundStore
from bot.chat.inbound import Inbound
from bot.chat.router import Handler
from bot.domain.errors import InvalidInput, Unavailable
from bot.domain.ids import RandomIds
from bot.main import SystemClock, open_house
from bot.ui.pages import problems
from bot.ui.replies import Reply
from storage.holding import hold

TABLES = ("members", "plans", "contributions", "inbox", "playground_people", "playground_channels")
ACTS = 10


class CutOff(Handler):
    """Hands on the first ``acts``; the next one ends the playground, or meets a full disk."""

    def __init__(self, handler: Handler, acts: int, *, done: bool, full: bool) -> None:
        self._handler = handler
        self._left = acts
        self._done = done
        self._full = full

    async def handle(self, inbound: Inbound) -> Reply:
        self._left -= 1
        if self._left >= 0:
            return await self._handler.handle(inbound)
        if self._full:
            return problems.known(Unavailable(reason="the disk is full"), form=True)
        if self._done:
            await self._handler.handle(inbound)
        raise asyncio.CancelledError


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[tuple[PlaygroundStore, Handler]]:
    store = PlaygroundStore(path, ids=RandomIds())
    try:
        await store.open(defaults=False)
        with hold(f"sqlite:///{path}") as held:
            async with open_house(held, {}, clock=SystemClock()) as house:
                yield store, house.router
    finally:
        await store.close()


def counted(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in TABLES
        }


@pytest.mark.parametrize(
    ("acts", "how"), [(0, "before"), (1, "after"), (5, "before"), (5, "full"), (9, "after")]
)
async def test_what_was_cut_off_is_completed_once(tmp_path: Path, acts: int, how: str) -> None:
    path, clock = tmp_path / "cut.db", SystemClock()
    async with opened(path) as (store, handler):
        cut = CutOff(handler, acts, done=how == "after", full=how == "full")
        with pytest.raises((asyncio.CancelledError, InvalidInput)):
            await load_sample(store, cut, clock=clock)
        assert await store.sample_begun()
    async with opened(path) as (store, handler):
        assert await store.sample_begun()
        assert await load_sample(store, handler, clock=clock)
        assert not await store.sample_begun()
        assert not await load_sample(store, handler, clock=clock), "nor does it come twice"
    found = counted(path)
    assert found["inbox"] == ACTS
    assert (found["members"], found["plans"], found["playground_people"]) == (4, 1, 4)
    assert found["contributions"] == 1

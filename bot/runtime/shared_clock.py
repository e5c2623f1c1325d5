"""One clock for all who share a store: that of its server.

A lease runs out by the clock of whoever looks at it. Were each process to live by its machine's
own, one whose clock is a minute ahead of another's would take what that one is just sending, and
send it again; and what is due would be sent before its time.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import EVERYWHERE
from bot.usecases.ports import Door

EVERY: Final = 15.0
"""Seconds between two looks at the server's clock: a machine's own may be set at any time."""
NEAR: Final = timedelta(seconds=0.5)
"""Clocks that differ by less are the same: nothing here is planned by the second."""

_log = structlog.get_logger(__name__)


class SharedClock(Clock):
    """The machine's ``own`` clock, set by that of the store's server wherever there is one."""

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return self._own.now() + self._ahead

    async def agree(self, door: Door) -> None:
        """Look at the server's clock, and go by it; ``Unavailable`` when it cannot be seen.

        The server read it at some time while it was asked: a difference that this explains is none.
        """
        asked = self.now()
        shown = await door.read(EVERYWHERE, lambda work: work.everywhere.clock())
        if shown is None:
            return
        half = abs(self.now() - asked) / 2
        apart = shown - (asked + half)
        if abs(apart) > NEAR + half:
            self._ahead += apart
            _log.warning("clock_set", seconds=round(apart.total_seconds(), 1))


@contextlib.asynccontextmanager
async def by_the_server(clock: Clock, door: Door, every: float = EVERY) -> AsyncIterator[None]:
    """Let a shared clock go by the server's from here on; any other goes as it does."""
    if not isinstance(clock, SharedClock):
        yield
        return
    await _agreed(clock, door)
    task = asyncio.create_task(_agreeing(clock, door, every), name="coplan-clock")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _agreeing(clock: SharedClock, door: Door, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await _agreed(clock, door)


async def _agreed(clock: SharedClock, door: Door) -> None:
    with contextlib.suppress(Unavailable):  # it goes on as it went; nothing else works now, either
        await clock.agree(door)

"""The service: alarm, tick and courier together, from start to a graceful stop."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.ids import EVERYWHERE
from bot.domain.reminders.notices import NoticeKind
from bot.runtime.alarm import Alarm
from bot.runtime.courier import Courier
from bot.runtime.housekeeping import Housekeeper
from bot.runtime.manner import Manner
from bot.runtime.ports import Messengers
from bot.runtime.ticking import BATCH, tick
from bot.ui.deliveries import Composer
from bot.usecases.ports import Door

DRAIN_SECONDS = 10.0
"""How long sends in flight may take after ``close``."""
LONGEST_PAUSE = 45.0
"""Seconds without a look at what is due after which something is wrong: one comes every 15."""
LAST_SECONDS = 3.0
"""How long what has begun may take to be written down after that."""


class Service:
    """Keeps reminders and deliveries going while it is started.

    It closes neither the door nor the messengers: they belong to whoever made them. ``last_pass``
    is when what is due was last looked at (UTC), for the health check.
    """

    def __init__(
        self,
        door: Door,
        clock: Clock,
        messengers: Mapping[str, Messengers],
        composers: Mapping[NoticeKind, Composer],
        manner: Manner | None = None,
    ) -> None:
        self._door = door
        self._clock = clock
        self._courier = Courier(door, clock, messengers, composers, manner or Manner())
        self._housekeeper = Housekeeper(door, clock)
        self._alarm = Alarm(clock, self._rung, self.next_due)
        self._passing = asyncio.Lock()
        self._settling: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._closed_at: float | None = None
        self.last_pass: datetime | None = None

    async def start(self) -> None:
        """Begin: what came due while nobody was there is worked off first."""
        self._alarm.start()

    def close(self) -> None:
        """Claim and send nothing more; what is being sent goes on. Call it in the running loop."""
        if self._closed_at is None:
            self._closed_at = asyncio.get_running_loop().time()
        self._stopping = True
        self._courier.close()

    async def stop(self, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Let running sends finish, but end them so many seconds after ``close``.

        That is done first, if it was not yet. Calling it twice is harmless.
        """
        self.close()
        since = asyncio.get_running_loop().time() - (self._closed_at or 0.0)
        await self._courier.drain(max(drain_seconds - since, 0.0))
        await self._alarm.stop()
        await self._housekeeper.stop()
        if self._settling:
            await asyncio.wait(self._settling, timeout=LAST_SECONDS)

    def ticking(self) -> bool:
        """Tell whether what is due has been looked at lately."""
        if self.last_pass is None:
            return False
        return (self._clock.now() - self.last_pass).total_seconds() < LONGEST_PAUSE

    def wake(self) -> None:
        """Look soon whether something is due; from any thread, as often as you like."""
        self._alarm.wake()

    async def _rung(self) -> None:
        await self.settle()
        self._housekeeper.look()

    async def settle(self) -> None:
        """Claim and deliver until nothing is due at the clock's now.

        Callers at the same time wait for one another. What failed and is to be tried later is
        left for later. A caller who is cancelled stops waiting, not the work: a notice that is
        leased and then forgotten would have to be given up.
        """
        task = asyncio.create_task(self._settle(), name="coplan-settle")
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
        await asyncio.shield(task)

    async def _settle(self) -> None:
        async with self._passing:
            busy = True
            while busy and not self._stopping:
                busy = bool(await self._pass()) or await self._courier.under_way()

    async def next_due(self) -> datetime | None:
        """Return the next instant (UTC) at which something is due, or None."""
        return await self._door.read(EVERYWHERE, lambda work: work.everywhere.next_due())

    async def _pass(self) -> int:
        """Do one round, if anything is due at all: looking is cheap, leasing writes.

        Returns how much was moved or taken.

        A batch is claimed, and as much delivered, before more is claimed: nobody waits for the
        claims of ten thousand others, and what was decoded to claim them is at hand when they are
        told.
        """
        due = await self.next_due()
        moved = taken = 0
        if due is not None and due <= self._clock.now():
            moved = await tick(self._door, self._clock, lambda: not self._stopping, most=BATCH)
            while taken < BATCH and (more := await self._courier.deliver()):
                taken += more
        self.last_pass = self._clock.now()
        return moved + taken

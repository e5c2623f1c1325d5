"""Housekeeping: once a day, what lost its use long ago is forgotten, a little at a time.

Rows are looked through by reading, and deleted by key in small units of work, so whoever writes
meanwhile waits for a few milliseconds at most. What is interrupted goes on the day after.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import EVERYWHERE
from bot.log import reference
from bot.usecases.ports import Door, Work
from bot.usecases.upkeep import Bygone, Chore, Key, Looked

EVERY: Final = timedelta(days=1)
AFTER_A_FAILURE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long rows are kept, how many are read at once, and how many are deleted at once."""

    kept: timedelta
    read: int
    deleted: int


KEEPING: Final[Mapping[Bygone, Keeping]] = {
    # Platforms deliver again within minutes or hours, a day at the very most; a week is plenty.
    Bygone.INBOX: Keeping(kept=timedelta(days=7), read=2000, deleted=200),
    # A draft may be a whole file.
    Bygone.DRAFTS: Keeping(kept=timedelta(days=30), read=20, deleted=2),
    Bygone.OUTBOX: Keeping(kept=timedelta(days=30), read=1000, deleted=100),
}

_log = structlog.get_logger(__name__)


class Housekeeper:
    """Tidies up once a day by the injected clock; of several processes one does."""

    def __init__(self, door: Door, clock: Clock) -> None:
        self._door = door
        self._clock = clock
        self._next: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Begin if a day has passed, and go on in a task of its own; costs nothing otherwise."""
        now = self._clock.now()
        early = self._next is not None and self._next - EVERY <= now < self._next
        if early or (self._task is not None and not self._task.done()):
            return
        self._next = now + EVERY
        self._task = asyncio.create_task(self._supervised(), name="coplan-housekeeping")

    async def stop(self) -> None:
        """End between two units of work."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def tidy(self) -> Mapping[Bygone, int]:
        """Forget everything that is due to be, if nobody has today; return how much of what."""
        if not await self._door.write(EVERYWHERE, _claimed):
            return {}
        return {what: await self._forget(what, keeping) for what, keeping in KEEPING.items()}

    async def _supervised(self) -> None:
        try:
            forgotten = {what.value: count for what, count in (await self.tidy()).items() if count}
            if forgotten:
                _log.info("forgotten", **forgotten)
        except Exception:  # noqa: BLE001 - logged, and tried again
            _log.exception("housekeeping_failed", reference=reference())
            self._next = self._clock.now() + AFTER_A_FAILURE

    async def _forget(self, what: Bygone, keeping: Keeping) -> int:
        before = self._clock.now() - keeping.kept
        after: Key | None = None
        count = 0
        while True:
            found = await self._door.read(EVERYWHERE, _looking(what, before, after, keeping.read))
            for start in range(0, len(found.old), keeping.deleted):
                keys = found.old[start : start + keeping.deleted]
                count += await self._door.write(EVERYWHERE, _forgetting(what, before, keys))
            if (after := found.last) is None:
                return count


def _claimed(work: Work) -> bool:
    return work.upkeep.claim(Chore.HOUSEKEEPING, EVERY)


def _looking(
    what: Bygone, before: datetime, after: Key | None, limit: int
) -> Callable[[Work], Looked]:
    return lambda work: work.everywhere.look_through(what, before, after, limit)


def _forgetting(what: Bygone, before: datetime, keys: Sequence[Key]) -> Callable[[Work], int]:
    return lambda work: work.everywhere.forget(what, before, keys)

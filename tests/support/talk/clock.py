"""The clock of a house that runs in this process: everything due on the way happens."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.members import Identity
from bot.runtime.service import Service
from bot.usecases.ports import Work
from bot.usecases.timetable.free import next_free
from tests.support.fake_clock import FakeClock
from tests.support.talk.stage import ZONE, StageClock
from tests.support.talk.times import wall

STOPS = 5000


@dataclass(slots=True, kw_only=True)
class HouseClock(StageClock):
    """``service`` is the one that runs now; ``free`` tells somebody's next free period (UTC)."""

    time: FakeClock
    service: Callable[[], Service]
    free: Callable[[str], Awaitable[datetime | None]]

    async def now(self) -> datetime:
        return self.time.now()

    async def to(self, when: datetime | str) -> None:
        """Move through every instant at which something is due."""
        target = await self._target(when)
        assert target >= self.time.now(), f"the clock moves forward only: {when}"
        service = self.service()
        for _ in range(STOPS):
            due = await service.next_due()
            if due is None or due > target:
                break
            self.time.set(max(due, self.time.now()))
            await service.settle()
        else:
            raise AssertionError(f"never arrived at {when}")
        self.time.set(target)
        await service.settle()

    async def _target(self, when: datetime | str) -> datetime:
        if isinstance(when, datetime):
            return when.astimezone(UTC)
        name = when.removeprefix("next free period of ")
        if name == when:
            return wall(when, self.time.now(), ZONE)
        found = await self.free(name)
        assert found is not None, f"{name} has no free period"
        return found


def next_free_of(work: Work, who: Identity) -> datetime | None:
    """Return when the next free period of somebody begins (UTC)."""
    member = work.members.by_identity(who)
    found = next_free(work, member.id) if member else None
    return found.start if found else None

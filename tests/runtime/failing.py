"""What goes wrong in a messenger or at the door, as often as a test says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.ids import WorkspaceId
from bot.usecases.ports import Door, Work
from tests.support.fake_messenger import Sent

T = TypeVar("T")


@dataclass(slots=True)
class Failing:
    """Raises for the first so many messages; for ``FakeMessenger.before`` and ``after``."""

    error: Exception
    times: int = 1000

    def __call__(self, sent: Sent) -> None:
        assert sent.key
        if self.times:
            self.times -= 1
            raise self.error


@dataclass(slots=True)
class FailingDoor(Door):
    """A door at which the first so many writes fail."""

    door: Door
    error: Exception
    times: int

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        if self.times:
            self.times -= 1
            raise self.error
        return await self.door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self.door.read(workspace, unit)

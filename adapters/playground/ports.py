"""What the playground needs from the rest of the program."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.members import Identity

WORKSPACE: Final = WorkspaceId("playground")


class Settling(Protocol):
    """Runs the scheduler and the courier, so that moving the clock has its effects at once."""

    async def settle(self) -> None:
        """Do everything that is due at the clock's now; return when nothing is left."""
        ...

    async def next_due(self) -> datetime | None:
        """Return the earliest instant (UTC) at which something is due, or None."""
        ...


NextFree = Callable[[Identity], Awaitable[datetime | None]]
"""Tells when somebody's next free period begins (UTC), or None where none is known."""

IdentityOf = Callable[[MemberId], Awaitable[Identity | None]]
"""Tells who a member is on the playground, for people chosen beforehand in a form."""


async def _no_free_period(_: Identity) -> datetime | None:
    return None


async def _nobody(_: MemberId) -> Identity | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What the core may tell the page beyond its replies."""

    next_free: NextFree = _no_free_period
    identity_of: IdentityOf = _nobody


NO_HOOKS: Final = Hooks()

"""Which server is meant by what somebody does in a direct message: Discord names none there."""

from typing import Final

from adapters.discord.origins import PLATFORM, identity
from bot.domain.ids import EVERYWHERE, PlanId, WorkspaceId
from bot.domain.members import Identity
from bot.ui.actions import Action
from bot.usecases.ports import Door, Work

MOST: Final = 20_000
"""People of whom it is remembered where they acted last."""


class Homes:
    """Finds the workspaces of people."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._last: dict[str, WorkspaceId] = {}

    def acted(self, user: str, workspace: WorkspaceId) -> None:
        """Remember where somebody acted."""
        self._last.pop(user, None)
        self._last[user] = workspace
        while len(self._last) > MOST:
            del self._last[next(iter(self._last))]

    async def of(
        self, user: str, marked: WorkspaceId | None, action: str = ""
    ) -> WorkspaceId | None:
        """Return the workspace that is meant; None for somebody who is no member anywhere.

        It may be one of another platform, with which a server shares a plan. ``marked`` is what
        the message that was used says, ``action`` what was done with it; both count only among
        the workspaces of that person.
        """
        who = identity(user)
        homes = await self._door.read(EVERYWHERE, lambda work: work.everywhere.homes(who))
        if marked in homes:
            return marked
        if len(homes) <= 1:
            return homes[0] if homes else None
        for plan in Action.decode(action).args[:1]:
            for home in homes:
                if await self._has(home, PlanId(plan)):
                    return home
        last = self._last.get(user)
        if last in homes:
            return last
        busy = [home for home in homes if await self._plans(home, who)]
        return (busy or homes)[-1]

    async def _plans(self, workspace: WorkspaceId, who: Identity) -> bool:
        """Tell whether somebody has plans there."""

        def look(work: Work) -> bool:
            member = work.members.by_identity(who)
            return member is not None and bool(work.plans.of_member(member.id))

        return await self._door.read(workspace, look)

    async def around(self, user: str, guild: str) -> list[WorkspaceId]:
        """Return where somebody may have plans who acts in that server, or (empty) alone.

        That is the server, and what it shares plans with on other platforms.
        """
        who = identity(user)
        homes = await self._door.read(EVERYWHERE, lambda work: work.everywhere.homes(who))
        here = WorkspaceId(f"{PLATFORM}:{guild}")
        others = [home for home in homes if not home.startswith(f"{PLATFORM}:")]
        return [here, *others] if guild else homes

    async def _has(self, workspace: WorkspaceId, plan: PlanId) -> bool:
        return await self._door.read(workspace, lambda work: work.plans.card(plan) is not None)

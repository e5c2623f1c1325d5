"""The workspaces that Coplan is installed in: opened when somebody acts there, or is written to."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import addressed
from adapters.slack.calls import SHUT, session_of
from adapters.slack.client import Client
from adapters.slack.installations import Installations, Installed
from adapters.slack.keyring import WrongKey
from adapters.slack.workspace import Desk, Desks, MembersUsers, Workspace
from bot.chat.payloads import Json, idents, inner
from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import WorkspaceId
from bot.runtime.ports import Messenger, Messengers, NotDelivered

FRESH: Final = 5.0
"""Seconds for which an installation is taken as it was: another process may change it."""
SEALED: Final = 10.0
"""Seconds after which it is tried again to write where no key of this process opens the token.

Where keys change, another process has them: it is not to wait for long because of this one.
"""
MOST: Final = 1_000
"""Workspaces that are open at a time."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    installed: Installed
    workspace: Workspace
    until: float


class Workspaces(Messengers):
    """Opens workspaces, each with the token of the installation that stands for it."""

    def __init__(
        self,
        installations: Installations,
        client: AsyncWebClient,
        users_of: MembersUsers,
        *,
        fresh: float = FRESH,
        most: int = MOST,
    ) -> None:
        """``client`` has no token: its address and session are for all."""
        self._fresh = fresh
        self._most = most
        self._installations = installations
        self._client = client
        self._users_of = users_of
        self._opened: dict[WorkspaceId, _Opened] = {}

    async def within(self, workspace: WorkspaceId) -> Messenger:
        """Return the messenger of the workspace; ``NotDelivered`` where nothing is installed."""
        try:
            found = await self.find(workspace)
        except WrongKey as problem:
            raise NotDelivered("sealed", retry_after=SEALED, throughout=True) from problem
        if found is None:
            raise NotDelivered("not_installed", retry_after=SHUT, throughout=True)
        return found.messenger

    async def find(self, workspace: WorkspaceId) -> Workspace | None:
        """Return the workspace (or organisation) if Coplan is installed there.

        While the store cannot be asked it is taken as it was; ``Unavailable`` when that is not
        known. ``WrongKey`` when it is there, and no key of this process opens its token.
        """
        known, now = self._opened.get(workspace), asyncio.get_running_loop().time()
        if known is not None and known.until > now:
            return known.workspace
        try:
            installed = await self._installations.find(workspace)
        except Unavailable:
            if known is None:
                raise
            return known.workspace  # whoever acts there hears why nothing can be done
        return self._keep(workspace, installed, now)

    def forget(self, place: WorkspaceId) -> None:
        """Look anew at all that the installation there stood for, or may stand for from now on."""
        for workspace, known in list(self._opened.items()):
            if place in {workspace, known.installed.place}:
                del self._opened[workspace]

    def _keep(
        self, workspace: WorkspaceId, installed: Installed | None, now: float
    ) -> Workspace | None:
        known = self._opened.pop(workspace, None)
        if installed is None:
            return None
        same = known is not None and known.installed == installed
        opened = known.workspace if known and same else self._open(installed, workspace)
        self._opened[workspace] = _Opened(
            installed=installed, workspace=opened, until=now + self._fresh
        )
        while len(self._opened) > self._most:
            del self._opened[next(iter(self._opened))]
        return opened

    def _open(self, installed: Installed, workspace: WorkspaceId) -> Workspace:
        """Open it; with an organisation's token every call says which workspace is meant."""
        bot, team = installed.bot, None
        if installed.organisation and workspace != installed.place:
            team = addressed.number(workspace)
            bot = replace(bot, team=team)
        client = Client(
            token=installed.token,
            base_url=self._client.base_url,
            session=session_of(self._client),
            team_id=team,
        )
        return Workspace.of(client, bot, self._users_of)


class InstalledDesks(Desks):
    """The desks of all workspaces that Coplan is installed in, now or later."""

    def __init__(
        self,
        workspaces: Workspaces,
        installations: Installations,
        clock: Clock,
        open_desk: Callable[[Workspace], Desk],
    ) -> None:
        self._workspaces = workspaces
        self._installations = installations
        self._clock = clock
        self._open_desk = open_desk
        self._desks: dict[WorkspaceId, tuple[Workspace, Desk]] = {}
        self._reached: set[tuple[WorkspaceId, WorkspaceId]] = set()

    async def of(self, payload: Json) -> Desk | None:
        """Return who takes the payload; None where Coplan is not installed (any more).

        ``WrongKey`` where it is, and no key of this process opens the token.
        """
        wanted = addressed.workspaces(payload)
        organisation = addressed.organisation(payload)
        if organisation is not None:
            await self._reach(organisation, wanted[:1])
            wanted = wanted or (*await self._homes(organisation, payload), organisation)
        sealed: WrongKey | None = None
        for workspace in wanted:
            try:
                found = await self._workspaces.find(workspace)
            except WrongKey as problem:
                sealed = problem
                continue
            if found is not None:
                return self._desk(workspace, found)
        if sealed is not None:
            raise sealed
        return None

    async def _find(self, place: WorkspaceId) -> Workspace | None:
        """Return the workspace (or organisation) if it can be spoken in; None where not."""
        try:
            return await self._workspaces.find(place)
        except WrongKey:
            return None

    async def _homes(self, organisation: WorkspaceId, payload: Json) -> list[WorkspaceId]:
        """Return the workspaces of the organisation that the payload may be for."""
        homes = addressed.homes(payload)
        found = [(home, await self._find(home)) for home in homes]
        return [
            home
            for home, its in found
            if its is not None and addressed.place(its.signed_in.enterprise) == organisation
        ]

    async def removed(self, payload: Json) -> None:
        """Forget the token that was taken away. Plans stay, and what was installed since."""
        event = inner(payload, "event")
        if event.get("type") == "team_access_revoked":
            await self._left(addressed.place(team) for team in idents(event, "team_ids"))
            return
        organisation = addressed.organisation(payload)
        places = addressed.workspaces(payload) if organisation is None else (organisation,)
        for place in places:
            if await self._installations.end(place, self._happened(payload)):
                self.changed(place)
                _log.info("slack_uninstalled", workspace=place)
                return

    def changed(self, place: WorkspaceId) -> None:
        """Take note that something was installed there, or removed."""
        self._workspaces.forget(place)
        self._reached = {pair for pair in self._reached if place not in pair}

    async def _reach(self, organisation: WorkspaceId, workspaces: tuple[WorkspaceId, ...]) -> None:
        """Remember where an organisation's installation is used: there it is written to, too."""
        for workspace in workspaces:
            if (organisation, workspace) in self._reached:
                continue
            if await self._find(organisation) is None:
                return
            if await self._installations.reaches(organisation, workspace):
                self._workspaces.forget(workspace)
            self._reached.add((organisation, workspace))

    async def _left(self, workspaces: Iterable[WorkspaceId]) -> None:
        for workspace in workspaces:
            await self._installations.leaves(workspace)
            self.changed(workspace)

    def _desk(self, workspace: WorkspaceId, found: Workspace) -> Desk:
        known = self._desks.pop(workspace, None)
        desk = known[1] if known is not None and known[0] is found else self._open_desk(found)
        self._desks[workspace] = found, desk
        while len(self._desks) > MOST:
            del self._desks[next(iter(self._desks))]
        return desk

    def _happened(self, payload: Json) -> datetime:
        """Return when it happened, to the end of that second: events may come late."""
        told = payload.get("event_time")
        if not isinstance(told, int) or isinstance(told, bool):
            return self._clock.now()
        try:
            return datetime.fromtimestamp(told, UTC) + timedelta(seconds=1)
        except (OverflowError, ValueError, OSError):  # in no year that there is
            return self._clock.now()

"""One server that the bot is in: everything that acts and answers there."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

import aiohttp

from adapters.discord import marks
from adapters.discord.acting import PATIENCE, Acting
from adapters.discord.answering import Answering
from adapters.discord.calls import Api
from adapters.discord.channels import Channels
from adapters.discord.events import Events, EventsElsewhere
from adapters.discord.files import Files
from adapters.discord.interactions import Interactions
from adapters.discord.kept import Kept
from adapters.discord.messenger import DiscordMessenger, MembersUsers
from adapters.discord.people import People
from adapters.discord.threads import Threads
from adapters.discord.told import Told
from bot.chat.router import Handler
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.runtime.in_flight import Doubles, InFlight, Once
from bot.runtime.ports import Messenger, Messengers
from bot.usecases.ports import Door

MOST: Final = 2_000
"""Servers that are open at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What all servers share to speak to Discord."""

    api: Api
    session: aiohttp.ClientSession
    api_url: str
    users_of: MembersUsers
    clock: Clock


class Workspaces(Messengers):
    """The messengers of all servers: what each remembers is kept while it is in use."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self.channels = Channels(outside.api)
        self._open: dict[WorkspaceId, DiscordMessenger] = {}

    async def within(self, workspace: WorkspaceId) -> Messenger:
        """Return the messenger of that server."""
        return self.messenger(workspace)

    def messenger(self, workspace: WorkspaceId) -> DiscordMessenger:
        """Return the messenger of that server."""
        known = self._open.pop(workspace, None) or self._made(workspace)
        self._open[workspace] = known
        while len(self._open) > MOST:
            del self._open[next(iter(self._open))]
        return known

    def _made(self, workspace: WorkspaceId) -> DiscordMessenger:
        api = self._outside.api
        return DiscordMessenger(
            workspace=workspace,
            api=api,
            channels=self.channels,
            threads=Threads(api),
            events=_events(api, marks.server(workspace)),
            users_of=partial(self._outside.users_of, workspace),
            clock=self._outside.clock,
        )


@dataclass(slots=True, kw_only=True)
class Desks:
    """Where what comes from each server is taken."""

    workspaces: Workspaces
    outside: Outside
    handler: Handler
    door: Door
    in_flight: InFlight
    patience: float = PATIENCE
    _open: dict[WorkspaceId, Acting] = field(default_factory=dict)
    _kept: Kept = field(init=False)
    _once: Once = field(init=False)
    _doubles: Doubles = field(init=False)
    _told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self._kept, self._once = Kept(self.door), Once(self.in_flight)
        self._doubles = Doubles(self._once.under_way)

    def of(self, workspace: WorkspaceId) -> Acting:
        """Return who carries out what is done in that server."""
        known = self._open.pop(workspace, None) or self._made(workspace)
        self._open[workspace] = known
        while len(self._open) > MOST:
            del self._open[next(iter(self._open))]
        return known

    def _made(self, workspace: WorkspaceId) -> Acting:
        outside = self.outside
        return Acting(
            workspace=workspace,
            handler=self.handler,
            people=People(outside.api, marks.server(workspace)),
            files=Files(session=outside.session, api_url=outside.api_url),
            answering=Answering(
                interactions=Interactions(outside.session),
                messenger=self.workspaces.messenger(workspace),
                kept=self._kept,
            ),
            in_flight=self.in_flight,
            once=self._once,
            doubles=self._doubles,
            told=self._told,
            patience=self.patience,
        )


def _events(api: Api, server: str) -> Events:
    """Return the events of that server; of a plan's that lives on another platform, of any."""
    return Events(api, server) if server.isdigit() else EventsElsewhere(api)

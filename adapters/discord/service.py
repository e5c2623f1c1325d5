"""Discord as a whole: opened, listening, and stopped without losing what is under way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import aiohttp
import discord
import structlog

from adapters.discord import client as gateway
from adapters.discord.acting import PATIENCE
from adapters.discord.app import DiscordApp
from adapters.discord.calls import Api
from adapters.discord.connection import REMEDY, Connection
from adapters.discord.homes import Homes
from adapters.discord.interactions import Interactions
from adapters.discord.messenger import MembersUsers
from adapters.discord.missed import EVERY, Missed
from adapters.discord.syncing import until_synced
from adapters.discord.workspace import Desks, Outside, Workspaces
from bot.chat.router import Handler
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput, Problem
from bot.runtime.in_flight import InFlight
from bot.runtime.tally import Tally
from bot.usecases.ports import Door

PROMPT: Final = 5.0
"""Seconds that the commands may take to be told before anybody hears that Coplan is there."""
DRAIN: Final = 5.0
"""Seconds that acts and answers under way may take when Coplan is stopped."""
TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
"""For every answer to an interaction."""
AGENT: Final = f"DiscordBot (https://github.com/Rapptz/discord.py {discord.__version__})"
"""As what it is given: Discord may turn away whoever does not say so (Discord, "API Reference")."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Discord:
    """Discord, opened: one bot, in as many servers as have invited it."""

    connection: Connection
    outside: Outside
    messengers: Workspaces
    door: Door
    in_flight: InFlight = field(default_factory=InFlight)
    prompt: float = PROMPT
    patience: float = PATIENCE

    async def connected(self) -> bool:
        """Tell whether Discord reaches Coplan at present."""
        return await self.connection.up()

    def app(self, handler: Handler, tally: Tally) -> DiscordApp:
        """Return the app that takes what comes, hands it to ``handler``, and counts it."""
        desks = Desks(
            workspaces=self.messengers,
            outside=self.outside,
            handler=handler,
            door=self.door,
            in_flight=self.in_flight,
            patience=self.patience,
        )
        return DiscordApp(desks, Homes(self.door), Interactions(self.outside.session), tally)

    async def listen(self, app: DiscordApp, on_ready: Callable[[str], None]) -> None:
        """Receive until cancelled; then let what is under way finish.

        ``on_ready`` gets a line when it begins. ``InvalidInput`` when Discord does not take the
        token (any more).
        """
        syncing: list[asyncio.Task[None]] = []
        missed = self._missed(app)

        async def ready(new: bool) -> None:  # noqa: FBT001 - see ``Ready``
            if new:
                self.in_flight.start(missed.catch_up(), "coplan-discord-missed")
            if not syncing:
                told = until_synced(self.outside.api, lambda: self.connection.application)
                syncing.append(asyncio.create_task(told, name="coplan-discord-sync"))
                await asyncio.wait(syncing, timeout=self.prompt)
                if not app.closing:
                    on_ready("Coplan is on Discord.")

        running = asyncio.create_task(
            self.connection.run(app, ready), name="coplan-discord-receive"
        )
        noting = asyncio.create_task(self._note(missed), name="coplan-discord-noting")
        try:
            await asyncio.wait({running})
            running.result()
        finally:
            app.closing = True
            await self.in_flight.end(DRAIN)
            for task in (*syncing, noting, running):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    def _missed(self, app: DiscordApp) -> Missed:
        return Missed(
            api=self.outside.api,
            door=self.door,
            clock=self.outside.clock,
            is_meant=app.hearing.is_meant,
            take=app.late,
        )

    async def _note(self, missed: Missed) -> None:
        """Note now and then, and at the end, that Discord is listened to."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                await self._noted(missed)
        finally:
            await self._noted(missed)

    async def _noted(self, missed: Missed) -> None:
        if await self.connection.up():
            try:
                await missed.note()
            except Problem as problem:
                _log.warning("discord_not_noted", reason=type(problem).__name__)


@asynccontextmanager
async def open_discord(
    settings: Settings, door: Door, users_of: MembersUsers, clock: Clock
) -> AsyncIterator[Discord]:
    """Open Discord for the bot of the settings until the block ends; nothing is connected yet."""
    if settings.discord_token is None:
        raise InvalidInput(what="COPLAN_DISCORD_TOKEN is not set.", remedy=REMEDY)
    gateway.aim(settings.discord_api_url, settings.discord_gateway_url)
    connection = Connection(settings.discord_token.get_secret_value(), settings.discord_shards)
    async with aiohttp.ClientSession(timeout=TIMEOUT, headers={"User-Agent": AGENT}) as session:
        outside = Outside(
            api=Api(connection.http),
            session=session,
            api_url=settings.discord_api_url,
            users_of=users_of,
            clock=clock,
        )
        try:
            yield Discord(
                connection=connection,
                outside=outside,
                messengers=Workspaces(outside),
                door=door,
            )
        finally:
            await connection.close()

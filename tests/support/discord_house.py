"""Coplan in the fake Discord: the real house and the real discord.py, over the real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from adapters.discord.app import DiscordApp
from adapters.discord.client import Events, made
from adapters.discord.connection import Connection
from adapters.discord.service import Discord
from adapters.discord.sessions import Client
from bot.config import Guarantee, Settings
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.main import House, SystemClock
from bot.platforms import discord_house
from storage.holding import hold
from tests.support.discord.fake import FakeDiscord
from tests.support.empty_file import url_of

PATIENCE = 30.0


@dataclass(slots=True, kw_only=True)
class Running:
    """A house that listens to the fake."""

    fake: FakeDiscord
    house: House
    discord: Discord
    listening: asyncio.Task[None]

    @property
    def workspace(self) -> WorkspaceId:
        """Return what the core calls the fake's guild."""
        return WorkspaceId(f"discord:{self.fake.guild.id}")

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        await self.fake.gateway.caught_up()
        await self.discord.in_flight.idle()
        await self.house.service.settle()
        await self.discord.in_flight.idle()


def settings(
    fake: FakeDiscord, guarantee: Guarantee = Guarantee.AT_MOST_ONCE, *, shards: str = ""
) -> Settings:
    """Return what whoever runs Coplan in the fake would set."""
    return Settings(
        _env_file=None,
        discord_token=SecretStr(fake.token),
        discord_api_url=fake.api_url,
        discord_gateway_url=fake.gateway_url,
        discord_shards=shards,
        delivery=guarantee,
    )


@asynccontextmanager
async def running(
    fake: FakeDiscord,
    where: Path | str,
    *,
    clock: Clock | None = None,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    shards: str = "",
) -> AsyncIterator[Running]:
    """Run Coplan in the fake until the block ends; ``where`` is a database file or URL.

    It waits less before a session is begun than is kind to the real Discord.
    """
    url = url_of(where)
    wanted = settings(fake, guarantee, shards=shards)
    ready = asyncio.Event()
    async with AsyncExitStack() as stack:
        held = stack.enter_context(hold(url))
        opened = discord_house(held, wanted, clock=clock or SystemClock())
        house, discord = await stack.enter_async_context(opened)
        _hasten(discord.connection)
        app = discord.app(house.router, house.tally)
        listening = asyncio.create_task(discord.listen(app, lambda _: ready.set()))
        stack.push_async_callback(_ended, listening)
        listening.add_done_callback(lambda _: ready.set())
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
        await fake.breaks.connected()
        await known(fake)
        yield Running(fake=fake, house=house, discord=discord, listening=listening)


def _hasten(connection: Connection) -> None:
    connection.make = _at_once
    connection.first, connection.counting = 0.2, 1.0


def _at_once(events: Events, shards: str) -> Client:
    """Return a client as Coplan makes it, but one that does not wait before a new session."""
    client = made(events, shards)
    client.apart = 0.0
    return client


async def known(fake: FakeDiscord, within: float = PATIENCE) -> None:
    """Return when Discord knows the commands."""
    async with asyncio.timeout(within):
        while not fake.world.app.commands:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)


@asynccontextmanager
async def listened(fake: FakeDiscord, discord: Discord, app: DiscordApp) -> AsyncIterator[None]:
    """Let the app hear of what happens in the fake, until the block ends."""
    listening = asyncio.create_task(discord.listen(app, lambda _: None))
    try:
        await fake.breaks.connected()
        await known(fake)
        yield
    finally:
        await _ended(listening)


async def _ended(listening: asyncio.Task[None]) -> None:
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

"""Coplan under SimCord: the real house and discord.py's own client, beside another's Discord.

SimCord is not ours: what it refuses, somebody else read in Discord's documentation. It knows
neither the gateway's troubles nor limits; those are the fake's (``tests.support.discord``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from pydantic import SecretStr
from simcord import ChannelHandle, InteractionResult, MemberActor, ResponseMessage

from adapters.discord.client import made
from adapters.discord.service import Discord
from adapters.discord.syncing import sync
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.main import House, SystemClock
from bot.platforms import Platforms, platforms_house
from storage.holding import hold
from tests.support import slack_house
from tests.support.discord.components import Part, walk
from tests.support.discord.parsing import shown
from tests.support.empty_file import url_of
from tests.support.slack.fake import FakeSlack

Message = discord.Message | ResponseMessage
PATIENCE = 60.0
"""Seconds that what somebody did may take: a file is read in a process that is started for it."""


@dataclass(slots=True, kw_only=True)
class Simulated:
    """A house that SimCord's people speak to, in one channel of one server.

    ``fake`` is the Slack that it is in, too, if any.
    """

    env: simcord.Env
    house: House
    platforms: Platforms
    guild: simcord.GuildHandle
    channel: ChannelHandle
    where: Path
    opened: AsyncExitStack
    clock: Clock
    fake: FakeSlack | None = None

    @property
    def discord(self) -> Discord:
        """Return what speaks to Discord."""
        return _discord(self.platforms)

    @property
    def workspace(self) -> WorkspaceId:
        """Return what the core calls the server."""
        return WorkspaceId(f"discord:{self.guild.id}")

    async def restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Close the house, and after what happens ``meanwhile`` open one anew from its database."""
        await self.opened.aclose()
        meanwhile()
        opened = _listening(self.where, self.clock, self.fake)
        self.house, self.platforms, client = await self.opened.enter_async_context(opened)
        await self.env.restart_bot(client)
        await commands_told(self.discord)

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        both = (self.platforms.discord, self.platforms.slack)
        for _ in range(2):
            for platform in both:
                if platform is not None:
                    await platform.in_flight.idle()
            await self.house.service.settle()

    def member(self, name: str) -> MemberActor:
        """Return a new person of the server."""
        return self.guild.add_member(self.env.create_user(name))

    def thread(self, name: str) -> ChannelHandle:
        """Return the thread of that name."""
        return next(each for each in self.channel.threads if each.name == name)

    async def says(
        self, who: MemberActor, verb: str, where: ChannelHandle | None = None, **options: object
    ) -> InteractionResult:
        """Use a verb of the slash command."""
        return await self._done(await who.slash(where or self.channel, f"coplan {verb}", **options))

    async def clicks(self, who: MemberActor, on: Message | None, label: str) -> InteractionResult:
        """Use a button of a message by its label."""
        assert on is not None, "there is no message"
        return await self._done(await who.click(on, label=label))

    async def submits(
        self, who: MemberActor, opened: InteractionResult, **answers: object
    ) -> InteractionResult:
        """Send the modal that was opened: what is not answered is sent as it stands."""
        assert opened.modal is not None, f"no modal: {opened}"
        given = dict(_standing(opened.modal)) | answers
        return await self._done(await who.submit_modal(opened, given))

    async def _done(self, result: InteractionResult) -> InteractionResult:
        await self.settle()
        assert result.acknowledged, result
        return result


def told(message: Message | None) -> str:
    """Return the words of a message as people read them."""
    assert message is not None, "there is no message"
    found: list[Any] = list(message.components)
    parts = [each if isinstance(each, dict) else each.to_dict() for each in found]
    texts = (each["content"] for each in walk(parts) if each["type"] == Part.TEXT)
    return "\n".join(shown(text) for text in texts)


def _standing(modal: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield what stands in a modal's fields already, as SimCord wants to be told of it."""
    for each in walk(modal["components"]):
        chosen = [one["value"] for one in each.get("options", ()) if one.get("default")]
        match each["type"]:
            case Part.TEXT_INPUT:
                yield each["custom_id"], each.get("value") or ""
            case Part.RADIO if chosen:
                yield each["custom_id"], chosen[0]
            case Part.SELECT | Part.CHECKBOXES if chosen:
                yield each["custom_id"], chosen


@asynccontextmanager
async def _listening(
    where: Path, clock: Clock, fake: FakeSlack | None
) -> AsyncIterator[tuple[House, Platforms, discord.Client]]:
    """Open a house, and the client that brings it what happens."""
    wanted = slack_house.settings(fake) if fake is not None else Settings(_env_file=None)
    token = {"discord_token": SecretStr("simcord.needs.none")}
    with hold(url_of(where)) as held:
        opened = platforms_house(held, wanted.model_copy(update=token), clock=clock)
        async with opened as (house, platforms), _in_slack(house, platforms, fake):
            running = _discord(platforms)
            client = made(running.app(house.router, house.tally), "")
            running.connection.use(client)
            yield house, platforms, client


@asynccontextmanager
async def _in_slack(
    house: House, platforms: Platforms, fake: FakeSlack | None
) -> AsyncIterator[None]:
    """Listen to Slack, too, until the block ends."""
    if platforms.slack is None or fake is None:
        yield
        return
    app, ready = platforms.slack.app(house.router, house.tally), asyncio.Event()
    listening = asyncio.create_task(platforms.slack.listen(app, lambda _: ready.set()))
    fake.transport = fake.sockets
    await fake.sockets.connected()
    await ready.wait()
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def _discord(platforms: Platforms) -> Discord:
    assert platforms.discord is not None
    return platforms.discord


@asynccontextmanager
async def simulated(
    where: Path, clock: Clock | None = None, fake: FakeSlack | None = None
) -> AsyncIterator[Simulated]:
    """Run Coplan under SimCord until the block ends; ``where`` is the database."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        opened = _listening(where, clock, fake)
        house, platforms, client = await stack.enter_async_context(opened)
        env = simcord.Env(client, settle_timeout=PATIENCE)
        await env.start()
        try:
            await commands_told(_discord(platforms))
            guild = env.create_guild()
            sim = Simulated(
                env=env,
                house=house,
                platforms=platforms,
                guild=guild,
                channel=guild.create_text_channel("planning"),
                where=where,
                opened=stack,
                clock=clock,
                fake=fake,
            )
            yield sim
            simcord.assert_no_errors(env)
        finally:
            await env.shutdown()


async def commands_told(discord: Discord) -> None:
    """Let SimCord know the commands."""
    await sync(discord.outside.api, discord.connection.application)

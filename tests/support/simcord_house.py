"""Coplan under SimCord: the real house and discord.py's own client, beside another's Discord.

SimCord is not ours: what it refuses, somebody else read in Discord's documentation. It knows
neither the gateway's troubles nor limits; those are the fake's (``tests.support.discord``).
"""

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
from bot.platforms import discord_house
from storage.holding import hold
from tests.support.discord.components import Part, walk
from tests.support.discord.parsing import shown

Message = discord.Message | ResponseMessage


@dataclass(slots=True, kw_only=True)
class Simulated:
    """A house that SimCord's people speak to, in one channel of one server."""

    env: simcord.Env
    house: House
    discord: Discord
    guild: simcord.GuildHandle
    channel: ChannelHandle
    where: Path
    opened: AsyncExitStack
    clock: Clock

    @property
    def workspace(self) -> WorkspaceId:
        """Return what the core calls the server."""
        return WorkspaceId(f"discord:{self.guild.id}")

    async def restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Close the house, and after what happens ``meanwhile`` open one anew from its database."""
        await self.opened.aclose()
        meanwhile()
        again = await self.opened.enter_async_context(_listening(self.where, self.clock))
        self.house, self.discord, client = again
        await self.env.restart_bot(client)
        await commands_told(self.discord)

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        await self.discord.in_flight.idle()
        await self.house.service.settle()
        await self.discord.in_flight.idle()

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
    where: Path, clock: Clock
) -> AsyncIterator[tuple[House, Discord, discord.Client]]:
    """Open a house, and the client that brings it what happens."""
    wanted = Settings(_env_file=None, discord_token=SecretStr("simcord.needs.none"))
    with hold(f"sqlite:///{where}") as held:
        async with discord_house(held, wanted, clock=clock) as (house, running):
            client = made(running.app(house.router, house.tally), "")
            running.connection.use(client)
            yield house, running, client


@asynccontextmanager
async def simulated(where: Path, clock: Clock | None = None) -> AsyncIterator[Simulated]:
    """Run Coplan under SimCord until the block ends; ``where`` is the database."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        house, running, client = await stack.enter_async_context(_listening(where, clock))
        env = simcord.Env(client)
        await env.start()
        try:
            await commands_told(running)
            guild = env.create_guild()
            sim = Simulated(
                env=env,
                house=house,
                discord=running,
                guild=guild,
                channel=guild.create_text_channel("planning"),
                where=where,
                opened=stack,
                clock=clock,
            )
            yield sim
            simcord.assert_no_errors(env)
        finally:
            await env.shutdown()


async def commands_told(discord: Discord) -> None:
    """Let SimCord know the commands."""
    await sync(discord.outside.api, discord.connection.application)

"""Coplan in the fake Slack and the fake Discord at once: one house, one partnership on both."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.main import House, SystemClock
from bot.platforms import Platforms, platforms_house
from storage.holding import hold
from tests.support import discord_house, slack_house
from tests.support.discord.fake import FakeDiscord
from tests.support.discord.user import DiscordUser
from tests.support.empty_file import url_of
from tests.support.slack.fake import FakeSlack
from tests.support.slack.user import SlackUser

PATIENCE = 30.0


@dataclass(slots=True, kw_only=True)
class Both:
    """A house that listens to both."""

    slack: FakeSlack
    discord: FakeDiscord
    house: House
    platforms: Platforms

    @property
    def team(self) -> WorkspaceId:
        """Return what the core calls the workspace in Slack."""
        return WorkspaceId(f"slack:{self.slack.team.id}")

    @property
    def guild(self) -> WorkspaceId:
        """Return what the core calls the server in Discord."""
        return WorkspaceId(f"discord:{self.discord.guild.id}")

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        slack, discord = self.platforms.slack, self.platforms.discord
        assert slack is not None
        assert discord is not None
        await self.discord.gateway.caught_up()
        for _ in range(2):
            await slack.in_flight.idle()
            await discord.in_flight.idle()
            await self.house.service.settle()


def settings(slack: FakeSlack, discord: FakeDiscord, *, http: bool = False) -> Settings:
    """Return what whoever runs Coplan in both would set."""
    in_slack, in_discord = slack_house.settings(slack, http=http), discord_house.settings(discord)
    told = [name for name in in_discord.model_fields_set if name.startswith("discord")]
    return in_slack.model_copy(update={name: getattr(in_discord, name) for name in told})


@asynccontextmanager
async def both(
    slack: FakeSlack, discord: FakeDiscord, where: Path, *, clock: Clock | None = None
) -> AsyncIterator[Both]:
    """Run Coplan on both platforms until the block ends; ``where`` is a database file."""
    ready = {name: asyncio.Event() for name in ("slack", "discord")}
    async with AsyncExitStack() as stack:
        held = stack.enter_context(hold(url_of(where)))
        opened = platforms_house(held, settings(slack, discord), clock=clock or SystemClock())
        house, platforms = await stack.enter_async_context(opened)
        assert platforms.slack is not None
        assert platforms.discord is not None
        one = platforms.slack.app(house.router, house.tally)
        two = platforms.discord.app(house.router, house.tally)
        tasks = [
            asyncio.create_task(platforms.slack.listen(one, lambda _: ready["slack"].set())),
            asyncio.create_task(platforms.discord.listen(two, lambda _: ready["discord"].set())),
        ]
        stack.push_async_callback(_ended, tasks)
        slack.transport = slack.sockets
        await slack.sockets.connected()
        async with asyncio.timeout(PATIENCE):
            for event in ready.values():
                await event.wait()
        await discord.breaks.connected()
        await discord_house.known(discord)
        yield Both(slack=slack, discord=discord, house=house, platforms=platforms)


async def linked(
    run: Both, maya: SlackUser, there: DiscordUser, words: str = '"Rivers" @Ben'
) -> tuple[str, str]:
    """Start a plan called Rivers in Slack and link it; return its threads' ids here and there."""
    await maya.command(f"/coplan start {words}")
    await run.settle()
    root = next(m.ts for m in maya.channel.messages if not m.only_for)
    await maya.command("/coplan link")
    await run.settle()
    lines = [line for message in maya.visible() for line in maya.lines(message)]
    found = (re.search(r"/coplan link ([0-9A-Z-]+)", line) for line in lines)
    code = next(each[1] for each in found if each)
    answer = await there.command(f"/coplan link {code}")
    assert answer.acknowledged
    await run.settle()
    assert there.sees("You are Maya here, too")
    return root, run.discord.channel("Rivers").id


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

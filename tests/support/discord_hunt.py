"""Killing Coplan in the fake Discord, while people go on talking to it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Guarantee
from tests.support import kill
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.world import World
from tests.support.discord_life import DiscordLife, live
from tests.support.hunting import SPEED, Hunt
from tests.support.reminding import Flow
from tests.support.talk.stage import START

DiscordHunt = Hunt[FakeDiscord, DiscordLife]


@asynccontextmanager
async def hunting(
    path: Path,
    *,
    history: bool = True,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    hasty: bool = False,
) -> AsyncIterator[DiscordHunt]:
    """Open a server, and in the end kill whatever lives; ``history``: Coplan may read it."""
    flow = Flow(base=START, origin=time.monotonic(), speed=SPEED)
    async with fake_discord(World(now=lambda: flow.now().timestamp())) as fake:
        if not history:
            fake.guild.allowed.discard(Permission.READ_MESSAGE_HISTORY)
        life = DiscordLife(
            url=f"sqlite:///{path}",
            token=fake.token,
            api_url=fake.api_url,
            gateway_url=fake.gateway_url,
            flow=flow,
            guarantee=guarantee,
            hasty=hasty,
        )
        hunt = Hunt(
            fake=fake,
            life=life,
            live=live,
            connected=fake.breaks.connected,
            chance=kill.chance(),
        )
        fake.api.watch = fake.gateway.watch = hunt.watch
        try:
            yield hunt
        finally:
            hunt.gone()

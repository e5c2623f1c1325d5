"""Killing Coplan in the fake Slack, while people go on talking to it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Guarantee
from tests.support import kill
from tests.support.hunting import SPEED, Hunt
from tests.support.reminding import Flow
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.world import World
from tests.support.slack_life import SlackLife, live
from tests.support.talk.stage import START

SlackHunt = Hunt[FakeSlack, SlackLife]


@asynccontextmanager
async def hunting(
    path: Path,
    *,
    history: bool = True,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    hasty: bool = False,
) -> AsyncIterator[SlackHunt]:
    """Open a workspace, and in the end kill whatever lives; ``history``: Coplan may read it."""
    flow = Flow(base=START, origin=time.monotonic(), speed=SPEED)
    async with fake_slack(World(now=lambda: flow.now().timestamp())) as fake:
        if history:
            fake.team.scopes |= {"channels:history", "groups:history"}
        fake.sockets.retries = (0.1,) * 600
        life = SlackLife(
            url=f"sqlite:///{path}",
            token=fake.team.token,
            app_token=fake.world.app.token,
            base_url=fake.base_url,
            flow=flow,
            guarantee=guarantee,
            hasty=hasty,
        )
        hunt = Hunt(
            fake=fake,
            life=life,
            live=live,
            connected=fake.sockets.connected,
            chance=kill.chance(),
        )
        fake.api.watch = fake.sockets.watch = hunt.watch
        try:
            yield hunt
        finally:
            hunt.gone()

"""Coplan in the fake Slack: the real house and the real Bolt app, over the real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from adapters.slack.service import Slack
from bot.config import Guarantee, Settings
from bot.domain.clock import Clock
from bot.main import House, SystemClock, slack_house
from storage.holding import hold
from tests.support.slack.fake import FakeSlack


@dataclass(slots=True, kw_only=True)
class Running:
    """A house that listens to the fake."""

    fake: FakeSlack
    house: House
    slack: Slack
    listening: asyncio.Task[None]

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        await self.slack.in_flight.idle()
        await self.house.service.settle()
        await self.slack.in_flight.idle()


def settings(fake: FakeSlack, guarantee: Guarantee = Guarantee.AT_MOST_ONCE) -> Settings:
    """Return what whoever runs Coplan in the fake would set."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(fake.team.token),
        slack_app_token=SecretStr(fake.world.app.token),
        slack_api_url=fake.base_url,
        delivery=guarantee,
    )


@asynccontextmanager
async def running(
    fake: FakeSlack,
    where: Path | str,
    *,
    clock: Clock | None = None,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
) -> AsyncIterator[Running]:
    """Run Coplan in the fake until the block ends; ``where`` is a database file or URL."""
    url = where if isinstance(where, str) else f"sqlite:///{where}"
    wanted = settings(fake, guarantee)
    with hold(url) as held:
        async with slack_house(held, wanted, clock=clock or SystemClock()) as (house, slack):
            listening = asyncio.create_task(slack.listen(house.router, lambda _: None))
            try:
                await fake.sockets.connected()
                yield Running(fake=fake, house=house, slack=slack, listening=listening)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

"""A process that is Coplan in the fake Slack: what the tests of SIGKILL kill."""

import asyncio
import logging
from dataclasses import dataclass, replace

import structlog
from pydantic import SecretStr

from bot.chat.inbound import Inbound
from bot.chat.router import Handler
from bot.config import Guarantee, Settings
from bot.platforms import slack_house
from bot.ui.cards import Card
from bot.ui.replies import CardReply, Reply
from storage.holding import hold
from tests.support.reminding import PULSE, Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackLife:
    """One process. ``hasty`` is a mistake on purpose: it answers before it has done anything."""

    url: str
    token: str
    app_token: str
    base_url: str
    flow: Flow
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE
    hasty: bool = False


class Hasty(Handler):
    """Says that it is done, and does it later."""

    def __init__(self, house: Handler) -> None:
        self._house = house
        self._later: list[asyncio.Task[Reply]] = []

    async def handle(self, inbound: Inbound) -> Reply:
        self._later.append(asyncio.create_task(self._do(inbound)))
        return CardReply(card=Card(title="Done", summary="Done"))

    async def _do(self, inbound: Inbound) -> Reply:
        await asyncio.sleep(0.05)
        return await self._house.handle(replace(inbound))


def live(life: SlackLife) -> None:
    """Be that process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_live(life))


async def _live(life: SlackLife) -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it
        slack_bot_token=SecretStr(life.token),
        slack_app_token=SecretStr(life.app_token),
        slack_api_url=life.base_url,
        delivery=life.guarantee,
    )
    with hold(life.url) as held:
        async with slack_house(held, settings, clock=life.flow) as (house, slack):
            handler = Hasty(house.router) if life.hasty else house.router
            listening = slack.listen(slack.app(handler, house.tally), lambda _: None)
            task = asyncio.create_task(listening)
            while not task.done():
                await asyncio.sleep(PULSE)
                house.service.wake()  # a fast clock: the alarm counts the seconds of a slow one
            await task

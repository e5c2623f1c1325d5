"""A process that is Coplan on a fake platform: what the tests of SIGKILL kill."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.chat.inbound import Inbound
from bot.chat.router import Handler
from bot.config import Guarantee
from bot.main import House
from bot.ui.cards import Card
from bot.ui.replies import CardReply, Reply
from tests.support.reminding import PULSE, Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One process. ``hasty`` is a mistake on purpose: it answers before it has done anything."""

    url: str
    flow: Flow
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE
    hasty: bool = False

    def handler(self, house: House) -> Handler:
        """Return who handles what comes."""
        return Hasty(house.router) if self.hasty else house.router


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


def lived(living: Coroutine[Any, Any, None]) -> None:
    """Live, quietly."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(living)


async def listening(house: House, receiving: Coroutine[Any, Any, None]) -> None:
    """Receive until the end."""
    task = asyncio.create_task(receiving)
    while not task.done():
        await asyncio.sleep(PULSE)
        house.service.wake()  # a fast clock: the alarm counts the seconds of a slow one
    await task

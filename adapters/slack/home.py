"""The Home tab: what waits on somebody, and the ways to their plans and settings."""

import asyncio
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from adapters.slack.answering import Answering
from adapters.slack.origins import PLATFORM
from adapters.slack.people import People
from adapters.slack.reading import Read
from bot.chat.inbound import Inbound, Said
from bot.chat.payloads import Json, ident
from bot.chat.router import Handler
from bot.domain.ids import WorkspaceId
from bot.domain.places import Place, PlaceKind
from bot.runtime.in_flight import InFlight
from bot.ui.replies import CardReply

SHOWN: Final = ("next", "plan", "settings")
"""The verbs whose cards stand in it, one below the other."""
PAUSE: Final = 1.0
"""Seconds in which several acts lead to one drawing: Slack counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Draws the Home tab of whoever opens it."""

    workspace: WorkspaceId
    handler: Handler
    people: People
    answering: Answering
    in_flight: InFlight
    _drawn: set[str] = field(default_factory=set)
    _waiting: set[str] = field(default_factory=set)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def opened(self, event: Json) -> None:
        """Draw it for the one who opened it, beside everything else.

        Whoever looks again and again at once sees the same.
        """
        user = ident(event, "user")
        if event.get("tab", "home") == "home" and user not in self._drawn:
            self._drawn.add(user)
            asyncio.get_running_loop().call_later(PAUSE, self._drawn.discard, user)
            self.in_flight.start(self._draw(user), "coplan-slack-home")

    def follow(self, read: Read) -> None:
        """Draw it anew a moment after an act in it, or in a modal that was opened from it."""
        if not read.origin.channel and read.user not in self._waiting:
            self._waiting.add(read.user)
            self.in_flight.start(self._follow(read.user), "coplan-slack-home")

    async def _follow(self, user: str) -> None:
        await asyncio.sleep(PAUSE)
        self._waiting.discard(user)
        await self._draw(user)

    async def _draw(self, user: str) -> None:
        """Draw it as all is when its turn comes: one that Slack puts off covers no newer one."""
        turn = self._turns.setdefault(user, asyncio.Lock())
        async with turn:
            await self._drawn_now(user)

    async def _drawn_now(self, user: str) -> None:
        person = await self.people.person(user)
        place = Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=user)
        replies = [
            await self.handler.handle(
                Inbound(
                    workspace=self.workspace,
                    person=person,
                    place=place,
                    what=Said(parts=(verb,)),  # to look at it is no click
                )
            )
            for verb in SHOWN
        ]
        cards = [reply.card for reply in replies if isinstance(reply, CardReply)]
        await self.answering.home(user, cards)

"""A messenger that keeps what it was given, and fails when a test tells it to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.runtime.ports import Messenger
from bot.ui.cards import Card

PLATFORM = "playground"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message as it was shown: ``to`` is the place, message or person."""

    how: str
    to: Place | MessageRef | Identity
    card: Card
    key: str


@dataclass(slots=True)
class FakeMessenger(Messenger):
    """``shown`` is what people saw. ``before`` and ``after`` run around each showing.

    An error from ``before``: not shown. From ``after``: shown, and yet it failed.
    """

    shown: list[Sent] = field(default_factory=list)
    before: Callable[[Sent], None] = lambda _: None
    after: Callable[[Sent], None] = lambda _: None
    withdrawn: list[MessageRef] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """When set, a send waits for it after ``before``."""

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        await self._show(Sent(how="open_thread", to=channel, card=card, key=key))
        thread = f"t{len(self.shown)}"
        place = Place(
            platform=channel.platform,
            kind=PlaceKind.THREAD,
            channel=channel.channel,
            thread=thread,
        )
        assert title
        return MessageRef(place=place, message=thread)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        await self._show(Sent(how="post", to=place, card=card, key=key))
        return MessageRef(place=place, message=f"m{len(self.shown)}")

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:
        await self._show(Sent(how="edit", to=message, card=card, key=key))

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        await self._show(Sent(how="direct", to=to, card=card, key=key))
        place = Place(platform=to.platform, kind=PlaceKind.DIRECT, channel=to.user)
        return MessageRef(place=place, message=f"m{len(self.shown)}")

    async def withdraw(self, message: MessageRef) -> None:
        self.withdrawn.append(message)

    def to(self, user: str) -> list[Sent]:
        """Return the direct messages to one person."""
        return [s for s in self.shown if isinstance(s.to, Identity) and s.to.user == user]

    async def _show(self, sent: Sent) -> None:
        self.before(sent)
        if self.gate is not None:
            await self.gate.wait()
        self.shown.append(sent)
        self.after(sent)

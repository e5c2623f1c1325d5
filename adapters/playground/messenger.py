"""The messenger: shows the bot's cards in the playground."""

from adapters.playground.records import (
    BOT,
    PLATFORM,
    Draft,
    Kind,
    Message,
    direct_channel,
    participants,
    place_of,
)
from adapters.playground.store import PlaygroundStore
from adapters.playground.view import card_json
from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import Ids
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.runtime.ports import Messenger, NotDelivered
from bot.ui.cards import Card


class PlaygroundMessenger(Messenger):
    """Writes cards into the playground's store.

    The same key is never shown twice: showing it again returns the message that stands there. A
    store that cannot write is ``NotDelivered``, to be tried again: nothing was shown.
    """

    def __init__(self, store: PlaygroundStore, *, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        """Show the card in the channel as the root of a thread called ``title``."""
        await self._check(channel.channel, "")
        root = await self._show(channel.channel, "", card, key, title=title or card.title)
        return MessageRef(place=place_of(root.channel, root.id), message=root.id)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Show the card in a channel, a thread or a direct conversation."""
        thread = place.thread if place.kind is PlaceKind.THREAD else ""
        await self._check(place.channel, thread)
        message = await self._show(place.channel, thread, card, key)
        return MessageRef(place=place, message=message.id)

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:  # noqa: ARG002
        """Replace the card in place; doing it twice shows the same."""
        body, files = card_json(card, self._ids)
        try:
            known = await self._store.message(message.message)
            if known is None or known.author != BOT or known.kind is Kind.GONE:
                raise NotDelivered("there is no such message of the bot's", permanent=True)
            await self._store.change(known.id, Kind.CARD, body, files)
        except Unavailable as error:
            raise NotDelivered(error.message) from error

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        """Show the card in somebody's direct conversation with the bot."""
        if to.platform != PLATFORM:
            raise NotDelivered(f"not a person of the playground: {to.user}", permanent=True)
        channel = direct_channel(to.user)
        await self._check(channel, "")
        message = await self._show(channel, "", card, key)
        return MessageRef(place=place_of(channel), message=message.id)

    async def _show(
        self, channel: str, thread: str, card: Card, key: str, title: str = ""
    ) -> Message:
        body, files = card_json(card, self._ids)
        draft = Draft(
            channel=channel,
            thread=thread,
            title=title,
            author=BOT,
            kind=Kind.CARD,
            body=body,
            files=files,
            at=self._clock.now(),
            key=f"outbox:{channel}:{thread}:{key}" if key else "",
        )
        try:
            return await self._store.add(draft)
        except Unavailable as error:
            raise NotDelivered(error.message) from error

    async def _check(self, channel: str, thread: str) -> None:
        """Raise ``NotDelivered`` for a place that does not exist."""
        try:
            there = await exists(self._store, channel, thread)
        except Unavailable as error:
            raise NotDelivered(error.message) from error
        if not there:
            raise NotDelivered(f"there is no such place: {channel} {thread}", permanent=True)


async def exists(store: PlaygroundStore, channel: str, thread: str) -> bool:
    """Tell whether there is such a channel or conversation, and such a thread in it."""
    members = participants(channel)
    if thread:
        root = await store.message(thread)
        if root is None or root.channel != channel or root.thread or root.private:
            return False
        return not members  # a direct conversation has no threads
    if members:
        known = {each.id for each in await store.people()}
        return set(members) <= known and channel == direct_channel(*members)
    return channel in {each.id for each in await store.channels()}

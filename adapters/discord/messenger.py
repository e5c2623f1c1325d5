"""The messenger: shows the bot's cards in one server of Discord, and to its members directly."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from adapters.discord import marks, messages
from adapters.discord.calls import (
    ARCHIVED,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_TEXT,
    UNKNOWN_MESSAGE,
    Api,
    code_of,
    made,
    whole,
)
from adapters.discord.channels import Channels
from adapters.discord.events import Events
from adapters.discord.origins import PLATFORM
from adapters.discord.threads import Threads, first_id, titled
from bot.chat.payloads import Json
from bot.domain.clock import Clock
from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import Messenger, NotDelivered, NotLookable
from bot.ui.cards import Card, called

_OPENING: Final = "opening "
"""Stands before the key of what begins a thread: in a channel it is told from other messages."""
_PAGE: Final = 100
KNOWN: Final = timedelta(seconds=100)
"""How long Discord surely knows a nonce: it says "a few minutes"."""

T = TypeVar("T")
Files = tuple[messages.Sending, ...]
UsersOf = Callable[[Iterable[MemberId]], Awaitable[Mapping[MemberId, str]]]
"""Tells the Discord users of members; those who have none are left out."""
MembersUsers = Callable[[WorkspaceId, Iterable[MemberId]], Awaitable[Mapping[MemberId, str]]]
"""Tells the Discord users of a workspace's members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordMessenger(Messenger):
    """Writes cards of one workspace.

    Every message carries a nonce made of its notice's key, by which Discord knows a repeated send
    for some minutes, and a trace of the key, by which it is found in the history for ever.
    """

    workspace: WorkspaceId
    api: Api
    channels: Channels
    threads: Threads
    events: Events
    users_of: UsersOf
    clock: Clock

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        """Show the card in the channel and begin the plan's thread with it."""
        called, opening = title or card.title, f"{_OPENING}{key}"
        if not self.channels.is_forum(channel.channel):
            try:
                message = await self._send(channel.channel, card, opening)
            except NotDelivered as refusal:
                if not await self.channels.turns_out_forum(channel.channel, refusal):
                    raise
            else:
                return await self.threads.begin(channel, message, called)

        async def posted(payload: Json, files: Files) -> MessageRef:
            return await self.threads.post(channel, called, payload, files)

        return await self._shown(card, opening, posted)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Show the card in a channel, a thread or a direct conversation."""
        where = await self._channel_of(place)
        about = self.workspace if place.kind is PlaceKind.DIRECT else None
        message = MessageRef(place=place, message=await self._send(where, card, key, about))
        await self.events.posted(message, card)
        return message

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:
        """Replace the card in place; its thread is called after it and opened again for it."""
        place = message.place
        if place.thread == message.message:  # a plan's card

            async def first(payload: Json, files: Files) -> str:
                return await self._edit_first(place, payload, files)

            await self.threads.follow(place, await self._shown(card, key, first), card)
            return
        where = await self._channel_of(place)
        direct = place.kind is PlaceKind.DIRECT

        async def edited(payload: Json, files: Files) -> None:
            if direct:
                about = marks.about(payload["components"], self.workspace)
                payload = {**payload, "components": about}
            await self._edit(where, message.message, payload, files)

        await self._shown(card, key, edited)
        await self.events.edited(message, card)

    async def _edit_first(self, place: Place, payload: Json, files: Files) -> str:
        """Edit a thread's first message; return the channel in which it stands.

        That is the thread's channel, but in a forum the thread itself.
        """
        forum = self.channels.is_forum(place.channel)
        where = place.thread if forum else place.channel
        try:
            await self._edit(where, place.thread, payload, files)
        except NotDelivered as refusal:
            if forum or code_of(refusal) not in {UNKNOWN_MESSAGE, NO_TEXT}:
                raise
            where = place.thread
            await self._edit(where, place.thread, payload, files)
            self.channels.remember_forum(place.channel)
        return where

    async def _edit(self, channel: str, message: str, payload: Json, files: Files) -> None:
        async def patch() -> None:
            await self.api.call(
                "PATCH",
                "/channels/{channel_id}/messages/{message_id}",
                payload,
                files=files,
                channel_id=channel,
                message_id=message,
            )

        try:
            await patch()
        except NotDelivered as refusal:
            if code_of(refusal) != ARCHIVED:
                raise
            await self.threads.wake(channel)
            await patch()

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        """Show the card in somebody's direct conversation with the bot."""
        if to.platform != PLATFORM:
            raise NotDelivered("not a person of Discord", permanent=True, cause=Cause.LEFT)
        place = Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=to.user)
        return await self.post(place, card, key)

    async def find(self, where: Place | Identity, key: str, since: datetime) -> MessageRef | None:
        """Return the message that bears the notice's trace, looked for from ``since`` on.

        ``NotLookable`` where the history may not be read: Discord shows an empty one there. Not so
        while Discord itself knows a repeated send: then it does no harm.
        """
        try:
            return await self._found(_place(where), key, since)
        except NotLookable:
            if self.clock.now() - since > KNOWN:
                raise
            return None

    async def _found(self, place: Place, key: str, since: datetime) -> MessageRef | None:
        channel = await self._channel_of(place)
        posted, opened = (marks.trace(self.workspace, k) for k in (key, f"{_OPENING}{key}"))
        after = first_id(since)
        if place.kind is PlaceKind.CHANNEL:
            with _looking():
                if await self.channels.asked_forum(channel):
                    return await self.threads.find_post(place, opened, after)
        while True:
            page = await self._page(channel, after)
            for message in page:
                match marks.trace_of(message):
                    case found if found == posted:
                        return MessageRef(place=place, message=str(message["id"]))
                    case found if found == opened:
                        return await self.threads.begin(place, str(message["id"]), titled(message))
                    case _:
                        continue
            if len(page) < _PAGE:
                await self._readable(place, channel, page)
                return None
            after = max(int(str(message["id"])) for message in page)

    async def _readable(self, place: Place, channel: str, page: list[Json]) -> None:
        """Raise ``NotLookable`` where nothing at all can be read, from whatever time.

        Source: whoever lacks "Read Message History" is told of no messages, and of no error
        (Discord, "Get Channel Messages"). A conversation of two can always be read.
        """
        if place.kind is not PlaceKind.DIRECT and not page and not await self._page(channel, 0):
            raise NotLookable

    async def _page(self, channel: str, after: int) -> list[Json]:
        with _looking():
            return await self.api.every(
                "/channels/{channel_id}/messages",
                query={"after": str(after), "limit": str(_PAGE)},
                channel_id=channel,
            )

    async def _channel_of(self, place: Place) -> str:
        """Return Discord's id of where messages for the place go."""
        if place.kind is PlaceKind.DIRECT:
            return await self.channels.direct(place.channel)
        return place.thread or place.channel

    async def _send(
        self, channel: str, card: Card, key: str, about: WorkspaceId | None = None
    ) -> str:
        """Show the card; return the message's id."""

        async def send(payload: Json, files: Files) -> str:
            if about is not None:
                payload = {**payload, "components": marks.about(payload["components"], about)}
            body = {**payload, "nonce": marks.nonce(self.workspace, key), "enforce_nonce": True}
            path = "/channels/{channel_id}/messages"
            sent: Any = await self.api.call("POST", path, body, files=files, channel_id=channel)
            return made(sent)

        return await self._shown(card, key, send)

    async def _shown(self, card: Card, key: str, show: Callable[[Json, Files], Awaitable[T]]) -> T:
        """Show the card; where no files may be attached, in words alone."""
        payload, files = await self._rendered(card, key)
        try:
            return await show(payload, files)
        except NotDelivered as refusal:
            if not files or code_of(refusal) != MISSING_PERMISSIONS:
                raise
        payload, _ = await self._rendered(card, key, attach=False)
        return await show(payload, ())

    async def _rendered(self, card: Card, key: str, *, attach: bool = True) -> tuple[Json, Files]:
        wanted = called(card)
        users = await self.users_of(wanted) if wanted else {}
        shown = messages.message(card, users, attach=attach)
        return marks.traced(whole(shown), self.workspace, key), shown.files


@contextmanager
def _looking() -> Iterator[None]:
    """Raise ``NotLookable`` where the bot may not look."""
    try:
        yield
    except NotDelivered as refusal:
        if code_of(refusal) in {MISSING_ACCESS, MISSING_PERMISSIONS}:
            raise NotLookable from refusal
        raise


def _place(where: Place | Identity) -> Place:
    if isinstance(where, Place):
        return where
    return Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=where.user)

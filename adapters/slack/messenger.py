"""The messenger: shows the bot's cards in Slack."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks
from adapters.slack.bookmarks import Bookmarks
from adapters.slack.calls import outcomes
from adapters.slack.files import Files
from adapters.slack.origins import PLATFORM
from bot.chat.payloads import Json
from bot.domain.ids import MemberId
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import Messenger, NotDelivered, NotLookable, OutcomeUnknown
from bot.ui.cards import Card, called

THREAD: Final = "coplan_thread"
NOTICE: Final = "coplan_notice"
_KEY: Final = "k"
_PAGE: Final = 100
_USERS: Final = ("U", "W")
"""How the ids of users begin; a direct conversation may go by its user's."""

UsersOf = Callable[[Iterable[MemberId]], Awaitable[Mapping[MemberId, str]]]
"""Tells the Slack users of members; those who have none are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessenger(Messenger):
    """Writes cards into one workspace.

    Every message carries a trace of its notice's key, which all members could read: a hash of it.
    It stands in the metadata, and as the first block's id where that does not arrive. So a message
    is found again where Coplan was allowed to read the history.
    """

    client: AsyncWebClient
    files: Files
    bookmarks: Bookmarks
    users_of: UsersOf
    scopes: frozenset[str]

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        """Show the card in the channel, with a bookmark to it.

        Answers to it are the thread, which Slack calls by nothing but its first message.
        """
        where, ts = await self._post(channel.channel, "", card, metadata(THREAD, key))
        await self.bookmarks.add(where, ts, title or card.title)
        return MessageRef(place=_thread(where, ts), message=ts)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Show the card in a channel, a thread or a direct conversation.

        The place returned has Slack's own channel: a direct conversation is written to by its
        user, and edited there by its channel.
        """
        traced = metadata(NOTICE, key)
        channel, ts = await self._post(place.channel, place.thread, card, traced)
        return MessageRef(place=replace(place, channel=channel), message=ts)

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:
        """Replace the card in place; its pictures are told in words, its files stay below it."""
        del key  # doing it twice shows the same
        shown = await self._rendered(card)
        with outcomes():
            await self.client.chat_update(
                channel=message.place.channel,
                ts=message.message,
                text=shown.text,
                blocks=shown.blocks,
            )
        place = message.place
        if place.thread == message.message:  # a plan's card: its thread is below it
            await self.bookmarks.follow(
                place.channel, message.message, card.title, closed=card.closed
            )

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        """Show the card in somebody's direct conversation with the app."""
        if to.platform != PLATFORM:
            raise NotDelivered("not a person of Slack", permanent=True, cause=Cause.LEFT)
        try:
            channel, ts = await self._post(to.user, "", card, metadata(NOTICE, key))
        except NotDelivered as refusal:
            if refusal.cause not in {Cause.GONE, Cause.ARCHIVED}:
                raise
            # The channel that is not found is the person: gone, or a partner from elsewhere.
            cause = Cause.CLOSED if await self._known(to.user) else Cause.LEFT
            raise NotDelivered(refusal.reason, permanent=True, cause=cause) from refusal
        place = Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=channel)
        return MessageRef(place=place, message=ts)

    async def _known(self, user: str) -> bool:
        """Tell whether Slack shows the user still, as one who is there."""
        try:
            with outcomes():
                told = (await self.client.users_info(user=user)).get("user")
        except (NotDelivered, OutcomeUnknown):
            return False
        return isinstance(told, dict) and not told.get("deleted")

    async def withdraw(self, message: MessageRef) -> None:
        """Take back a message that is shown twice: an app may delete its own."""
        with outcomes():
            await self.client.chat_delete(channel=message.place.channel, ts=message.message)

    async def find(self, where: Place | Identity, key: str, since: datetime) -> MessageRef | None:
        """Return the message that stands there with the key's trace in it."""
        channel = await self._lookable(where)
        thread = where.thread if isinstance(where, Place) else ""
        trace, cursor = _trace(key), ""
        while True:
            page = await self._page(channel, thread, since, cursor)
            for message in page.get("messages") or ():
                if kind := _kind(message, trace):
                    return _found(where, channel, kind, str(message["ts"]))
            before = cursor
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if cursor in {"", before}:  # the last page; or whoever answers has only this one
                return None

    async def _lookable(self, where: Place | Identity) -> str:
        """Return the channel to look in; ``NotLookable`` where it may not be read."""
        direct = isinstance(where, Identity) or where.kind is PlaceKind.DIRECT
        needed = {"im:history"} if direct else {"channels:history", "groups:history"}
        if not needed & self.scopes:
            raise NotLookable
        channel = where.channel if isinstance(where, Place) else where.user
        if not channel.startswith(_USERS):
            return channel
        if "im:write" not in self.scopes:
            raise NotLookable
        with outcomes():
            opened = await self.client.conversations_open(users=channel)
        found = str((opened.get("channel") or {}).get("id") or "")
        if not found:
            raise NotLookable
        return found

    async def _page(
        self, channel: str, thread: str, since: datetime, cursor: str
    ) -> Mapping[str, Any]:
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
            **({"cursor": cursor} if cursor else {}),
        }
        try:
            with outcomes():
                if thread:
                    page = await self.client.conversations_replies(ts=thread, **asked)
                else:
                    page = await self.client.conversations_history(**asked)
        except NotDelivered as refusal:
            if refusal.reason in {"missing_scope", "not_in_channel"}:
                raise NotLookable from refusal
            raise
        return page.data if isinstance(page.data, dict) else {}

    async def _post(
        self, channel: str, thread: str, card: Card, traced: dict[str, Any]
    ) -> tuple[str, str]:
        """Show the card, its files below it; return where it stands: channel and ts."""
        shown = await self._rendered(card, await self.files.upload(blocks.pictures(card)))
        with outcomes():
            answer = await self.client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                text=shown.text,
                blocks=_traced(shown.blocks, traced),
                metadata=traced,
                unfurl_links=False,
                unfurl_media=False,
            )
        where, ts = answer.get("channel") or channel, answer.get("ts")
        if not (isinstance(where, str) and isinstance(ts, str) and ts):
            raise OutcomeUnknown("no ts")  # it is shown, perhaps, and nobody can tell where
        below = thread or ("" if where.startswith("D") else ts)
        await self.files.share(shown.files, where, below)
        return where, ts

    async def _rendered(self, card: Card, uploaded: Sequence[str] = ()) -> blocks.Message:
        wanted = called(card)
        users = await self.users_of(wanted) if wanted else {}
        return blocks.message(card, users, uploaded)


def metadata(kind: str, key: str) -> dict[str, Any]:
    """Return the metadata of a message: what it is, and the trace of its key."""
    return {"event_type": kind, "event_payload": {_KEY: _trace(key)}}


def _traced(blocks: Sequence[Json], traced: Json) -> list[Json]:
    """Return the blocks, the first of them with the trace as its id."""
    mark = f"{traced['event_type']}.{traced['event_payload'][_KEY]}"
    return [{**blocks[0], "block_id": mark}, *blocks[1:]]


def _kind(message: Mapping[str, Any], trace: str) -> str:
    """Return what the message is that has the trace; empty when it is another one."""
    told = message.get("metadata") or {}
    if (told.get("event_payload") or {}).get(_KEY) == trace:
        return str(told.get("event_type") or "")
    blocks = message.get("blocks") or [{}]
    kind, _, found = str(blocks[0].get("block_id") or "").partition(".")
    return kind if found == trace else ""


def _trace(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _thread(channel: str, ts: str) -> Place:
    return Place(platform=PLATFORM, kind=PlaceKind.THREAD, channel=channel, thread=ts)


def _found(where: Place | Identity, channel: str, kind: str, ts: str) -> MessageRef:
    if kind == THREAD:
        return MessageRef(place=_thread(channel, ts), message=ts)
    if isinstance(where, Place):
        return MessageRef(place=replace(where, channel=channel), message=ts)
    place = Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=channel)
    return MessageRef(place=place, message=ts)

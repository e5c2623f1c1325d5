"""A plan's thread in Discord: begun below its card, called after the plan, its card pinned.

Pinning and renaming are extras: what is not permitted there is left, and the card stands.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from adapters.discord import marks
from adapters.discord.calls import HAS_THREAD, TAG_NEEDED, UNKNOWN_MESSAGE, Api, code_of, made
from adapters.discord.components import Part
from adapters.discord.extras import AFTERWARDS, unless_in_trouble
from adapters.discord.messages import Sending
from adapters.discord.origins import PLATFORM
from bot.chat.payloads import Json
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.cards import Card
from bot.ui.limits import shorten

NAME: Final = 100
"""Characters of a thread's name."""
WEEK: Final = 10_080
"""Minutes without a message after which Discord folds a thread away; the next one unfolds it."""
MOST: Final = 10_000
_EPOCH: Final = 1_420_070_400_000
"""Milliseconds since 1970 at which Discord's ids begin."""
_SIGN: Final = re.compile(r"\\(.)")

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Known:
    """What a thread is called, and whether its plan is put away."""

    name: str
    closed: bool = False


class Threads:
    """The threads of plans."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[str, _Known] = {}

    async def begin(self, channel: Place, message: str, title: str) -> MessageRef:
        """Begin a thread at the message, unless it has one; the message is pinned.

        A plan's card without a thread would be of no use: where Discord refuses for good the
        message is taken back. Where nobody can tell, ``OutcomeUnknown``: it is looked for.
        """
        name = shorten(title, NAME)
        body = {"name": name, "auto_archive_duration": WEEK}
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        place = channel.channel
        try:
            told = await self._api.call("POST", path, body, channel_id=place, message_id=message)
            begun = made(told)
        except NotDelivered as refusal:
            if code_of(refusal) == UNKNOWN_MESSAGE:  # taken back lately, and named for its nonce
                raise OutcomeUnknown("taken back") from refusal
            if code_of(refusal) != HAS_THREAD:
                if not refusal.permanent:
                    raise OutcomeUnknown("thread not begun yet") from refusal
                await self._take_back(channel.channel, message)
                raise
        else:
            if begun != message:  # a thread has the id of the message that it begins at
                raise OutcomeUnknown("another thread")
        self._remember(message, name)
        await self._pin("PUT", channel.channel, message)
        return self._at(channel.channel, message)

    async def post(
        self, forum: Place, title: str, payload: Json, files: Sequence[Sending]
    ) -> MessageRef:
        """Begin a post of a forum with the message."""
        name = shorten(title, NAME)
        body = {"name": name, "auto_archive_duration": WEEK, "message": payload}
        try:
            post = await self._posted(forum.channel, body, files)
        except NotDelivered as refusal:
            if code_of(refusal) != TAG_NEEDED:
                raise
            tags = await self._tags(forum.channel)
            if not tags:
                raise
            post = await self._posted(forum.channel, body | {"applied_tags": tags}, files)
        self._remember(post, name)
        return self._at(forum.channel, post)

    async def _posted(self, forum: str, body: Json, files: Sequence[Sending]) -> str:
        path = "/channels/{channel_id}/threads"
        return made(
            await self._api.call("POST", path, body, files=files, once=True, channel_id=forum)
        )

    async def _tags(self, forum: str) -> list[str]:
        """Return the first tag that anybody may give, for a forum whose posts must have one."""
        told = await self._api.one("/channels/{channel_id}", channel_id=forum)
        free = (each for each in told.get("available_tags") or () if not each.get("moderated"))
        return [str(each["id"]) for each in free][:1]

    async def find_post(self, forum: Place, trace: int, after: int) -> MessageRef | None:
        """Return the post of the forum, made after that id, whose first message bears the trace."""
        told = await self._api.one("/channels/{channel_id}", channel_id=forum.channel)
        path, server = "/guilds/{guild_id}/threads/active", str(told.get("guild_id") or "")
        found = await self._api.one(path, guild_id=server)
        for thread in found.get("threads") or ():
            number = str(thread["id"])
            if str(thread.get("parent_id")) != forum.channel or int(number) <= after:
                continue
            if marks.trace_of(await self._first(number)) == trace:
                return self._at(forum.channel, number)
        return None

    async def _first(self, post: str) -> Json:
        """Return the first message of a post, an empty one where somebody took it away."""
        path = "/channels/{channel_id}/messages/{message_id}"
        try:
            return await self._api.one(path, channel_id=post, message_id=post)
        except NotDelivered as refusal:
            if not refusal.permanent:
                raise
            return {}

    async def wake(self, thread: str) -> None:
        """Unfold a thread that was archived; what is locked stays so, and that is a refusal."""
        await self._api.call(
            "PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=thread
        )

    async def follow(self, place: Place, where: str, card: Card) -> None:
        """Let the thread be called after its plan, and its card be pinned while the plan is open.

        ``where`` is the channel in which the card stands.
        """
        with unless_in_trouble():
            async with asyncio.timeout(AFTERWARDS):
                await self._follow(place.thread, where, card)

    async def _follow(self, thread: str, where: str, card: Card) -> None:
        known = self._known.get(thread)
        if known is None:
            told = await self._api.one("/channels/{channel_id}", channel_id=thread)
            known = self._remember(thread, str(told.get("name") or ""))
        if known.closed != card.closed:
            known.closed = card.closed
            if where != thread:
                await self._pin("DELETE" if card.closed else "PUT", where, thread)
        name = shorten(card.title, NAME)
        if known.name != name:
            await self._rename(thread, known, name)

    async def _rename(self, thread: str, known: _Known, name: str) -> None:
        """Call the thread so; the next edit does what has to wait: Discord lets few names pass.

        What is not permitted is not tried again and again.
        """
        path = "/channels/{channel_id}"
        try:
            await self._api.call("PATCH", path, {"name": name}, channel_id=thread)
        except NotDelivered as refusal:
            if refusal.permanent:
                known.name = name
            raise
        known.name = name

    async def _pin(self, method: str, channel: str, message: str) -> None:
        path = "/channels/{channel_id}/messages/pins/{message_id}"
        with unless_in_trouble():
            async with asyncio.timeout(AFTERWARDS):
                await self._api.call(method, path, channel_id=channel, message_id=message)

    async def _take_back(self, channel: str, message: str) -> None:
        path = "/channels/{channel_id}/messages/{message_id}"
        with unless_in_trouble():
            await self._api.call("DELETE", path, channel_id=channel, message_id=message)

    def _remember(self, thread: str, name: str) -> _Known:
        known = self._known[thread] = _Known(name)
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return known

    def _at(self, channel: str, thread: str) -> MessageRef:
        kind = PlaceKind.THREAD
        place = Place(platform=PLATFORM, kind=kind, channel=channel, thread=thread)
        return MessageRef(place=place, message=thread)


def first_id(since: datetime) -> int:
    """Return the id after which everything was made that is not older than the instant."""
    return max(int(since.timestamp() * 1000) - _EPOCH, 0) << 22


def titled(message: Json) -> str:
    """Return the first line of a message's texts, without markup: a plan's card begins with it."""
    for text in _texts(message.get("components")):
        if line := text.strip().partition("\n")[0].lstrip("#* "):
            return _SIGN.sub(r"\1", line).rstrip("* ")
    return "Plan"


def _texts(components: object) -> Iterator[str]:
    for each in components if isinstance(components, list) else ():
        if isinstance(each, dict):
            if each.get("type") == Part.TEXT:
                yield str(each.get("content") or "")
            yield from _texts(each.get("components"))

"""What people said to the bot while it was not there: looked for when it is back.

A session that can be resumed brings what was missed; a new one does not (Discord, "Gateway"). What
was clicked meanwhile is lost, and Discord says so to whoever clicked. Words are looked for where
they may stand: in the threads of open plans and their channels, and in direct messages.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from adapters.discord.calls import Api
from adapters.discord.marks import server
from adapters.discord.origins import PLATFORM
from adapters.discord.threads import first_id
from bot.chat.payloads import Json
from bot.domain.clock import Clock
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.usecases.ports import Door, Work
from bot.usecases.upkeep import Chore

EVERY: Final = 60.0
"""Seconds between two notes that Discord is listened to."""
LONGEST: Final = timedelta(days=1)
"""What was said longer ago is not answered any more."""
THREADS: Final = 300
CONVERSATIONS: Final = 200
CONVERSATION: Final = "discord.direct"
"""As what the channel of somebody's conversation with the bot is kept for them, for a while."""
AT_ONCE: Final = 4
PAUSES: Final = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds after which a place is looked at again whose history could not be read just now."""
_PAGE: Final = 100
_BEFORE: Final = timedelta(minutes=3)
"""How much earlier than noted is looked: a connection may have been dead for a while unnoticed."""

_log = structlog.get_logger(__name__)


class Take(Protocol):
    """Handles a message that was found: it was ``surely`` not heard when it was said, or maybe."""

    def __call__(self, message: Json, *, surely: bool) -> Awaitable[None]:
        """Handle it; raises nothing."""
        ...


@dataclass(slots=True, kw_only=True)
class Missed:
    """Looks for missed messages. ``take`` handles one that may be meant for the bot."""

    api: Api
    door: Door
    clock: Clock
    is_meant: Callable[[Json], bool]
    take: Take
    pauses: Sequence[float] = PAUSES
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _noted: int = 0

    async def note(self) -> None:
        """Note that Discord is listened to now."""
        now = self.clock.now()
        await self.door.write(EVERYWHERE, lambda work: work.upkeep.note(Chore.DISCORD, now))

    async def catch_up(self) -> None:
        """Handle what was said since Discord was last listened to; the first time, nothing."""
        async with self._looking:
            last = await self.door.read(EVERYWHERE, lambda work: work.upkeep.last(Chore.DISCORD))
            await self.note()
            if last is None:
                return
            since = max(last - _BEFORE, self.clock.now() - LONGEST)
            self._noted = first_id(last)
            room = asyncio.Semaphore(AT_ONCE)
            places = await self._places()
            await asyncio.gather(*(self._look(one, since, room) for one in places))

    async def _places(self) -> list["_Where"]:
        """Return where to look, each once."""

        def look(work: Work) -> list[_Where]:
            threads = work.everywhere.threads(PLATFORM, THREADS)
            found = [_Where(channel=p.thread, workspace=w) for w, p in threads]
            found += [_Where(channel=p.channel, workspace=w) for w, p in threads]
            direct = work.everywhere.drafts(CONVERSATION, CONVERSATIONS)
            found += [_Where(channel=each.decode()) for each in direct]
            return found

        found = await self.door.read(EVERYWHERE, look)
        return list({one.channel: one for one in found}.values())

    async def _look(self, where: "_Where", since: datetime, room: asyncio.Semaphore) -> None:
        """Handle what was said there; again from the beginning, should Discord be in trouble.

        What was handled then is known.
        """
        for pause in (*self.pauses, None):
            async with room:
                try:
                    await self._handle(where, first_id(since))
                except NotDelivered as refusal:
                    _log.info("discord_history_not_read", reason=str(refusal))
                    again, wait = not refusal.permanent, refusal.retry_after or 0.0
                except OutcomeUnknown as problem:
                    _log.info("discord_history_not_read", reason=str(problem))
                    again, wait = True, 0.0
                else:
                    return
            if pause is None or not again:
                return
            await asyncio.sleep(max(pause, wait))

    async def _handle(self, where: "_Where", after: int) -> None:
        async for message in self._messages(where, after):
            if self.is_meant(message):
                surely = int(message["id"]) > self._noted
                await self.take(await self._whole(message, where), surely=surely)

    async def _messages(self, where: "_Where", after: int) -> AsyncIterator[Json]:
        """Yield the messages after that id, the oldest first, as the gateway would tell them."""
        guild = await self._guild(where)
        while True:
            query = {"after": str(after), "limit": str(_PAGE)}
            page = await self.api.every(
                "/channels/{channel_id}/messages", query=query, channel_id=where.channel
            )
            for message in sorted(page, key=lambda one: int(one["id"])):
                yield {**message, **({"guild_id": guild} if guild else {})}
            if len(page) < _PAGE:
                return
            after = max(int(one["id"]) for one in page)

    async def _guild(self, where: "_Where") -> str:
        """Return the server of the channel; empty for a direct conversation."""
        if where.workspace is None:
            return ""
        if (known := server(where.workspace)).isdigit():
            return known
        told = await self.api.one("/channels/{channel_id}", channel_id=where.channel)
        return str(told.get("guild_id") or "")

    async def _whole(self, message: Json, where: "_Where") -> Json:
        """Return the message with what the server calls its author: history does not tell."""
        guild = message.get("guild_id")
        if not guild or where.workspace is None:
            return message
        author = str((message.get("author") or {}).get("id") or "")
        path = "/guilds/{guild_id}/members/{user_id}"
        try:
            member = await self.api.one(path, guild_id=str(guild), user_id=author)
        except (NotDelivered, OutcomeUnknown):
            return message
        return {**message, "member": {"nick": member.get("nick")}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """A channel or thread; ``workspace`` is None for a direct conversation."""

    channel: str
    workspace: WorkspaceId | None = None

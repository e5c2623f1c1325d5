"""What people say to the bot in messages: where it calls its name, or they are alone with it."""

from dataclasses import dataclass, field
from typing import Final

import structlog

from adapters.discord import marks, reading
from adapters.discord.calls import Api
from adapters.discord.homes import Homes
from adapters.discord.missed import CONVERSATION
from adapters.discord.origins import identity
from adapters.discord.reading import Read
from adapters.discord.workspace import Desks
from bot.chat import payloads
from bot.chat.payloads import Json
from bot.domain.ids import WorkspaceId
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.usecases.ports import Work

STRANGER: Final = (
    "Coplan does not know you yet. Use /coplan in a server that both of us are in: from then on"
    " it answers here, too."
)
MOST: Final = 20_000
"""People of whom it is remembered that their conversation is known."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Hearing:
    """Takes messages. ``bot`` is the bot's user id, once it is known."""

    api: Api
    desks: Desks
    homes: Homes
    bot: str = ""
    _met: dict[str, None] = field(default_factory=dict)

    def is_meant(self, message: Json) -> bool:
        """Tell whether a message may be meant for the bot: it is called, or alone with them."""
        if not message.get("guild_id"):
            return True
        called = message.get("mentions")
        if called is None and self.bot:  # whoever tells of it leaves it to the words
            return f"<@{self.bot}>" in str(message.get("content"))
        return isinstance(called, list) and any(
            isinstance(each, dict) and each.get("id") == self.bot for each in called
        )

    async def hear(self, message: Json) -> None:
        """Take a message; what nobody said to the bot is passed over.

        Raises ``Unreadable`` for one of another shape than Discord describes.
        """
        read, workspace = await self._read(message)
        if read is not None and workspace is not None:
            await self._said(read, workspace)

    async def hear_late(self, message: Json, *, surely: bool) -> None:
        """Take a message that was found in the history, and was ``surely`` not heard, or maybe.

        What changes nothing leaves no trace: it is answered only where it surely was not before.
        """
        read, workspace = await self._read(message)
        if read is None or workspace is None:
            return
        if self.desks.handler.changes(reading.outline(read)):
            key = read.key
            heard = await self.desks.door.read(workspace, lambda work: work.inbox.seen(key))
            surely = not heard
        if surely:
            await self._said(read, workspace)

    async def meet(self, read: Read, workspace: WorkspaceId) -> None:
        """Remember where somebody talks with the bot alone: what they say there may be missed."""
        if read.user in self._met or not read.origin.direct:
            return
        who, channel = identity(read.user), read.origin.channel.encode()

        def unit(work: Work) -> bool:
            member = work.members.by_identity(who)
            if member is not None and work.drafts.get(member.id, CONVERSATION) != channel:
                work.drafts.put(member.id, CONVERSATION, channel)
            return member is not None

        if await self.desks.door.write(workspace, unit):
            self._met[read.user] = None
            while len(self._met) > MOST:
                del self._met[next(iter(self._met))]

    async def _read(self, message: Json) -> tuple[Read | None, WorkspaceId | None]:
        read = reading.said(message, self.bot, await self._around(message))
        if read is None:
            return None, None
        workspace = read.workspace or await self.homes.of(read.user, None)
        if workspace is None:
            await self._tell_stranger(read)
        return read, workspace

    async def _said(self, read: Read, workspace: WorkspaceId) -> None:
        self.homes.acted(read.user, workspace)
        await self.desks.of(workspace).said(read)
        await self.meet(read, workspace)

    async def _around(self, message: Json) -> dict[str, str]:
        """Return the channel around the thread that a message is in, by the thread."""
        if not message.get("guild_id"):
            return {}
        channel = payloads.ident(message, "channel_id")
        return {channel: await self.desks.workspaces.channels.soon_around(channel)}

    async def _tell_stranger(self, read: Read) -> None:
        """Say to somebody who is a member nowhere how they become one."""
        told = {
            "content": STRANGER,
            "nonce": marks.nonce("", read.key),
            "enforce_nonce": True,
            "allowed_mentions": {"parse": []},
        }
        path, channel = "/channels/{channel_id}/messages", read.origin.channel
        try:
            await self.api.call("POST", path, told, channel_id=channel)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("discord_not_told", reason=str(problem))

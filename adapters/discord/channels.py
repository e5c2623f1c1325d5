"""What is known of Discord's channels: a person's direct one, what is a forum, or a thread."""

import asyncio
from typing import Final

from adapters.discord.calls import NO_TEXT, Api, code_of, made
from adapters.discord.kinds import FORUMS, THREADS
from bot.runtime.ports import NotDelivered, OutcomeUnknown

PATIENCE: Final = 1.0
"""Seconds an act waits for what Discord tells of its channel."""
MOST: Final = 20_000
"""Conversations and threads that are remembered."""


class Channels:
    """Remembers channels; Discord is asked once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._direct: dict[str, str] = {}
        self._forums: set[str] = set()
        self._around: dict[str, str] = {}

    async def around(self, channel: str) -> str:
        """Return the channel around a thread; empty for what is none. Raises what calls raise."""
        known = self._around.get(channel)
        if known is None:
            told = await self._api.one("/channels/{channel_id}", channel_id=channel)
            known = str(told.get("parent_id") or "") if told.get("type") in THREADS else ""
            self.learn(channel, known)
        return known

    async def soon_around(self, channel: str) -> str:
        """Return the channel around a thread; empty for none, or where Discord does not tell."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.around(channel)
        except (NotDelivered, OutcomeUnknown, TimeoutError):
            return ""

    def learn(self, thread: str, around: str) -> None:
        """Take note of the channel around a thread."""
        self._around[thread] = around
        while len(self._around) > MOST:
            del self._around[next(iter(self._around))]

    async def direct(self, user: str) -> str:
        """Return the channel of the bot's conversation with that person, opened if it is new."""
        known = self._direct.get(user)
        if known is None:
            opened = await self._api.call("POST", "/users/@me/channels", {"recipient_id": user})
            known = self._direct[user] = made(opened)
            while len(self._direct) > MOST:
                del self._direct[next(iter(self._direct))]
        return known

    def is_forum(self, channel: str) -> bool:
        """Tell whether the channel is known to be a forum."""
        return channel in self._forums

    def remember_forum(self, channel: str) -> None:
        """Remember that it is one."""
        self._forums.add(channel)

    async def turns_out_forum(self, channel: str, refusal: NotDelivered) -> bool:
        """Tell whether a message was refused there because the channel is a forum."""
        return code_of(refusal) == NO_TEXT and await self.asked_forum(channel)

    async def asked_forum(self, channel: str) -> bool:
        """Tell whether the channel is a forum, which nobody remembers from an earlier process."""
        if self.is_forum(channel):
            return True
        found = await self._api.one("/channels/{channel_id}", channel_id=channel)
        if found.get("type") in FORUMS:
            self.remember_forum(channel)
        return self.is_forum(channel)

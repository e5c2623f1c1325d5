"""Discord's rate limits as its answers tell of them: a request goes at once, or not at all.

discord.py's own buckets let callers wait for a limit to pass, one behind another; or else they
refuse for as long as a window lasts, although requests are left in it. Here what is left is used
up, and the rest is refused with the seconds to wait: waiting is the outbox's, which meanwhile sends
what goes elsewhere.
"""

import asyncio
from collections import deque
from types import TracebackType
from typing import Final

from discord import RateLimited
from discord.http import HTTPClient, Ratelimit

SHORT: Final = 2.0
"""Seconds to wait that an answer may ask for, and the call does by itself."""
MOMENT: Final = 0.1
"""Seconds until a window ends that a request waits for."""
MANY: Final = 256
"""Buckets, from which on those that nobody uses any more are cleared away."""


class Bucket(Ratelimit):
    """The limit of one route in one place. Nothing is known of it until its first answer."""

    def __init__(self) -> None:
        super().__init__(None)
        self._waiting: deque[asyncio.Future[None]] = deque()

    def reset(self) -> None:
        """Begin a new window."""
        self.remaining = self.limit - self.outgoing
        self.expires, self.reset_after, self.dirty = None, 0.0, False

    async def acquire(self) -> None:
        """Take a request; ``RateLimited`` when none is left."""
        self._last_request = self._loop.time()
        if self.is_expired():
            self.reset()
        while self.remaining <= 0:
            await self._known_or_over()
        self.remaining -= 1
        self.outgoing += 1

    async def _known_or_over(self) -> None:
        if self.expires is None:
            await self._first_answer()
            return
        left = self.expires - self._loop.time()
        if left > MOMENT:
            raise RateLimited(left)
        await asyncio.sleep(max(left, 0.0))
        if self.is_expired():
            self.reset()

    async def _first_answer(self) -> None:
        """Wait for the answer to a request that is under way."""
        waiting: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._look_again()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.outgoing -= 1
        if self.expires is None:  # the answer said nothing of limits
            self.remaining = self.limit - self.outgoing
        self._look_again()

    def _look_again(self) -> None:
        """Let all who wait look again: whoever finds nothing left waits once more, or is told."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)


class Buckets(dict[str, Ratelimit]):
    """All buckets of a client, made when they are asked for."""

    def __missing__(self, key: str) -> Ratelimit:
        if len(self) >= MANY:
            for old in [name for name, bucket in self.items() if bucket.is_inactive()]:
                del self[old]
        made = self[key] = Bucket()
        return made


def paced(http: HTTPClient) -> None:
    """Let the client's requests go by these buckets."""
    http.max_ratelimit_timeout = SHORT
    http._buckets = Buckets()  # noqa: SLF001 - nothing public leads to them

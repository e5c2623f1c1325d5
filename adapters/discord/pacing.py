"""Discord's rate limits as its answers tell of them: a request goes at once, or not at all.

discord.py's own buckets let callers wait for a limit to pass, one behind another; or else they
refuse for as long as a window lasts, although requests are left in it. Here what is left is used
up, and the rest is refused with the seconds to wait: waiting is the outbox's, which meanwhile sends
what goes elsewhere.
"""

import asyncio
import math
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import Any, Final

import aiohttp
from discord import RateLimited
from discord.http import HTTPClient, Ratelimit

SHORT: Final = 2.0
"""Seconds to wait that an answer may ask for, and the call does by itself."""
LONGEST: Final = 3600.0
"""Seconds after which it is asked again whatever was told."""
MOMENT: Final = 0.1
"""Seconds until a window ends that a request waits for."""
MANY: Final = 256
"""Buckets, from which on those that nobody uses any more are cleared away."""


TOO_MANY: Final = 429
_SECONDS: Final = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


class Shut(RateLimited):
    """Discord takes nothing at all from this bot, or from this address, for some seconds."""


@dataclass(slots=True)
class Gate:
    """What stands before all buckets. ``until`` is when it opens, by the loop's clock."""

    until: float = 0.0

    def pass_through(self) -> None:
        """Go on; ``Shut`` while nothing is taken."""
        left = self.until - asyncio.get_running_loop().time()
        if left > 0:
            raise Shut(left)

    def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """Take note of an answer: of a limit for all of the bot's requests, or for the address.

        What passes soon is waited for by the call, and by all others (discord.py does it). Source:
        Discord, "Rate limits": whoever asks on is banned after 10,000 refusals.
        """
        if status != TOO_MANY or not _for_all(headers):
            return
        seconds = wait_of(headers)
        if seconds > SHORT:
            self.until = max(self.until, asyncio.get_running_loop().time() + seconds)


def wait_of(headers: Mapping[str, str], missing: float = 0.0) -> float:
    """Return the seconds that an answer says to wait, ``missing`` where it does not say it."""
    told = headers.get("Retry-After", "").strip()
    return min(float(told), LONGEST) if _SECONDS.fullmatch(told) else missing


def limited(told: Any) -> None:  # noqa: ANN401 - any JSON
    """Raise ``RateLimited`` (of all, ``Shut``) where the body of a 429 says how long to wait."""
    seconds = told.get("retry_after") if isinstance(told, dict) else None
    if isinstance(seconds, int | float) and 0 <= seconds <= LONGEST:
        raise (Shut if told.get("global") is True else RateLimited)(float(seconds))


def _for_all(headers: Mapping[str, str]) -> bool:
    everywhere = "X-RateLimit-Global" in headers or headers.get("X-RateLimit-Scope") == "global"
    return everywhere or refuses_address(headers)


def refuses_address(headers: Mapping[str, str]) -> bool:
    """Tell whether a 429 is not from Discord's API, which names the limit, but from before it."""
    return "Via" not in headers and "X-RateLimit-Bucket" not in headers


class Bucket(Ratelimit):
    """The limit of one route in one place. Nothing is known of it until its first answer."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(None)
        self._gate = gate
        self._waiting: deque[asyncio.Future[None]] = deque()

    def reset(self) -> None:
        """Begin a new window."""
        self.remaining = self.limit - self.outgoing
        self.expires, self.reset_after, self.dirty = None, 0.0, False

    def update(self, response: aiohttp.ClientResponse, *, use_clock: bool = False) -> None:
        """Take note of what an answer's headers tell; of what they tell by halves, nothing."""
        try:
            super().update(response, use_clock=use_clock)
            known = math.isfinite(self.reset_after)
        except (KeyError, ValueError, OverflowError, OSError):
            known = False
        if not known:
            self.limit, self.expires, self.dirty = max(self.limit, 1), None, False

    async def acquire(self) -> None:
        """Take a request; ``RateLimited`` when none is left, or nothing is taken at all."""
        self._gate.pass_through()
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

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self.gate = gate

    def __missing__(self, key: str) -> Ratelimit:
        if len(self) >= MANY:
            for old in [name for name, bucket in self.items() if bucket.is_inactive()]:
                del self[old]
        made = self[key] = Bucket(self.gate)
        return made


class Over(asyncio.Event):
    """discord.py's sign that a limit for all is over, which every request waits for.

    The call that ran into a short one gives it; should somebody cancel that call, time does.
    """

    def clear(self) -> None:
        """Let all wait, and not for longer than a call waits by itself."""
        super().clear()
        asyncio.get_running_loop().call_later(SHORT, self.set)


def paced(http: HTTPClient) -> None:
    """Let the client's requests go by these buckets. To be called before it logs in."""
    gate = Gate()
    http.max_ratelimit_timeout = SHORT
    http._buckets = Buckets(gate)  # noqa: SLF001 - nothing public leads to them
    http.http_trace = _watching(gate)


def pause_for_all(http: HTTPClient) -> None:
    """Let no limit for all outlast the call that ran into it. To be called after it logged in."""
    over = http._global_over = Over()  # noqa: SLF001 - made by logging in
    over.set()


def _watching(gate: Gate) -> aiohttp.TraceConfig:
    """Return what shows the gate every answer: discord.py does not tell of their headers."""

    async def answered(
        _: aiohttp.ClientSession, __: SimpleNamespace, told: aiohttp.TraceRequestEndParams
    ) -> None:
        gate.learn(told.response.status, told.response.headers)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(answered)
    return trace

"""The gateway's connections, and the sessions that live over one after another."""

import asyncio
import contextlib
import json
import zlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from tests.support.discord.world import Json

DISPATCH = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """One connection; ``queue`` is what it is still to be told."""

    socket: web.WebSocketResponse
    request: web.Request
    packed: "zlib._Compress | None"
    queue: "asyncio.Queue[Json | bytes]" = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    heard: deque[float] = field(default_factory=deque)
    beats: int = 0
    named: int = 0
    pings: dict[bytes, asyncio.Event] = field(default_factory=dict)

    def tell(self, frame: Json) -> None:
        """Tell it something, after what it is being told."""
        self.queue.put_nowait(frame)

    async def telling(self) -> None:
        """Tell what waits, for ever."""
        while True:
            told = await self.queue.get()
            with contextlib.suppress(ConnectionError):
                if isinstance(told, bytes):
                    await self.socket.ping(told)
                else:
                    await self.send(json.dumps(told))

    async def caught_up(self) -> None:
        """Return when the app has taken all that it was told so far, or the connection ended.

        A WebSocket is read in order: whoever answers a ping has read what came before.
        """
        self.named += 1
        name = str(self.named).encode()
        answered = self.pings[name] = asyncio.Event()
        self.queue.put_nowait(name)
        await answered.wait()

    def ended(self) -> None:
        """Let nobody wait for it any more."""
        for each in self.pings.values():
            each.set()

    async def send(self, text: str) -> None:
        """Send one frame."""
        if self.packed is None:
            await self.socket.send_str(text)
            return
        data = self.packed.compress(text.encode()) + self.packed.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(data)

    def cut(self) -> None:
        """Cut it without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """One session, over one connection after another; ``told`` is kept for those that resume."""

    id: str
    intents: int
    shard: int
    shards: int
    connection: Connection | None
    told: deque[Json] = field(default_factory=lambda: deque(maxlen=10_000))
    number: int = 0
    left: float | None = None
    """When its connection went."""

    def tell(self, event: str, data: Json) -> None:
        """Tell of an event, or keep it until it is back."""
        self.number += 1
        frame = {"op": DISPATCH, "t": event, "s": self.number, "d": data}
        self.told.append(frame)
        if self.connection is not None:
            self.connection.tell(frame)

"""How the gateway breaks: told to go, sessions that end, connections cut."""

import asyncio
import contextlib
import random  # noqa: TID251 - seeded
from dataclasses import dataclass

from tests.support.discord.gateway import INVALID, RECONNECT, Gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaking:
    """Breaks connections of the gateway, any one of them unless all are meant."""

    gateway: Gateway
    rng: random.Random

    async def connected(self, many: int = 1, opened: int = 1, within: float = 60.0) -> None:
        """Wait until so many sessions are listened to, and so many connections were opened."""
        async with asyncio.timeout(within):
            while len(self.gateway.listening) < many or self.gateway.opened < opened:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.005)

    def cut(self) -> None:
        """Cut a connection without a word; its session can be resumed."""
        if self.gateway.connections:
            self.rng.choice(self.gateway.connections).cut()

    def reconnect(self) -> None:
        """Tell the app to connect anew and resume, as Discord does every few hours."""
        if self.gateway.connections:
            self.rng.choice(self.gateway.connections).tell({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the app that its session has ended; what happens until it is back is not told."""
        for session in self.gateway.listening:
            assert session.connection is not None
            session.connection.tell({"op": INVALID, "d": resumable})
            if not resumable:
                del self.gateway.sessions[session.id]

    def lose_sessions(self) -> None:
        """Cut all connections, and forget their sessions: nothing can be resumed."""
        self.gateway.sessions.clear()
        for each in list(self.gateway.connections):
            each.cut()

    async def raw(self, text: str) -> None:
        """Tell every connection something of any shape."""
        for each in list(self.gateway.connections):
            await each.send(text)

    async def close(self, code: int) -> None:
        """Close all connections with a code."""
        for each in list(self.gateway.connections):
            await each.socket.close(code=code)

    async def end(self) -> None:
        """Close all connections, for good."""
        self.gateway.refusing = True
        for each in list(self.gateway.connections):
            with contextlib.suppress(ConnectionError):
                await each.socket.close()

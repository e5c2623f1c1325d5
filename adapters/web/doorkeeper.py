"""Keeping slow and countless connections from taking the room of others.

aiohttp bounds the size of a request and how long a connection may lie idle. What it does not bound
is how many there are, and how long a stranger may take to say what they want: a thousand
connections that never finish their first line would leave no file for the database to open.
"""

import asyncio
from collections.abc import Callable
from typing import Final

_END: Final = b"\r\n\r\n"


class Doorkeeper:
    """Lets connections in to what ``serve`` makes; of too many the one that waits longest goes.

    First go those that have not said yet what they want, whoever came first.
    """

    def __init__(
        self, serve: Callable[[], asyncio.Protocol], *, most: int, patience: float
    ) -> None:
        """Let ``most`` in, who have ``patience`` seconds to end their first request's headers."""
        self._serve = serve
        self._most = most
        self.patience = patience
        self._strangers: dict[_Guest, None] = {}
        self._guests: dict[_Guest, None] = {}

    def __call__(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        return _Guest(self, self._serve())

    def __len__(self) -> int:
        """Return how many connections there are."""
        return len(self._strangers) + len(self._guests)

    def came(self, guest: "_Guest") -> None:
        """Take note of a new connection."""
        self._strangers[guest] = None
        if len(self) > self._most:
            others = len(self._strangers) > 1 or not self._guests
            longest = next(iter(self._strangers if others else self._guests))
            self.went(longest)
            longest.turn_out()

    def spoke(self, guest: "_Guest") -> None:
        """Take note that a connection has sent something after its first headers."""
        self._strangers.pop(guest, None)
        self._guests.pop(guest, None)
        self._guests[guest] = None  # now the last to go

    def went(self, guest: "_Guest") -> None:
        """Take note that a connection is over."""
        self._strangers.pop(guest, None)
        self._guests.pop(guest, None)


class _Guest(asyncio.Protocol):
    """One connection, handed on to the protocol that serves it."""

    def __init__(self, keeper: Doorkeeper, serving: asyncio.Protocol) -> None:
        self._keeper = keeper
        self._serving = serving
        self._transport: asyncio.Transport | None = None
        self._begun = b""
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport
        self._late = asyncio.get_running_loop().call_later(self._keeper.patience, self.turn_out)
        self._serving.connection_made(transport)
        self._keeper.came(self)

    def data_received(self, data: bytes) -> None:
        if self._late is not None:
            self._begun = self._begun[1 - len(_END) :] + data
            if _END in self._begun:
                self._late.cancel()
                self._late, self._begun = None, b""
        if self._late is None:
            self._keeper.spoke(self)
        self._serving.data_received(data)

    def eof_received(self) -> bool | None:
        return self._serving.eof_received()

    def pause_writing(self) -> None:
        self._serving.pause_writing()

    def resume_writing(self) -> None:
        self._serving.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._late is not None:
            self._late.cancel()
        self._keeper.went(self)
        self._serving.connection_lost(exc)

    def turn_out(self) -> None:
        """End the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

"""Socket Mode: connections of the app, envelopes to any one of them, acknowledgements, cuts."""

import asyncio
import contextlib
import json
import random  # noqa: TID251 - seeded
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.slack.deliveries import ACK_WITHIN, RETRIES, Answer, Kind, Transport
from tests.support.slack.world import Json, World


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """One connection of the app; ``waiting`` are envelopes not acknowledged yet."""

    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, "asyncio.Future[Json]"] = field(default_factory=dict)
    received: int = 0

    def cut(self) -> None:
        """Cut it without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()
        self.fail()

    def fail(self) -> None:
        """Let all that waits know that no answer will come this way."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionResetError())


@dataclass(slots=True, kw_only=True)
class Sockets(Transport):
    """All connections. ``retries`` and ``ack_within`` are in seconds.

    Chances of an event: ``doubled``, to be delivered over two connections at once; ``overlooked``,
    that an acknowledgement is; ``again``, to come once more, later, although it was acknowledged.
    """

    world: World
    tickets: list[str]
    rng: random.Random
    ack_within: float = ACK_WITHIN
    retries: Sequence[float] = RETRIES
    doubled: float = 0.0
    overlooked: float = 0.0
    again: float = 0.0
    delivered: int = 0
    connections: list[Connection] = field(default_factory=list)
    opened: int = 0
    watch: Callable[[str], None] = lambda _: None
    """Is told of every envelope when it is "delivered" and when it was "acknowledged"."""
    greeting: Json | None = None
    """What is said to a new connection in the place of a hello."""
    refusing: bool = False
    """Whether new connections fail in the handshake."""
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep one connection until either side closes it."""
        ticket = request.query.get("ticket", "")
        if self.refusing or ticket not in self.tickets:
            return web.Response(status=403, text="invalid ticket")
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket=socket, request=request)
        self.connections.append(connection)
        self.opened += 1
        try:
            await socket.send_json(self.greeting or self._hello())
            self._arrived.set()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    _take(connection, message.data)
        finally:
            self.connections.remove(connection)
            connection.fail()
            if not self.connections:
                self._arrived.clear()
        return socket

    async def connected(self, many: int = 1, opened: int = 1, within: float = 60.0) -> None:
        """Wait until so many connections stand, and so many were opened in all."""
        async with asyncio.timeout(within):
            while len(self.connections) < many or self.opened < opened:
                self._arrived.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await self._arrived.wait()

    async def deliver(self, kind: Kind, payload: Json) -> Answer:
        """Deliver over any of the connections; see ``Transport``."""
        if kind != "events_api":
            return await self._once(kind, payload, 0, "")
        answer = await self._first(payload)
        for attempt, after in enumerate(self.retries, start=1):
            if answer.acknowledged and self.rng.random() >= self.overlooked:
                break
            await asyncio.sleep(after)
            answer = await self._once(kind, payload, attempt, answer.reason or "timeout")
        if self.rng.random() < self.again:
            await asyncio.sleep(self.rng.random())
            await self._once(kind, payload, answer.attempts, "timeout")
        return answer

    async def _first(self, payload: Json) -> Answer:
        """Deliver an event for the first time, maybe twice at once."""
        times = 2 if self.rng.random() < self.doubled else 1
        tries = [self._once("events_api", payload, 0, "") for _ in range(times)]
        return (await asyncio.gather(*tries))[0]

    async def refresh(self, *, warning: bool = False) -> None:
        """Tell the oldest connection to go, as Slack does every few hours; then close it."""
        oldest = self.connections[0]
        if warning:
            await oldest.socket.send_json(_disconnect("warning"))
            return
        await oldest.socket.send_json(_disconnect("refresh_requested"))
        await asyncio.sleep(0.01)
        await oldest.socket.close()

    async def switch_off(self) -> None:
        """Tell all that Socket Mode was switched off."""
        for each in list(self.connections):
            await each.socket.send_json(_disconnect("link_disabled"))
            await each.socket.close()

    def cut(self) -> None:
        """Cut any one of the connections."""
        if self.connections:
            self.rng.choice(self.connections).cut()

    async def close(self) -> None:
        """Close all connections."""
        for each in list(self.connections):
            await each.socket.close()

    async def _once(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        begun = time.monotonic()
        failed = ""
        body: Json = {}
        try:
            body = await self._send(kind, payload, attempt, reason)
        except TimeoutError:
            failed = "timeout"
        except (ConnectionError, LookupError):
            failed = "connection_failed"
        return Answer(
            acknowledged=not failed,
            body=body,
            attempts=attempt + 1,
            took=time.monotonic() - begun,
            reason=failed,
        )

    async def _send(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Json:
        if not self.connections:
            raise LookupError("nobody is connected")
        connection = self.rng.choice(self.connections)
        envelope = self.world.id("envelope-")
        frame: Json = {
            "envelope_id": envelope,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            frame |= {"retry_attempt": attempt, "retry_reason": reason}
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope] = future
        self.delivered += 1
        connection.received += 1
        try:
            await connection.socket.send_json(frame)
            self.watch("delivered")
            async with asyncio.timeout(self.ack_within):
                said = await future
            self.watch("acknowledged")
        finally:
            connection.waiting.pop(envelope, None)
        return said

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-fake", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.world.app.id},
        }


def _take(connection: Connection, text: str) -> None:
    """Take an acknowledgement; what is none is ignored, as Slack does."""
    try:
        frame: Any = json.loads(text)
    except ValueError:
        return
    future = connection.waiting.get(frame.get("envelope_id", ""))
    if future is not None and not future.done():
        payload = frame.get("payload") or {}
        future.set_result(payload if isinstance(payload, dict) else {"text": payload})


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}}

"""The gateway: sessions of the app, what they are told, what they missed, and how they break."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.discord import payloads
from tests.support.discord.sessions import Connection, Session
from tests.support.discord.world import Json, World

HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
RECONNECT, MEMBERS, INVALID, HELLO, ACKNOWLEDGED = 7, 8, 9, 10, 11
UNKNOWN_OPCODE, UNREADABLE, NOT_IDENTIFIED, WRONG_TOKEN, AGAIN = 4001, 4002, 4003, 4004, 4005
WRONG_NUMBER, TOO_MUCH, TIMED_OUT, WRONG_SHARD, WRONG_INTENTS, NOT_GRANTED = (
    4007,
    4008,
    4009,
    4010,
    4013,
    4014,
)
STARTS_APART: Final = 5.0
"""Seconds between two sessions that are begun."""
LARGEST: Final = 4096
"""Bytes of what the app may send at once."""
A_MINUTE: Final = 120
"""Of which it may send so many in a minute."""
PRIVILEGED: Final = (1 << 1) | (1 << 8) | (1 << 15)
KNOWN: Final = (1 << 26) - 1
_GUILDS, _MEMBERS, _MESSAGES, _DIRECT, _EVENTS = 0, 1, 9, 12, 16
_INTENTS: Final = {
    "GUILD_": _GUILDS,
    "CHANNEL_": _GUILDS,
    "THREAD_": _GUILDS,
    "GUILD_MEMBER": _MEMBERS,
    "GUILD_MEMBER_UPDATE": _GUILDS,
    "GUILD_SCHEDULED": _EVENTS,
    "MESSAGE_": _MESSAGES,
}
"""The intent that an event needs, by the longest beginning of its name.

How the app's own member changes is told without the privileged one; of others nobody emits it.
"""


@dataclass(slots=True, kw_only=True)
class Gateway:
    """All connections and sessions; times are in seconds.

    ``resumable``: for how long a session without a connection is kept. ``deaf``: heartbeats are not
    acknowledged. ``refusing``: new connections fail in the handshake.
    """

    world: World
    beat: float = 41.25
    resumable: float = 60.0
    deaf: bool = False
    refusing: bool = False
    refused: int = 0
    """How many connections failed in it."""
    turning_away: int = 0
    """How many new connections are closed before the first word."""
    paced: bool = False
    """Whether sessions may be begun only every five seconds, as Discord has it."""
    terse: bool = False
    """Whether a session's beginning tells who the bot is, and not how to go on with the session."""
    named: Callable[[str], object] = lambda address: address
    """Returns the address that sessions are told to be resumed at."""
    restless: bool = False
    """Whether sessions end as soon as they have begun."""
    connections: list[Connection] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    opened: int = 0
    identified: int = 0
    resumed: int = 0
    _begun: float = float("-inf")
    closes: list[int] = field(default_factory=list)
    """With which codes of its own Discord closed connections."""
    watch: Callable[[str], None] = lambda _: None
    """Is told of every event when it goes out: "INTERACTION_CREATE delivered"."""

    @property
    def listening(self) -> list[Session]:
        """Return the sessions that somebody listens to at present."""
        return [each for each in self.sessions.values() if each.connection is not None]

    def emit(self, event: str, data: Json, guild: str) -> None:
        """Tell every session that is to hear of it, as far as it may read it."""
        for session in self._hearing(event, guild):
            session.tell(event, self._seen(session, event, data))
            self.watch(f"{event} delivered")

    def emit_as_is(self, event: str, data: Json, guild: str) -> None:
        """Tell every session that is to hear of it, whatever its shape."""
        for session in self._hearing(event, guild):
            session.tell(event, data)

    def _hearing(self, event: str, guild: str) -> list[Session]:
        self._forget()
        return [
            session
            for session in self.sessions.values()
            if session.shard == self.shard(guild, session.shards) and hears(session, event, guild)
        ]

    def shard(self, guild: str, shards: int) -> int:
        """Return the shard that hears of a guild; direct messages go to the first."""
        return (int(guild) >> 22) % shards if guild else 0

    def _seen(self, session: Session, event: str, data: Json) -> Json:
        """Return what the session may read of an event: without the intent no strangers' talk."""
        if not event.startswith("MESSAGE_") or session.intents & (1 << 15):
            return data
        bot = self.world.app.bot.id
        called = bot in [each["id"] for each in data.get("mentions", ())]
        mine = data.get("author", {}).get("id") == bot
        if called or mine or "guild_id" not in data:
            return data
        return data | {"content": "", "attachments": [], "embeds": [], "components": []}

    def _forget(self) -> None:
        now = self.world.monotonic()
        for session in list(self.sessions.values()):
            if session.left is not None and now - session.left > self.resumable:
                del self.sessions[session.id]

    async def caught_up(self) -> None:
        """Return when the app has taken all that it was told so far."""
        await asyncio.gather(*(each.caught_up() for each in list(self.connections)))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep one connection until either side closes it."""
        query = request.query
        known = query.get("v") == "10" and query.get("encoding") == "json"
        if self.refusing or not known or query.get("compress", "zlib-stream") != "zlib-stream":
            self.refused += 1
            return web.Response(status=503 if self.refusing else 400)
        socket = web.WebSocketResponse(max_msg_size=LARGEST, compress=False, autoping=False)
        await socket.prepare(request)
        if self.turning_away:
            self.turning_away -= 1
            await socket.close(code=TOO_MUCH)
            return socket
        packed = zlib.compressobj() if "compress" in query else None
        connection = Connection(socket=socket, request=request, packed=packed)
        connection.tell({"op": HELLO, "d": {"heartbeat_interval": int(self.beat * 1000)}})
        self.connections.append(connection)
        self.opened += 1
        telling = asyncio.create_task(connection.telling())
        try:
            await self._listen(connection)
        finally:
            telling.cancel()
            self.connections.remove(connection)
            connection.ended()
            self._left(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        while True:
            try:
                async with asyncio.timeout(self.beat * 1.5):
                    said = await connection.socket.receive()
            except TimeoutError:
                await self._close(connection, TIMED_OUT)
                return
            if said.type is WSMsgType.PONG:
                connection.pings.pop(bytes(said.data), asyncio.Event()).set()
            if said.type in {WSMsgType.PING, WSMsgType.PONG}:
                continue
            if said.type is not WSMsgType.TEXT:
                return
            code = self._take(connection, said.data)
            if code:
                await self._close(connection, code)
                return

    def _left(self, connection: Connection) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection, session.left = None, self.world.monotonic()
        if connection.socket.close_code in {WSCloseCode.OK, WSCloseCode.GOING_AWAY}:
            self.sessions.pop(session.id, None)  # who says goodbye does not come back to it

    async def _close(self, connection: Connection, code: int) -> None:
        self.closes.append(code)
        await connection.socket.close(code=code)

    def _take(self, connection: Connection, text: str) -> int:
        """Take what the app says; return with which code to close the connection, or 0."""
        now = self.world.monotonic()
        connection.heard.append(now)
        while connection.heard[0] < now - 60:
            connection.heard.popleft()
        if len(connection.heard) > A_MINUTE:
            return TOO_MUCH
        try:
            frame: Any = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            return UNREADABLE
        match op:
            case _ if op == HEARTBEAT:
                connection.beats += 1
                if not self.deaf:
                    connection.tell({"op": ACKNOWLEDGED, "d": None})
                return 0
            case _ if op in {IDENTIFY, RESUME}:
                return self._comes(connection, op, data)
            case _ if op in {PRESENCE, MEMBERS, 4}:
                return 0 if connection.session else NOT_IDENTIFIED
        return UNKNOWN_OPCODE

    def _comes(self, connection: Connection, op: int, data: Json) -> int:
        if connection.session is not None:
            return AGAIN
        if data.get("token") != self.world.app.token:
            return WRONG_TOKEN
        return self._resume(connection, data) if op == RESUME else self._identify(connection, data)

    def _identify(self, connection: Connection, data: Json) -> int:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN:
            return WRONG_INTENTS
        if intents & PRIVILEGED & ~self.world.app.intents:
            return NOT_GRANTED
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            return WRONG_SHARD
        if self._too_soon():
            connection.tell({"op": INVALID, "d": False})
            return 0
        if self.world.starts_left <= 0:
            self.world.app.token = f"{self.world.app.id}.reset.{self.world.id()}"
            return WRONG_TOKEN
        self.world.starts_left -= 1
        self.identified += 1
        number = f"session-{self.world.id()}"
        session = Session(
            id=number, intents=intents, shard=shard, shards=shards, connection=connection
        )
        self.sessions[number] = connection.session = session
        mine = [
            g
            for g in self.world.guilds.values()
            if not g.gone and self.shard(g.id, shards) == shard and intents & 1
        ]
        app = self.world.app
        who = {"v": 10, "user": payloads.user(app.bot) | {"verified": True, "mfa_enabled": False}}
        more = {
            "guilds": [{"id": each.id, "unavailable": True} for each in mine],
            "private_channels": [],
            "session_id": number,
            "resume_gateway_url": self.named(self.address),
            "shard": [shard, shards],
            "application": {"id": app.id, "flags": 0},
        }
        session.tell("READY", who if self.terse else who | more)
        for each in mine:
            session.tell("GUILD_CREATE", payloads.guild(self.world, each))
        if self.restless:
            del self.sessions[number]
            connection.tell({"op": INVALID, "d": False})
        return 0

    def _too_soon(self) -> bool:
        before, self._begun = self._begun, self.world.monotonic()
        return self.paced and self._begun - before < STARTS_APART

    def _resume(self, connection: Connection, data: Json) -> int:
        self._forget()
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            connection.tell({"op": INVALID, "d": False})
            return 0
        number = data.get("seq")
        if not isinstance(number, int) or number > session.number:
            return WRONG_NUMBER
        if session.connection is not None:
            session.connection.session = None
            session.connection.cut()
        missed = [each for each in session.told if each["s"] > number]
        session.connection, session.left, connection.session = connection, None, session
        self.resumed += 1
        for frame in missed:
            connection.tell(frame)
        session.tell("RESUMED", {"_trace": []})
        return 0

    @property
    def address(self) -> str:
        """Return where apps connect to."""
        return f"{self.world.address.replace('http', 'ws', 1)}/gateway/"


def hears(session: Session, event: str, guild: str) -> bool:
    """Tell whether a session asked for such events."""
    found = [beginning for beginning in _INTENTS if event.startswith(beginning)]
    if not found:
        return True
    bit = _INTENTS[max(found, key=len)]
    if bit == _MESSAGES and not guild:
        bit = _DIRECT
    return bool(session.intents & (1 << bit))

"""The connection to Discord, kept up: begun anew with patience whenever it ends.

A session may be begun a thousand times a day; who does it more often loses the token. Source:
Discord, "Gateway", "Session start limit".
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import aiohttp
import discord
import structlog
from discord.gateway import ReconnectWebSocket
from discord.http import HTTPClient, Route

from adapters.discord.calls import UNAUTHORIZED
from adapters.discord.client import Events, made
from adapters.discord.pacing import TOO_MANY, wait_of
from adapters.discord.sessions import Client
from adapters.web.unanswered import worded
from bot.chat.payloads import Json
from bot.domain.errors import InvalidInput
from bot.log import reference
from bot.runtime.ports import NotDelivered

FIRST: Final = 5.0
LONGEST: Final = 30.0
STEADY: Final = 600.0
"""Seconds that a connection must have lasted for the next wait to be a short one again."""
FEW: Final = 10
"""Percent of the sessions of a day; when less are left they are spread over the rest of it."""
BANNED: Final = 900.0
"""Seconds after which it is tried again, however long Discord wants to be left alone."""
LOGIN: Final = 20.0
"""Seconds that logging in may take."""
SILENT: Final = 45.0
"""Seconds without a socket, or a session on it, after which all is begun anew.

discord.py waits longer and longer, up to 17 minutes; a session is not kept for much more than one,
and what was said meanwhile is found.
"""
UNEASY: Final = 10.0
"""Seconds of these after which the log says so: discord.py tries again without a word."""
LOOK: Final = 1.0
SOON: Final = 5.0
"""Seconds after which a call is tried again that found no connection.

As long it may take to tell how many sessions are left.
"""
_SHARDS: Final = frozenset({4010, 4011})
_TOKEN: Final = 4004
_INTENTS: Final = frozenset({4012, 4013, 4014})
REMEDY: Final = "Copy the token from the page “Bot” of the app at discord.com/developers."

_log = structlog.get_logger(__name__)

Ready = Callable[[bool], Coroutine[Any, Any, None]]
"""Is told that a session goes: a new one (True), or one that was taken up again."""


class Connection:
    """One bot's connection. ``http`` is the REST client of the session that there is now."""

    def __init__(self, token: str, shards: str) -> None:
        self._token = token
        self._shards = shards
        self._client: discord.Client | None = None
        self._ready = False
        self.make: Callable[[Events, str], Client] = made
        self.first = FIRST
        self.silent = SILENT
        self.uneasy = UNEASY
        self.counting = SOON

    def http(self) -> HTTPClient:
        """Return the REST client; ``NotDelivered`` while nobody is logged in."""
        if self._client is None or self._client.application_id is None:
            raise NotDelivered("not connected", retry_after=SOON, throughout=True)
        return self._client.http

    def use(self, client: discord.Client) -> None:
        """Speak through this client, which somebody else connects."""
        self._client = client

    @property
    def application(self) -> str:
        """Return the app's id; empty while nobody is logged in."""
        client = self._client
        return str(client.application_id or "") if client is not None else ""

    async def up(self) -> bool:
        """Tell whether events come, in every shard."""
        client = self._client
        if not self._ready or client is None or client.is_closed():
            return False
        if isinstance(client, discord.AutoShardedClient):
            return not any(shard.is_closed() for shard in client.shards.values())
        return _has_socket(client)

    async def run(self, events: Events, ready: Ready) -> None:
        """Stay connected until cancelled; ``ready`` is called whenever a session has begun.

        ``InvalidInput`` when Discord does not take the token or the way of connecting.
        """
        wait, loop = self.first, asyncio.get_running_loop()
        while True:
            began = loop.time()
            asked = await self._session(_Watching(events, self._came_ready(ready)))
            wait = self.first if loop.time() - began > STEADY else wait
            await asyncio.sleep(max(wait, asked))
            wait = min(wait * 2, LONGEST)

    def _came_ready(self, ready: Ready) -> Callable[[bool], None]:
        tasks: set[asyncio.Task[None]] = set()

        def came(new: bool) -> None:  # noqa: FBT001 - one thing, told by who watches
            self._ready = True
            task = asyncio.create_task(ready(new), name="coplan-discord-ready")
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        return came

    async def _session(self, events: Events) -> float:
        """Connect once, and stay so as long as discord.py can; what ends it is told in the log.

        Return the seconds after which Discord wants to be asked again at the soonest.
        """
        asked = 0.0
        await self.close()
        client = self._client = self.make(events, self._shards)
        try:
            async with asyncio.timeout(LOGIN):
                await client.login(self._token)
            await _spare(client, self.counting)
            await self._stay(client)
        except discord.LoginFailure as error:
            raise refused_token() from error
        except discord.PrivilegedIntentsRequired as error:
            raise _refused_intents(4014) from error
        except discord.ConnectionClosed as error:
            _raise_if_final(error.code)
            _log.warning("discord_connection_ended", reason=str(error.code))
        except ReconnectWebSocket:  # it says no more, and can only be raised so by the first one
            _log.warning("discord_connection_ended", reason="before the gateway's first word")
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, discord.HTTPException) and error.status == UNAUTHORIZED:
                raise refused_token() from error
            asked = _asked(error)
            _log.warning("discord_unreachable", reason=worded(error), seconds=asked)
        except Exception:  # noqa: BLE001 - a frame of another shape: begin anew
            _log.exception("discord_connection_failed", reference=reference())
        finally:
            self._ready = False
            await self._hang_up()
        return asked

    async def _stay(self, client: discord.Client) -> None:
        """Stay connected; return when there was no socket for too long, raise what else ends it."""
        loop = asyncio.get_running_loop()
        connecting = asyncio.create_task(client.connect(), name="coplan-discord-connect")
        last, told = loop.time(), False
        try:
            while not connecting.done():
                await asyncio.wait({connecting}, timeout=LOOK)
                if self._ready and _has_socket(client):
                    last, told = loop.time(), False
                elif loop.time() - last > self.silent:
                    _log.warning("discord_silent", seconds=self.silent)
                    return
                elif not told and loop.time() - last > self.uneasy:
                    _log.warning("discord_not_connected", seconds=self.uneasy)
                    told = True
            connecting.result()
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)

    async def _hang_up(self) -> None:
        """Close the gateway's sockets, which nobody reads any more; the REST client stays."""
        if isinstance(self._client, Client):
            await self._client.hang_up()

    async def close(self) -> None:
        """End the session, and with it the REST client."""
        client = self._client
        if client is not None and not client.is_closed():
            with suppress(Exception):
                await client.close()


class _Watching(Events):
    """Hands events on, and tells when a session has begun."""

    def __init__(self, events: Events, ready: Callable[[bool], None]) -> None:
        self._events = events
        self._ready = ready

    def came(self, event: str, payload: Json) -> None:
        """Take an event."""
        self._events.came(event, payload)
        if event in {"READY", "RESUMED"}:
            self._ready(event == "READY")


def _has_socket(client: discord.Client) -> bool:
    """Tell whether the gateway's socket is open, or any shard's."""
    if isinstance(client, discord.AutoShardedClient):
        return any(not shard.is_closed() for shard in client.shards.values())
    return bool(getattr(client.ws, "open", False))  # there is none before the first session


def _asked(error: Exception) -> float:
    """Return the seconds for which Discord does not want to be asked."""
    if isinstance(error, discord.RateLimited):
        return min(error.retry_after, BANNED)
    if isinstance(error, discord.HTTPException) and error.status == TOO_MANY:
        return min(wait_of(error.response.headers), BANNED)
    return 0.0


async def _spare(client: Client, within: float) -> None:
    """Wait where few sessions are left for today: whoever begins them all loses the token.

    So neither a process that is started again and again, and dies each time, nor sessions that end
    as soon as they have begun can use them up. Discord has ``within`` seconds to say how many are
    left.
    """
    try:
        async with asyncio.timeout(within):
            told = await client.http.request(Route("GET", "/gateway/bot"))
        limit = told["session_start_limit"]
        left, resets = int(limit["remaining"]), int(limit["reset_after"]) / 1000
        shards = client.shard_count or int(told.get("shards") or 1)
        few = int(limit["total"]) * FEW // 100 + shards
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError):
        return  # connecting tells what is wrong
    except (KeyError, TypeError, ValueError):
        return
    if left < few:
        client.again = 0
        seconds = min(resets * shards / max(left, 1), resets)
        _log.warning("discord_sessions_few", count=left, seconds=seconds)
        await asyncio.sleep(seconds)


def refused_token() -> InvalidInput:
    """Return the problem of a token that Discord does not take."""
    return InvalidInput(what="Discord does not take COPLAN_DISCORD_TOKEN.", remedy=REMEDY)


def _raise_if_final(code: int) -> None:
    if code == _TOKEN:
        raise refused_token()
    if code in _SHARDS:
        raise InvalidInput(
            what="Discord wants this bot to connect in several shards.",
            remedy="Set COPLAN_DISCORD_SHARDS=auto.",
        )
    if code in _INTENTS:
        raise _refused_intents(code)


def _refused_intents(code: int) -> InvalidInput:
    return InvalidInput(
        what=f"Discord refuses what this bot asks for ({code}).",
        remedy="Coplan needs no privileged intent: look whether a newer version of it is out.",
    )

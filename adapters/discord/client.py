"""The gateway: discord.py's client, whose events are taken as the JSON that Discord sent.

discord.py makes objects of events before anybody sees them, keeps a cache of them, and ends when
one has a shape that it does not expect. What Coplan acts on is read by Coplan itself; what
discord.py reads beside that may fail without consequence.
"""

import json
from collections.abc import Callable
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import aiohttp
import discord
import discord.webhook.async_
import structlog
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.pacing import (
    LONGEST,
    TOO_MANY,
    limited,
    paced,
    refuses_address,
    wait_of,
)
from adapters.discord.sessions import Client, Counted, Sharded
from adapters.web.proxies import proxy_for
from bot.chat.payloads import Json
from bot.log import reference

API: Final = "https://discord.com/api/v10"
GATEWAY: Final = "wss://gateway.discord.gg"
_OWN: Final = "discord.gg"
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer: what is longer comes from somebody else."""

_log = structlog.get_logger(__name__)


class Events(Protocol):
    """Who is told what comes over the gateway. Nothing is waited for, nothing may raise."""

    def came(self, event: str, payload: Json) -> None:
        """Take an event by Discord's name of it, READY and RESUMED too."""
        ...


TAKEN: Final = frozenset(
    {
        "READY",
        "RESUMED",
        "INTERACTION_CREATE",
        "MESSAGE_CREATE",
        "GUILD_CREATE",
        "GUILD_DELETE",
        "GUILD_MEMBER_UPDATE",
        "GUILD_ROLE_UPDATE",
        "CHANNEL_DELETE",
        "CHANNEL_UPDATE",
        "THREAD_CREATE",
        "THREAD_UPDATE",
    }
)
"""The events that Coplan reads itself."""
_OURS_ALONE: Final = frozenset({"INTERACTION_CREATE", "MESSAGE_CREATE"})
"""Of these discord.py makes nothing: there may be hundreds in a second."""

INTENTS: Final = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""No privileged one: of messages Coplan reads those that mention it, and those it is sent."""


async def body_of(response: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - any JSON
    """Return what an answer holds: JSON where it says so, whatever else it says of that, or text.

    discord.py takes it for JSON under one spelling alone, and an empty one for broken. A limit that
    the body tells of is one, although no header names it: ``RateLimited``, or ``Shut`` for all.
    """
    told = await _told(response)
    if response.status == TOO_MANY and "Via" not in response.headers:
        limited(told)
    return told


async def answer_of(response: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - any JSON
    """Return what the answer to an interaction's answer holds, as ``body_of`` does.

    Somebody waits for it, three seconds at most: no limit is waited for within the call.
    """
    told = await _told(response)
    if response.status == TOO_MANY:
        limited(told)
        if not refuses_address(response.headers):
            raise discord.RateLimited(wait_of(response.headers, LONGEST))
    return told


async def _told(response: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - any JSON
    """Return what an answer holds; ``ValueError`` where that is no text, or endless."""
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > LARGEST:
            raise ValueError("too long")
    text = content.decode("utf-8")
    if not text or response.content_type != "application/json":
        return text
    return json.loads(text)


_NEEDED: Final = {"session_id": str, "resume_gateway_url": str, "guilds": list}
"""What discord.py needs to be told when a session has begun."""
_read: Final = discord.utils._from_json  # noqa: SLF001 - replaced below


def frame_of(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return what a frame of the gateway holds.

    Of the session discord.py wants to know more than it needs until the connection is lost; where
    it is not told, another is begun then.
    """
    frame = _read(text)
    if isinstance(frame, dict) and frame.get("t") == "READY" and isinstance(frame.get("d"), dict):
        given = frame["d"].items()
        said = {key: value for key, value in given if isinstance(value, _NEEDED.get(key, object))}
        address = str(DiscordWebSocket.DEFAULT_GATEWAY)
        told = {"session_id": "", "resume_gateway_url": address, "guilds": []}
        return {"s": 0, **frame, "d": {**told, **said}}
    return frame


discord.utils._from_json = frame_of  # noqa: SLF001 - nothing public reads frames
discord.http.json_or_text = body_of
discord.webhook.async_.json_or_text = answer_of  # type: ignore[attr-defined]  # imported there
# Libraries for voice, which Coplan does not use, are not missed: nobody is to be told they are.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def aim(api_url: str, gateway_url: str) -> None:
    """Let all of discord.py speak to these addresses: it knows one of each in a process."""
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)


def made(events: Events, shards: str) -> Client:
    """Return a client that connects once, or (sharded) as often as ``shards`` says or Discord asks.

    ``shards`` is empty for one connection, "auto", or a number.
    """
    options: dict[str, Any] = {
        "intents": INTENTS,
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "chunk_guilds_at_startup": False,
        "guild_ready_timeout": 0.5,
        "proxy": proxy_for(Route.BASE),
    }
    client: Client
    if not shards:
        client = Client(**options)
    elif shards == "auto":
        client = Counted(**options)
    else:
        client = Sharded(**options, shard_count=int(shards))
    paced(client.http)
    _tap(client, events)
    return client


def _tap(client: discord.Client, events: Events) -> None:
    """Put a guard before each of the parsers of the client, and hand on what is taken."""
    parsers = client._connection.parsers  # noqa: SLF001 - the one place where raw events can be had
    for event, parse in list(parsers.items()):
        parsers[event] = _guarded(event, parse, events, client)
    for event in TAKEN - set(parsers):
        parsers[event] = _guarded(event, _nothing, events, client)


def _guarded(
    event: str, parse: Callable[[Any], None], events: Events, client: discord.Client
) -> Callable[[Any], None]:
    def take(data: Any) -> None:  # noqa: ANN401 - any JSON
        if event in TAKEN and isinstance(data, dict):
            events.came(event, data)
        if event in _OURS_ALONE:
            return
        try:
            parse(data)
        except Exception:  # noqa: BLE001 - a strange event must not end the connection
            _log.exception("discord_event_unread", kind=event, reference=reference())
        if event == "READY":
            _stay(client, data)

    return take


def _nothing(_: Any) -> None:  # noqa: ANN401 - any JSON
    """Do nothing with an event that discord.py does not know."""


def _stay(client: discord.Client, ready: Json) -> None:
    """Let a session be resumed where it was begun, when that is not at Discord's own address.

    Discord names one of its own for it, which may be out of reach where a proxy is set.
    """
    gateway = DiscordWebSocket.DEFAULT_GATEWAY
    if _is_discords(gateway.host) or not _is_discords(_host(ready.get("resume_gateway_url"))):
        return
    shard = ready.get("shard")
    number = shard[0] if isinstance(shard, list) and shard else None
    if isinstance(client, discord.AutoShardedClient):
        socket = client._get_websocket(shard_id=number) if number is not None else None  # noqa: SLF001
    else:
        socket = client.ws
    if socket is not None:
        socket.gateway = gateway


def _host(url: object) -> str | None:
    try:
        return urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None


def _is_discords(host: str | None) -> bool:
    return host is not None and (host == _OWN or host.endswith(f".{_OWN}"))

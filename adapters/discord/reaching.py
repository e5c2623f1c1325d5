"""Reaching the gateway where it says a session is resumed, or at its own address."""

import asyncio
from typing import Final

import aiohttp
import structlog
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient
from yarl import URL

REACH: Final = 5.0
"""Seconds that the address which Discord named may take."""

_log = structlog.get_logger(__name__)


def fall_back(http: HTTPClient) -> None:
    """Let the client try the gateway's own address where the one it was told is out of reach.

    discord.py would go on trying that one, and the session would be over meanwhile.
    """
    connect = http.ws_connect

    async def reached(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        own = DiscordWebSocket.DEFAULT_GATEWAY
        if url.startswith(str(own.origin())):
            return await connect(url, compress=compress)
        try:
            async with asyncio.timeout(REACH):
                return await connect(url, compress=compress)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            _log.info("discord_elsewhere_unreachable", reason=type(error).__name__)
        told = URL(url).query
        return await connect(str(own.with_query(told)), compress=compress)

    http.ws_connect = reached  # type: ignore[method-assign]  # nothing public leads to it

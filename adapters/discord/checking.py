"""What ``coplan doctor`` and ``coplan discord`` ask Discord: who the bot is and what it may do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
import discord
from discord.http import HTTPClient
from yarl import URL

from adapters.discord import client as gateway
from adapters.discord.calls import Api
from adapters.discord.connection import REMEDY, refused_token
from adapters.discord.pacing import paced
from adapters.discord.permissions import invite, lacking
from adapters.discord.sessions import Client, NotDiscord
from adapters.discord.syncing import sync
from adapters.web.proxies import proxy_for
from adapters.web.unanswered import worded
from bot.chat.payloads import Json
from bot.config import Settings
from bot.domain.errors import InvalidInput, Unavailable
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.pages.words import count

STRANGE: Final = "another answer than Discord's"
_FEW: Final = 5
"""Session starts left in a day that are few."""
_SERVERS: Final = 200
_HELLO: Final = 10
"""The first word of Discord's gateway, by its number."""
PATIENCE: Final = 10.0
"""Seconds until it must have come."""
IN_ALL: Final = 20.0
"""Seconds that logging in and whatever is asked then may take: somebody sits and waits for it."""


class DiscordUnreachable(Unavailable):
    """Discord's API does not answer."""

    says = "Discord cannot be reached: {reason}."
    do = "Look at the network and at COPLAN_DISCORD_API_URL."


class GatewaySilent(Unavailable):
    """Discord's gateway does not answer, or not as one."""

    says = "Discord's gateway, from which all events come, does not answer: {reason}."
    do = "Look at the network and at COPLAN_DISCORD_GATEWAY_URL."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The bot's calls, its app's id and its name."""

    api: Api
    application: str
    name: str


@asynccontextmanager
async def logged_in(settings: Settings, within: float = IN_ALL) -> AsyncIterator[LoggedIn]:
    """Log in without connecting: nobody in Discord notices. All of it is done ``within`` seconds.

    ``InvalidInput`` when there is no token, or Discord does not take it.
    """
    if settings.discord_token is None:
        raise InvalidInput(what="COPLAN_DISCORD_TOKEN is not set.", remedy=REMEDY)
    gateway.aim(settings.discord_api_url, settings.discord_gateway_url)
    proxy = proxy_for(settings.discord_api_url)
    async with Client(intents=gateway.INTENTS, proxy=proxy) as bot:
        paced(bot.http)
        try:
            async with asyncio.timeout(within):
                await bot.login(settings.discord_token.get_secret_value())
                api = Api(lambda: _http(bot))
                user, application = bot.user, bot.application_id
                yield LoggedIn(
                    api=api, application=str(application), name=user.name if user else "the bot"
                )
        except discord.LoginFailure as error:
            raise refused_token() from error
        except (NotDelivered, OutcomeUnknown) as error:
            raise DiscordUnreachable(reason=str(error)) from error
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DiscordUnreachable(reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    match error:
        case NotDiscord():
            return STRANGE
        case discord.HTTPException(status=status):
            return f"the answer is {status}"
        case _:
            return worded(error)


def _http(bot: discord.Client) -> HTTPClient:
    return bot.http


async def check(settings: Settings) -> str:
    """Return what is well with Discord; ``Problem`` with what is not, and what to do."""
    async with logged_in(settings) as bot:
        servers, gate = await asyncio.gather(
            bot.api.told("/users/@me/guilds", query={"limit": str(_SERVERS)}),
            bot.api.told("/gateway/bot"),
        )
        gates: Json = gate or {}
        left = (gates.get("session_start_limit") or {}).get("remaining")
        if isinstance(left, int) and left < _FEW:
            raise InvalidInput(
                what=f"Discord lets the bot begin only {count(left, 'session')} more today.",
                remedy="Find out what restarts it again and again; Discord resets tokens for that.",
            )
        if servers == []:
            raise InvalidInput(
                what=f"{bot.name} is in no server yet.",
                remedy=f"An admin of yours opens {invite(bot.application)} and chooses it.",
            )
        short = [told for server in servers or () if (told := _lacking(server))]
        if short:
            raise InvalidInput(
                what=f"{'; '.join(short)}.",
                remedy="An admin of the server can allow it to Coplan's role; or invite it again:"
                f" {invite(bot.application)}",
            )
        shards = gates.get("shards")
        several = isinstance(shards, int) and shards > 1 and not settings.discord_shards
        if several:
            raise InvalidInput(
                what=f"Discord asks for {shards} shards.", remedy="Set COPLAN_DISCORD_SHARDS=auto."
            )
    # Through the same one as all that discord.py asks: it takes one for both.
    await _greeted(settings.discord_gateway_url, proxy_for(settings.discord_api_url))
    where = f"is in {count(len(servers), 'server')}" if servers is not None else "is logged in"
    return f"{bot.name} {where}"


async def _greeted(gateway_url: str, proxy: str | None) -> None:
    """Wait for the gateway's first word, which begins no session; ``GatewaySilent`` without it."""
    address = URL(gateway_url).with_query(v="10", encoding="json")
    try:
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession() as session,
            session.ws_connect(address, proxy=proxy) as socket,
        ):
            hello = await socket.receive_json()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError) as error:
        raise GatewaySilent(reason=worded(error)) from error
    if not isinstance(hello, dict) or hello.get("op") != _HELLO:
        raise GatewaySilent(reason=STRANGE)


def _lacking(server: Json) -> str:
    """Return what is needed and not allowed in the whole server; empty when nothing is."""
    told = str(server.get("permissions") or "")
    missing = ", ".join(lacking(int(told) if told.isascii() and told.isdigit() else None))
    return f"in {server.get('name')} Coplan lacks {missing}" if missing else ""


async def application_of(settings: Settings) -> str:
    """Return the id of the bot's app."""
    async with logged_in(settings) as bot:
        return bot.application


async def synced(settings: Settings) -> bool:
    """Let Discord know the commands; tell whether that was news to it."""
    async with logged_in(settings) as bot:
        return await sync(bot.api, bot.application)

"""discord.py's client, logged in with what Discord promises, and sparing with its sessions.

One may be begun a thousand times a day. Source: Discord, "Gateway", "Session start limit".
"""

import asyncio
from contextlib import suppress
from typing import Any, Final, Literal
from weakref import WeakSet

import discord
import discord.shard
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket

from adapters.discord.pacing import pause_for_all
from adapters.discord.reaching import fall_back
from bot.chat.payloads import Json

AGAIN: Final = 3
"""Sessions that each shard may begin after its first within ``LATELY``: then it is looked how many
are left for today. Discord may end one at once, and the next, for as long as it is in trouble."""
LATELY: Final = 3600.0
APART: Final = 5.0
"""Seconds between two sessions: Discord lets none be begun sooner."""
GOODBYE: Final = 2.0
"""Seconds that closing sockets may take: where nobody is at the other end, nobody answers."""


class Backoff(ExponentialBackoff[Literal[False]]):
    """The waits of a shard that cannot connect: up to 16 seconds, and not 17 minutes.

    For as long as one of them waits, discord.py connects no other one either.
    """

    def __init__(self) -> None:
        super().__init__()
        self._max = 4


discord.shard.ExponentialBackoff = Backoff  # type: ignore[assignment,attr-defined]


class SessionsLost(discord.DiscordException):
    """Discord ends one session after another; each that is begun counts towards a day's limit."""


class NotDiscord(discord.DiscordException):
    """What answers a login is not Discord's API, but a page of somebody else's."""


class Client(discord.Client):
    """discord.py's client, which logs in with as little as Discord promises to tell of the app."""

    again = AGAIN
    apart = APART

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - discord.py's own
        super().__init__(**options)
        fall_back(self.http)
        self._begun: dict[int | None, list[float]] = {}
        self._sockets: WeakSet[DiscordWebSocket] = WeakSet()
        told = self._connection  # of every socket, as soon as there is one
        told._update_references = self._opened  # type: ignore[method-assign]  # noqa: SLF001

    def _opened(self, ws: DiscordWebSocket) -> None:
        self._sockets.add(ws)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until another session may be begun; ``SessionsLost`` where too many were lately."""
        now = asyncio.get_running_loop().time()
        lately = [each for each in self._begun.get(shard_id, ()) if now - each < LATELY]
        if len(lately) > self.again:
            raise SessionsLost
        self._begun[shard_id] = [*lately, now]
        if not initial:
            await asyncio.sleep(self.apart)

    async def hang_up(self) -> None:
        """Close every socket of the gateway, and end the thread that keeps it alive.

        discord.py itself knows none of those whose session was not begun any more.
        """
        with suppress(Exception):
            async with asyncio.timeout(GOODBYE):
                await asyncio.gather(*(each.close(code=1000) for each in list(self._sockets)))

    async def login(self, token: str) -> None:
        """Log in; raises what discord.py raises, and ``NotDiscord``."""
        try:
            await super().login(token)
        except (TypeError, ValueError, KeyError) as error:
            raise NotDiscord from error
        pause_for_all(self.http)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect; raises what discord.py raises, and what kept the first socket from opening.

        discord.py wants to know of that socket, which there is not, how far it came.
        """
        try:
            await super().connect(reconnect=reconnect)
        except AttributeError as error:
            raise error.__context__ or error from None

    async def application_info(self) -> discord.AppInfo:
        """Return what is told of the app, at least its id: most often that of its user."""
        told: Any = {}
        with suppress(discord.NotFound):
            told = await self.http.application_info()
        user = self.user
        who: Json = {} if user is None else {"id": str(user.id), "username": user.name}
        facts = {**_UNTOLD, **who, "owner": {**_NOBODY, **who}, **told}
        return discord.AppInfo(self._connection, facts)  # type: ignore[arg-type]  # Discord's JSON


_NOBODY: Final[Json] = {"id": "0", "username": "", "discriminator": "0", "avatar": None}
_UNTOLD: Final[Json] = {
    "name": "",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
}
"""What discord.py wants to know of an app, and Coplan does not."""


class Sharded(Client, discord.AutoShardedClient):
    """The same, connected several times."""

    async def hang_up(self) -> None:
        """Do so, with no shard left to take its socket's end for a loss."""
        for told in self.shards.values():
            told._parent._cancel_task()  # noqa: SLF001 - nothing public ends what reads a shard
        await super().hang_up()


class Counted(Sharded):
    """Asks Discord for the number of shards, and connects where it is told to by the settings."""

    async def launch_shards(self) -> None:
        """Connect as often as was told."""
        if not self.shard_count:
            self.shard_count, _, _ = await self.http.get_bot_gateway()
        await super().launch_shards()

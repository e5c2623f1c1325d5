"""Where the bot is, and what it may do there: what could not be shown before is shown now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from adapters.discord.calls import Api
from adapters.discord.channels import Channels
from adapters.discord.kinds import PRIVATE_THREAD
from adapters.discord.origins import PLATFORM
from bot.chat import payloads
from bot.chat.payloads import Json
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.domain.places import Place, PlaceKind
from bot.runtime.in_flight import InFlight
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.runtime.returning import lost, up_to_date
from bot.usecases.planning import welcoming
from bot.usecases.ports import Door

MOST: Final = 10_000
"""Locked threads that are remembered."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Presence:
    """Takes note of servers, channels and roles. ``bot`` is the bot's user id, once known."""

    api: Api
    channels: Channels
    door: Door
    in_flight: InFlight
    bot: str = ""
    _servers: set[str] = field(default_factory=set)
    _roles: dict[str, frozenset[str]] = field(default_factory=dict)
    _locked: dict[str, None] = field(default_factory=dict)

    def notice(self, event: str, payload: Json) -> None:
        """Take an event, if it tells of that.

        ``Unreadable`` for one of another shape than Discord describes.
        """
        match event:
            case "READY":
                self.bot = payloads.ident(payload, "user", "id")
                guilds = payloads.objects(payload, "guilds")
                self._is_in({payloads.ident(each, "id") for each in guilds}, payload.get("shard"))
            case "THREAD_CREATE" | "THREAD_UPDATE":
                around = payloads.ident(payload, "parent_id")
                within = around if payload.get("type") != PRIVATE_THREAD else ""
                self.channels.learn(payloads.ident(payload, "id"), within)
                self._locked_or_not(payload)
            case "GUILD_DELETE":
                self._gone(payload)
            case "GUILD_CREATE":
                self._let_in(payload)
                self._learn_roles(payload)
            case "CHANNEL_DELETE" | "CHANNEL_UPDATE":
                self._changed(payload, deleted=event == "CHANNEL_DELETE")
            case "GUILD_ROLE_UPDATE":
                self._may_otherwise(payload)
            case "GUILD_MEMBER_UPDATE":
                self._has_roles(payload)

    def _locked_or_not(self, payload: Json) -> None:
        """Bring a plan's card up to date when its thread is unlocked: it may be an old one.

        Threads are archived and opened again all the time; that alone is no reason.
        """
        thread = payloads.ident(payload, "id")
        if payloads.inner(payload, "thread_metadata").get("locked") is True:
            self._locked[thread] = None
            while len(self._locked) > MOST:
                del self._locked[next(iter(self._locked))]
        elif thread in self._locked:
            del self._locked[thread]
            guild, channel = (payloads.ident(payload, name) for name in ("guild_id", "parent_id"))
            place = Place(platform=PLATFORM, kind=PlaceKind.THREAD, channel=channel, thread=thread)
            self.in_flight.start(self._unlocked(guild, place), "coplan-discord-refresh")

    async def _unlocked(self, guild: str, place: Place) -> None:
        home = await self.door.read(EVERYWHERE, lambda work: work.everywhere.around(place))
        workspace = home or WorkspaceId(f"{PLATFORM}:{guild}")
        on = PLATFORM if home else ""
        await self.door.write(workspace, partial(welcoming.refresh_at, place=place, on=on))

    def _gone(self, payload: Json) -> None:
        """Forget a server that the bot is in no more; one that is merely out of reach stays."""
        if payload.get("unavailable") is not True:
            number = payloads.ident(payload, "id")
            self._servers.discard(number)
            self._roles.pop(number, None)

    def _is_in(self, servers: set[str], shard: object) -> None:
        """Take note of all servers of a shard: whatever else it had, the bot is in no more."""
        match shard:
            case [int(number), int(many)] if many > 0:
                others = {each for each in self._servers if not _is_of(each, number, many)}
            case _:
                others = set()
        self._servers = others | servers

    def _let_in(self, payload: Json) -> None:
        """Bring everything up to date in a server that the bot was not in when it connected."""
        number = payloads.ident(payload, "id")
        if number not in self._servers and payload.get("unavailable") is not True:
            self._servers.add(number)
            channels = payloads.objects(payload, "channels")
            self._refresh(number, [payloads.ident(each, "id") for each in channels], cards=True)

    def _learn_roles(self, payload: Json) -> None:
        """Take note of the bot's roles in a server, which tells of the bot among its members."""
        for member in payloads.objects(payload, "members"):
            if payloads.inner(member, "user").get("id") == self.bot:
                self._roles[payloads.ident(payload, "id")] = _roles_of(member)

    def _has_roles(self, payload: Json) -> None:
        """Open threads that are missing when the bot got a role, or lost one.

        Without a privileged intent that is told of the bot alone (Discord, "Gateway Intents").
        """
        guild = payloads.ident(payload, "guild_id")
        if payloads.inner(payload, "user").get("id") != self.bot:
            return
        before, self._roles[guild] = self._roles.get(guild), _roles_of(payload)
        if self._roles[guild] != before:
            self._refresh_whole(guild)

    def _may_otherwise(self, payload: Json) -> None:
        """Open threads that are missing when a role of the bot's, or everybody's, has changed."""
        guild, role = payloads.ident(payload, "guild_id"), payloads.inner(payload, "role")
        own = payloads.inner(role, "tags").get("bot_id") == self.bot
        if own or role.get("id") in (guild, *self._roles.get(guild, ())):  # it may be anything
            self._refresh_whole(guild)

    def _changed(self, payload: Json, *, deleted: bool) -> None:
        """Open threads that are missing in a channel, or tell whom it concerns that it is gone."""
        guild, channel = payloads.ident(payload, "guild_id"), payloads.ident(payload, "id")
        if deleted:
            telling = lost(self.door, WorkspaceId(f"{PLATFORM}:{guild}"), PLATFORM, channel)
            self.in_flight.start(telling, "coplan-discord-deleted")
        else:
            self._refresh(guild, [channel], cards=False)

    def _refresh_whole(self, guild: str) -> None:
        self.in_flight.start(self._refreshed_whole(guild), "coplan-discord-refresh")

    async def _refreshed_whole(self, guild: str) -> None:
        try:
            told = await self.api.every("/guilds/{guild_id}/channels", guild_id=guild)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.info("discord_channels_not_read", reason=str(problem))
            return
        await self._refreshed(guild, [str(each.get("id")) for each in told], cards=False)

    def _refresh(self, guild: str, channels: Sequence[str], *, cards: bool) -> None:
        work = self._refreshed(guild, channels, cards=cards)
        self.in_flight.start(work, "coplan-discord-refresh")

    async def _refreshed(self, guild: str, channels: Sequence[str], *, cards: bool) -> None:
        """Bring the plans of those channels up to date: the bot was let in, or may do more."""
        workspace = WorkspaceId(f"{PLATFORM}:{guild}")
        await up_to_date(self.door, workspace, PLATFORM, channels, cards=cards)


def _roles_of(member: Json) -> frozenset[str]:
    return frozenset(payloads.texts(member, "roles"))


def _is_of(server: str, number: int, many: int) -> bool:
    """Tell whether the shard of that number hears of a server (Discord, "Sharding")."""
    return server.isdigit() and (int(server) >> 22) % many == number

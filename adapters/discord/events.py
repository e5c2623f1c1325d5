"""Sessions that were agreed, among the events of a server: an extra, where it is permitted.

Everybody in the server sees its events. So one is made only for a session that everybody may read
of anyway: in a channel that is open to all. An event is known by the address of the session's
message, with which its description ends. Source: Discord, "Guild Scheduled Event".
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from adapters.discord.calls import UNKNOWN_EVENT, Api, code_of
from adapters.discord.extras import AFTERWARDS, unless_in_trouble
from bot.chat.payloads import Json
from bot.domain.places import MessageRef, PlaceKind
from bot.runtime.ports import NotDelivered
from bot.ui.cards import Appointment, Card
from bot.ui.limits import shorten

CREATE_EVENTS: Final = 1 << 44
VIEW_CHANNEL: Final = 1 << 10
_ADMINISTRATOR: Final = 1 << 3
NAME: Final = 100
PLACE: Final = 100
AGAIN: Final = 3600.0
"""Seconds after which it is looked again whether events may be made."""
_OUTSIDE, _MEMBERS_ONLY = 3, 2
_LINK: Final = re.compile(r"https://discord\.com/channels/\d+/\d+/\d+\Z")
_PATH: Final = "/guilds/{guild_id}/scheduled-events"
_ONE: Final = f"{_PATH}/{{guild_scheduled_event_id}}"

_TIMES: Final = ("scheduled_start_time", "scheduled_end_time")
_SAID: Final = (
    "name",
    "description",
    "privacy_level",
    "entity_type",
    "entity_metadata",
    *_TIMES,
)


@dataclass(frozen=True, slots=True)
class _Known:
    """An event that stands, and what it says."""

    id: str
    says: Json


class Events:
    """The events of one server. What cannot be done is left: the message stands anyway."""

    def __init__(self, api: Api, server: str) -> None:
        self._api = api
        self._server = server
        self._known: dict[str, _Known] = {}
        self._over: set[str] = set()
        self._permitted = False
        self._looked = -AGAIN

    async def posted(self, message: MessageRef, card: Card) -> None:
        """Enter what a new message stands for."""
        if card.appointment is not None:
            await self._follows(message, card.appointment)

    async def edited(self, message: MessageRef, card: Card) -> None:
        """Enter what an edited message stands for, or take it out."""
        await self._follows(message, card.appointment)

    async def _follows(self, message: MessageRef, wanted: Appointment | None) -> None:
        if message.place.kind is PlaceKind.DIRECT:
            return
        with unless_in_trouble():
            async with asyncio.timeout(AFTERWARDS):
                if await self._may():
                    await self._follow(message, wanted)

    async def _follow(self, message: MessageRef, wanted: Appointment | None) -> None:
        link = self._link(message)
        if wanted is None:
            self._over.add(link)
        else:
            self._over.discard(link)
            await self._enter(message, wanted, link)
        await self._remove()

    async def _enter(self, message: MessageRef, wanted: Appointment, link: str) -> None:
        known, says = self._known.get(link), _says(wanted, link)
        if known is None:
            if await self._open_to_all(message.place.channel):
                looked, self._looked = self._looked, -AGAIN  # should nobody hear what became of it
                made = await self._api.call("POST", _PATH, says, once=True, guild_id=self._server)
                self._known[link], self._looked = _Known(str(made["id"]), says), looked
        elif known.says != says:
            await self._one("PATCH", known.id, says)
            self._known[link] = _Known(known.id, says)

    async def _remove(self) -> None:
        """Remove what is over; what could not be is tried again with the server's next edit.

        What is not permitted is left until its own message is edited.
        """
        for link in sorted(self._over):
            known = self._known.get(link)
            try:
                if known is not None:
                    await self._one("DELETE", known.id)
            except NotDelivered as refusal:
                if refusal.permanent:
                    self._over.discard(link)
                raise
            self._over.discard(link)
            self._known.pop(link, None)

    async def _one(self, method: str, event: str, says: Json | None = None) -> None:
        """Change or remove an event; one that somebody removed is not made again."""
        try:
            await self._api.call(
                method, _ONE, says, guild_id=self._server, guild_scheduled_event_id=event
            )
        except NotDelivered as refusal:
            if code_of(refusal) != UNKNOWN_EVENT:
                raise

    async def _may(self) -> bool:
        """Tell whether events may be made; what stands of them is looked up at the same time."""
        now = asyncio.get_running_loop().time()
        if now - self._looked < AGAIN:
            return self._permitted
        self._permitted, self._looked = False, now
        if await self._allowed():
            found = await self._api.every(_PATH, guild_id=self._server)
            self._known = dict(_standing(found))
            self._permitted = True
        return self._permitted

    async def _allowed(self) -> bool:
        """Tell whether the bot may make events in this server."""
        query = {"after": str(int(self._server) - 1), "limit": "1"}
        found = await self._api.every("/users/@me/guilds", query=query)
        here: Json = next((each for each in found if str(each.get("id")) == self._server), {})
        return bool(_bits(here.get("permissions")) & (CREATE_EVENTS | _ADMINISTRATOR))

    async def _open_to_all(self, channel: str) -> bool:
        """Tell whether everybody in the server sees the channel."""
        found = await self._api.one("/channels/{channel_id}", channel_id=channel)
        for each in found.get("permission_overwrites") or ():
            if str(each.get("id")) == self._server:  # everybody's role has the server's id
                if _bits(each.get("deny")) & VIEW_CHANNEL:
                    return False
                if _bits(each.get("allow")) & VIEW_CHANNEL:
                    return True
        roles = await self._api.every("/guilds/{guild_id}/roles", guild_id=self._server)
        everybody: Json = next((r for r in roles if str(r.get("id")) == self._server), {})
        return bool(_bits(everybody.get("permissions")) & VIEW_CHANNEL)

    def _link(self, message: MessageRef) -> str:
        where = message.place.thread or message.place.channel
        return f"https://discord.com/channels/{self._server}/{where}/{message.message}"


class EventsElsewhere(Events):
    """The events of whichever server a channel is in: for plans that live on another platform."""

    def __init__(self, api: Api) -> None:
        super().__init__(api, "")
        self._servers: dict[str, str] = {}
        self._of: dict[str, Events] = {}

    async def _follows(self, message: MessageRef, wanted: Appointment | None) -> None:
        if message.place.kind is PlaceKind.DIRECT:
            return
        with unless_in_trouble():
            channel = message.place.channel
            if channel not in self._servers:
                found = await self._api.one("/channels/{channel_id}", channel_id=channel)
                self._servers[channel] = str(found.get("guild_id") or "")
            if server := self._servers[channel]:
                events = self._of.setdefault(server, Events(self._api, server))
                await events._follows(message, wanted)  # noqa: SLF001 - of its own kind


def _says(wanted: Appointment, link: str) -> Json:
    """Return the event's body; Discord wants to be told a place."""
    return {
        "name": shorten(" ".join(wanted.title.split()), NAME),
        "description": link,
        "privacy_level": _MEMBERS_ONLY,
        "entity_type": _OUTSIDE,
        "entity_metadata": {"location": shorten(" ".join(wanted.where.split()) or link, PLACE)},
        "scheduled_start_time": wanted.start.astimezone(UTC).isoformat(),
        "scheduled_end_time": wanted.end.astimezone(UTC).isoformat(),
    }


def _standing(found: Iterable[Json]) -> Iterator[tuple[str, _Known]]:
    """Yield the events of sessions by the addresses of their messages."""
    for each in found:
        link = _LINK.search(str(each.get("description") or ""))
        if link is not None:
            says = {key: each.get(key) for key in _SAID}
            says |= {key: _instant(says[key]) for key in _TIMES}
            yield link[0], _Known(str(each["id"]), says)


def _instant(told: object) -> str:
    """Return an instant as this module writes it."""
    try:
        return datetime.fromisoformat(str(told)).astimezone(UTC).isoformat()
    except ValueError:
        return ""


def _bits(told: object) -> int:
    return int(told) if isinstance(told, str) and told.isascii() and told.isdigit() else 0

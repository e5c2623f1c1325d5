"""Who somebody is in a server of Discord, where what came does not say it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.discord.calls import Api, code_of
from adapters.discord.origins import identity
from adapters.discord.persons import present
from bot.chat import payloads
from bot.chat.payloads import Json, Unreadable
from bot.domain.members import Person
from bot.runtime.ports import NotDelivered, OutcomeUnknown

FRESH: Final = 3600.0
"""Seconds for which what Discord told is taken as it is."""
PATIENCE: Final = 1.0
"""Seconds an act waits for names: whoever clicked gets an answer within three."""
ABSENT: Final = frozenset({10007, 10013, 50035})
"""What Discord says of somebody who is not in the server, or is nobody at all."""
MOST: Final = 20_000
"""People who are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """``person`` is None for a bot, and for somebody who is not in the server."""

    person: Person | None
    until: float


class People:
    """The people of one server."""

    def __init__(self, api: Api, server: str) -> None:
        self._api = api
        self._server = server
        self._known: dict[str, _Known] = {}

    async def present(self, users: Iterable[str], shown: Mapping[str, str]) -> list[Person]:
        """Return the people of these ids, without bots and those who have left.

        ``shown`` is what to call them while Discord does not tell.
        """
        wanted = list(users)
        asked = {user: asyncio.ensure_future(self._look(user)) for user in wanted}
        if asked:
            await asyncio.wait(asked.values(), timeout=PATIENCE)
        found = [
            asked[user].result() if asked[user].done() else _unknown(user, shown) for user in wanted
        ]
        return [
            person if person.name else _unknown(person.identity.user, shown)
            for person in found
            if person is not None
        ]

    async def _look(self, user: str) -> Person | None:
        now = asyncio.get_running_loop().time()
        known = self._known.get(user)
        if known is not None and known.until > now:
            return known.person
        try:
            person = _person(await self._told(user))
        except NotDelivered as refusal:
            if code_of(refusal) not in ABSENT:
                return _unknown(user, {})
            person = None
        except (OutcomeUnknown, Unreadable):
            return _unknown(user, {})
        self._known.pop(user, None)
        self._known[user] = _Known(person=person, until=now + FRESH)
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return person

    async def _told(self, user: str) -> Json:
        """Return what Discord tells: of a server's member, or (without a server) of anybody."""
        if not self._server.isdigit():
            return await self._api.one("/users/{user_id}", user_id=user)
        path = "/guilds/{guild_id}/members/{user_id}"
        return await self._api.one(path, guild_id=self._server, user_id=user)


def _person(told: Json) -> Person | None:
    """Return who that is: a server's member, or anybody."""
    return present(payloads.inner(told, "user") or told, told)


def _unknown(user: str, shown: Mapping[str, str]) -> Person:
    return Person(identity=identity(user), name=shown.get(user, ""))

"""The requests that the fake knows: their paths as Discord describes them, and who answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.support.discord.permissions import Permission
from tests.support.discord.refusals import (
    FORBIDDEN,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    Refused,
    unknown,
)
from tests.support.discord.world import (
    Attachment,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    User,
    World,
)

Answer = Json | list[Json] | None
"""What is answered; None is 204."""


@dataclass(slots=True, kw_only=True)
class Call:
    """One request by the app: what its path names, its query, its body and the files with it."""

    world: World
    template: str
    path: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    files: dict[str, Attachment] = field(default_factory=dict)
    """By their place in the request: "0" is ``files[0]``."""

    @property
    def guild(self) -> Guild:
        """Return the guild of the path, in which the app must be."""
        found = self.world.guilds.get(self.path["guild_id"])
        if found is None or found.gone:
            raise Refused(*MISSING_ACCESS) if found else unknown("Guild")
        return found

    def channel(self, *needed: Permission) -> Channel:
        """Return the channel of the path, in which the app must be allowed what is needed."""
        found = self.world.channels.get(self.path["channel_id"])
        if found is None or (found.guild and self.world.guilds[found.guild].gone):
            raise unknown("Channel")
        if found.is_dm:
            return found
        self.world.fold(found)
        allowed = self.world.allowed(found)
        if Permission.VIEW_CHANNEL not in allowed:
            raise Refused(*MISSING_ACCESS)
        if not allowed.issuperset(needed):
            raise Refused(*MISSING_PERMISSIONS)
        return found

    def writable(self) -> Channel:
        """Return the channel of the path, in which the app may write a message."""
        found = self.channel()
        if found.is_dm:
            self._takes(found)
            return found
        needed = (
            Permission.SEND_MESSAGES_IN_THREADS if found.is_thread else Permission.SEND_MESSAGES
        )
        self.channel(needed)
        if found.is_thread and found.locked and not self.may(found, Permission.MANAGE_THREADS):
            raise Refused(FORBIDDEN, 160005, "Thread is locked")
        return found

    def _takes(self, direct: Channel) -> None:
        """Refuse where somebody takes no messages of the app's."""
        for each in direct.members - {self.world.app.bot.id}:
            if not self.world.shares_guild(each):
                words = "Cannot send messages to this user due to having no mutual guilds"
                raise Refused(FORBIDDEN, 50278, words)
            if not self.world.users[each].takes_messages:
                raise Refused(FORBIDDEN, 50007, "Cannot send messages to this user")

    def may(self, channel: Channel, permission: Permission) -> bool:
        """Tell whether the app is allowed something in a channel."""
        return permission in self.world.allowed(channel)

    def message(self, channel: Channel) -> Message:
        """Return the message of the path, which everybody in the channel sees."""
        found = channel.find(self.path["message_id"])
        if found is None:
            raise unknown("Message")
        return found

    def user(self, number: str) -> User:
        """Return the user of that id."""
        if number not in self.world.users:
            raise unknown("User")
        return self.world.users[number]

    def interaction(self) -> Interaction:
        """Return the interaction that the token of the path leads to."""
        token = self.path.get("interaction_token") or self.path.get("webhook_token") or ""
        found = self.world.interactions.get(token)
        if found is None:
            raise unknown("Interaction" if "interaction_id" in self.path else "Webhook")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who answers requests of one path; ``public``: without the app's token."""

    method: str
    template: str
    run: Callable[[Call], Answer]
    public: bool = False

    @property
    def name(self) -> str:
        """Return what the route is called in rules for faults and in numbers."""
        return f"{self.method} {self.template}"


ROUTES: Final[dict[str, list[tuple[re.Pattern[str], Route]]]] = {}
_IDS: Final = {"webhook_token", "interaction_token", "me"}


def route(
    method: str, template: str, *, public: bool = False
) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    """Register who answers the requests of a path."""

    def register(run: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        made = Route(method=method, template=template, run=run, public=public)
        ROUTES.setdefault(method, []).append((_pattern(template), made))
        return run

    return register


def _pattern(template: str) -> re.Pattern[str]:
    def part(found: re.Match[str]) -> str:
        return rf"(?P<{found[1]}>{'[^/]+' if found[1] in _IDS else '[0-9]+'})"

    return re.compile(re.sub(r"\{(\w+)\}", part, template))


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route of a path, and what the path names."""
    for pattern, found in ROUTES.get(method, ()):
        matched = pattern.fullmatch(path)
        if matched:
            return found, matched.groupdict()
    return None

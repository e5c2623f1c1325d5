"""The methods of the Web API that the fake knows: what each requires, and who carries it out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.slack.world import Channel, Json, Message, Team, User, World


class Refused(Exception):  # noqa: N818 - an answer of Slack's
    """Slack answers ``ok: false`` with this error code."""

    def __init__(self, error: str, *messages: str, **extra: str) -> None:
        super().__init__(f"{error} {' '.join(messages)}")
        self.error = error
        self.body: Json = {"ok": False, "error": error, **extra}
        if messages:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}


@dataclass(slots=True, kw_only=True)
class Call:
    """One call by the app of one workspace. ``warnings`` are what Slack lets pass with a word."""

    world: World
    team: Team
    method: str
    args: Json
    warnings: list[str] = field(default_factory=list)

    def user(self, key: str = "user") -> User:
        """Return the user that an argument names."""
        found = self.team.users.get(str(self.args[key]))
        if found is None:
            raise Refused("user_not_found")
        return found

    def channel(self, *, writing: bool = False) -> Channel:
        """Return the channel that ``channel`` names, and that the app may see or write into."""
        name = str(self.args.get("channel") or self.args.get("channel_id") or "")
        if writing and name in self.team.users:
            return self.im(self.team.users[name])
        found = self.team.channels.get(name)
        inside = found is not None and self.team.bot.id in found.members
        if found is None or (found.private and not inside):
            raise Refused("channel_not_found")
        if writing:
            self._writable(found, inside=inside)
        return found

    def _writable(self, channel: Channel, *, inside: bool) -> None:
        if channel.archived:
            raise Refused("is_archived")
        if not inside:
            raise Refused("not_in_channel")
        for member in channel.members - {self.team.bot.id}:
            if channel.is_im:
                self.im(self.team.users[member])

    def im(self, user: User) -> Channel:
        """Return the direct conversation with a user, who must take one."""
        if user.is_bot:
            raise Refused("cannot_dm_bot")
        if user.deleted:
            raise Refused("user_disabled")
        if not user.takes_messages:
            raise Refused("messages_tab_disabled")
        return self.world.open_im(self.team, user.id)

    def message(self, channel: Channel, ts: object) -> Message:
        """Return a message that everybody in the channel sees."""
        found = channel.find(str(ts))
        if found is None:
            raise Refused("message_not_found")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """``scopes``: any of them will do; none: any token will. ``required``: names of arguments."""

    run: Callable[[Call], Json]
    required: tuple[str, ...]
    scopes: tuple[str, ...]
    tier: int


METHODS: Final[dict[str, Method]] = {}
STRUCTURED: Final = frozenset({"blocks", "view", "metadata", "files", "attachments"})
"""Arguments that are JSON inside a form."""


def method(
    name: str, *required: str, scopes: tuple[str, ...] = (), tier: int = 3
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Register who carries out the method of that name."""

    def register(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        METHODS[name] = Method(run=run, required=required, scopes=scopes, tier=tier)
        return run

    return register


def truth(value: Any) -> bool:  # noqa: ANN401 - an argument of a form or of JSON
    """Return a boolean argument as Slack reads it."""
    return str(value).casefold() in {"true", "1"}

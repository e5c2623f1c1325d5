"""Where in Discord something was done, and what the core calls that place and workspace."""

from dataclasses import dataclass
from typing import Final

from bot.domain.ids import WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import Place, PlaceKind

PLATFORM: Final = "discord"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something was done, in Discord's ids.

    ``guild`` is empty in direct messages. ``channel`` is that around the ``thread`` where it is in
    one: a forum, for a post. ``message`` is what it was done on or by, empty for a command.
    """

    guild: str
    channel: str
    thread: str = ""
    message: str = ""

    @property
    def direct(self) -> bool:
        """Tell whether it is in direct messages."""
        return not self.guild


def place(origin: Origin, user: str) -> Place:
    """Return where it was done; in direct messages the channel is the user, to be written to."""
    if origin.direct:
        return Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=user)
    kind = PlaceKind.THREAD if origin.thread else PlaceKind.CHANNEL
    return Place(platform=PLATFORM, kind=kind, channel=origin.channel, thread=origin.thread)


def workspace(guild: str) -> WorkspaceId | None:
    """Return what the core calls the server of that id; None for none."""
    return WorkspaceId(f"{PLATFORM}:{guild}") if guild else None


def identity(user: str) -> Identity:
    """Return who a user of Discord is to the core."""
    return Identity(platform=PLATFORM, user=user)

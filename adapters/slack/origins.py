"""Where in Slack something was done, and what the core calls that place."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from bot.chat import payloads
from bot.chat.payloads import Unreadable, ident
from bot.domain.members import Identity
from bot.domain.places import Place, PlaceKind

PLATFORM: Final = "slack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something was done, in Slack's ids; it travels through a modal as its metadata.

    ``channel`` is empty in the App Home and for a global shortcut. ``thread`` is the root's ts for
    what stands in a thread below it, ``message`` the ts of what it was done on or by, which nobody
    else sees when ``ephemeral``. ``response_url`` takes answers for half an hour.
    """

    channel: str = ""
    thread: str = ""
    message: str = ""
    ephemeral: bool = False
    response_url: str = ""

    def pack(self) -> str:
        """Return the origin as a modal's private metadata."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @property
    def direct(self) -> bool:
        """Tell whether it is a direct conversation, or none at all."""
        return not self.channel or self.channel.startswith("D")


def unpack(metadata: str) -> Origin:
    """Return the origin that was packed; ``Unreadable`` for anything else."""
    try:
        found = json.loads(metadata)
    except ValueError as error:
        raise Unreadable("metadata of no form of ours") from error
    if not isinstance(found, dict) or not isinstance(found.get("ephemeral"), bool):
        raise Unreadable("metadata of no form of ours")
    return Origin(
        channel=ident(found, "channel", missing=""),
        thread=ident(found, "thread", missing=""),
        message=ident(found, "message", missing=""),
        ephemeral=found["ephemeral"],
        response_url=payloads.text(found, "response_url", missing=""),
    )


def place(origin: Origin, user: str) -> Place:
    """Return where it was done. Direct is with the bot: the channel is the user, to be written to.

    In a thread of a direct conversation the channel is Slack's own, where the plan's card stands.
    """
    kind = PlaceKind.THREAD if origin.thread else PlaceKind.CHANNEL
    channel = origin.channel
    if origin.direct:
        kind, channel = PlaceKind.DIRECT, channel if origin.thread else user
    return Place(platform=PLATFORM, kind=kind, channel=channel, thread=origin.thread)


def identity(user: str) -> Identity:
    """Return who a user of Slack is to the core."""
    return Identity(platform=PLATFORM, user=user)

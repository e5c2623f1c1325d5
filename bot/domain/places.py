"""Places: where members talk, in a platform's own ids."""

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What sort of place it is."""

    CHANNEL = "channel"
    THREAD = "thread"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel, a thread in one, or a direct conversation on ``platform``."""

    platform: str
    kind: PlaceKind
    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message the bot posted: where it is, and the platform's id of it."""

    place: Place
    message: str

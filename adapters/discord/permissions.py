"""What Coplan asks to be allowed in Discord, and why: for the invite link, checks and answers.

No permission is asked for that no feature uses. What is not granted is missed by its feature alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from adapters.discord.kinds import PRIVATE_THREAD, SPOKEN
from bot.ui.cards import Note
from bot.ui.limits import BLOCKS
from bot.ui.replies import CardReply

NO_THREADS: Final = (
    "Discord opens no threads in voice channels: start plans in a text channel, where they get one."
)
NO_THREADS_WITHIN: Final = (
    "Discord opens no threads within a private one: start plans in a channel, where they get one"
    " that everybody there can read."
)
_ADMINISTRATOR: Final = 1 << 3


class Asked(StrEnum):
    """When a permission is asked for."""

    NEEDED = "needed"
    """Without it something that everybody uses does not work."""
    USUAL = "usual"
    """Asked for, and may be declined: the feature behind it does without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One permission by the name that Discord's settings show, and what it is for."""

    name: str
    bit: int
    asked: Asked
    why: str


PERMISSIONS: Final = (
    Permission(
        name="View Channels", bit=10, asked=Asked.NEEDED, why="the channels where people plan"
    ),
    Permission(
        name="Send Messages", bit=11, asked=Asked.NEEDED, why="a plan's card stands in its channel"
    ),
    Permission(
        name="Create Public Threads", bit=35, asked=Asked.NEEDED, why="every plan has its thread"
    ),
    Permission(
        name="Send Messages in Threads",
        bit=38,
        asked=Asked.NEEDED,
        why="what partners do is told in the plan's thread",
    ),
    Permission(
        name="Read Message History",
        bit=16,
        asked=Asked.USUAL,
        why="finding its own message of unknown outcome, and what was said while it was away",
    ),
    Permission(
        name="Attach Files", bit=15, asked=Asked.USUAL, why="exports, and pictures of progress"
    ),
    Permission(
        name="Pin Messages", bit=51, asked=Asked.USUAL, why="the card of an open plan is pinned"
    ),
    Permission(
        name="Create Events",
        bit=44,
        asked=Asked.USUAL,
        why="a session that was agreed stands among the server's events",
    ),
)
"""Every permission with its reason, the needed ones first."""


def number(permissions: Iterable[Permission] = PERMISSIONS) -> int:
    """Return the permissions as Discord's number."""
    return sum(1 << each.bit for each in permissions)


def invite(application: str) -> str:
    """Return the link by which a server's admin adds Coplan."""
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": str(number()),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


def lacking(may: int | None) -> tuple[str, ...]:
    """Return the names of what is needed and not allowed; ``may`` is Discord's number or None."""
    if may is None or may & _ADMINISTRATOR:
        return ()
    needed = (each for each in PERMISSIONS if each.asked is Asked.NEEDED)
    return tuple(each.name for each in needed if not may & 1 << each.bit)


def hindrance(may: int | None, kind: object) -> str:
    """Return what is in Coplan's way in a channel of that type, and what to do; empty: nothing."""
    if kind in SPOKEN:
        return NO_THREADS
    if kind == PRIVATE_THREAD:
        return NO_THREADS_WITHIN
    lacks = ", ".join(lacking(may))
    return lacks and f"Here Coplan lacks: {lacks}. An admin can allow it in the channel's settings."


def noting(reply: CardReply, says: str) -> CardReply:
    """Return the reply with what is in Coplan's way where it was asked, if there is room."""
    if not says or len(reply.card.blocks) >= BLOCKS:
        return reply
    card = replace(reply.card, blocks=(*reply.card.blocks, Note((says,))))
    return replace(reply, card=card)

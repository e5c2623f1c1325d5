"""What a guild allows the bot."""

from enum import IntEnum
from typing import Final


class Permission(IntEnum):
    """What the bot may be allowed to do, by the bit's number."""

    MANAGE_CHANNELS = 4
    VIEW_CHANNEL = 10
    SEND_MESSAGES = 11
    MANAGE_MESSAGES = 13
    EMBED_LINKS = 14
    ATTACH_FILES = 15
    READ_MESSAGE_HISTORY = 16
    MENTION_EVERYONE = 17
    USE_APPLICATION_COMMANDS = 31
    MANAGE_EVENTS = 33
    MANAGE_THREADS = 34
    CREATE_PUBLIC_THREADS = 35
    SEND_MESSAGES_IN_THREADS = 38
    CREATE_EVENTS = 44
    PIN_MESSAGES = 51


LEAST: Final = frozenset(
    {
        Permission.VIEW_CHANNEL,
        Permission.SEND_MESSAGES,
        Permission.EMBED_LINKS,
        Permission.ATTACH_FILES,
        Permission.READ_MESSAGE_HISTORY,
        Permission.CREATE_PUBLIC_THREADS,
        Permission.SEND_MESSAGES_IN_THREADS,
        Permission.PIN_MESSAGES,
    }
)
"""What a guild lets the bot do unless a test says otherwise."""


def bits(allowed: frozenset[Permission] | set[Permission]) -> str:
    """Return permissions as Discord writes them."""
    return str(sum(1 << each for each in allowed))

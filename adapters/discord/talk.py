"""What people typed in Discord, as plain words and the people called."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from bot.chat.talk import Called, Words, joined

_ENTITY: Final = re.compile(
    r"<(?:"
    r"@!?(?P<user>\d{1,20})"
    r"|@&(?P<role>\d{1,20})"
    r"|#(?P<channel>\d{1,20})"
    r"|a?(?P<emoji>:\w{1,64}:)\d{1,20}"
    r"|t:(?P<time>-?\d{1,12})(?::[tTdDfFsSR])?"
    r"|(?P<command>/[^<>:]{1,100}):\d{1,20}"
    r"|(?P<address>https?://[^<>\s]+)"
    r")>",
    re.ASCII,
)


def words(text: str, shown: Mapping[str, str], channels: Mapping[str, str]) -> Words:
    """Return the words of a message as Discord sends it, its entities undone.

    ``shown``: what people are called, ``channels``: what channels are, both by their ids. Markdown
    is left as it was typed.
    """
    return joined(_pieces(text, shown, channels))


def _pieces(
    text: str, shown: Mapping[str, str], channels: Mapping[str, str]
) -> Iterator[str | Called]:
    end = 0
    for entity in _ENTITY.finditer(text):
        yield text[end : entity.start()]
        yield _entity(entity, shown, channels)
        end = entity.end()
    yield text[end:]


def _entity(
    entity: re.Match[str], shown: Mapping[str, str], channels: Mapping[str, str]
) -> str | Called:
    """Return what an entity stands for; what has no name that is told is called by its kind."""
    kind, found = str(entity.lastgroup), entity[str(entity.lastgroup)]
    match kind:
        case "user":
            return Called(found, shown.get(found, ""))
        case "role":
            return "@role"
        case "channel":
            return f"#{channels.get(found, 'channel')}"
        case "time":
            return _time(int(found)) or entity[0]
        case _:
            return found


def _time(seconds: int) -> str:
    """Return an instant in words, "" for one that no calendar has."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return ""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"

"""What people typed in Slack, as plain words and the people called: the way back from mrkdwn."""

import re
from collections.abc import Iterator
from typing import Final

from bot.chat.talk import Called, Words, joined

_ENTITY: Final = re.compile(r"<([^<>]*)>")
_ESCAPED: Final = re.compile(r"&(amp|lt|gt);")
_SIGNS: Final = {"amp": "&", "lt": "<", "gt": ">"}
_SCHEME: Final = re.compile(r"https?://|mailto:|tel:")


def words(text: str) -> Words:
    """Return the words of a command or message as Slack sends them, its entities undone.

    Channels and groups become what people read, an address what was typed, and a date its words.
    """
    return joined(_pieces(text))


def _pieces(text: str) -> Iterator[str | Called]:
    end = 0
    for entity in _ENTITY.finditer(text):
        yield _unescaped(text[end : entity.start()])
        yield _entity(entity[1])
        end = entity.end()
    yield _unescaped(text[end:])


def _entity(inside: str) -> str | Called:
    """Return what an entity stands for: ``@U1|name``, ``#C1|name``, ``!here``, an address."""
    target, _, told = inside.partition("|")
    label = _unescaped(told)
    if target.startswith("@"):
        return Called(target[1:], label)
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!date"):
        return label
    if target.startswith("!"):
        return f"@{(label or target[1:].partition('^')[0]).lstrip('@')}"
    return _address(_unescaped(target), label)


def _address(url: str, label: str) -> str:
    """Return an address as it was typed; one that hides behind other words stands after them."""
    bare = _SCHEME.sub("", url)
    if not label:
        return bare if url.startswith(("mailto:", "tel:")) else url
    typed = label.rstrip("/").casefold() in {
        url.rstrip("/").casefold(),
        bare.rstrip("/").casefold(),
    }
    return label if typed or not url.startswith(("http:", "https:")) else f"{label} ({url})"


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _SIGNS[found[1]], text)

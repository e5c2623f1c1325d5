"""A message on which somebody uses a shortcut: whose words, which files, and its address."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode, urlsplit

from adapters.slack import sent
from adapters.slack.talk import words
from bot.chat import payloads
from bot.chat.arrivals import Pointed
from bot.chat.payloads import Json, Unreadable, ident

_HOOKS: Final = "hooks."
_HOME: Final = "slack.com"


_HEADS: Final = ("pretext", "title", "text")
_CONTROLS: Final = frozenset({"actions", "input"})
"""Blocks whose words are on buttons and at menus."""
_PARTS: Final = ("fields", "elements")
_DEEP: Final = 5
"""Objects in objects of a block: a list of rich text has its words in the last of them."""


def pointed(payload: Json) -> Pointed:
    """Return what a message shortcut says of the message.

    One that was passed on has its words, and who wrote them, in an attachment; that of an app may
    have them in its blocks alone.
    """
    message = payloads.inner(payload, "message")
    told, author = payloads.text(message, "text", missing=""), ident(message, "user", missing="")
    if not told.strip():
        passed_on = payloads.objects(message, "attachments")
        told = "\n".join(_lines(message, passed_on))
        if passed_on:
            author = ident(passed_on[0], "author_id", missing="")
    return Pointed(
        action=payloads.text(payload, "callback_id"),
        words=words(told),
        author=author,
        link=_permalink(payload),
        files=tuple(file.name for file in sent.files(message) if file.name),
    )


def _lines(message: Json, passed_on: list[Json]) -> Iterator[str]:
    """Yield the words of a message that has them elsewhere than in its text."""
    yield from _of_blocks(message)
    for each in passed_on:
        own = [payloads.text(each, name, missing="") for name in _HEADS]
        own += _of_blocks(each)
        found = [line for line in own if line.strip()]
        yield from found or [payloads.text(each, "fallback", missing="")]


def _of_blocks(message: Json) -> Iterator[str]:
    """Yield the words of each block that has any, in one line."""
    for block in payloads.objects(message, "blocks"):
        shown = block.get("type") not in _CONTROLS
        if shown and (line := " ".join(" ".join(_texts(block, _DEEP)).split())):
            yield line


def _texts(part: Json, deep: int) -> Iterator[str]:
    """Yield the texts of a block in their order."""
    found = part.get("text")
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict) and deep:
        yield from _texts(found, deep - 1)
    for name in _PARTS if deep else ():
        for each in payloads.objects(part, name):
            yield from _texts(each, deep - 1)


def _permalink(payload: Json) -> str:
    """Return the message's address as Slack's own “Copy link” makes it, without asking for it.

    Empty where Slack does not name the workspace. Its government cloud has another domain, which
    the address for answers shows.
    """
    domain = ident(payload, "team", "domain", missing="")
    if not domain:
        return ""
    try:
        host = urlsplit(payloads.text(payload, "response_url", missing="")).hostname or ""
    except ValueError as error:
        raise Unreadable("another shape than expected: response_url") from error
    home = host.removeprefix(_HOOKS) if host.startswith(_HOOKS) else _HOME
    channel, message = ident(payload, "channel", "id"), ident(payload, "message", "ts")
    thread = ident(payload, "message", "thread_ts", missing="")
    below = {"thread_ts": thread, "cid": channel} if thread not in {"", message} else {}
    query = f"?{urlencode(below)}" if below else ""
    return f"https://{domain}.{home}/archives/{channel}/p{message.replace('.', '')}{query}"

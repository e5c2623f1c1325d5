"""A message on which somebody uses a shortcut: whose words, which files, and its address."""

from typing import Final
from urllib.parse import urlencode, urlsplit

from adapters.slack import sent
from adapters.slack.talk import words
from bot.chat import payloads
from bot.chat.arrivals import Pointed
from bot.chat.payloads import Json, Unreadable, ident

_HOOKS: Final = "hooks."
_HOME: Final = "slack.com"


def pointed(payload: Json) -> Pointed:
    """Return what a message shortcut says of the message."""
    message = payloads.inner(payload, "message")
    return Pointed(
        action=payloads.text(payload, "callback_id"),
        words=words(payloads.text(message, "text", missing="")),
        author=ident(message, "user", missing=""),
        link=_permalink(payload),
        files=tuple(file.name for file in sent.files(message) if file.name),
    )


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

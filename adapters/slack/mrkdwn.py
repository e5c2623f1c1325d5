"""Spans as Slack's mrkdwn: what people typed never pings, links or breaks out of its text.

``&``, ``<`` and ``>`` of every text are escaped, so each ``<…>`` in what these functions return
was put there by them. Sources: Slack, "Formatting text for app surfaces" and "Text object".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, assert_never
from urllib.parse import urlsplit

from bot.domain.ids import MemberId
from bot.ui.spans import Link, LocalStyle, LocalTime, Mention, Span, Spans, Strong, local, plain

Users = Mapping[MemberId, str]
"""Slack's id of each member who may be called; whoever is not in it is named, not called."""

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_URL: Final = str.maketrans({"&": "&amp;", "<": "%3C", ">": "%3E", "|": "%7C"})
_ATOM: Final = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_USER: Final = re.compile(r"[A-Z0-9]+")
_FORMATS: Final[Mapping[LocalStyle, str]] = {
    "date": "{date_short_pretty}",
    "time": "{time}",
    "datetime": "{date_short_pretty} at {time}",
}
_LONGEST_LINK: Final = 1000
"""Characters of a link with its label: it is never cut, and shares a block with other words."""


def escape(text: str) -> str:
    """Return a text of any origin as mrkdwn that shows its every character."""
    return text.translate(_ESCAPES)


def mrkdwn(spans: Spans, users: Users) -> str:
    """Return the spans as mrkdwn."""
    return "".join(
        _strong(span.text, spans, at) if isinstance(span, Strong) else _span(span, users)
        for at, span in enumerate(spans)
    )


def _span(span: Span, users: Users) -> str:
    match span:
        case str() | Strong():
            return escape(plain((span,)))
        case Mention(member, name, ping):
            user = users.get(member, "") if ping else ""
            return f"<@{user}>" if _USER.fullmatch(user) else escape(name)
        case Link():
            return _link(span)
        case LocalTime(at, _, style):
            shown = _FORMATS[style]
            return f"<!date^{int(at.timestamp())}^{shown}|{escape(local(span))}>"
        case _:
            assert_never(span)


def _strong(text: str, spans: Spans, at: int) -> str:
    """Return the words in asterisks where Slack would read these as bold, else the words alone."""
    shown = escape(text)
    before = plain(spans[:at])[-1:]
    after = plain(spans[at + 1 :])[:1]
    alone = not (before.isalnum() or after.isalnum())
    return f"*{shown}*" if alone and text == text.strip() and _on_one_line(text) else shown


def _on_one_line(text: str) -> bool:
    return bool(text) and not set(text) & {"*", "\n", "\r"}


def _link(link: Link) -> str:
    if not _safe(link.url):
        return escape(plain((link,)))
    url, label = link.url.translate(_IN_URL), " ".join(link.label.split())
    shown = f"<{url}|{escape(label)}>" if label else f"<{url}>"
    return shown if len(shown) <= _LONGEST_LINK else escape(plain((link,)))


def _safe(url: str) -> bool:
    """Tell whether it is an address of the web without blanks or control characters."""
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    seen = url.isprintable() and " " not in url
    return seen and found.scheme in {"http", "https"} and bool(found.netloc)


def pieces(text: str, limit: int) -> Iterator[str]:
    """Yield the mrkdwn in pieces of at most ``limit`` characters, none of them blank.

    It is parted at the end of a line or between words where there is one in the later half, and
    never within an entity. The blanks where it is parted are left out; nothing else is.
    """
    rest = text.strip()
    while len(rest) > limit:
        at = _part(rest, limit)
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip()
    if rest:
        yield rest


def cut(text: str, limit: int) -> str:
    """Return the mrkdwn cut to ``limit`` characters, the last one an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: _fitting(text, limit - 1)].rstrip() + "…"


def _part(text: str, limit: int) -> int:
    """Return where to part a text that is too long; blanks within an entity are no place for it."""
    end = _fitting(text, limit) or limit
    for blank in "\n", " ":
        ends = (atom.start() for atom in _ATOM.finditer(text, 0, end) if atom[0] == blank)
        if (at := max(ends, default=0)) >= limit // 2:
            return at
    return end


def _fitting(text: str, limit: int) -> int:
    """Return how many characters from the beginning fit without a part of an entity."""
    end = 0
    for atom in _ATOM.finditer(text):
        if atom.end() > limit:
            break
        end = atom.end()
    return end

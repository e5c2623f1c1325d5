"""Spans as Slack's mrkdwn: what people typed never pings, links or breaks out of its text.

``&``, ``<`` and ``>`` of every text are escaped, so each ``<…>`` in what these functions return
was put there by them. mrkdwn has no way to write an asterisk that is one: spans that Slack would
take for markup are ``misread``, and go as rich text. Sources: Slack, "Formatting text for app
surfaces" and "Text object".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from bot.domain.ids import MemberId
from bot.ui.spans import (
    Link,
    LocalStyle,
    LocalTime,
    Mention,
    Span,
    Spans,
    Strong,
    is_address,
    local,
    word,
)

Users = Mapping[MemberId, str]
"""Slack's id of each member who may be called; whoever is not in it is named, not called."""

_IN_URL: Final = str.maketrans({"&": "&amp;", "<": "%3C", ">": "%3E", "|": "%7C"})
_ATOM: Final = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_USER: Final = re.compile(r"[A-Z0-9]+")
_MARKS: Final = re.compile(r"[*_~`]|^\s*>|:[\w+'-]+:", re.MULTILINE)
"""What mrkdwn reads as bold, italics, strokes, code, a quotation or an emoji."""
_SIGNS: Final = re.compile(r"[*_~`>:]")
"""One of these is in all of it: most texts have none, and that is found much faster."""
FORMATS: Final[Mapping[LocalStyle, str]] = {
    "date": "{date_short_pretty}",
    "time": "{time}",
    "datetime": "{date_short_pretty} at {time}",
}
LONGEST_LINK: Final = 1000
"""Characters of a link with its label: it is never cut, and shares a block with other words."""


def escape(text: str) -> str:
    """Return a text of any origin as mrkdwn that shows its every character."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def misread(spans: Spans) -> bool:
    """Tell whether Slack would read signs in the words as markup, or not see which stand out."""
    words = [word(span) for span in spans]
    whole, at = "".join(words), 0
    if _SIGNS.search(whole) and _MARKS.search(_without_links(spans)):
        return True
    for span, own in zip(spans, words, strict=True):
        end = at + len(own)
        if isinstance(span, Strong) and not _apart(
            own, whole[max(at - 1, 0) : at], whole[end : end + 1]
        ):
            return True
        at = end
    return False


def _without_links(spans: Spans) -> str:
    """Return the words that Slack reads; it does not look for markup in links."""
    return "".join([word(span) for span in spans if not isinstance(span, Link)])


def _apart(words: str, before: str, after: str) -> bool:
    """Tell whether asterisks around the words would make them bold between those two signs."""
    own = bool(words) and words == words.strip() and len(words.splitlines()) == 1
    return own and not (before.isalnum() or after.isalnum())


def mrkdwn(spans: Spans, users: Users) -> str:
    """Return the spans as mrkdwn. ``users``: Slack's ids of those whom it calls."""
    return "".join([_span(span, users) for span in spans])


def _span(span: Span, users: Users) -> str:
    match span:
        case str():
            return escape(span)
        case Strong(text):
            return f"*{escape(text)}*"
        case Mention(name=name):
            user = user_of(span, users)
            return f"<@{user}>" if user else escape(name)
        case Link():
            return _link(span)
        case LocalTime(at, _, style):
            shown = FORMATS[style]
            return f"<!date^{int(at.timestamp())}^{shown}|{escape(local(span))}>"
        case _:
            assert_never(span)


def user_of(mention: Mention, users: Users) -> str:
    """Return Slack's id of somebody who is to be called, empty for one who is only named."""
    user = users.get(mention.member, "") if mention.ping else ""
    return user if _USER.fullmatch(user) else ""


def _link(link: Link) -> str:
    if not is_address(link.url):
        return escape(word(link))
    url, label = link.url.translate(_IN_URL), " ".join(link.label.split())
    shown = f"<{url}|{escape(label)}>" if label else f"<{url}>"
    return shown if len(shown) <= LONGEST_LINK else escape(word(link))


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

"""Spans as Discord's markdown: what people typed never pings, links or breaks out of its text.

Every sign with which markup begins is escaped with a backslash, which Discord takes before any
punctuation; so each mention, time, link and emphasis in what these functions return was put there
by them. Sources: Discord, "Message formatting"; the rules of its client's parser, which also knows
emoji by name, addresses without brackets, and lists, headings and quotations by how a line begins.
"""

import re
from collections.abc import Mapping
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
    word,
)

Users = Mapping[MemberId, str]
"""Discord's id of each member who may be called; whoever is not in it is named, not called."""

_BREAKS: Final = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What Discord takes for the end of a line, or might."""
_SIGNS: Final = re.compile(
    r"[\\*_~`|<>@#\[\]]"  # emphasis, code, spoilers, mentions, headings, links
    r"|:(?=//|/?\Z|[\w+-]*(?::|\Z))"  # an address, an emoji's name, maybe with what follows
    r"|^[ \t]*(?:[-+=]|\d*[.)])",  # a list, a small line
    re.MULTILINE,
)
_NO_LABEL: Final = re.compile(r"[\[\]]|://")
"""What Discord does not take in a label: brackets without their others, and addresses."""
_FENCE: Final = re.compile("`(?=``)")
_APART: Final = "`\u200b"
_USER: Final = re.compile(r"[0-9]{1,20}")
_IN_URL: Final = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})
_STYLES: Final[Mapping[LocalStyle, str]] = {"date": "D", "time": "t", "datetime": "f"}


def escape(text: str) -> str:
    """Return a text of any origin as markdown that shows its every character."""
    whole = text if text.isprintable() else _BREAKS.sub("\n", text)  # no break is printable
    return _SIGNS.sub(_escaped, whole)


def _escaped(found: re.Match[str]) -> str:
    """Return a sign with its backslash; of a line's beginning, the last sign is the one."""
    return f"{found[0][:-1]}\\{found[0][-1]}"


def markdown(spans: Spans, users: Users) -> str:
    """Return the spans as markdown. ``users``: Discord's ids of those whom it calls."""
    return "".join([_span(span, users) for span in _together(spans, users)])


def _together(spans: Spans, users: Users) -> list[Span]:
    """Return the spans, neighbours of the same kind as one: markup is not to meet its own end."""
    whole: list[Span] = []
    for span in spans:
        if not _shows(span, users):
            continue
        last = whole[-1] if whole else None
        if isinstance(span, str) and isinstance(last, str):
            whole[-1] = last + span
        elif isinstance(span, Strong) and isinstance(last, Strong):
            whole[-1] = Strong(last.text + span.text)
        else:
            whole.append(span)
    return whole


def _shows(span: Span, users: Users) -> bool:
    match span:
        case str():
            return span != ""
        case Strong(text):
            return text != ""
        case Mention(name=name):
            return name != "" or user_of(span, users) != ""
        case Link(label, url):
            return f"{label}{url}" != ""
        case LocalTime():
            return True
        case _:
            assert_never(span)


def _span(span: Span, users: Users) -> str:
    match span:
        case str():
            return escape(span)
        case Strong(text):
            return "\n".join([_strong(line) for line in escape(text).split("\n")])
        case Mention(name=name):
            user = user_of(span, users)
            return f"<@{user}>" if user else escape(name)
        case Link():
            return _link(span)
        case LocalTime(at, _, style):
            return f"<t:{int(at.timestamp())}:{_STYLES[style]}>"
        case _:
            assert_never(span)


def _strong(line: str) -> str:
    """Return escaped words in bold; the blanks around them stay outside."""
    words = line.strip()
    if not words:
        return line
    before, _, after = line.partition(words)
    return f"{before}**{words}**{after}"


def user_of(mention: Mention, users: Users) -> str:
    """Return Discord's id of somebody who is to be called, empty for one who is only named."""
    user = users.get(mention.member, "") if mention.ping else ""
    return user if _USER.fullmatch(user) else ""


def _link(link: Link) -> str:
    """Return a link, its address in sight where Discord would not hide it behind the label."""
    url, label = link.url.translate(_IN_URL), " ".join(link.label.split())
    if not is_address(link.url):
        return escape(word(link))
    if label in {"", link.url}:
        return f"<{url}>"
    if _NO_LABEL.search(label):
        return f"{escape(label)} (<{url}>)"
    return f"[{escape(label)}]({url})"


def lines(before: str, text: str, below: str = "") -> str:
    """Return the markdown with ``before`` ahead of its first line and ``below`` of the others."""
    return before + text.replace("\n", f"\n{below or before}")


def code(text: str) -> str:
    """Return a text as a block of code: in letters of one width, and all of it to the letter.

    Only the signs that would end it are kept apart, by a blank of no width.
    """
    return f"```\n{_FENCE.sub(_APART, _BREAKS.sub(chr(10), text))}\n```"

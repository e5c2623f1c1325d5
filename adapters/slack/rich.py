"""Spans as Slack's rich text, in which signs are signs: whatever people typed is shown as typed.

It takes no markup and no escaping. Source: Slack, "Rich text block".
"""

from collections.abc import Iterable
from typing import assert_never

from adapters.slack.mrkdwn import FORMATS, Users, user_of
from bot.chat.payloads import Json
from bot.ui.spans import Link, LocalTime, Mention, Span, Spans, Strong, is_address, local, word


def paragraph(spans: Spans, users: Users) -> Json:
    """Return the spans as a block."""
    return _block(_section(spans, users))


def bullets(items: Iterable[Spans], users: Users) -> Json:
    """Return a list, one point an item, as a block."""
    points = [_section(item, users) for item in items]
    return _block({"type": "rich_text_list", "style": "bullet", "elements": points})


def quote(text: str) -> Json:
    """Return somebody's words, set apart, as a block."""
    return _block({"type": "rich_text_quote", "elements": [_text(text)]})


def drawing(text: str) -> Json:
    """Return lines in letters of one width as a block."""
    return _block({"type": "rich_text_preformatted", "elements": [_text(text)]})


def _block(element: Json) -> Json:
    return {"type": "rich_text", "elements": [element]}


def _section(spans: Spans, users: Users) -> Json:
    shown = [_element(span, users) for span in spans if word(span)]
    return {"type": "rich_text_section", "elements": shown}


def _element(span: Span, users: Users) -> Json:
    match span:
        case str():
            return _text(span)
        case Strong(text):
            return _text(text) | {"style": {"bold": True}}
        case Mention(name=name):
            user = user_of(span, users)
            return {"type": "user", "user_id": user} if user else _text(name)
        case Link(label, url):
            safe = {"type": "link", "url": url, "text": label or url}
            return safe if is_address(url) else _text(word(span))
        case LocalTime(at, _, style):
            shown = {"type": "date", "timestamp": int(at.timestamp()), "format": FORMATS[style]}
            return shown | {"fallback": local(span)}
        case _:
            assert_never(span)


def _text(text: str) -> Json:
    return {"type": "text", "text": text}

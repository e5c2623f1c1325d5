"""A card's words as Discord's markdown, within the characters that Discord shows in one message.

Escaping makes texts longer than the core counts them. So what is too much is told more shortly (a
quotation as a block of code, where nothing needs escaping; a table without its columns), and what
is still too much is cut where it is longest. Source: Discord, "Component
reference" (4,000 characters).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from adapters.discord.markdown import Users, code, escape, lines, markdown
from bot.ui.cards import Bullets, Note, Quote, Table, Text
from bot.ui.spans import Span, Spans, Strong, plain, word
from bot.ui.tables import drawn

Worded = Text | Note | Quote | Bullets | Table
"""Blocks that are told in words."""
_CUT: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The blocks' words in their order, and whether all of them are there."""

    texts: tuple[str, ...]
    whole: bool


def fitted(blocks: Sequence[Worded], users: Users, room: int) -> Fitted:
    """Return the blocks in markdown of at most ``room`` characters in all."""
    texts = [_full(block, users) for block in blocks]
    if sum(map(len, texts)) <= room:
        return Fitted(texts=tuple(texts), whole=True)
    texts = [_short(block, users) for block in blocks]
    if sum(map(len, texts)) <= room:
        return Fitted(texts=tuple(texts), whole=True)
    most = _level([len(text) for text in texts], room)
    cut = (
        text if len(text) <= most else _within(block, users, most)
        for block, text in zip(blocks, texts, strict=True)
    )
    return Fitted(texts=tuple(cut), whole=False)


def told(block: Worded) -> str:
    """Return the block's words in plain text."""
    match block:
        case Text(spans) | Note(spans):
            return plain(spans)
        case Quote(text):
            return text
        case Bullets(items):
            return "\n".join(f"- {plain(item)}" for item in items)
        case Table():
            return drawn(block)
        case _:
            assert_never(block)


def _full(block: Worded, users: Users) -> str:
    match block:
        case Text(spans):
            return markdown(spans, users)
        case Note(spans):
            return _noted(markdown(spans, users))
        case Quote(text):
            return lines("> ", escape(text)) if text.strip() else ""
        case Bullets(items):
            points = (markdown(item, users).lstrip() for item in items if plain(item).strip())
            return "\n".join(lines("- ", point, "  ") for point in points)
        case Table():
            return code(drawn(block))
        case _:
            assert_never(block)


def _noted(text: str) -> str:
    """Return the markdown as small lines; a line that shows nothing cannot be one."""
    return "\n".join(f"-# {line.lstrip()}" if line.strip() else line for line in text.split("\n"))


def _short(block: Worded, users: Users) -> str:
    """Return the shortest way to tell all of the block."""
    ways = [_full(block, users)]
    match block:
        case Quote(text):
            ways.append(code(text))
        case Table(head, rows):
            ways.append(code("\n".join(" | ".join(row).rstrip() for row in (head, *rows))))
        case Text(spans) | Note(spans) if all(isinstance(span, str | Strong) for span in spans):
            ways.append(code(plain(spans)))
        case _:
            pass
    return min(ways, key=len)


def _level(lengths: Sequence[int], room: int) -> int:
    """Return the length at which texts are to be cut so that all of them fit into the room."""
    rest, left = room, sorted(lengths)
    while left and left[0] <= rest // len(left):
        rest -= left.pop(0)
    return rest // max(len(left), 1)


def _within(block: Worded, users: Users, most: int) -> str:
    """Return the beginning of the block that fits, "" where not even a sign does."""
    least, beyond = 0, len(told(block))
    while beyond - least > 1:
        middle = (least + beyond) // 2
        if len(_short(_beginning(block, middle), users)) <= most:
            least = middle
        else:
            beyond = middle
    text = _short(_beginning(block, least), users)
    return text if len(text) <= most else ""


def _beginning(block: Worded, many: int) -> Worded:
    """Return the block's first characters, and a sign that there are more."""
    match block:
        case Text(spans) | Note(spans):
            return replace(block, spans=(*_first(spans, many), _CUT))
        case Quote(text):
            return Quote(text[:many].rstrip() + _CUT)
        case Bullets(items):
            return Bullets((*_items(items, many), (_CUT,)))
        case Table(head, rows):
            kept = rows[: many * len(rows) // max(len(told(block)), 1)]
            return Table(head, (*kept, (_CUT, *[""] * (len(head) - 1))))
        case _:
            assert_never(block)


def _first(spans: Spans, many: int) -> Iterator[Span]:
    """Yield the first characters of the spans; what is more than words is whole or not there."""
    left = many
    for span in spans:
        size = len(word(span))
        if isinstance(span, str):
            yield span[:left]
        elif isinstance(span, Strong):
            yield Strong(span.text[:left])
        elif size <= left:
            yield span
        left -= size
        if left <= 0:
            return


def _items(items: Sequence[Spans], many: int) -> Iterator[Spans]:
    left = many
    for item in items:
        yield tuple(_first(item, left))
        left -= len(plain(item))
        if left <= 0:
            return

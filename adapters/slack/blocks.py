"""Cards as Block Kit: a header, sections of mrkdwn, context, quotes, one table, buttons and menus.

Pure: pictures and files go with the message for whoever sends it, who uploads the pictures first
and renders the card again with their ids. Limits: Slack's Block Kit reference of 2026.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from adapters.slack import rich
from adapters.slack.mrkdwn import Users, cut, escape, misread, mrkdwn, pieces
from bot.chat.payloads import Json
from bot.ui.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    File,
    Note,
    Option,
    Picture,
    Quote,
    Select,
    Style,
    Table,
    Text,
)
from bot.ui.limits import ALT_TEXT, CARD_TITLE, shorten
from bot.ui.spans import Spans, plain
from bot.ui.tables import drawn

BLOCKS: Final = 50
"""Blocks of a message."""
TEXT: Final = 4000
"""Characters of a message's text: what is longer may be shown cut."""
SECTION: Final = 3000
"""Characters of one text object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A card for Slack.

    ``text`` tells the whole of it to notifications and screen readers. ``pictures``: to be uploaded
    before it is sent, if they are not in ``blocks`` yet. ``files``: to be shared beside it.
    """

    text: str
    blocks: list[Json]
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()


def message(card: Card, users: Users, uploaded: Sequence[str] = ()) -> Message:
    """Return the card as a message.

    ``uploaded``: Slack's file ids of the card's pictures, in their order; a picture that has none
    is told in its own words. ``users``: see ``called``.
    """
    return Message(
        text=cut(escape(card.summary.strip() or card.title), TEXT),
        blocks=list(body(card, users, uploaded))[:BLOCKS],
        pictures=pictures(card),
        files=card.files,
    )


def pictures(card: Card) -> tuple[Picture, ...]:
    """Return the pictures that the card shows, in their order."""
    return tuple(block for block in card.blocks if isinstance(block, Picture))


def body(
    card: Card, users: Users, uploaded: Sequence[str] = (), *, tables: bool = True
) -> Iterator[Json]:
    """Yield the card's blocks; ``tables``: whether the surface shows Slack's own (a view does not).

    A message holds one table: whatever comes after it is drawn with blanks between its columns.
    """
    shown = iter(uploaded)
    yield {"type": "header", "text": plain_text(shorten(_line(card.title), CARD_TITLE))}
    for block in card.blocks:
        if isinstance(block, Picture):
            yield from _picture(block, next(shown, ""))
        elif isinstance(block, Table):
            yield _table(block) if tables else rich.drawing(drawn(block))
            tables = False
        else:
            yield from _block(block, users)


def _block(
    block: Text | Note | Quote | Bullets | Divider | Buttons | Select, users: Users
) -> Iterator[Json]:
    match block:
        case Text(spans):
            yield from _paragraph(spans, users, _section)
        case Note(spans):
            yield from _paragraph(spans, users, _context)
        case Quote(text):
            yield rich.quote(text if text.strip() else "…")
        case Bullets(items):
            yield from _bullets(items, users)
        case Divider():
            yield {"type": "divider"}
        case Buttons() | Select():
            yield {"type": "actions", "elements": _controls(block)}
        case _:
            assert_never(block)


def _paragraph(spans: Spans, users: Users, shape: Callable[[str], Json]) -> Iterator[Json]:
    """Yield the spans in blocks of that shape, or as rich text, which takes them to the letter."""
    if misread(spans) and plain(spans).strip():
        yield rich.paragraph(spans, users)
    else:
        yield from map(shape, pieces(mrkdwn(spans, users), SECTION))


def _bullets(items: Sequence[Spans], users: Users) -> Iterator[Json]:
    told = [item for item in items if plain(item).strip()]
    if any(map(misread, told)):
        yield rich.bullets(told, users)
    else:
        lines = "\n".join(f"•  {mrkdwn(item, users)}" for item in told)
        yield from map(_section, pieces(lines, SECTION))


def _section(text: str) -> Json:
    return {"type": "section", "text": _markup(text)}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_markup(text)]}


def _markup(text: str) -> Json:
    """Return a text object of its entities alone: ``verbatim`` looks for no others in the words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str) -> Json:
    """Return a text object in which nothing but an emoji's name means anything."""
    return {"type": "plain_text", "text": text, "emoji": True}


def options(given: Iterable[Option]) -> list[Json]:
    """Return the options of a menu or of boxes."""
    return [{"text": plain_text(each.label), "value": each.value} for each in given]


def note(text: str) -> Iterator[Json]:
    """Yield a text as a small line, nothing for an empty one."""
    if text.strip():
        yield {"type": "context", "elements": [plain_text(shorten(text, SECTION))]}


def _picture(picture: Picture, file: str) -> Iterator[Json]:
    if file:
        alt = shorten(picture.alt, ALT_TEXT)
        yield {"type": "image", "slack_file": {"id": file}, "alt_text": alt}
    else:
        yield from note(picture.alt)


def _table(table: Table) -> Json:
    """Return Slack's own table, whose first row is its head; a cell of no text is refused."""
    rows = [
        [{"type": "raw_text", "text": cell or " "} for cell in row]
        for row in (table.head, *table.rows)
    ]
    settings = [{"is_wrapped": True} for _ in table.head]
    return {"type": "table", "rows": rows, "column_settings": settings}


def _controls(row: Buttons | Select) -> list[Json]:
    return [_menu(row)] if isinstance(row, Select) else [_button(each) for each in row.buttons]


def _button(button: Button) -> Json:
    shown: Json = {
        "type": "button",
        "text": plain_text(button.label),
        "action_id": button.action.encode(),
    }
    if button.style is not Style.PLAIN:
        shown["style"] = button.style.value
    return shown


def _menu(select: Select) -> Json:
    return {
        "type": "static_select",
        "action_id": select.action.encode(),
        "placeholder": plain_text(select.placeholder),
        "options": options(select.options),
    }


def _line(text: str) -> str:
    return " ".join(text.split())

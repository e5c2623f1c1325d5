"""Cards: what a message shows. A closed vocabulary that every platform can render whole."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from bot.domain.ids import MemberId
from bot.ui.actions import Action
from bot.ui.spans import Mention, Spans


class Style(StrEnum):
    """How a button looks: at most one primary button in a card."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Note:
    """A small line of context, less prominent than a paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Quote:
    """A member's own words, set apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; one line an item."""

    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line between parts."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short texts below a head; every row is as long as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its description in words."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button; its label says what it does even out of context."""

    label: str
    action: Action
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of up to five buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: ``value`` comes back, ``label`` is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Select:
    """A menu that acts as soon as something is chosen."""

    action: Action
    placeholder: str
    options: tuple[Option, ...]


Block = Text | Note | Quote | Bullets | Divider | Table | Picture | Buttons | Select


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a card; ``name`` has its ending."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A time ahead that is agreed (aware). ``where`` is in words, maybe none."""

    title: str
    start: datetime
    end: datetime
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message. ``summary`` tells the whole of it in plain words (notifications, readers).

    ``closed``: what it stands for is put away; a list of such cards may set it apart.
    ``appointment``: what it stands for is at that time; a platform with a calendar of its own may
    enter it there, and takes it out when the card stands for it no longer.
    """

    title: str
    summary: str
    blocks: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()
    closed: bool = False
    appointment: Appointment | None = None


def called(card: Card) -> tuple[MemberId, ...]:
    """Return the members whom the card calls, each once: a platform is to know their ids."""
    spans = chain.from_iterable(map(_spans, card.blocks))
    wanted = (each.member for each in spans if isinstance(each, Mention) and each.ping)
    return tuple(dict.fromkeys(wanted))


def _spans(block: Block) -> Spans:
    match block:
        case Text(spans) | Note(spans):
            return spans
        case Bullets(items):
            return tuple(chain.from_iterable(items))
        case _:
            return ()

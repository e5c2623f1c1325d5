"""Cards as Discord's messages: Components V2, in the order of the card's own blocks.

Every message is made this way, none with content or embeds: a button stands below the words it
belongs to instead of at the end, people see it who have previews of links switched off, no
permission to embed is needed, and what calls somebody calls them wherever it stands. A message can
get that flag and never lose it, so there is one way for all. Sources: Discord, "Component
reference" and "Message resource" (2026).

Pure: the files are sent with the message by whoever sends it, and are shown by their names.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Final

from adapters.discord.components import Part
from adapters.discord.fitting import Worded, fitted, told
from adapters.discord.markdown import Users, escape, user_of
from bot.chat.payloads import Json
from bot.ui.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Note,
    Option,
    Picture,
    Select,
    Style,
    called,
)
from bot.ui.limits import ALT_TEXT, CARD_TITLE, shorten
from bot.ui.spans import Mention

V2: Final = 1 << 15
"""The flag of a message that is made of components alone."""
COMPONENTS: Final = 40
"""Components of a message, those within others too."""
SHOWN: Final = 4000
"""Characters of all texts of a message."""
FILES: Final = 10
"""Files of a message, pictures too."""
CALLED: Final = 100
"""People whom one message may call."""
_ROW: Final = 5
_GALLERY: Final = 10
_NAME: Final = 80
_STYLES: Final = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 4}
NO_FILES: Final = "Pictures and files are left out: here Coplan lacks Attach Files."
_BLANK: Final = "…"
_ODD: Final = re.compile(r"[^A-Za-z0-9-]+")


def in_words(card: Card) -> Card:
    """Return the card with what its pictures show in words, and without its files."""
    blocks = (Note((each.alt,)) if isinstance(each, Picture) else each for each in card.blocks)
    return replace(card, blocks=(*blocks, Note((NO_FILES,))), files=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A file that goes with a message; ``name`` is its own there, and safe in an address."""

    name: str
    media_type: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A card for Discord: the body of the request, but for its attachments, and the files."""

    body: Json
    files: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture among a card's parts, by the name that it is sent under."""

    name: str
    alt: str


_Part = str | Divider | _Shown | Json
"""What a message is made of: words, lines, pictures, and rows of buttons and menus."""


def message(card: Card, users: Users, *, attach: bool = True) -> Message:
    """Return the card as a message. ``users``: see ``bot.ui.cards.called``.

    Words that do not fit are cut, and then all of them go with the message as a file. Where nothing
    may be attached, the message is made of words alone, and says so.
    """
    card = card if attach else in_words(card)
    title = f"## {escape(shorten(_line(card.title), CARD_TITLE)) or _BLANK}"
    worded = [block for block in card.blocks if isinstance(block, Worded)]
    room = SHOWN - len(title) - len(worded)
    words = fitted(worded, users, room)
    files = _files(card, whole=words.whole) if attach else ()
    shown = iter(files)
    texts = iter(words.texts)
    parts: list[_Part] = [title]
    for block in card.blocks:
        match block:
            case Divider():
                parts.append(block)
            case Picture(alt=alt):
                parts += [_Shown(file.name, alt) for file in islice(shown, 1)]
            case Buttons() | Select():
                parts += _rows(block)
            case _:
                parts += [text for text in (next(texts),) if text.strip()]
    attached = list(shown)
    return Message(
        body={
            "flags": V2,
            "components": _components(parts, attached),
            "allowed_mentions": {"parse": [], "users": _called(card, users)},
        },
        files=files,
    )


def _called(card: Card, users: Users) -> list[str]:
    """Return the ids of those whom the message may call: nobody else, whatever it says."""
    if not users:
        return []
    ids = (user_of(Mention(member, "", ping=True), users) for member in called(card))
    return list(dict.fromkeys(filter(None, ids)))[:CALLED]


def _components(parts: Sequence[_Part], attached: Iterable[Sending]) -> list[Json]:
    """Return the parts as components: as airy as there is room for."""
    files = [{"type": Part.FILE, "file": {"url": _address(file.name)}} for file in attached]
    components: list[Json] = []
    for arranged in _arrangements(parts):
        components = [*_drawn(arranged), *files]
        if sum(map(_counted, components)) <= COMPONENTS:
            break
    return _first(components)


def _arrangements(parts: Sequence[_Part]) -> Iterator[Sequence[_Part]]:
    """Yield the parts, then closer together: words as one, without lines, pictures at the end."""
    yield parts
    yield _joined(parts)
    without = [part for part in parts if not isinstance(part, Divider)]
    yield _joined(without)
    pictures = [part for part in without if isinstance(part, _Shown)]
    yield _joined([*(part for part in without if not isinstance(part, _Shown)), *pictures])


def _joined(parts: Iterable[_Part]) -> list[_Part]:
    whole: list[_Part] = []
    for part in parts:
        if isinstance(part, str) and whole and isinstance(whole[-1], str):
            whole[-1] += f"\n{part}"
        else:
            whole.append(part)
    return whole


def _drawn(parts: Iterable[_Part]) -> Iterator[Json]:
    """Yield components; pictures side by side are one gallery."""
    gallery: list[Json] = []
    for part in parts:
        if isinstance(part, _Shown):
            if not gallery or len(gallery) == _GALLERY:
                gallery = []
                yield {"type": Part.GALLERY, "items": gallery}
            gallery.append(_item(part))
            continue
        gallery = []
        match part:
            case str():
                yield {"type": Part.TEXT, "content": part}
            case Divider():
                yield {"type": Part.DIVIDER, "divider": True}
            case _:
                yield part


def _item(picture: _Shown) -> Json:
    shown: Json = {"media": {"url": _address(picture.name)}}
    alt = shorten(picture.alt.strip(), ALT_TEXT)
    return shown | ({"description": alt} if alt else {})


def _counted(component: Json) -> int:
    return 1 + len(component.get("components", ()))


def _first(components: Sequence[Json]) -> list[Json]:
    """Return the components that fit: only a card with more rows than any may have has others."""
    sizes = accumulate(map(_counted, components))
    return [each for each, so_far in zip(components, sizes, strict=True) if so_far <= COMPONENTS]


def _rows(block: Buttons | Select) -> Iterator[Json]:
    if isinstance(block, Select):
        if block.options:
            yield _row([_menu(block)])
        return
    for at in range(0, len(block.buttons), _ROW):
        yield _row([_button(each) for each in block.buttons[at : at + _ROW]])


def _row(components: list[Json]) -> Json:
    return {"type": Part.ROW, "components": components}


def _button(button: Button) -> Json:
    return {
        "type": Part.BUTTON,
        "style": _STYLES[button.style],
        "label": button.label,
        "custom_id": button.action.encode(),
    }


def _menu(select: Select) -> Json:
    return {
        "type": Part.MENU,
        "custom_id": select.action.encode(),
        "placeholder": select.placeholder,
        "options": options(select.options),
    }


def options(given: Iterable[Option]) -> list[Json]:
    """Return the options of a menu or of boxes."""
    return [{"label": each.label, "value": each.value} for each in given]


def _files(card: Card, *, whole: bool) -> tuple[Sending, ...]:
    """Return the card's pictures in their order, then its files, each under a name of its own."""
    pictures = [block for block in card.blocks if isinstance(block, Picture)]
    sent = [
        Sending(
            name="picture.png",
            media_type="image/png",
            content=each.png,
            description=shorten(each.alt.strip(), ALT_TEXT),
        )
        for each in pictures
    ]
    sent += [
        Sending(name=each.name, media_type=each.media_type, content=each.content)
        for each in card.files
    ]
    if not whole:
        sent.append(_told(card))
    return tuple(_named(sent))[:FILES]


def _told(card: Card) -> Sending:
    """Return all words of a card that a message cannot hold."""
    words = [card.title, *(told(block) for block in card.blocks if isinstance(block, Worded))]
    return Sending(
        name=f"{_line(card.title)}.txt",
        media_type="text/plain; charset=utf-8",
        content="\n\n".join(words).encode("utf-8", "replace"),
    )


def _named(files: Iterable[Sending]) -> Iterator[Sending]:
    taken: set[str] = set()
    for file in files:
        stem, _, ending = file.name.rpartition(".")
        stem, ending = _safe(stem or ending) or "file", _safe(ending if stem else "") or "txt"
        name, number = f"{stem}.{ending}", 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}.{ending}"
        taken.add(name)
        yield Sending(
            name=name,
            media_type=file.media_type,
            content=file.content,
            description=file.description,
        )


def _safe(name: str) -> str:
    """Return a part of a name as Discord keeps it: in plain letters, without blanks."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _ODD.sub("_", plain)[:_NAME].strip("_")


def _address(name: str) -> str:
    return f"attachment://{name}"


def _line(text: str) -> str:
    return " ".join(text.split())

"""What Discord refuses in messages and modals beyond what its description says."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, Final

from tests.support.discord.world import V2, Json

CONTENT: Final = 2_000
DISPLAYED: Final = 4_000
COMPONENTS: Final = 40
ROWS: Final = 5
EMBEDDED: Final = 6_000
IN_MODAL: Final = 5
LINK: Final = 5
_SAFE: Final = re.compile(r"[\w.-]+", re.ASCII)
"""Names of files that can be referred to: Discord changes all other signs."""
PREMIUM: Final = 6


class Part(IntEnum):
    """Types of components."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    TEXT_INPUT = 4
    USERS = 5
    ROLES = 6
    MENTIONABLES = 7
    CHANNELS = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    UPLOAD = 19
    RADIO = 21
    CHECKBOXES = 22
    CHECKBOX = 23


SELECTS: Final = frozenset({Part.SELECT, Part.USERS, Part.ROLES, Part.MENTIONABLES, Part.CHANNELS})
USABLE: Final = SELECTS | {Part.BUTTON}


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component, each before what is in it."""
    for each in components:
        yield each
        yield from walk(each.get("components") or ())
        for key in ("accessory", "component"):
            if each.get(key):
                yield from walk([each[key]])


def usable(components: Sequence[Json]) -> list[Json]:
    """Return the buttons and menus of a message that do something, the last one first."""
    every = [c for c in walk(components) if c["type"] in USABLE and c.get("custom_id")]
    return every[::-1]


def media(components: Sequence[Json]) -> list[tuple[str, str]]:
    """Return the addresses that components show files from, each with its description."""
    found = []
    for each in walk(components):
        if each["type"] == Part.GALLERY:
            found += [(i["media"]["url"], i.get("description") or "") for i in each["items"]]
        if each["type"] == Part.FILE:
            found.append((each["file"]["url"], ""))
        if each["type"] == Part.THUMBNAIL:
            found.append((each["media"]["url"], each.get("description") or ""))
    return found


def message_problems(body: Json, files: Sequence[str]) -> list[str]:
    """Return what is wrong with a message that fits the description; ``files`` go with it."""
    components = body.get("components") or []
    found = [*_ids(components), *_each(components), *_allowed(body.get("allowed_mentions") or {})]
    content, embeds = body.get("content") or "", body.get("embeds") or []
    if len(content) > CONTENT:
        found.append(f"content: Must be {CONTENT} or fewer in length.")
    if body.get("flags", 0) is not None and (body.get("flags") or 0) & V2:
        found += _v2(body, components, files)
        return found
    found += _classic(components)
    written = sum(map(_length, embeds))
    if written > EMBEDDED:
        found.append(f"embeds: Embed size exceeds maximum size of {EMBEDDED}")
    return found


def _allowed(mentions: Json) -> Iterator[str]:
    for kind in ("users", "roles"):
        if kind in (mentions.get("parse") or ()) and mentions.get(kind):
            yield f"allowed_mentions: parse: [{kind}] and {kind}: [ids] are mutually exclusive"


def is_empty(body: Json, files: Sequence[str]) -> bool:
    """Tell whether there is nothing in the message to show."""
    shown = [body.get(key) for key in ("content", "embeds", "components", "poll", "sticker_ids")]
    content = str(shown[0] or "").strip()
    return not content and not any(shown[1:]) and not files and not body.get("message_reference")


def modal_problems(modal: Json) -> list[str]:
    """Return what is wrong with a modal that fits the description."""
    components = modal["components"]
    found = [*_ids(components), *_each(components)]
    if not 1 <= len(components) <= IN_MODAL:
        found.append(f"components: Must be between 1 and {IN_MODAL} in length.")
    if not any(c["type"] in {Part.LABEL, Part.ROW} for c in components):
        found.append("components: A modal needs something to fill in")
    return found


def _v2(body: Json, components: Sequence[Json], files: Sequence[str]) -> Iterator[str]:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            yield f"{key}: cannot be used with MessageFlags.IS_COMPONENTS_V2"
    every = list(walk(components))
    if len(every) > COMPONENTS:
        yield f"components: The total number of components is limited to {COMPONENTS}"
    if sum(len(c["content"]) for c in every if c["type"] == Part.TEXT) > DISPLAYED:
        yield f"components: The displayable text is limited to {DISPLAYED} characters"
    if not components:
        yield "components: A Components V2 message needs one"
    for address, _ in media(components):
        name = address.removeprefix("attachment://")
        if name != address and (name not in files or not _SAFE.fullmatch(name)):
            yield f"components: The referenced attachment {name} was not found"


def _classic(components: Sequence[Json]) -> Iterator[str]:
    if len(components) > ROWS:
        yield f"components: Must be {ROWS} or fewer in length."
    for n, each in enumerate(components):
        if each["type"] != Part.ROW:
            yield f"components/{n}/type: Value of field 'type' must be one of (1,)."


def _ids(components: Sequence[Json]) -> Iterator[str]:
    seen: set[str] = set()
    for each in walk(components):
        own = each.get("custom_id")
        if own and own in seen:
            yield f"components/custom_id: Component custom id cannot be duplicated ({own})"
        seen.add(own or "")
    numbers = [each["id"] for each in walk(components) if each.get("id")]
    if len(set(numbers)) < len(numbers):
        yield "components/id: Component id cannot be duplicated"


def _each(components: Sequence[Json]) -> Iterator[str]:
    for each in walk(components):
        match each["type"]:
            case Part.ROW:
                yield from _row(each)
            case Part.BUTTON:
                yield from _button(each)
            case Part.TEXT_INPUT:
                yield from _text_input(each)
            case kind if kind in SELECTS | {Part.CHECKBOXES, Part.RADIO, Part.UPLOAD}:
                yield from _menu(each)


def _row(row: Json) -> Iterator[str]:
    kinds = [each["type"] for each in row["components"]]
    if any(kind in SELECTS for kind in kinds) and len(kinds) > 1:
        yield "components: A row holds one menu, or up to five buttons"


def _button(button: Json) -> Iterator[str]:
    if not button.get("label") and not button.get("emoji"):
        yield "components/label: A button must have a label or an emoji"
    link = button["style"] == LINK
    if link != bool(button.get("url")):
        yield "components/url: A link button must have a url, and no other may"
    if bool(button.get("custom_id")) == (link or button["style"] == PREMIUM):
        yield "components/custom_id: A custom id and url cannot both be specified, one must be"


def _text_input(each: Json) -> Iterator[str]:
    least, most = each.get("min_length") or 0, each.get("max_length") or 4000
    if least > most:
        yield "components/min_length: must not be above max_length"
    if len(each.get("value") or "") > most:
        yield f"components/value: Must be {most} or fewer in length."


def _menu(each: Json) -> Iterator[str]:
    least, most = _bounds(each)
    options = each.get("options")
    if least > most:
        yield "components/min_values: must not be above max_values"
    if each.get("required") and each.get("min_values") == 0:
        yield "components/min_values: must be at least 1 where it is required"
    if options is not None:
        values = [option["value"] for option in options]
        if len(set(values)) < len(values):
            yield "components/options: The specified option value is already used"
        if max(least, each.get("max_values") or 0) > len(options):
            yield "components/max_values: must not be above the number of options"
        if sum(bool(option.get("default")) for option in options) > most:
            yield "components/options: more defaults than may be chosen"
    elif len(each.get("default_values") or ()) > most:
        yield "components/default_values: more defaults than may be chosen"


def _bounds(each: Json) -> tuple[int, int]:
    """Return how many may be chosen at least and at most."""
    least, most = each.get("min_values"), each.get("max_values")
    many = len(each.get("options") or ()) if each["type"] == Part.CHECKBOXES else 1
    return 1 if least is None else least, (many if most is None else most)


def _length(embed: Json) -> int:
    counted: list[Any] = [embed.get("title"), embed.get("description")]
    counted += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    counted += [text for f in embed.get("fields") or () for text in (f["name"], f["value"])]
    return sum(len(each or "") for each in counted)

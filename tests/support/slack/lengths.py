"""The lengths and counts that Slack allows in blocks and views (its reference of 2026)."""

from collections.abc import Iterator
from typing import Any, Final

from tests.support.slack.world import Json

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
VIEW_BYTES: Final = 250_000
TABLE_ROWS, TABLE_COLUMNS, TABLE_TEXT = 100, 20, 10_000
MARKDOWN: Final = 12_000

LONGEST: Final[dict[tuple[str, str], int]] = {
    ("section", "text"): 3000,
    ("field", "text"): 2000,
    ("header", "text"): 150,
    ("context", "text"): 3000,
    ("image", "image_url"): 3000,
    ("image", "alt_text"): 2000,
    ("image", "title"): 2000,
    ("button", "text"): 75,
    ("button", "value"): 2000,
    ("button", "url"): 3000,
    ("button", "accessibility_label"): 75,
    ("option", "text"): 75,
    ("option", "value"): 150,
    ("option", "description"): 75,
    ("option", "url"): 3000,
    ("group", "label"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    ("markdown", "text"): MARKDOWN,
    ("any", "placeholder"): 150,
    ("any", "block_id"): 255,
    ("any", "action_id"): 255,
    ("any", "callback_id"): 255,
    ("any", "private_metadata"): 3000,
}
MOST: Final[dict[tuple[str, str], int]] = {
    ("section", "fields"): 10,
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("static_select", "options"): 100,
    ("multi_static_select", "options"): 100,
    ("static_select", "option_groups"): 100,
    ("multi_static_select", "option_groups"): 100,
    ("group", "options"): 100,
    ("checkboxes", "options"): 10,
    ("radio_buttons", "options"): 10,
    ("overflow", "options"): 5,
}
OPTIONAL_EMPTY: Final = {"block_id", "private_metadata", "callback_id", "initial_value", "title"}
"""What may be an empty text."""


def problems(block: Json, at: str) -> Iterator[str]:
    """Yield what is too long, too many or empty in a block, or in the frame of a view."""
    yield from _thing(block, str(block.get("type", "")), at)


def _thing(thing: Json, kind: str, at: str) -> Iterator[str]:
    for key, value in thing.items():
        where = f"{at}/{key}"
        yield from _text(kind, key, value, where)
        yield from _count(kind, key, value, where)
        yield from _inside(kind, key, value, where)
    yield from _rules(thing, kind, at)


def _text(kind: str, key: str, value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    text = value.get("text") if isinstance(value, dict) else value
    most = LONGEST.get((kind, key)) or LONGEST.get(("any", key))
    if not isinstance(text, str) or most is None:
        return
    if len(text) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"
    if not text and key not in OPTIONAL_EMPTY:
        yield f"must be more than 0 characters [json-pointer:{at}]"


def _count(kind: str, key: str, value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    most = MOST.get((kind, key))
    if most is None or not isinstance(value, list):
        return
    if len(value) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
    if not value:
        yield f"must provide at least 1 item [json-pointer:{at}]"


def _inside(kind: str, key: str, value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield what is wrong with the things within a thing, each by the rules of its own kind."""
    if key == "confirm" and kind == "confirm":
        return  # the label of its button
    things = value if isinstance(value, list) else [value]
    for n, each in enumerate(things):
        own = _kind(kind, key, each) if isinstance(each, dict) else ""
        if own:
            yield from _thing(each, own, f"{at}/{n}" if things is value else at)


def _kind(parent: str, key: str, thing: Json) -> str:
    """Return by which rules a thing goes that stands under the key; empty where by none."""
    if key == "elements" and parent == "context" and "text" in thing:
        return "context"
    if key in {"accessory", "element"} or (key == "elements" and parent in {"actions", "context"}):
        return str(thing.get("type", ""))
    return _KINDS.get(key, "")


_KINDS: Final = {
    "options": "option",
    "initial_options": "option",
    "initial_option": "option",
    "option_groups": "group",
    "fields": "field",
    "confirm": "confirm",
}


def _rules(thing: Json, kind: str, at: str) -> Iterator[str]:
    match kind:
        case "section" if not thing.get("text") and not thing.get("fields"):
            yield f"either text or fields must be defined [json-pointer:{at}]"
        case "plain_text_input":
            yield from _input(thing, at)
        case "file_input" if not 1 <= thing.get("max_files", 1) <= 10:
            yield f"max_files must be 1 to 10 [json-pointer:{at}]"
        case "table":
            yield from _table(thing.get("rows", []), at)
        case _:
            yield from _options(thing, at)


def _input(thing: Json, at: str) -> Iterator[str]:
    most = thing.get("max_length", 3000)
    if not 1 <= most <= 3000:
        yield f"max_length must be 1 to 3000 [json-pointer:{at}]"
    if len(thing.get("initial_value") or "") > most:
        yield f"initial_value is longer than max_length [json-pointer:{at}]"


def _table(rows: list[list[Json]], at: str) -> Iterator[str]:
    if not 1 <= len(rows) <= TABLE_ROWS or any(not 1 <= len(r) <= TABLE_COLUMNS for r in rows):
        yield f"at most {TABLE_ROWS} rows of {TABLE_COLUMNS} cells [json-pointer:{at}]"
    if sum(len(str(cell.get("text", ""))) for row in rows for cell in row) > TABLE_TEXT:
        yield f"a table has at most {TABLE_TEXT} characters [json-pointer:{at}]"
    for n, row in enumerate(rows):
        if any(cell.get("type") == "raw_text" and not cell.get("text") for cell in row):
            yield f"an empty cell [json-pointer:{at}/rows/{n}]"


def _options(thing: Json, at: str) -> Iterator[str]:
    options = thing.get("options")
    if not isinstance(options, list):
        return
    chosen = thing.get("initial_options") or [thing.get("initial_option")]
    if any(each is not None and each not in options for each in chosen):
        yield f"initial_option is none of the options [json-pointer:{at}]"
    values = [each.get("value") for each in options]
    if len(set(values)) < len(values):
        yield f"the same value twice [json-pointer:{at}/options]"

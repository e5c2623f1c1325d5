"""Cards, forms and talk as JSON for the page, which inserts every text as text, never as HTML."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, assert_never
from urllib.parse import quote, urlsplit

from adapters.playground.records import Attachment, Json, Message, participants
from bot.domain.ids import Ids, MemberId
from bot.ui.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Note,
    Option,
    Picture,
    Quote,
    Select,
    Table,
    Text,
)
from bot.ui.forms import (
    ChecksInput,
    DateInput,
    FileInput,
    Form,
    Input,
    MembersInput,
    SelectInput,
    TextInput,
    TimeInput,
)
from bot.ui.spans import Link, LocalTime, Mention, Span, Spans, Strong, plain

PNG: Final = "image/png"


def milliseconds(instant: datetime) -> int:
    """Return an instant as the page's own unit of time."""
    return int(instant.timestamp() * 1000)


def spans_json(spans: Spans) -> list[Any]:
    """Return the spans: a text is a text, everything else an object with its kind in ``t``."""
    return [_span(span) for span in spans]


def _span(span: Span) -> str | Json:
    match span:
        case str():
            return span
        case Strong(text):
            return {"t": "strong", "text": text}
        case Mention(member, name, ping):
            return {"t": "mention", "member": member, "name": name, "ping": ping}
        case Link(label, url):
            safe = urlsplit(url).scheme in {"http", "https"} if _splits(url) else False
            return {"t": "link", "label": label, "url": url} if safe else plain((span,))
        case LocalTime(at, zone, style):
            return {"t": "time", "at": milliseconds(at), "zone": zone, "style": style}
        case _:
            assert_never(span)


def _splits(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def plain_talk(nodes: Sequence[Any]) -> str:
    """Return what somebody typed, from the spans that the page shows of it."""
    return "".join(node if isinstance(node, str) else f"@{node['name']}" for node in nodes)


def address(home: str, message: Message) -> str:
    """Return where in the page a message is: its conversation, or the thread it is in or begins."""
    thread = () if participants(message.channel) else (message.thread or message.id,)
    return f"{home}/#{'/'.join(quote(each, safe='') for each in (message.channel, *thread))}"


def file_url(file: Attachment) -> str:
    """Return the address of a file; the page adds who asks."""
    return f"/files/{file.id}/{quote(file.name, safe='')}"


def attachments_json(files: Sequence[Attachment]) -> list[Json]:
    """Return the files as the page lists them."""
    return [
        {
            "name": file.name,
            "url": file_url(file),
            "size": len(file.content),
            "type": file.media_type,
        }
        for file in files
    ]


def card_json(card: Card, ids: Ids) -> tuple[Json, tuple[Attachment, ...]]:
    """Return a card for the page, and the files to be stored with its message."""
    pictures: list[Attachment] = []

    def keep(picture: Picture) -> str:
        name = f"picture-{len(pictures) + 1}.png"
        pictures.append(Attachment(id=ids.new(), name=name, media_type=PNG, content=picture.png))
        return file_url(pictures[-1])

    blocks = [_block(block, keep) for block in card.blocks]
    downloads = tuple(
        Attachment(id=ids.new(), name=file.name, media_type=file.media_type, content=file.content)
        for file in card.files
    )
    body = {
        "title": card.title,
        "summary": card.summary,
        "closed": card.closed,
        "blocks": blocks,
        "files": attachments_json(downloads),
    }
    return body, (*pictures, *downloads)


def _block(block: Block, keep: Callable[[Picture], str]) -> Json:  # noqa: C901 - one arm a kind
    """Return a block; ``keep`` stores a picture's bytes apart and returns their address."""
    match block:
        case Text(spans):
            shown: Json = {"t": "text", "spans": spans_json(spans)}
        case Note(spans):
            shown = {"t": "note", "spans": spans_json(spans)}
        case Quote(text):
            shown = {"t": "quote", "text": text}
        case Bullets(items):
            shown = {"t": "bullets", "items": [spans_json(item) for item in items]}
        case Divider():
            shown = {"t": "divider"}
        case Table(head, rows):
            shown = {"t": "table", "head": list(head), "rows": [list(row) for row in rows]}
        case Picture():
            shown = {"t": "picture", "src": keep(block), "alt": block.alt}
        case Buttons(buttons):
            shown = {"t": "buttons", "buttons": [_button(button) for button in buttons]}
        case Select(action, placeholder, options):
            shown = {
                "t": "select",
                "action": action.encode(),
                "placeholder": placeholder,
                "options": _options(options),
            }
        case _:
            assert_never(block)
    return shown


def _button(button: Button) -> Json:
    return {"label": button.label, "action": button.action.encode(), "style": button.style.value}


def _options(options: Sequence[Option]) -> list[Json]:
    return [{"value": option.value, "label": option.label} for option in options]


def form_json(form: Form, people: Mapping[MemberId, str]) -> Json:
    """Return a form; ``people`` gives the page's id of every member chosen beforehand."""
    return {
        "title": form.title,
        "action": form.action.encode(),
        "submit": form.submit,
        "note": form.note,
        "errors": dict(form.errors),
        "inputs": [_input(each, people) for each in form.inputs],
    }


def _input(each: Input, people: Mapping[MemberId, str]) -> Json:
    shared = {"key": each.key, "label": each.label, "hint": each.hint, "required": each.required}
    match each:
        case TextInput(initial=initial, multiline=multiline, max_length=most):
            own: Json = {"t": "text", "initial": initial, "multiline": multiline, "max": most}
        case SelectInput(initial=initial, options=options):
            own = {"t": "select", "initial": initial, "options": _options(options)}
        case ChecksInput(initial=chosen, options=options):
            own = {"t": "checks", "initial": list(chosen), "options": _options(options)}
        case MembersInput(initial=members, many=many):
            known = [people[member] for member in members if member in people]
            own = {"t": "members", "initial": known, "many": many}
        case DateInput(initial=day):
            own = {"t": "date", "initial": day.isoformat() if day else ""}
        case TimeInput(initial=at):
            own = {"t": "time", "initial": f"{at:%H:%M}" if at else ""}
        case FileInput():
            own = {"t": "file"}
        case _:
            assert_never(each)
    return shared | own

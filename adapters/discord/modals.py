"""Forms as Discord's modals, and their answers: all of it pure.

A modal holds five things, texts among them. So the note of a form with five questions stands with
one of them. Discord shows no errors and closes a modal when it is sent off: it is opened again with
what was answered, and each error in the place of its question's hint. Sources: Discord, "Component
reference" and "Using modal components" (2026). Dates are typed: there is no picker.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from hashlib import blake2b
from typing import Any, Final, assert_never

from adapters.discord.components import Part
from adapters.discord.markdown import Users, escape
from adapters.discord.messages import options
from bot.chat import payloads
from bot.chat.arrivals import Answers, SentFile
from bot.chat.payloads import Json, Unreadable, ident
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
    hint_to_type,
)
from bot.ui.limits import shorten

PARTS: Final = 5
"""Questions and texts of a modal."""
TITLE: Final = 45
TEXT: Final = 4000
HINT: Final = 100
"""Characters of a question's description, and of what an empty field shows."""
PEOPLE: Final = 25
BOXES: Final = 10
"""Options that are all in sight; more are in a menu."""
WRONG: Final = "⚠ "
"""What an error begins with, so that it is one to the eye, and goes when it is mended."""
DATE: Final = "For example 2026-11-30"
_DATE_LENGTH: Final = 100
_TIME_LENGTH: Final = 20


def modal(form: Form, users: Users) -> Json:
    """Return the form as a modal. ``users``: Discord's ids of ``bot.ui.forms.chosen_beforehand``.

    A note beside five questions is cut where it is longer than ``limits.FORM_NOTE``.
    """
    labels = [_label(each, users) for each in form.inputs]
    if form.note.strip() and len(labels) < PARTS:
        labels = [_display(form.note), *labels]
    elif form.note.strip():
        _note(labels, form)
    made = {
        "custom_id": form.action.encode(),
        "title": shorten(" ".join(form.title.split()), TITLE),
        "components": labels,
    }
    return _with_errors(made, form.errors)


def kept_as(custom_id: str) -> str:
    """Return a short name for a modal of that id, for whoever keeps it."""
    return blake2b(custom_id.encode("utf-8", "replace"), digest_size=8).hexdigest()


def refilled(opened: Json, submitted: Json, errors: Mapping[str, str]) -> Json:
    """Return the modal as it was opened, with the answers of an interaction and what is wrong.

    What was wrong when it was opened is told no more. Files are to be chosen again. Raises
    ``Unreadable`` as ``answers`` does.
    """
    given = answers(submitted)
    filled = _without_errors(deepcopy(opened))
    for element in _elements(filled):
        if element["custom_id"] in given.values:
            _fill(element, given.values[element["custom_id"]])
    return _with_errors(filled, errors)


def asks_for(opened: Json, submitted: Json) -> bool:
    """Tell whether the modal has a place for everything that was answered; raises as ``answers``.

    One of the same name that another version of Coplan opened may have asked for other things.
    """
    return answers(submitted).values.keys() <= {each["custom_id"] for each in _elements(opened)}


def typed(submitted: Json) -> tuple[str, ...]:
    """Return what was typed into a modal, not what was chosen; raises as ``answers`` does."""
    lines = [each for each in _answered(submitted) if each.get("type") == Part.LINES]
    return tuple(text for each in lines for text in _texts(Part.LINES, each))


def answers(payload: Json) -> Answers:
    """Return the answers of an interaction; ``Unreadable`` for what no form of ours sends."""
    values: dict[str, tuple[str, ...]] = {}
    people: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[SentFile, ...]] = {}
    for element in _answered(payload):
        key, kind = payloads.text(element, "custom_id"), element.get("type")
        values[key] = _texts(kind, element)
        if kind == Part.USERS:
            people[key] = values[key]
        if kind == Part.FILES:
            files[key] = _sent(payload, payloads.idents(element, "values"))
    return Answers(values=values, people=people, files=files)


def attachment(payload: Json, number: str) -> SentFile:
    """Return a file that came with an interaction; ``Unreadable`` where it did not."""
    return file_of(payloads.inner(payload, "data", "resolved", "attachments", number))


def file_of(found: Json) -> SentFile:
    """Return a file as Discord tells of it."""
    size = found.get("size")
    return SentFile(
        id=ident(found, "id"),
        name=payloads.text(found, "filename", missing=""),
        url=payloads.text(found, "url", missing=""),
        size=size if isinstance(size, int) and size > 0 else 0,
    )


def _sent(payload: Json, numbers: tuple[str, ...]) -> tuple[SentFile, ...]:
    return tuple(attachment(payload, number) for number in numbers)


def _answered(payload: Json) -> Iterator[Json]:
    """Yield the answered elements: those in labels (or rows, as Discord once had it in modals)."""
    for part in payloads.objects(payload, "data", "components"):
        row = payloads.objects(part, "components") if part.get("type") == Part.ROW else []
        if part.get("type") == Part.LABEL:
            yield payloads.inner(part, "component")
        elif row:
            yield from row
        elif part.get("type") != Part.TEXT:
            raise Unreadable("an answer that no form asks for")


def _texts(kind: object, element: Json) -> tuple[str, ...]:
    match kind:
        case Part.LINES | Part.CHOICE:
            given = payloads.text(element, "value", missing="")
            return (given,) if given else ()
        case Part.MENU | Part.BOXES:
            return payloads.texts(element, "values")
        case Part.USERS:
            return payloads.idents(element, "values")
        case Part.FILES:
            return ()
        case _:
            raise Unreadable("an answer of a kind that no form has")


def _label(each: Input, users: Users) -> Json:
    label: Json = {"type": Part.LABEL, "label": each.label, "component": _element(each, users)}
    hint = hint_to_type(each)
    return label | ({"description": shorten(hint, HINT)} if hint.strip() else {})


def _display(text: str) -> Json:
    return {"type": Part.TEXT, "content": shorten(escape(text.strip()), TEXT)}


def _note(labels: list[Json], form: Form) -> None:
    """Put the note to the last question that has no hint, or whose hint can stand in its field."""
    free = [label for label in labels if "description" not in label]
    typed = [label for label in labels if label["component"]["type"] == Part.LINES]
    _describe((free or typed or labels)[-1], form.note)


def _describe(label: Json, text: str) -> None:
    """Put a text in the place of the hint, which stands in the field itself where it can."""
    element = label["component"]
    if "description" in label and element.get("placeholder", DATE) == DATE:
        element |= {"placeholder": label["description"]} if element["type"] == Part.LINES else {}
    label["description"] = shorten(" ".join(text.split()), HINT)


def _with_errors(made: Json, errors: Mapping[str, str]) -> Json:
    """Return the modal with each error at its question; what is about none of them is below all."""
    labels = {each["component"]["custom_id"]: each for each in made["components"] if _asks(each)}
    for key, words in errors.items():
        if key in labels and words.strip():
            _describe(labels[key], f"{WRONG}{words}")
    rest = "\n".join(words for key, words in errors.items() if key not in labels)
    if rest.strip() and len(made["components"]) < PARTS:
        made["components"] = [*made["components"], _display(f"{WRONG}{rest}")]
    return made


def _without_errors(made: Json) -> Json:
    """Return the modal with its hints again where errors stood in their place."""
    made["components"] = [
        each for each in made["components"] if not each.get("content", "").startswith(WRONG)
    ]
    for label in filter(_asks, made["components"]):
        if label.get("description", "").startswith(WRONG):
            del label["description"]
            if label["component"].get("placeholder", DATE) != DATE:
                label["description"] = label["component"].pop("placeholder")
    return made


def _asks(part: Json) -> bool:
    return bool(part["type"] == Part.LABEL)


def _elements(made: Json) -> Iterator[Json]:
    return (part["component"] for part in made["components"] if _asks(part))


def _element(each: Input, users: Users) -> Json:
    own: Json = {"custom_id": each.key, "required": each.required}
    match each:
        case TextInput():
            return own | _text(each)
        case SelectInput():
            return own | _select(each)
        case ChecksInput():
            return own | _checks(each)
        case MembersInput():
            return own | _members(each, users)
        case DateInput() | TimeInput():
            return own | _moment(each)
        case FileInput(required=required):
            return own | {"type": Part.FILES, "min_values": int(required), "max_values": 1}
        case _:
            assert_never(each)


def _text(each: TextInput) -> Json:
    style = 2 if each.multiline else 1
    line: Json = {"type": Part.LINES, "style": style, "max_length": each.max_length}
    return line | ({"value": each.initial} if each.initial else {})


def _moment(each: DateInput | TimeInput) -> Json:
    """Return a line: Discord has no pickers."""
    line = {"type": Part.LINES, "style": 1}
    if isinstance(each, TimeInput):
        at = each.initial
        return line | {"max_length": _TIME_LENGTH} | ({"value": f"{at:%H:%M}"} if at else {})
    day = each.initial
    shown = {"value": day.isoformat()} if day else {}
    return line | {"max_length": _DATE_LENGTH, "placeholder": DATE} | shown


def _select(each: SelectInput) -> Json:
    """Return a choice with all options in sight, or a menu where none may be chosen or are many.

    Nobody can take back a choice among options in sight, only choose another.
    """
    chosen = (each.initial,) if each.initial else ()
    if each.required and 1 < len(each.options) <= BOXES:
        return {"type": Part.CHOICE, "options": _chosen(options(each.options), chosen)}
    few = {"min_values": int(each.required), "max_values": 1}
    return {"type": Part.MENU, "options": _chosen(options(each.options), chosen), **few}


def _checks(each: ChecksInput) -> Json:
    kind = Part.BOXES if len(each.options) <= BOXES else Part.MENU
    many = {"min_values": int(each.required), "max_values": len(each.options)}
    return {"type": kind, "options": _chosen(options(each.options), each.initial), **many}


def _members(each: MembersInput, users: Users) -> Json:
    most = PEOPLE if each.many else 1
    chosen = [users[member] for member in each.initial if member in users]
    element: Json = {"type": Part.USERS, "min_values": int(each.required), "max_values": most}
    _fill_people(element, chosen)
    return element


def _chosen(given: list[Json], values: tuple[str, ...]) -> list[Json]:
    return [one | ({"default": True} if one["value"] in values else {}) for one in given]


def _fill(element: Json, values: tuple[str, ...]) -> None:
    """Put an answer into an element, as if it had stood there when the form was opened."""
    fill: Callable[[Json, Any], None] | None = _FILLING.get(element["type"])
    if fill is not None:
        fill(element, values)


def _fill_text(element: Json, values: tuple[str, ...]) -> None:
    element.pop("value", None)
    if values:
        element["value"] = values[0]


def _fill_options(element: Json, values: tuple[str, ...]) -> None:
    bare = [{key: one[key] for key in ("label", "value")} for one in element["options"]]
    element["options"] = _chosen(bare, values)


def _fill_people(element: Json, users: list[str] | tuple[str, ...]) -> None:
    element.pop("default_values", None)
    chosen = list(dict.fromkeys(users))[: element["max_values"]]
    if chosen:
        element["default_values"] = [{"type": "user", "id": user} for user in chosen]


_FILLING: Final[Mapping[int, Callable[[Json, Any], None]]] = {
    Part.LINES: _fill_text,
    Part.MENU: _fill_options,
    Part.CHOICE: _fill_options,
    Part.BOXES: _fill_options,
    Part.USERS: _fill_people,
}

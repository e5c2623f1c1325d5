"""Forms as Slack's modals and their answers, and the App Home: all of it pure.

An input's key is its block's id and its element's, so that answers survive a view that is updated
and errors find their field.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from adapters.slack import sent
from adapters.slack.blocks import body, note, options, plain_text
from adapters.slack.mrkdwn import Users
from bot.chat import payloads
from bot.chat.arrivals import Answers, SentFile
from bot.chat.payloads import Json, Unreadable
from bot.ui.cards import Card
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
from bot.ui.pages.problems import OLD_FORM

VIEW_BLOCKS: Final = 100
"""Blocks of a modal or of the App Home."""


def modal(form: Form, private_metadata: str, users: Users) -> Json:
    """Return the form as a modal; ``private_metadata`` comes back with its answers."""
    blocks = list(note(form.note))
    for each in form.inputs:
        blocks.append(_input(each, users))
        blocks += note(form.errors.get(each.key, ""))
    blocks += note(form.errors.get("", ""))
    return {
        "type": "modal",
        "callback_id": form.action.encode(),
        "private_metadata": private_metadata,
        "title": plain_text(form.title),
        "submit": plain_text(form.submit),
        "blocks": blocks[:VIEW_BLOCKS],
    }


def home(cards: Iterable[Card], users: Users) -> Json:
    """Return cards, one below the other, as the App Home of one person."""
    blocks: list[Json] = []
    for card in cards:
        if blocks:
            blocks.append({"type": "divider"})
        blocks += body(card, users, tables=False)
    return {"type": "home", "blocks": blocks[:VIEW_BLOCKS]}


def errors(view: Json, wrong: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong by block id, for the answer that keeps the modal open.

    What is about no input of the view stands under its last one. Where an input is missed that the
    view has not, it was opened when the form was another one: then that is said, too.
    """
    keys = [
        payloads.text(block, "block_id")
        for block in payloads.objects(view, "blocks")
        if block.get("type") == "input"
    ]
    if not keys:
        raise Unreadable("a form without inputs")
    told: dict[str, list[str]] = {}
    for key, words in wrong.items():
        told.setdefault(key if key in keys else keys[-1], []).append(words)
    if set(wrong) - {"", *keys}:
        told[keys[-1]].append(OLD_FORM)
    return {key: "\n".join(words) for key, words in told.items()}


def filled_in(view: Json, wrong: Mapping[str, str]) -> Json:
    """Return a submitted form as a modal once more, with its answers and what is wrong with them.

    Files have to be chosen again: Slack shows none beforehand.
    """
    told = errors(view, wrong)
    given = payloads.inner(view, "state", "values")
    blocks: list[Json] = []
    for block in payloads.objects(view, "blocks"):
        key = payloads.text(block, "block_id", missing="")
        if block.get("type") == "input":
            element = payloads.inner(block, "element")
            answer = payloads.inner(given, key, payloads.text(element, "action_id"))
            blocks.append(block | {"element": _answered(element, answer)})
            blocks += (each | {"block_id": f"{_WRONG}{key}"} for each in note(told.get(key, "")))
        elif not key.startswith(_WRONG):  # what was wrong the last time
            blocks.append(block)
    kept = ("type", "callback_id", "private_metadata", "title", "submit")
    return {key: view[key] for key in kept if key in view} | {"blocks": blocks[:VIEW_BLOCKS]}


_WRONG: Final = "wrong:"
_STANDS: Final[Mapping[str, tuple[str, str]]] = {
    "plain_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}
"""Where an element's answer is, and where it stands when it is shown with that answer."""


def _answered(element: Json, answer: Json) -> Json:
    """Return the element with that answer in it."""
    chosen, initial = _STANDS.get(payloads.text(element, "type"), ("", ""))
    bare = {key: value for key, value in element.items() if key != initial}
    return bare | ({initial: answer[chosen]} if answer.get(chosen) else {})


def answers(view: Json) -> Answers:
    """Return the answers in a submitted view; ``Unreadable`` for what no form of ours sends."""
    values: dict[str, tuple[str, ...]] = {}
    people: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[SentFile, ...]] = {}
    for key, element in _elements(view):
        kind = payloads.text(element, "type")
        values[key] = _texts(kind, element)
        if kind in _PEOPLE:
            people[key] = values[key]
        if kind == "file_input":
            files[key] = sent.files(element)
    return Answers(values=values, people=people, files=files)


def typed(view: Json) -> Iterator[str]:
    """Yield what was typed into a submitted view, field by field."""
    for _, element in _elements(view):
        if payloads.text(element, "type") == "plain_text_input":
            yield from _texts("plain_text_input", element)


def _elements(view: Json) -> Iterator[tuple[str, Json]]:
    """Yield the answered elements by block id; a block of ours has one element."""
    for key, block in payloads.inner(view, "state", "values").items():
        if not isinstance(block, dict):
            raise Unreadable("an answer that is no object")
        for element in block.values():
            if not isinstance(element, dict):
                raise Unreadable("an answer that is no object")
            yield key, element


_PEOPLE: Final = frozenset({"users_select", "multi_users_select"})
_ONE: Final[Mapping[str, str]] = {
    "plain_text_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
}


def _texts(kind: str, element: Json) -> tuple[str, ...]:
    if kind in _ONE:
        given = payloads.text(element, _ONE[kind], missing="")
        return (given,) if given else ()
    match kind:
        case "static_select":
            chosen = element.get("selected_option")
            return () if chosen is None else (payloads.text(element, "selected_option", "value"),)
        case "checkboxes" | "multi_static_select":
            return tuple(
                payloads.text(each, "value")
                for each in payloads.objects(element, "selected_options")
            )
        case "multi_users_select":
            return payloads.idents(element, "selected_users")
        case "file_input":
            return ()
        case _:
            raise Unreadable(f"an answer of a kind that no form has: {kind[:40]}")


def _input(each: Input, users: Users) -> Json:
    shown: Json = {
        "type": "input",
        "block_id": each.key,
        "label": plain_text(each.label),
        "element": {"action_id": each.key} | _element(each, users),
        "optional": not each.required,
    }
    if each.hint:
        shown["hint"] = plain_text(each.hint)
    return shown


def _element(each: Input, users: Users) -> Json:
    match each:
        case TextInput(initial=initial, multiline=multiline, max_length=most):
            own: Json = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
            return own | ({"initial_value": initial} if initial else {})
        case SelectInput():
            return _select(each)
        case ChecksInput():
            return _checks(each)
        case MembersInput():
            return _members(each, users)
        case DateInput() | TimeInput():
            return _picker(each)
        case FileInput():
            return {"type": "file_input", "max_files": 1}
        case _:
            assert_never(each)


def _picker(each: DateInput | TimeInput) -> Json:
    if isinstance(each, TimeInput):
        at = each.initial
        return {"type": "timepicker"} | ({"initial_time": f"{at:%H:%M}"} if at else {})
    day = each.initial
    return {"type": "datepicker"} | ({"initial_date": day.isoformat()} if day else {})


def _select(each: SelectInput) -> Json:
    """Return a menu; an optional one as a menu of several of which one may be chosen.

    Nobody can take back a choice in Slack's menu of one, only choose another.
    """
    chosen = options(one for one in each.options if one.value == each.initial)
    if each.required:
        one: Json = {"type": "static_select", "options": options(each.options)}
        return one | ({"initial_option": chosen[0]} if chosen else {})
    shown: Json = {"type": "multi_static_select", "options": options(each.options)}
    return shown | {"max_selected_items": 1} | ({"initial_options": chosen} if chosen else {})


def _checks(each: ChecksInput) -> Json:
    shown: Json = {"type": "checkboxes", "options": options(each.options)}
    chosen = options(one for one in each.options if one.value in each.initial)
    return shown | ({"initial_options": chosen} if chosen else {})


def _members(each: MembersInput, users: Users) -> Json:
    chosen = [users[member] for member in each.initial if member in users]
    if each.required and not each.many:
        one: Json = {"type": "users_select"}
        return one | ({"initial_user": chosen[0]} if chosen else {})
    shown: Json = {"type": "multi_users_select"}
    most = {} if each.many else {"max_selected_items": 1}
    return shown | most | ({"initial_users": chosen} if chosen else {})

"""Answers to interactions: the first within three seconds, others for a quarter of an hour."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.support.discord import payloads
from tests.support.discord.api_messages import change, post, remove
from tests.support.discord.components import modal_problems
from tests.support.discord.refusals import BAD, NOT_FOUND, Refused, invalid, unknown
from tests.support.discord.routes import Answer, Call, route
from tests.support.discord.world import (
    EPHEMERAL,
    TOKEN_LASTS,
    Interaction,
    Json,
    Message,
    Modal,
)
from tests.support.discord.writing import checked, written

MESSAGE, THINKS, LATER, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
CHOICES_MOST: Final = 25
_HOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", public=True)
def answer(call: Call) -> Answer:
    """Take the first answer."""
    begun = call.interaction()
    if begun.id != call.path["interaction_id"]:
        raise unknown("Interaction")
    if begun.answered:
        raise Refused(BAD, 40060, "Interaction has already been acknowledged.")
    if call.world.monotonic() - begun.begun > call.world.answer_within:
        raise unknown("Interaction")
    kind = call.body["type"]
    _fits(begun, kind)
    _CARRIED_OUT[kind](call, begun, call.body.get("data") or {})
    begun.answered = kind
    begun.first.set()
    if call.query.get("with_response", "false").casefold() not in {"true", "1"}:
        return None
    return _said(call, begun)


def _said(call: Call, begun: Interaction) -> Json:
    """Return what was made of an answer, for an app that asks for it."""
    found = begun.original
    told: Json = {"id": begun.id, "type": begun.type, "channel_id": begun.channel}
    made: Json = {"interaction": told}
    if found is not None:
        told |= {
            "response_message_id": found.id,
            "response_message_loading": found.thinking,
            "response_message_ephemeral": bool(found.only_for),
        }
        message = payloads.message(call.world, found)
        made["resource"] = {"type": begun.answered, "message": message}
    return made


def _fits(begun: Interaction, kind: int) -> None:
    """Refuse an answer that its kind of interaction cannot have."""
    wrong = (
        kind not in _CARRIED_OUT
        or (kind == CHOICES) != (begun.type == AUTOCOMPLETE)
        or (kind in {LATER, UPDATE} and begun.source is None)
        or (kind == MODAL and begun.type == SUBMIT)
    )
    if wrong:
        raise invalid([f"type: is no answer to an interaction of type {begun.type}"])


def _updates(call: Call, begun: Interaction, data: Json) -> None:
    assert begun.source is not None
    call.body = data
    change(call, begun.source)
    begun.original = begun.source


def _later(call: Call, begun: Interaction, data: Json) -> None:
    del call, data
    begun.original = begun.source


def _offers(call: Call, begun: Interaction, data: Json) -> None:
    del call
    begun.data = data
    choices = data.get("choices")
    if not isinstance(choices, list) or len(choices) > CHOICES_MOST:
        raise invalid([f"data/choices: Must be {CHOICES_MOST} or fewer in length."])
    for each in choices:
        if not 1 <= len(each["name"]) <= 100 or not 1 <= len(str(each["value"])) <= 100:
            raise invalid(["data/choices/name: Must be between 1 and 100 in length."])


def _opens(call: Call, begun: Interaction, data: Json) -> None:
    wrong = modal_problems(data)
    if wrong:
        raise invalid(wrong)
    begun.data = data
    source = begun.source
    made = Modal(user=begun.user, content=data, channel=begun.channel, source=source)
    call.world.modals[begun.user] = made


def _message(call: Call, begun: Interaction, body: Json) -> Message:
    made = written(call.world, call.world.channels[begun.channel], body, call.files)
    made.interaction = begun.id
    if int(str(body.get("flags") or 0)) & EPHEMERAL:
        made.only_for = begun.user
    return made


def _says(call: Call, begun: Interaction, data: Json) -> None:
    checked(data, call.files)
    _shows(call, begun, data)


def _shows(call: Call, begun: Interaction, body: Json) -> Message:
    made = _message(call, begun, body)
    begun.original = begun.original or made
    post(call.world, call.world.channels[begun.channel], made)
    return made


def _thinks(call: Call, begun: Interaction, data: Json) -> None:
    made = _message(call, begun, {"flags": data.get("flags") or 0})
    made.thinking = True
    begun.original = made
    call.world.channels[begun.channel].messages.append(made)


_CARRIED_OUT: Final[Mapping[int, Callable[[Call, Interaction, Json], None]]] = {
    MESSAGE: _says,
    THINKS: _thinks,
    LATER: _later,
    UPDATE: _updates,
    CHOICES: _offers,
    MODAL: _opens,
}
"""What each type of first answer does."""


def _open(call: Call) -> Interaction:
    """Return the interaction of a hook that still works."""
    begun = call.interaction()
    now = call.world.monotonic()
    if call.path["webhook_id"] != call.world.app.id or not begun.answered:
        raise unknown("Webhook")
    if now - begun.begun > TOKEN_LASTS:
        raise Refused(401, 50027, "Invalid Webhook Token")
    return begun


def _original(call: Call) -> tuple[Interaction, Message]:
    begun = _open(call)
    number = call.path.get("message_id")
    here = call.world.channels[begun.channel].messages
    found = begun.original
    if number is not None:
        mine = {begun.id, *([] if begun.source is None else [begun.source.interaction])}
        found = next((m for m in here if m.id == number and m.interaction in mine), None)
    if found is None or found not in here:
        raise unknown("Message")
    return begun, found


@route("GET", f"{_HOOK}/messages/@original", public=True)
@route("GET", f"{_HOOK}/messages/{{message_id}}", public=True)
def original(call: Call) -> Answer:
    """Return what was answered."""
    return payloads.message(call.world, _original(call)[1])


@route("PATCH", f"{_HOOK}/messages/@original", public=True)
@route("PATCH", f"{_HOOK}/messages/{{message_id}}", public=True)
def edit(call: Call) -> Answer:
    """Change what was answered; whoever was told that the app is thinking is told now."""
    found = _original(call)[1]
    change(call, found)
    if found.thinking:
        checked({**call.body, "attachments": []}, call.files)
        found.thinking, found.edited = False, 0
        world = call.world
        if not found.only_for:
            channel = world.channels[found.channel]
            world.emit("MESSAGE_CREATE", payloads.event_message(world, found), channel.guild)
    return payloads.message(call.world, found)


@route("DELETE", f"{_HOOK}/messages/@original", public=True)
@route("DELETE", f"{_HOOK}/messages/{{message_id}}", public=True)
def delete(call: Call) -> Answer:
    """Take back what was answered."""
    begun, found = _original(call)
    remove(call.world, call.world.channels[begun.channel], found)
    return None


@route("POST", _HOOK, public=True)
def follow_up(call: Call) -> Answer:
    """Say one thing more; where the app is still thinking, it takes that place."""
    begun = _open(call)
    if begun.answered in {CHOICES, MODAL}:
        raise Refused(NOT_FOUND, 10015, "Unknown Webhook")
    checked(call.body, call.files)
    waiting = begun.original
    if begun.answered == THINKS and waiting is not None and waiting.thinking:
        waiting.thinking = False
        change(call, waiting)
        return payloads.message(call.world, waiting)
    return payloads.message(call.world, _shows(call, begun, call.body))

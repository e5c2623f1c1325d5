"""Views that are no form: a card shown as a modal, and what stands there while one waits."""

from typing import Final

from adapters.slack.blocks import body, note, plain_text
from adapters.slack.mrkdwn import Users
from adapters.slack.origins import Origin
from adapters.slack.views import VIEW_BLOCKS
from bot.chat.payloads import Json, ident, inner, text
from bot.ui.actions import Action
from bot.ui.cards import Card
from bot.ui.limits import FORM_TITLE, shorten

_WHERE: Final = "coplan.where"
_LABEL: Final = "In which channel?"
_HINT: Final = "Coplan must be in it: /invite @Coplan. Empty: a plan for you alone."
_STARTS: Final = frozenset({"import.save", "start.save"})
"""The forms of a plan that is to live somewhere."""
WORKING: Final = "Still working on it: this window changes as soon as it is done."
STILL: Final = "Still working on it: the answer comes as soon as it is done."


def page(card: Card, private_metadata: str, users: Users, below: str = "") -> Json:
    """Return the card as a modal without anything to send, with a note at its end."""
    last = list(note(below))
    shown = [*list(body(card, users, tables=False))[: VIEW_BLOCKS - len(last)], *last]
    return {
        "type": "modal",
        "private_metadata": private_metadata,
        "title": plain_text(shorten(card.title, FORM_TITLE)),
        "close": plain_text("Close"),
        "blocks": shown,
    }


def asking_where(view: Json, origin: Origin) -> Json:
    """Return the form with a question for the channel, where it begins a plan and is in none."""
    if origin.channel or action_of(view).name not in _STARTS:
        return view
    element = {
        "type": "conversations_select",
        "action_id": _WHERE,
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    asked = {
        "type": "input",
        "block_id": _WHERE,
        "label": plain_text(_LABEL),
        "hint": plain_text(_HINT),
        "element": element,
        "optional": True,
    }
    return {**view, "blocks": [*view["blocks"], asked]}


def told_where(payload: Json) -> tuple[Json, str]:
    """Return a submission without the question for the channel, and the answer to it."""
    values = inner(payload, "view", "state", "values")
    if _WHERE not in values:
        return payload, ""
    channel = ident(values, _WHERE, _WHERE, "selected_conversation", missing="")
    view = inner(payload, "view")
    kept = {key: value for key, value in values.items() if key != _WHERE}
    return {**payload, "view": {**view, "state": {"values": kept}}}, channel


def action_of(view: Json) -> Action:
    """Return the action that a form's answers go to."""
    return Action.decode(text(view, "callback_id", missing=""))


def waiting(private_metadata: str) -> Json:
    """Return what is shown while an answer takes longer than Slack waits for it."""
    return {
        "type": "modal",
        "private_metadata": private_metadata,
        "title": plain_text("Coplan"),
        "close": plain_text("Close"),
        "blocks": list(note(WORKING)),
    }

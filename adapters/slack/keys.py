"""By what something done in Slack is known again, should it come once more: never by nothing."""

import hashlib

from bot.chat.arrivals import Arrived
from bot.chat.payloads import Json, Unreadable, ident, inner, objects, text


def of_message(payload: Json) -> str:
    """Return the key of words: Slack may tell of one message in two events, each with an id."""
    event = inner(payload, "event")
    ident(payload, "event_id")  # without it, it is no event of Slack's
    return f"message:{ident(event, 'channel')}:{ident(event, 'ts')}"


def of_event(payload: Json) -> str:
    """Return the key of any other event."""
    return f"event:{ident(payload, 'event_id')}"


def of_interaction(payload: Json, what: Arrived) -> str:
    """Return the key of a command, a click or a shortcut, by what it says.

    Slack's ``trigger_id`` tells acts apart. Whoever else speaks for Slack may have one for all, or
    none: so does where it may be answered, and when it was done.
    """
    used = [payload, *objects(payload, "actions")]
    told = [
        ident(payload, "trigger_id", missing=""),
        text(payload, "response_url", missing=""),
        *(ident(each, "action_ts", missing="") for each in used),
    ]
    if not any(told):
        raise Unreadable("nothing by which it is known again")
    return f"done:{_digest(repr((told, what)))}"


def of_submission(payload: Json, key: str, what: Arrived) -> str:
    """Return by what a form's answers are known to have come before, not only to be the same.

    ``key`` is that of the view.
    """
    return f"done:{_digest(repr((key, ident(payload, 'trigger_id', missing=''), what)))}"


def of_view(view: Json) -> str:
    """Return the key of a form's answers: the same view in the same state takes effect once."""
    asked = text(view, "private_metadata", missing="")
    return f"view:{ident(view, 'id')}:{ident(view, 'hash', missing='')}:{_digest(asked)}"


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:32]

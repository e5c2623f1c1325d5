"""By what something done in Slack is known again, should it come once more: never by nothing."""

import hashlib
import json

from bot.chat.payloads import Json, ident, inner, text


def of_message(payload: Json) -> str:
    """Return the key of words: Slack may tell of one message in two events, each with an id."""
    event = inner(payload, "event")
    ident(payload, "event_id")  # without it, it is no event of Slack's
    return f"message:{ident(event, 'channel')}:{ident(event, 'ts')}"


def of_event(payload: Json) -> str:
    """Return the key of any other event."""
    return f"event:{ident(payload, 'event_id')}"


def of_interaction(payload: Json) -> str:
    """Return the key of a command, a click, a shortcut or a submission: all that is told of it.

    What comes once more is the same in every part. ``trigger_id`` tells acts apart in Slack, and
    alone not where somebody else speaks for it.
    """
    told = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return f"done:{_digest(told)}"


def of_view(view: Json) -> str:
    """Return the key of a form's answers: the same view in the same state takes effect once."""
    asked = text(view, "private_metadata", missing="")
    return f"view:{ident(view, 'id')}:{ident(view, 'hash', missing='')}:{_digest(asked)}"


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:32]

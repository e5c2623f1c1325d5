"""By what something done in Slack is known again, should it come once more: never by nothing."""

from bot.chat.payloads import Json, ident, inner


def of_message(payload: Json) -> str:
    """Return the key of words: Slack may tell of one message in two events, each with an id."""
    event = inner(payload, "event")
    ident(payload, "event_id")  # without it, it is no event of Slack's
    return f"message:{ident(event, 'channel')}:{ident(event, 'ts')}"


def of_event(payload: Json) -> str:
    """Return the key of any other event."""
    return f"event:{ident(payload, 'event_id')}"


def of_interaction(payload: Json) -> str:
    """Return the key of a command, a click or a shortcut."""
    return f"trigger:{ident(payload, 'trigger_id')}"


def of_view(view: Json) -> str:
    """Return the key of a form's answers: the same view in the same state takes effect once."""
    return f"view:{ident(view, 'id')}:{ident(view, 'hash', missing='')}"

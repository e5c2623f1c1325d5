"""Places and messages <-> columns, or one JSON text where nobody asks by them."""

from typing import Any

from sqlalchemy import Row

from bot.domain.places import MessageRef, Place, PlaceKind
from storage.mapping.codec import read, written


def place_row(place: Place) -> dict[str, Any]:
    """Return the place's columns."""
    return {
        "platform": place.platform,
        "kind": place.kind.value,
        "channel": place.channel,
        "thread": place.thread,
    }


def place_of(row: Row[Any]) -> Place:
    """Return the place of a row with its columns."""
    return Place(
        platform=row.platform,
        kind=PlaceKind(row.kind),
        channel=row.channel,
        thread=row.thread,
    )


def message_of(row: Row[Any]) -> MessageRef:
    """Return the message of a row with a place's columns and ``message``."""
    return MessageRef(place=place_of(row), message=row.message)


def message_text(message: MessageRef) -> str:
    """Return the message as one text."""
    return written({**place_row(message.place), "message": message.message})


def message_from(text: str) -> MessageRef:
    """Return the message of such a text."""
    facts = read(text)
    place = Place(
        platform=facts["platform"],
        kind=PlaceKind(facts["kind"]),
        channel=facts["channel"],
        thread=facts["thread"],
    )
    return MessageRef(place=place, message=facts["message"])

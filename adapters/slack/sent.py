"""The files that somebody sent, as Slack's payloads name them."""

from collections.abc import Mapping
from typing import Any

from bot.chat.arrivals import SentFile
from bot.chat.payloads import ident, objects, text


def files(payload: Mapping[str, Any]) -> tuple[SentFile, ...]:
    """Return the files that came with an event, a message or an answer."""
    return tuple(
        SentFile(
            id=ident(each, "id"),
            name=text(each, "name", missing=""),
            url=text(each, "url_private_download", missing="")
            or text(each, "url_private", missing=""),
            size=size(each),
        )
        for each in objects(payload, "files")
    )


def size(file: Mapping[str, Any]) -> int:
    """Return the file's bytes, 0 where they are not told."""
    found = file.get("size")
    return found if isinstance(found, int) and found > 0 else 0

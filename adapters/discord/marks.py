"""Marks on what Coplan sends: which server it is about, which notice it was, which opened form.

Discord tells of a click in a direct message no server; a person may be in several. It keeps no
nonce for longer than some minutes, but it keeps the number of a component. And it tells of a form's
answers that are sent twice nothing that is the same.
"""

import hashlib
import re
from base64 import b32encode
from typing import Any, Final

from adapters.discord.origins import PLATFORM
from bot.chat.payloads import Json
from bot.domain.ids import WorkspaceId
from bot.ui.limits import ACTION

_MARK: Final = re.compile(r"~([0-9]{15,20}|[a-z]{2,12}:[A-Za-z0-9]{1,32})$", re.ASCII)
_OPENED: Final = re.compile(r"~@([a-z2-7]{8})(?=~|$)", re.ASCII)
_IDS: Final = 31
"""Bits of a component's number."""


def modal_about(modal: Json, workspace: WorkspaceId) -> Json:
    """Return the modal with the server's id in its custom id, where there is room.

    Its inputs keep theirs: they are what the answers are known by.
    """
    return {**modal, **_marked({"custom_id": modal["custom_id"]}, workspace)}


def modal_opened(modal: Json, interaction: str) -> Json:
    """Return the modal with a mark of the interaction that opens it, where there is room."""
    named = _OPENED.sub("", str(modal["custom_id"]))
    server = found[0] if (found := _MARK.search(named)) else ""
    opening = b32encode(_hash("opened", interaction)[:5]).decode().lower()
    marked = f"{named.removesuffix(server)}~@{opening}{server}"
    return {**modal, "custom_id": marked if len(marked) <= ACTION else named}


def unopened(custom_id: str) -> tuple[str, str]:
    """Return a modal's custom id without the mark of its opening, and the mark; empty for none."""
    found = _OPENED.search(custom_id)
    return _OPENED.sub("", custom_id), found[1] if found else ""


def bare(custom_id: str) -> str:
    """Return a custom id without its marks."""
    return _MARK.sub("", unopened(custom_id)[0])


def about(components: Any, workspace: WorkspaceId) -> Any:  # noqa: ANN401 - any JSON
    """Return the components with the server's id in their custom ids, where there is room."""
    if isinstance(components, list):
        return [about(each, workspace) for each in components]
    if not isinstance(components, dict):
        return components
    return _marked({key: about(value, workspace) for key, value in components.items()}, workspace)


def _marked(kept: Json, workspace: WorkspaceId) -> Json:
    named = kept.get("custom_id")
    if isinstance(named, str) and len(marked := f"{named}~{server(workspace)}") <= ACTION:
        kept["custom_id"] = marked
    return kept


def taken_off(payload: Json) -> tuple[Json, WorkspaceId | None]:
    """Return the interaction without the mark in its custom id, and the server it names."""
    data = payload.get("data")
    named = data.get("custom_id") if isinstance(data, dict) else None
    found = _MARK.search(named) if isinstance(named, str) else None
    if found is None or not isinstance(named, str) or not isinstance(data, dict):
        return payload, None
    unmarked = {**payload, "data": {**data, "custom_id": named[: found.start()]}}
    told = found[1]
    return unmarked, WorkspaceId(told if ":" in told else f"{PLATFORM}:{told}")


def server(workspace: WorkspaceId) -> str:
    """Return Discord's id of the server that the workspace is; another platform's as it is."""
    return workspace.removeprefix(f"{PLATFORM}:")


def nonce(workspace: str, key: str) -> str:
    """Return what Discord knows a repeated send of a notice by, for some minutes."""
    return b32encode(_hash(workspace, key)).decode()[:25]


def traced(payload: Json, workspace: str, key: str) -> Json:
    """Return the message with the notice's trace as the number of its first component."""
    components = payload.get("components")
    if not isinstance(components, list) or not components:
        return payload
    first = {**components[0], "id": trace(workspace, key)}
    return {**payload, "components": [first, *components[1:]]}


def trace(workspace: str, key: str) -> int:
    """Return the number that a notice's message bears, in Discord's history too."""
    return (int.from_bytes(_hash(workspace, key)[:4], "big") >> (32 - _IDS)) | (1 << (_IDS - 2))


def _hash(workspace: str, key: str) -> bytes:
    return hashlib.sha256(f"{workspace}\n{key}".encode()).digest()


def trace_of(message: Json) -> int | None:
    """Return the trace that a message of the history bears, or None."""
    components = message.get("components")
    first = components[0] if isinstance(components, list) and components else None
    number = first.get("id") if isinstance(first, dict) else None
    return number if isinstance(number, int) else None

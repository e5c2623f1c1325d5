"""A look at a payload before Bolt takes it apart: Bolt trusts in shapes, and breaks on others."""

from collections.abc import Mapping
from typing import Any, Final

from bot.chat.payloads import Json, Unreadable

_SHAPES: Final[Mapping[tuple[str, ...], tuple[type, ...]]] = {
    ("type",): (str,),
    ("command",): (str,),
    ("callback_id",): (str,),
    ("team_id",): (str,),
    ("enterprise_id",): (str,),
    ("user_id",): (str,),
    ("channel_id",): (str,),
    ("team",): (str, dict),
    ("team", "id"): (str,),
    ("enterprise",): (str, dict),
    ("enterprise", "id"): (str,),
    ("user",): (str, dict),
    ("user", "id"): (str,),
    ("channel",): (str, dict),
    ("channel", "id"): (str,),
    ("message",): (dict,),
    ("container",): (dict,),
    ("function_data",): (dict,),
    ("event", "subtype"): (str,),
    ("event", "user"): (str, dict),
    ("event", "channel"): (str, dict),
    ("event", "item"): (dict,),
    ("event", "message"): (dict,),
    ("event", "previous_message"): (dict,),
    ("event", "assistant_thread"): (dict,),
    ("view", "callback_id"): (str,),
}
"""What Bolt reads of a payload, by path, and of which types it may be; it may be missing or null.

Source: slack_bolt 1.30, ``request/internals.py``, ``listener_matcher/builtins.py``.
"""
_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "event": ("type",),
    "view": (),
}
"""Objects that are there or are not, and the texts that each has."""
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "actions": ("type", "action_id"),
    "authorizations": (),
    "response_urls": ("response_url",),
}
"""Lists of objects, and the texts that each object has."""


def checked(told: Json) -> Json:
    """Return the payload without what is null in it: Bolt looks into all that is there.

    ``Unreadable`` for one that Bolt would break on all the same.
    """
    payload = {key: found for key, found in told.items() if found is not None}
    for path, types in _SHAPES.items():
        found = _at(payload, path)
        if found is not None and not isinstance(found, types):
            raise _unreadable(*path)
    for name, texts in _OBJECTS.items():
        if name in payload and not _has(payload[name], texts):
            raise _unreadable(name)
    for name, texts in _LISTS.items():
        if name in payload:
            _check_list(name, payload[name], texts)
    return payload


def _check_list(name: str, found: Any, texts: tuple[str, ...]) -> None:  # noqa: ANN401 - any JSON
    whole = isinstance(found, list) and all(_has(each, texts) for each in found)
    if not whole or (name == "actions" and not found):
        raise _unreadable(name)


def _has(found: Any, texts: tuple[str, ...]) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether it is an object with all of these texts."""
    return isinstance(found, dict) and all(isinstance(found.get(key), str) for key in texts)


def _unreadable(*path: str) -> Unreadable:
    return Unreadable(f"another shape than expected: {'.'.join(path)}")


def _at(payload: Json, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON
    """Return what stands at the path; None where there is nothing, or nothing to look into."""
    found: Any = payload
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found

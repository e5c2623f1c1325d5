"""A look at a payload before Bolt takes it apart: Bolt trusts in shapes, and breaks on others."""

from collections.abc import Mapping
from typing import Any, Final

from bot.chat.payloads import Json, Unreadable

_Types = tuple[type, ...]
_TEXT: Final[_Types] = (str,)
_OBJECT: Final[_Types] = (dict,)
_EITHER: Final[_Types] = (str, dict)
_SHAPES: Final[Mapping[str, tuple[_Types, Mapping[str, _Types]]]] = {
    "type": (_TEXT, {}),
    "command": (_TEXT, {}),
    "callback_id": (_TEXT, {}),
    "team_id": (_TEXT, {}),
    "enterprise_id": (_TEXT, {}),
    "user_id": (_TEXT, {}),
    "channel_id": (_TEXT, {}),
    "team": (_EITHER, {"id": _TEXT}),
    "enterprise": (_EITHER, {"id": _TEXT}),
    "user": (_EITHER, {"id": _TEXT}),
    "channel": (_EITHER, {"id": _TEXT}),
    "message": (_OBJECT, {}),
    "container": (_OBJECT, {}),
    "function_data": (_OBJECT, {}),
    "view": (_OBJECT, {"callback_id": _TEXT}),
    "event": (
        _OBJECT,
        {
            "subtype": _TEXT,
            "user": _EITHER,
            "channel": _EITHER,
            "item": _OBJECT,
            "message": _OBJECT,
            "previous_message": _OBJECT,
            "assistant_thread": _OBJECT,
        },
    ),
}
"""What Bolt reads of a payload, of which types that may be, and the same of what is in it.

All of it may be missing or null. Source: slack_bolt 1.30, ``request/internals.py``,
``listener_matcher/builtins.py``.
"""
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "actions": ("type", "action_id"),
    "authorizations": (),
    "response_urls": ("response_url",),
}
"""Lists of objects, and the texts that each object has."""


def checked(told: Json) -> Json:
    """Return the payload without what is null in it: Bolt looks into all that is there.

    A view that does not say of which type it is, is of none: Bolt asks, and only of views.
    ``Unreadable`` for one that Bolt would break on all the same.
    """
    payload = {key: found for key, found in told.items() if found is not None}
    if isinstance(view := payload.get("view"), dict):
        payload["view"] = {"type": "", **view}
    for name, found in payload.items():
        if name in _SHAPES:
            _check(name, found)
        elif name in _LISTS:
            _check_list(name, found, _LISTS[name])
    if "event" in payload and not _has(payload["event"], ("type",)):
        raise _unreadable("event")
    return payload


def _check(name: str, found: Any) -> None:  # noqa: ANN401 - any JSON
    types, parts = _SHAPES[name]
    if not isinstance(found, types):
        raise _unreadable(name)
    if not isinstance(found, dict):
        return
    for part, its in parts.items():
        if found.get(part) is not None and not isinstance(found[part], its):
            raise _unreadable(name, part)


def _check_list(name: str, found: Any, texts: tuple[str, ...]) -> None:  # noqa: ANN401 - any JSON
    whole = isinstance(found, list) and all(_has(each, texts) for each in found)
    if not whole or (name == "actions" and not found):
        raise _unreadable(name)


def _has(found: Any, texts: tuple[str, ...]) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether it is an object with all of these texts."""
    return isinstance(found, dict) and all(isinstance(found.get(key), str) for key in texts)


def _unreadable(*path: str) -> Unreadable:
    return Unreadable(f"another shape than expected: {'.'.join(path)}")

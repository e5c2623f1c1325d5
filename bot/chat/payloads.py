"""A platform's payloads taken apart with care: what has another shape than it describes is refused.

A payload that cannot be read changes nothing: guessing at half of it might.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

Json = dict[str, Any]

_ID: Final = re.compile(r"[\w.:-]{1,255}", re.ASCII)


class Unreadable(Exception):  # noqa: N818 - an outcome, not a fault in the program
    """A payload has another shape than its platform describes. The text names the place alone."""


def text(payload: Mapping[str, Any], *path: str, missing: str | None = None) -> str:
    """Return the text there; ``missing`` for none (or null), without it ``Unreadable``."""
    found = _at(payload, path)
    if isinstance(found, str):
        return found
    if found is None and missing is not None:
        return missing
    raise _unreadable(path)


def ident(payload: Mapping[str, Any], *path: str, missing: str | None = None) -> str:
    """Return the id there: letters, digits and a few signs; ``missing`` as in ``text``."""
    found = _at(payload, path)
    if found is None and missing is not None:
        return missing
    if isinstance(found, str) and (found == missing or _ID.fullmatch(found)):
        return found
    raise _unreadable(path)


def inner(payload: Mapping[str, Any], *path: str) -> Json:
    """Return the object there; an empty one for none (or null)."""
    found = _at(payload, path)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _unreadable(path)
    return found


def objects(payload: Mapping[str, Any], *path: str) -> list[Json]:
    """Return the objects in the list there; none for no list (or null)."""
    found = _at(payload, path) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _unreadable(path)
    return found


def idents(payload: Mapping[str, Any], *path: str) -> tuple[str, ...]:
    """Return the ids in the list there; none for no list (or null)."""
    found = _at(payload, path) or []
    if not isinstance(found, list):
        raise _unreadable(path)
    if not all(isinstance(each, str) and _ID.fullmatch(each) for each in found):
        raise _unreadable(path)
    return tuple(found)


def texts(payload: Mapping[str, Any], *path: str) -> tuple[str, ...]:
    """Return the texts in the list there; none for no list (or null)."""
    found = _at(payload, path) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise _unreadable(path)
    return tuple(found)


def _at(payload: object, path: tuple[str, ...]) -> object:
    """Return what stands at the path, None where it ends early."""
    found: object = payload
    for key in path:
        if isinstance(found, dict):
            found = found.get(key)
        elif found is None:
            return None
        else:
            raise _unreadable(path)
    return found


def _unreadable(path: tuple[str, ...]) -> Unreadable:
    return Unreadable(f"another shape than expected: {'.'.join(path)}")

"""Slack's own description of blocks and views, where the shared data lies beside the project."""

import functools
import json
from typing import Any

from tests.support.shared_data import PLATFORM
from tests.support.slack.world import Json

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "integer": int,
    "object": dict,
    "array": list,
}


@functools.cache
def definitions() -> Json:
    """Return the definitions by name; none where the data is not there."""
    path = PLATFORM / "slack-blocks.schema.json"
    if not path.exists():
        return {}
    found: Json = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    return found


def problems(value: object, name: str, at: str) -> list[str]:
    """Return what of the value does not fit the definition of that name."""
    found = definitions()
    return _check(value, found[name], at) if name in found else []


def _check(value: Any, schema: Json, at: str) -> list[str]:  # noqa: ANN401 - any JSON
    if "$ref" in schema:
        return _check(value, definitions()[schema["$ref"].rsplit("/", 1)[1]], at)
    if "anyOf" in schema:
        return _any(value, schema["anyOf"], at)
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if allowed is not None and value not in allowed:
        return [f"must be one of {allowed} [json-pointer:{at}]"]
    kind = schema.get("type")
    if kind is not None and not _is(value, kind):
        return [f"must be a {kind} [json-pointer:{at}]"]
    if isinstance(value, dict):
        return _object(value, schema, at)
    items = schema.get("items", {}) if isinstance(value, list) else {}
    return [
        p for n, each in enumerate(value if items else ()) for p in _check(each, items, f"{at}/{n}")
    ]


def _is(value: object, kind: str | list[str]) -> bool:
    kinds = [kind] if isinstance(kind, str) else kind
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, _TYPES[each]) for each in kinds)


def _object(value: Json, schema: Json, at: str) -> list[str]:
    known = schema.get("properties", {})
    missing = [key for key in schema.get("required", ()) if key not in value]
    extra = [key for key in value if key not in known]
    found = [f"missing required field: {key} [json-pointer:{at}]" for key in missing]
    if schema.get("additionalProperties") is False:
        found += [f"unknown field: {key} [json-pointer:{at}]" for key in extra]
    for key, each in value.items():
        if key in known:
            found += _check(each, known[key], f"{at}/{key}")
    return found


def _any(value: object, choices: list[Json], at: str) -> list[str]:
    """Return the problems by the choice that was meant: the one of the same ``type``."""
    unknown = [f"unsupported type [json-pointer:{at}/type]"]
    tried: list[list[str]] = []
    for choice in choices:
        if _of_another_type(value, choice):
            continue
        tried.append(_check(value, choice, at))
        if not tried[-1]:
            return []
    return min((found for found in tried if found != unknown), key=len, default=unknown)


def _of_another_type(value: object, choice: Json) -> bool:
    if "$ref" in choice:
        choice = definitions()[choice["$ref"].rsplit("/", 1)[1]]
    const = choice.get("properties", {}).get("type", {}).get("const")
    return isinstance(value, dict) and const is not None and value.get("type") != const

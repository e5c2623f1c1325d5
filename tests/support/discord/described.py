"""Discord's published description of its API, where the shared data lies beside the project."""

import copy
import functools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tests.support.discord.world import Json
from tests.support.shared_data import PLATFORM

DESCRIPTION: Final = PLATFORM / "discord-openapi.json"


def body_problems(method: str, template: str, body: object) -> list[str]:
    """Return what of a request's body does not fit the description; nothing where there is none.

    ``template`` is the path as described: "/channels/{channel_id}/messages".
    """
    validator = _validator(method.lower(), template)
    return [] if validator is None else list(_problems(validator, body))


def form_problems(modal: object) -> list[str]:
    """Return what of a modal does not fit the description."""
    validator = _named("ModalInteractionCallbackRequestData")
    return [] if validator is None else list(_problems(validator, modal))


def message_problems(message: object) -> list[str]:
    """Return what of a message to be sent does not fit the description."""
    validator = _named("MessageCreateRequest")
    return [] if validator is None else list(_problems(validator, message))


@functools.cache
def description() -> Json | None:
    """Return the description; it allows ids as numbers, too, as Discord does when it reads."""
    if not DESCRIPTION.exists():
        return None
    found: Json = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    named = found["components"]["schemas"]["SnowflakeType"]
    found["components"]["schemas"]["SnowflakeType"] = {
        "anyOf": [copy.copy(named), {"type": "integer", "minimum": 0}]
    }
    return found


@functools.cache
def _validator(method: str, template: str) -> "Described | None":
    found = description()
    if found is None:
        return None
    operation = found["paths"].get(template, {}).get(method, {})
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _made(found, content["application/json"]["schema"])


@functools.cache
def _named(name: str) -> "Described | None":
    found = description()
    return None if found is None else _made(found, {"$ref": f"#/components/schemas/{name}"})


def _made(found: Json, schema: Json) -> "Described":
    whole = {**schema, "components": found["components"]}
    return Described(
        fits=jsonschema_rs.Draft202012Validator(whole).is_valid,
        errors=Draft202012Validator(whole).iter_errors,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Two readings of one schema: whether something fits, a hundred times as fast as why not."""

    fits: Callable[[object], bool]
    errors: Callable[[object], Iterable[ValidationError]]


def _problems(described: Described, body: object) -> Iterator[str]:
    if not described.fits(body):
        for error in described.errors(body):
            yield from _told(error)


def _told(error: ValidationError) -> Iterator[str]:
    """Tell what is wrong; of several alternatives by the one that was meant, the same ``type``."""
    if error.validator not in {"oneOf", "anyOf"} or not error.context:
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        return
    choices: dict[object, list[ValidationError]] = {}
    for each in error.context:
        choices.setdefault(each.schema_path[0], []).append(each)
    meant = [own for own in choices.values() if not any(map(_of_another_type, own))]
    for each in min(meant or choices.values(), key=len):
        yield from _told(each)


def _of_another_type(error: ValidationError) -> bool:
    own = list(error.relative_path)
    return own == ["type"] or (not own and error.validator == "type")

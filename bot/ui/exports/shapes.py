"""Domain values as JSON and back, by their annotations: one description for both directions.

A field at its default is left out. Instants are ISO 8601 in UTC, dates ISO 8601.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.domain.ids import ItemId, MemberId
from bot.domain.planning.items import MOST_MINUTES
from bot.domain.planning.texts import FIELD_LENGTH, LINK_LENGTH, clean
from bot.templates.reading import Reader

T = TypeVar("T")

_LONGEST = {"title": 200, "link": LINK_LENGTH, "zone": 60, "platform": 30}
_MOST_ITEMS = 1000
_MOST_NUMBER = 1_000_000
_REFERENCE = re.compile(r"[pif][1-9][0-9]{0,6}")
_LINK = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_YEARS = range(1970, 2200)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def write(value: object) -> Any:  # noqa: ANN401 - JSON has no type
    """Return a domain value as what ``json`` writes."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [write(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _write_fields(value)
    return dict(value) if isinstance(value, Mapping) else value


def _write_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {
        field.name: write(getattr(value, field.name))
        for field in dataclasses.fields(value)
        if getattr(value, field.name) != _default(field)
    }


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


class People:
    """The references a document declares; every reference to a person must be one of them."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def declare(self, reader: Reader) -> None:
        """Take in one person of the document."""
        keys = reader.mapping(("ref", "name"), required=("ref", "name"))
        ref = reference(keys["ref"], "p")
        if ref in self.names:
            keys["ref"].fault("is there twice")
        self.names[ref] = text(keys["name"], 100) if keys["name"].text(100) else ""

    def known(self, reader: Reader) -> MemberId:
        """Return a reference to a person."""
        ref = reference(reader, "p")
        if ref not in self.names:
            reader.fault("names nobody in “people”")
        return MemberId(ref)


def reference(reader: Reader, letter: str) -> str:
    """Return a reference like p1, i12 or f3."""
    text = reader.text(8)
    if text and not (_REFERENCE.fullmatch(text) and text[0] == letter):
        reader.fault(f"must be a reference like {letter}1")
    return text


def read(reader: Reader, of: type[T], people: People, beside: tuple[str, ...] = ()) -> T:
    """Return the dataclass in a mapping that may hold the keys ``beside``, too.

    What is wrong is in the reader's faults; then the value is of no use.
    """
    fields = {f.name: f for f in dataclasses.fields(of) if f.name != "detail"}  # type: ignore[arg-type]
    required = [name for name, f in fields.items() if _default(f) is dataclasses.MISSING]
    keys = reader.mapping([*fields, *beside], required=required)
    hints = _hints(of)
    given = {name: _read(keys[name], hints[name], name, people) for name in fields if name in keys}
    return of(**{**dict.fromkeys(required), **given})


_hints: Callable[[Any], Mapping[str, Any]] = cache(get_type_hints)


def _read(reader: Reader, hint: Any, name: str, people: People) -> Any:  # noqa: ANN401 - by hint
    if NoneType in get_args(hint):
        return _read(reader, get_args(hint)[0], name, people)
    if get_origin(hint) is tuple:
        one = get_args(hint)[0]
        return tuple(_read(item, one, name, people) for item in reader.items(_MOST_ITEMS))
    if hint is MemberId:
        return people.known(reader)
    if hint is ItemId:
        return ItemId(reference(reader, "i"))
    return _read_plain(reader, hint, name)


def _read_plain(reader: Reader, hint: Any, name: str) -> Any:  # noqa: ANN401 - by hint
    if hint is datetime:
        return instant(reader)
    if hint is date:
        return _day(reader)
    if hint is int:
        return reader.number(1, MOST_MINUTES if name == "minutes" else _MOST_NUMBER)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return reader.choice(hint)
    if name == "file":
        return reference(reader, "f")
    return link(reader) if name == "link" else text(reader, _LONGEST.get(name, FIELD_LENGTH))


def text(reader: Reader, longest: int = FIELD_LENGTH) -> str:
    """Return a text as members' texts are: clean, at most so long, maybe empty."""
    given = reader.text(longest, empty=True)
    if given != clean(given):
        reader.fault("holds control characters, or blanks around it")
    return given


def link(reader: Reader) -> str:
    """Return a web address, or nothing."""
    given = text(reader, LINK_LENGTH)
    if given and not _LINK.fullmatch(given):
        reader.fault("must be a web address that begins with http:// or https://")
    return given


def instant(reader: Reader) -> datetime:
    """Return an instant in UTC."""
    given = reader.text(40)
    try:
        at = datetime.fromisoformat(given).astimezone(UTC) if "T" in given else None
        aware = at and datetime.fromisoformat(given).tzinfo
    except (ValueError, OverflowError):
        at = aware = None
    if at is None or aware is None or at.year not in _YEARS:
        reader.fault("must be an instant with its offset, like 2026-11-30T08:15:00+00:00")
        return _NEVER
    return at


def _day(reader: Reader) -> date:
    given = reader.text(10)
    try:
        on = date.fromisoformat(given)
    except ValueError:
        on = date.min
    if on.year not in _YEARS:
        reader.fault("must be a date like 2026-11-30")
    return on

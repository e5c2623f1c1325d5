"""Read a tree of plain values, noting what is wrong and where instead of stopping at it.

The tree is what YAML or JSON gives: mappings, lists, texts, whole numbers, booleans, null. A
reader always returns something usable, so that one look finds several mistakes; the caller asks
``faults`` before it trusts what it read.
"""

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

E = TypeVar("E", bound=Enum)

Path = tuple[str | int, ...]
"""From the root of the document: keys and positions."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, at ``path``."""

    path: Path
    reason: str


def dotted(path: Path) -> str:
    """Return a path in words: ``steps[1].fields[0].label``."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return _SHOWN.sub("?", shown.removeprefix("."))[:120]


_SHOWN = re.compile(r"[^ -~\w]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Reader:
    """One value of the tree, where it stands, and the list of faults shared by all readers."""

    __slots__ = ("faults", "path", "value")

    def __init__(self, value: object, path: Path = (), faults: list[Fault] | None = None) -> None:
        self.value = value
        self.path = path
        self.faults = [] if faults is None else faults

    def fault(self, reason: str) -> None:
        """Note that something is wrong with this value."""
        self.faults.append(Fault(self.path, reason))

    def mapping(self, known: Collection[str], required: Collection[str] = ()) -> "Keys":
        """Return the keys of this mapping; unknown ones and missing ones are faults."""
        if not isinstance(self.value, dict):
            self.fault(f"must have keys ({', '.join(required or known)}), not {kind(self.value)}")
            return Keys(self, {})
        for key in self.value:
            if key not in known:
                self._at(key).fault(f"is not a key that is known here{_nearest(key, known)}")
        for key in required:
            if key not in self.value:
                self._at(key).fault("is missing")
        return Keys(self, self.value)

    def _at(self, key: str | int, value: object = None) -> "Reader":
        return Reader(value, (*self.path, key), self.faults)

    def items(self, most: int) -> list["Reader"]:
        """Return the items of this list, of which there may be ``most``."""
        if not isinstance(self.value, list):
            self.fault(f"must be a list, not {kind(self.value)}")
            return []
        if len(self.value) > most:
            self.fault(f"has {len(self.value)} items; at most {most} are possible")
        return [self._at(n, item) for n, item in enumerate(self.value[:most])]

    def text(self, longest: int, *, empty: bool = False) -> str:
        """Return this text as it is, at most ``longest`` characters."""
        if not isinstance(self.value, str):
            quotes = "; put it in quotes" if isinstance(self.value, bool | int) else ""
            self.fault(f"must be text, not {kind(self.value)}{quotes}")
            return ""
        if not self.value.strip() and not empty:
            self.fault("is empty")
        if len(self.value) > longest:
            self.fault(f"has {len(self.value)} characters; at most {longest} fit")
        if not _storable(self.value):
            self.fault("holds a character that cannot be stored")
            return ""
        return self.value[:longest]

    def line(self, longest: int, *, empty: bool = False) -> str:
        """Return this text as one line: blanks and line ends become single blanks."""
        if not isinstance(self.value, str):
            return self.text(longest, empty=empty)
        one = " ".join(self.value.split())
        if _CONTROL.search(one):
            self.fault("holds a control character")
            return ""
        return Reader(one, self.path, self.faults).text(longest, empty=empty)

    def key(self, longest: int) -> str:
        """Return this text as a key: lower-case letters, digits and hyphens."""
        text = self.text(longest)
        if text and not _KEY.fullmatch(text):
            self.fault("must be lower-case letters and digits, with hyphens between (like my-key)")
        return text

    def number(self, least: int, most: int) -> int:
        """Return this whole number between ``least`` and ``most``."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fault(f"must be a whole number, not {kind(self.value)}")
            return least
        if not least <= self.value <= most:
            self.fault(f"must be between {least} and {most}")
            return least
        return self.value

    def truth(self) -> bool:
        """Return this true or false."""
        if not isinstance(self.value, bool):
            self.fault(f"must be true or false, not {kind(self.value)}")
            return False
        return self.value

    def choice(self, of: type[E]) -> E:
        """Return the member of an enumeration of texts that this names."""
        for member in of:
            if isinstance(self.value, str) and member.value == self.value:
                return member
        known = [str(member.value) for member in of]
        self.fault(f"must be one of {', '.join(known)}{_nearest(self.value, known)}")
        return next(iter(of))


_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Keys:
    """The values of a mapping by key."""

    __slots__ = ("_values", "_whole")

    def __init__(self, whole: Reader, values: Mapping[str, object]) -> None:
        self._whole = whole
        self._values = values

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def __getitem__(self, key: str) -> Reader:
        """Return the reader of a key; of a missing one (a fault already) it reads null."""
        whole = self._whole
        if key in self._values:
            return Reader(self._values[key], (*whole.path, key), whole.faults)
        return Reader(None, (*whole.path, key), [])

    def missing(self, key: str, reason: str) -> None:
        """Note what is wrong with a key that is not there."""
        self._whole.faults.append(Fault((*self._whole.path, key), reason))


def kind(value: object) -> str:
    """Return what sort of value it is, in words."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "keys with values"


def _nearest(given: object, known: Collection[str]) -> str:
    near = difflib.get_close_matches(str(given)[:40], known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _storable(text: str) -> bool:
    """Tell whether every database takes the text: no NUL, no lone surrogate."""
    return "\x00" not in text and not any(unicodedata.category(c) == "Cs" for c in text)

"""Marks: which thing a member heard of when, and in the message of which occurrence.

Most were a reminder or a follow-up, which are counted. What came *again*, because the member had
put it off, is not: it was they who asked for it.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

_STAMP = "%Y%m%dT%H%M%SZ"
_AGAIN = "again"


class Heard(NamedTuple):
    """When a member was reminded of one thing (UTC), and when it came again; oldest first."""

    counted: tuple[datetime, ...] = ()
    again: tuple[datetime, ...] = ()


UNHEARD = Heard()


class _Mark(NamedTuple):
    key: str
    at: datetime
    occurrence: str
    again: bool


def mark(key: str, at: datetime, occurrence: str, *, again: bool = False) -> str:
    """Return the key under which it is kept that the member heard of the thing ``key``.

    It tells when (the follow-up must not come on the day of a late first reminder), in the message
    of which occurrence (what that holds is asked again when it is sent), and whether it is not
    counted because it only came ``again``.
    """
    text = f"{key}@{_stamp(at)}/{occurrence}"
    return f"{text}/{_AGAIN}" if again else text


@lru_cache(maxsize=64)  # all that is told in one unit of work is told at one instant
def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_STAMP)


def heard(marks: Iterable[str]) -> dict[str, Heard]:
    """Return when the member heard of each thing, from the marks kept so far."""
    found: dict[str, tuple[list[datetime], list[datetime]]] = {}
    for one in _read(marks):
        counted, again = found.setdefault(one.key, ([], []))
        (again if one.again else counted).append(one.at)
    return {key: Heard(counted=tuple(c), again=tuple(a)) for key, (c, a) in found.items()}


def told_in(marks: Iterable[str], occurrence: str) -> frozenset[str]:
    """Return the keys of the things that the message of ``occurrence`` speaks about.

    Not of those that a later message speaks about: a message that was held up is not sent beside
    the one that followed it.
    """
    return frozenset([key for key, of in latest(marks).items() if of == occurrence])


def latest(marks: Iterable[str]) -> dict[str, str]:
    """Return the occurrence whose message was the last to speak about each thing."""
    return {one.key: one.occurrence for one in _read(marks)}


def spoken_of(marks: Iterable[str], occurrence: str) -> frozenset[str]:
    """Return the keys of all things that the message of ``occurrence`` was to speak about."""
    return frozenset(one.key for one in _read(marks) if one.occurrence == occurrence)


def only_again(marks: Iterable[str], occurrence: str) -> bool:
    """Tell whether all that the message of ``occurrence`` speaks about had been put off."""
    return all(one.again for one in _read(marks) if one.occurrence == occurrence)


def _read(marks: Iterable[str]) -> tuple[_Mark, ...]:
    """Return the marks, oldest first; what is none is left out."""
    return _in_order(tuple(marks))


@lru_cache(maxsize=64)  # of the same marks several things are asked, one after another
def _in_order(marks: tuple[str, ...]) -> tuple[_Mark, ...]:
    found = []
    for text in marks:
        key, _, rest = text.rpartition("@")
        stamp, _, told = rest.partition("/")
        occurrence, _, again = told.partition("/")
        with suppress(ValueError):
            at = datetime.fromisoformat(stamp)  # costs a thirtieth of strptime
            if at.tzinfo is not None:
                found.append(_Mark(key=key, at=at, occurrence=occurrence, again=again == _AGAIN))
    return tuple(sorted(found, key=attrgetter("at")))

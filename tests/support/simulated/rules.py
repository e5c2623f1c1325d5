"""When a thing is to be told: product.md §6 in the judge's own words, one period after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.simulated.facts import DAY
from tests.support.simulated.free import LOOK_AHEAD, Free, Piece

Key = tuple[str, str]
"""A plan, and what waits in it."""
WEEK = timedelta(days=7)
GRACE = 5 * 60
"""Seconds given to somebody for whom something begins to wait while they are free."""
TO_GET_THERE = 10 * 60
"""Seconds between being told of a session and its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something with a date that waits on somebody.

    ``due`` is their date; ``meets`` is when a session begins of which they are only told.
    """

    key: Key
    due: date
    meets: int | None


def when(free: Free, thing: Thing, told: Sequence[int], heard: int, now: int) -> Piece | None:
    """Return the piece of free time in which the thing is to be told: it runs, or lies ahead.

    ``told`` is when it was, as far as it counts, ``heard`` when they last heard of it at all.
    """
    if len(told) >= free.person.nudges:
        return None
    if thing.meets is not None:
        return None if told else _before_session(free, thing.meets, now)
    if not told:
        return _first(free, thing.due, now)
    return _once_more(free, max(thing.due, free.date(max(heard, *told))), now)


def _first(free: Free, due: date, now: int) -> Piece | None:
    """In the first free period of the day, else the last of the week before, else when free."""
    begins, ends = free.midnight(due), free.midnight(due + DAY)
    counting = free.counting(free.midnight(due - WEEK))
    left = [
        _cut(p, free.midnight(due - WEEK), ends)
        for p in counting.between(free.midnight(due - WEEK), ends)
        if min(p.end, ends) > now
    ]
    that_day = [p for p in left if p.start >= begins]
    if that_day:
        return that_day[0]
    return left[-1] if left else _as_soon_as_free(free, max(now, begins))


def _as_soon_as_free(free: Free, at: int) -> Piece | None:
    found = free.counting(at).next(at)
    return _cut(found, at, found.end) if found else None


def _before_session(free: Free, begins: int, now: int) -> Piece | None:
    """In the last free period that begins long enough before it, that day or the day before."""
    today = free.date(begins)
    earliest = max(now, free.midnight(today - DAY))
    counting = free.counting(earliest)
    pieces = [_cut(p, earliest, begins + 1) for p in counting.between(earliest, begins + 1)]
    early = [p for p in pieces if p.start <= begins - TO_GET_THERE]
    that_day = [p for p in early if p.end > free.midnight(today)]
    best = that_day or early or pieces
    return best[-1] if best else None


def _once_more(free: Free, after: date, now: int) -> Piece | None:
    """In the first free period of a school day later than ``after``."""
    at = max(now, free.midnight(after + DAY))
    limit = at + LOOK_AHEAD * 24 * 60 * 60
    while at < limit:
        piece = _as_soon_as_free(free, at)
        if piece is None or free.school_day(piece.day):
            return piece
        at = piece.end
    return None


def _cut(piece: Piece, start: int, end: int) -> Piece:
    return Piece(start=max(piece.start, start), end=min(piece.end, end), day=piece.day)

"""Common slots of several people, ranked by what they cost, and what to do when there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import (
    Availability,
    FreePeriod,
    Span,
    next_free_period,
    spans,
)
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.instants import moment_of, seconds_of

SHORTEST = 15
"""Minutes: a shorter overlap is no use to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSlot:
    """Time that all have free, from ``start`` to ``end`` (aware, UTC).

    ``costs`` says what it costs each one. ``partial``: it is shorter than some member's period.
    ``periods`` names the period of each one who is at school then.
    """

    start: datetime
    end: datetime
    costs: Mapping[MemberId, Cost]
    partial: bool
    periods: Mapping[MemberId, str]


class _Joint(NamedTuple):
    """Time that the first so many people have free; seconds since 1970, the people in order."""

    start: int
    end: int
    costs: tuple[Cost, ...]
    periods: tuple[str | None, ...]
    partial: bool

    @property
    def named(self) -> bool:
        """Tell whether it is part of anybody's period."""
        return any(period is not None for period in self.periods)


def common_slots(
    people: Mapping[MemberId, Availability],
    start: datetime,
    end: datetime,
    min_minutes: int = SHORTEST,
) -> list[CommonSlot]:
    """Return the slots that all ``people`` have free between two instants (aware), best first.

    Ranked by the dearest cost, then the sum of costs, then length (longer first), then date. Whole
    shared periods count at any length, parts of periods and of hours from ``min_minutes`` on.
    InvalidInput when somebody's period has no clock times.
    """
    first, last = seconds_of(start), seconds_of(end)
    joints = [_Joint(first, last, (), (), partial=False)]
    for availability in people.values():
        joints = _meet(joints, list(spans(availability, first, last)))
        if not joints:
            break
    if not people:
        return []
    slots = (joint for joint in _merged(joints) if _long_enough(joint, min_minutes * 60))
    return [_slot(tuple(people), joint) for joint in sorted(slots, key=_rank)]


def _meet(joints: list[_Joint], others: list[Span]) -> list[_Joint]:
    """Return the overlaps of two lists, both sorted and free of overlaps within themselves."""
    met, one, other = [], 0, 0
    while one < len(joints) and other < len(others):
        joint, span = joints[one], others[other]
        if max(joint.start, span.start) < min(joint.end, span.end):
            met.append(_overlap(joint, span))
        if joint.end <= span.end:
            one += 1
        else:
            other += 1
    return met


def _overlap(joint: _Joint, span: Span) -> _Joint:
    """Return the time that ``joint`` and ``span`` share."""
    start, end = max(joint.start, span.start), min(joint.end, span.end)
    length = end - start
    cut = joint.named and length < joint.end - joint.start
    cut = cut or (span.period is not None and length < span.end - span.start)
    return _Joint(
        start,
        end,
        (*joint.costs, span.cost),
        (*joint.periods, span.period),
        partial=joint.partial or cut,
    )


def _merged(joints: list[_Joint]) -> list[_Joint]:
    """Join parts of periods that follow each other without a break.

    Somebody's long period then is not cut in two because another one's bell rings in between.
    """
    merged: list[_Joint] = []
    for joint in joints:
        before = merged[-1] if merged else None
        if before and before.partial and joint.partial and before.end == joint.start:
            merged[-1] = _joined(before, joint)
        else:
            merged.append(joint)
    return merged


def _joined(one: _Joint, other: _Joint) -> _Joint:
    """Return two joints, one right after the other, as one; each person's dearer cost holds."""
    return _Joint(
        one.start,
        other.end,
        tuple(max(pair, key=_price) for pair in zip(one.costs, other.costs, strict=True)),
        tuple(_both(*pair) for pair in zip(one.periods, other.periods, strict=True)),
        partial=True,
    )


def _price(cost: Cost) -> int:
    """Return the price of a cost."""
    return cost.price


def _both(one: str | None, other: str | None) -> str | None:
    """Return the names of two periods in a row, each once."""
    names = [name for name in (one, other) if name is not None]
    return ", ".join(name for name, _ in groupby(names)) or None


def _long_enough(joint: _Joint, shortest: int) -> bool:
    """Tell whether a slot is worth offering: a whole period, or ``shortest`` seconds."""
    return joint.end - joint.start >= shortest or (joint.named and not joint.partial)


def _rank(joint: _Joint) -> tuple[int, int, int, int]:
    """Return the key that puts the best slot first."""
    prices = [cost.price for cost in joint.costs]
    return max(prices), sum(prices), joint.start - joint.end, joint.start


def _slot(members: Iterable[MemberId], joint: _Joint) -> CommonSlot:
    """Return a joint in the words of the domain."""
    members = tuple(members)
    periods = zip(members, joint.periods, strict=True)
    return CommonSlot(
        start=moment_of(joint.start),
        end=moment_of(joint.end),
        costs=dict(zip(members, joint.costs, strict=True)),
        partial=joint.partial,
        periods={member: period for member, period in periods if period is not None},
    )


def async_offer(
    people: Mapping[MemberId, Availability], start: datetime, end: datetime
) -> list[tuple[MemberId, FreePeriod]]:
    """Return an asynchronous session: hand-offs, one after another, each in one's own free period.

    Whoever can begin first does; the next one's period begins when that one's has ended. Somebody
    without a free period before ``end`` is left out. InvalidInput as in ``common_slots``.
    """
    offer: list[tuple[MemberId, FreePeriod]] = []
    waiting = dict(people)
    at = start
    while waiting:
        nexts = [(member, next_free_period(one, at, end)) for member, one in waiting.items()]
        able = [(member, free) for member, free in nexts if free is not None]
        if not able:
            break
        member, free = min(able, key=lambda pair: pair[1].start)
        offer.append((member, free))
        at = free.end
        del waiting[member]
    return offer

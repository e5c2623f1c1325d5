"""Common slots of several people, ranked by what they cost, and what to do when there is none."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import groupby
from operator import and_
from typing import NamedTuple

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import (
    Availability,
    Span,
    spans,
)
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.each import Each
from bot.domain.timetable.instants import moment_of, seconds_of
from bot.domain.timetable.yearmask import COSTS, Axis, YearMask, worthy_mask

_PRICES = bytes(COSTS[place].price if place < len(COSTS) else 0 for place in range(256))
"""From the places of costs to their prices."""
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
    """Time that some people have free; seconds since 1970, costs and periods in their order."""

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
    groups, others = _parted(people, last - first)
    if len(groups) == 1 and not others:
        (axis, masks) = groups[0]
        found = list(axis.within(_all_free(masks.values()), first, last))
        if not found or (axis.starts[found[0]] >= first and axis.ends[found[-1]] <= last):
            return _whole(axis, masks, found)
    order, joints = _joints(people, first, last)
    if not joints:
        return []
    slots = (joint for joint in _merged(joints) if _long_enough(joint, min_minutes * 60))
    wanted = list(people)
    moved = None if order == wanted else [order.index(member) for member in wanted]
    return [_slot(wanted, moved, joint) for joint in sorted(slots, key=_rank)]


def _whole(axis: Axis, masks: Mapping[MemberId, YearMask], found: list[int]) -> list[CommonSlot]:
    """Return whole periods that everybody has free as slots, best first."""
    width, rows = len(axis.starts), b"".join([mask.costs for mask in masks.values()])
    ranked = []
    for at in found:
        costs = rows[at::width]
        prices = costs.translate(_PRICES)
        start, end = axis.starts[at], axis.ends[at]
        ranked.append((max(prices), sum(prices), start - end, start, at, costs))
    ranked.sort()
    places = {member: place for place, member in enumerate(masks)}
    alike = bytes(len(places))
    return [
        CommonSlot(
            start=moment_of(start),
            end=moment_of(axis.ends[at]),
            costs=Each(places, costs, COSTS),
            partial=False,
            periods=Each(places, alike, (axis.names[at],)),
        )
        for _, _, _, start, at, costs in ranked
    ]


def common_times(
    people: Mapping[MemberId, Availability], start: datetime, end: datetime
) -> list[tuple[int, int]]:
    """Return what of the time between two instants (aware) all ``people`` have free, in order.

    Starts and ends in seconds since 1970, however short, and without anybody's costs: for sixty
    people and a year in as good as no time.
    """
    first, last = seconds_of(start), seconds_of(end)
    groups, others = _parted(people, last - first)
    if others or len(groups) != 1:
        return [(joint.start, joint.end) for joint in _joints(people, first, last)[1]]
    (axis, masks) = groups[0]
    starts, ends = axis.starts, axis.ends
    found = axis.within(_all_free(masks.values()), first, last)
    return [(max(starts[at], first), min(ends[at], last)) for at in found]


def _joints(
    people: Mapping[MemberId, Availability], first: int, last: int
) -> tuple[list[MemberId], list[_Joint]]:
    """Return what all have free between two instants, and the people in the order of its costs."""
    joints = [_Joint(first, last, (), (), partial=False)] if people else []
    order: list[MemberId] = []
    groups, others = _parted(people, last - first)
    for axis, masks in groups:
        joints = _meet(joints, list(_shared(axis, masks.values(), first, last)))
        order += masks
    for member, availability in others.items():
        if not joints:
            break
        joints = _meet(joints, [_alone(span) for span in spans(availability, first, last)])
        order.append(member)
    return order, joints


def _parted(
    people: Mapping[MemberId, Availability], seconds: int
) -> tuple[list[tuple[Axis, dict[MemberId, YearMask]]], dict[MemberId, Availability]]:
    """Return those with masks for so much time, by their axis, and the others."""
    groups: list[tuple[Axis, dict[MemberId, YearMask]]] = []
    others: dict[MemberId, Availability] = {}
    last: Axis | None = None
    masks: dict[MemberId, YearMask] = {}
    for member, availability in people.items():
        mask = worthy_mask(availability, seconds)
        if mask is None or mask.axis is None:
            others[member] = availability
            continue
        if mask.axis is not last:
            last = mask.axis
            masks = next((known for axis, known in groups if axis is last), {})
            if not masks:
                groups.append((last, masks))
        masks[member] = mask
    return groups, others


def _all_free(masks: Iterable[YearMask]) -> int:
    """Return the bits that are set in all masks."""
    return reduce(and_, (mask.bits for mask in masks))


def _shared(axis: Axis, masks: Collection[YearMask], first: int, last: int) -> Iterator[_Joint]:
    """Yield the whole periods that all of the masks have free, of those that touch a time."""
    width, rows = len(axis.starts), b"".join([mask.costs for mask in masks])
    for at in axis.within(_all_free(masks), first, last):
        costs = tuple([COSTS[place] for place in rows[at::width]])
        periods = (axis.names[at],) * len(costs)
        yield _Joint(axis.starts[at], axis.ends[at], costs, periods, partial=False)


def _alone(span: Span) -> _Joint:
    return _Joint(span.start, span.end, (span.cost,), (span.period,), partial=span.cut)


def _meet(joints: list[_Joint], others: list[_Joint]) -> list[_Joint]:
    """Return the overlaps of two lists, both sorted and free of overlaps within themselves."""
    met, one, other = [], 0, 0
    while one < len(joints) and other < len(others):
        joint, added = joints[one], others[other]
        if max(joint.start, added.start) < min(joint.end, added.end):
            met.append(_overlap(joint, added))
        if joint.end <= added.end:
            one += 1
        else:
            other += 1
    return met


def _overlap(joint: _Joint, added: _Joint) -> _Joint:
    """Return the time that two joints of different people share."""
    start, end = max(joint.start, added.start), min(joint.end, added.end)
    length = end - start
    cut = joint.named and length < joint.end - joint.start
    cut = cut or (added.named and length < added.end - added.start)
    return _Joint(
        start,
        end,
        joint.costs + added.costs,
        joint.periods + added.periods,
        partial=joint.partial or added.partial or cut,
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


def _slot(members: list[MemberId], moved: list[int] | None, joint: _Joint) -> CommonSlot:
    """Return a joint in the words of the domain.

    ``moved`` tells where in the joint each of ``members`` stands, None: in their order.
    """
    costs, periods = joint.costs, joint.periods
    if moved is not None:
        costs = tuple(costs[at] for at in moved)
        periods = tuple(periods[at] for at in moved)
    named = zip(members, periods, strict=True)
    return CommonSlot(
        start=moment_of(joint.start),
        end=moment_of(joint.end),
        costs=dict(zip(members, costs, strict=True)),
        partial=joint.partial,
        periods={member: period for member, period in named if period is not None},
    )

"""The next free period of each of many people, and hand-offs from one to the other in them."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import (
    HORIZON,
    Availability,
    FreePeriod,
    next_free_period,
)
from bot.domain.timetable.instants import seconds_of
from bot.domain.timetable.yearmask import Axis, YearMask, worthy_mask

M = TypeVar("M")


def next_free_periods(
    people: Mapping[M, Availability], after: datetime, before: datetime | None = None
) -> dict[M, FreePeriod]:
    """Return ``next_free_period`` of everybody who has one."""
    limit = after + HORIZON if before is None else min(before, after + HORIZON)
    start, last = seconds_of(after), limit.timestamp()
    if after >= limit:
        return {}
    found: dict[M, FreePeriod] = {}
    axis: Axis | None = None
    low = 0
    for one, availability in people.items():
        mask = worthy_mask(availability, 0)
        if mask is None or mask.axis is None:
            period = next_free_period(availability, after, before)
        else:
            if mask.axis is not axis:
                axis, low = mask.axis, bisect_right(mask.axis.ends, start)
            period = _next(mask, axis, low, last)
        if period is not None:
            found[one] = (
                period if period.start >= after else period._replace(start=after.astimezone(UTC))
            )
    return found


def _next(mask: YearMask, axis: Axis, low: int, last: float) -> FreePeriod | None:
    """Return the first free period from number ``low`` on that begins before ``last``."""
    rest = mask.bits >> low
    at = low + (rest & -rest).bit_length() - 1
    if not rest or axis.starts[at] >= last:
        return None
    return mask.periods.get(at) or mask.free_period(at)


def async_offer(
    people: Mapping[MemberId, Availability], start: datetime, end: datetime
) -> list[tuple[MemberId, FreePeriod]]:
    """Return an asynchronous session: hand-offs, one after another, each in one's own free period.

    Whoever can begin first does; the next one's period begins when that one's has ended. Somebody
    without a free period before ``end`` is left out. InvalidInput as in ``slots.common_slots``.
    """
    offer: list[tuple[MemberId, FreePeriod]] = []
    waiting = dict(people)
    at = start
    while waiting:
        able = next_free_periods(waiting, at, end)
        if not able:
            break
        member, free = min(able.items(), key=lambda pair: pair[1].start)
        offer.append((member, free))
        at = free.end
        del waiting[member]
    return offer

"""What common free time costs, beside three other ways to find it, in one run.

    python -m tests.bench.timetable           sixty members and forty weeks, about a minute
    python -m tests.bench.timetable --quick   the feeds expanded for ten members only

Beside Coplan: a bare bit mask of the cycle (which knows neither clock times, nor absences, nor
costs), a loop over aware datetimes, and each one's lessons as an iCalendar feed that
recurring-ical-events expands. All four have to find the same. Coplan answers as it does the second
time: what it worked out about a timetable stands, as in a running service; the first time is told
beside it. Prints ratios, asserts no times.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TypeVar

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.nexts import next_free_periods
from bot.domain.timetable.slots import common_slots, common_times
from tests.support.bench_times import (
    School,
    bare_mask,
    bare_next,
    by_feeds,
    days_of,
    feeds,
    masks_of,
    naive,
    school,
)

MEMBERS, WEEKS, REPEATS = 60, 40, 25
QUICK = 10
NAIVE, BARE, NEXT = 100.0, 3.0, 50 / 17
"""Goals: times as fast as the loop, times the time of the bare mask, of its next free periods."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many people and weeks, how many of them as feeds, and how often it is repeated."""

    members: int
    weeks: int
    feeds: int
    repeats: int


def took(repeats: int, run: Callable[[], T]) -> tuple[float, T]:
    """Return the median time of ``run`` in seconds, and what it returned."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return median(times), result


def measure(size: Size) -> list[str]:
    """Return the lines of one run; fails when two ways find different times."""
    there = school(size.members, size.weeks)
    people = {MemberId(f"m{n}"): one for n, one in there.availabilities().items()}
    first, _ = took(1, lambda: common_times(people, there.start, there.end))
    masks, days = masks_of(there), days_of(there)
    bare, in_masks = took(size.repeats, lambda: bare_mask(masks, days))
    coplan, found = took(size.repeats, lambda: common_times(people, there.start, there.end))
    ranked, slots = took(size.repeats, lambda: common_slots(people, there.start, there.end))
    loop, by_loop = took(max(1, size.repeats // 10), lambda: naive(there))
    few = school(size.feeds, size.weeks)
    calendars = feeds(few)
    expanding, by_feed = took(1, lambda: by_feeds(calendars, few))
    some = {MemberId(f"m{n}"): one for n, one in few.availabilities().items()}
    assert found == by_loop, "the loop finds other times"
    assert len(found) == len(in_masks) == len(slots), "the bare mask finds other times"
    assert by_feed == common_times(some, few.start, few.end), "the feeds say other times"
    return [
        f"common time of {size.members} members in {size.weeks} weeks ({len(found)} periods found)",
        f"  bare bit mask: {_in(bare)}",
        f"  Coplan: {_in(coplan)}, {coplan / bare:.1f} × the bare mask (goal ≤ {BARE:g})",
        f"  Coplan, ranked, with each one's costs: {_in(ranked)}, {ranked / bare:.1f} ×",
        f"  Coplan, nothing worked out before: {_in(first)}",
        f"  loop over datetimes: {_in(loop)}, {loop / coplan:,.0f} × Coplan (goal ≥ {NAIVE:g})",
        f"    and {loop / ranked:,.0f} × Coplan with costs",
        f"  feeds of {size.feeds} expanded: {_in(expanding)}, {expanding / coplan:,.0f} × Coplan",
        *_next(there, people, size.repeats),
    ]


def _next(there: School, people: dict[MemberId, Availability], repeats: int) -> list[str]:
    """Return the lines about everybody's next free period, in the middle of the time."""
    masks, days = masks_of(there), days_of(there)
    labelled = there.calendar.school_days()
    number = len(labelled) // 2
    after = there.start + (labelled[number][0] - labelled[0][0])
    bare, by_mask = took(repeats, lambda: bare_next(masks, days, number))
    coplan, found = took(repeats, lambda: next_free_periods(people, after))
    assert [(one.day, one.period) for one in found.values()] == [
        (labelled[day][0], there.periods[at].name) for day, at in by_mask
    ], "the bare mask finds other periods"
    return [
        f"next free period of each of {len(people)}",
        f"  bare bit mask: {_in(bare)}",
        f"  Coplan: {_in(coplan)}, {coplan / bare:.1f} × the bare mask (goal ≤ {NEXT:.1f})",
    ]


def _in(seconds: float) -> str:
    microseconds = timedelta(seconds=seconds) / timedelta(microseconds=1)
    return f"{seconds * 1e6:,.0f} µs" if microseconds < 10_000 else f"{seconds * 1e3:,.0f} ms"


def main(arguments: list[str]) -> None:
    few = QUICK if "--quick" in arguments else MEMBERS
    print(*measure(Size(members=MEMBERS, weeks=WEEKS, feeds=few, repeats=REPEATS)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])

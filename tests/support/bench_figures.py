"""What the benchmarks of platforms measure by: how much, what came of it, and beside what."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.bench_peers import Cost
from tests.support.driving import ALONE, Delivered

IN_FLIGHT = 50
SATURATION = 0.8
AT_A_RATE = 0
"""In place of how many are in flight: so many a second as make 80 % of what went before."""
WIDTHS = {
    ALONE: "alone",
    IN_FLIGHT: f"{IN_FLIGHT} in flight",
    AT_A_RATE: f"at {SATURATION:.0%} of that",
}
ACTS = {ALONE: 6.0, IN_FLIGHT: 1.5}
"""Goals: times the floor, by how many are in flight."""
TURNS = 9
"""How often the ways of sending take turns."""
ACK, CALLS, LATE = 1.5, 1.2, 300.0
"""Goals: times the no-op's acknowledgement, times the library's own calls, milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    repeats: int = 5
    alone: int = 100
    together: int = 1_000
    calls: int = 100
    plans: int = 100
    entries: int = 100


QUICK = Size(repeats=2, alone=50, together=500, calls=20)


@dataclass(slots=True)
class Figures:
    """By repeat: what an act took, the waits for acknowledgements, how busy the fake was.

    ``acts``: the seconds of an act from its inbound to its reply, where there is one.
    """

    costs: list[Cost] = field(default_factory=list)
    waits: list[list[float]] = field(default_factory=list)
    fake: list[float] = field(default_factory=list)
    acts: list[float] = field(default_factory=list)

    def add(self, came: Delivered, cpu: float, acts: Sequence[float]) -> None:
        """Add a run, the seconds of CPU it took here, and what each act took."""
        many = len(came.waits)
        self.costs.append(Cost(wall=came.seconds / many, cpu=cpu / many))
        self.waits.append(sorted(came.waits))
        self.fake.append(came.cpu / came.seconds)
        if acts:
            self.acts.append(statistics.median(acts))

    @property
    def each(self) -> Cost:
        """Return the median cost of an act."""
        return median(self.costs)

    def within(self, share: float) -> float:
        """Return the milliseconds within which that share was acknowledged; the median."""
        return statistics.median(some[int(len(some) * share)] for some in self.waits) * 1e3

    def __str__(self) -> str:
        told = f"{1 / self.each.wall:>7,.0f} a second {self.each.cpu * 1e6:>7,.0f} µs of CPU"
        if not self.waits:
            return told
        return (
            f"{told}, acknowledged p50 {self.within(0.5):.2f} ms, p99 {self.within(0.99):.2f}"
            f" (the fake was busy for {statistics.median(self.fake):.0%})"
        )


Measured = dict[tuple[str, int], Figures]
"""By what was measured, and how many were in flight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a message cost: sent by Coplan's messenger, by the library alone, and only rendered."""

    ours: Cost
    alone: Cost
    rendering: Cost


def median(costs: Sequence[Cost]) -> Cost:
    """Return the medians of wall and CPU."""
    return Cost(
        wall=statistics.median(each.wall for each in costs),
        cpu=statistics.median(each.cpu for each in costs),
    )

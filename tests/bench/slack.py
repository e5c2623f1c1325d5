"""What a whole act costs in Slack, beside two Bolt apps that do next to nothing, in one run.

    python -m tests.bench.slack           about two minutes
    python -m tests.bench.slack --quick   a tenth of it

An act is a form that is sent: a saved field on a nine-step plan of three partners, from the payload
in Slack's socket to its acknowledgement, and the answer that is shown then. What follows from it in
the plan's thread is not sent: the courier does not run, as in ``tests.bench.acts``. Beside it, on
the same fake of Slack (in a process of its own), a Bolt app whose listener does nothing, and one
whose listener does one bare commit at synchronous=FULL. All take turns, and medians are compared:
what the machine does meanwhile hits all alike. CPU is of the app's process. Asserts no times.
"""

import asyncio
import gc
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.log import configure
from tests.bench.acts import alone, together
from tests.support.bench_floor import Bare
from tests.support.bench_peers import Cost, Watch
from tests.support.bench_slack import (
    IN_FLIGHT,
    Calls,
    Contender,
    Coplan,
    NoOp,
    calls_out,
    coplan,
)
from tests.support.slack_load import ALONE, Delivered, Heard, Load, Run, load

OURS, BELOW, FLOOR, CORE = "Coplan", "no-op", "no-op + one raw commit", "the act without Slack"
WIDTHS = {ALONE: "alone", IN_FLIGHT: f"{IN_FLIGHT} in flight"}
SATURATION = 0.8
ACTS = {ALONE: 6.0, IN_FLIGHT: 1.5}
"""Goals: times the floor, by how many are in flight."""
ACK, CALLS, LATE = 1.5, 1.2, 300.0
"""Goals: times the no-op's acknowledgement, times slack_sdk's own calls, milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    repeats: int = 7
    alone: int = 100
    together: int = 1_000
    late: int = 4_000
    calls: int = 100
    plans: int = 100
    entries: int = 100


QUICK = Size(repeats=2, alone=50, together=500, late=500, calls=20)


@dataclass(slots=True)
class Figures:
    """What an act took, in each repeat; until each was acknowledged; how busy the fake was."""

    costs: list[Cost] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    fake: list[float] = field(default_factory=list)

    def add(self, came: Delivered, cpu: float) -> None:
        """Add a run, and the seconds of CPU it took here."""
        many = len(came.waits)
        self.costs.append(Cost(wall=came.seconds / many, cpu=cpu / many))
        self.waits += came.waits
        self.fake.append(came.cpu / came.seconds)

    @property
    def each(self) -> Cost:
        """Return the median cost of an act."""
        return Cost(
            wall=statistics.median(one.wall for one in self.costs),
            cpu=statistics.median(one.cpu for one in self.costs),
        )

    def within(self, share: float) -> float:
        """Return the milliseconds within which that share was acknowledged."""
        return sorted(self.waits)[int(len(self.waits) * share)] * 1e3

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
class Results:
    """Everything measured. ``bare``: seconds of one raw commit.

    ``late``: at 80 % of what each of them did at most. ``asked``: what Coplan called for its acts.
    """

    measured: Measured
    bare: float
    late: dict[str, Figures]
    calls: Calls
    asked: Counter[str]
    heard: Heard


async def measure(folder: Path, size: Size) -> Results:
    """Measure everything; files are made in the folder."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(load())
        bare = stack.enter_context(closing(Bare(folder / "bare.db")))
        ours = await stack.enter_async_context(
            coplan(slack, folder / "world", size.plans, size.entries)
        )
        rivals = {BELOW: NoOp(load=slack), FLOOR: NoOp(load=slack, bare=bare), OURS: ours}
        measured = {(name, width): Figures() for width in WIDTHS for name in (*rivals, CORE)}
        commits, asked = [], await _turns(slack, rivals, ours, {}, size)  # to warm up
        for _ in range(size.repeats):
            commits.append(await _commit(bare, size.alone))
            asked += await _turns(slack, rivals, ours, measured, size)
            await _without_slack(ours, measured, size)
        late = {}
        for name in (FLOOR, OURS):
            rate = SATURATION / measured[name, IN_FLIGHT].each.wall
            late[name] = await _at(rate, slack, rivals[name], ours, size.late)
        return Results(
            measured=measured,
            bare=statistics.median(commits),
            late=late,
            calls=await calls_out(slack, ours, size.calls),
            asked=asked,
            heard=await slack.heard(),
        )


async def _turns(
    slack: Load, rivals: dict[str, Contender], ours: Coplan, into: Measured, size: Size
) -> Counter[str]:
    """Let each contender have its turn; return what Coplan called meanwhile."""
    asked: Counter[str] = Counter()
    for name, rival in rivals.items():
        before = (await slack.heard()).calls
        async with rival.listening():
            for width, many in ((ALONE, size.alone), (IN_FLIGHT, size.together)):
                run = Run(chains=ours.chains(many, width, kept=name == OURS), width=width)
                came, cpu = await _delivered(slack, rival, run)
                into.get((name, width), Figures()).add(came, cpu)
        if rival is ours:
            asked = (await slack.heard()).calls - before
    ours.check()
    return asked


async def _at(rate: float, slack: Load, to: Contender, ours: Coplan, many: int) -> Figures:
    """Deliver so many acts a second."""
    found = Figures()
    async with to.listening():
        run = Run(chains=ours.chains(many, IN_FLIGHT, kept=to is ours), rate=rate)
        found.add(*await _delivered(slack, to, run))
    ours.check()
    return found


async def _delivered(slack: Load, to: Contender, run: Run) -> tuple[Delivered, float]:
    """Deliver, and return what came of it, with the seconds of CPU until all was answered."""
    cpu = time.process_time()
    came = await slack.runs(run)
    await to.settle()
    cpu = time.process_time() - cpu
    if came.failed:
        raise AssertionError(f"{came.failed} of {len(came.waits)} were not taken")
    return came, cpu


async def _without_slack(ours: Coplan, into: Measured, size: Size) -> None:
    """Do the same act without Slack."""
    for width, run, many in ((ALONE, alone, size.alone), (IN_FLIGHT, together, size.together)):
        watch = Watch()
        await run(ours.there, many)
        into[CORE, width].costs.append(watch.each(many))


async def _commit(bare: Bare, many: int) -> float:
    watch = Watch()
    await bare.run(many)
    return watch.each(many).wall


def report(found: Results) -> Iterator[str]:
    """Yield what was measured, and the ratios beside their goals."""
    for (name, width), figures in found.measured.items():
        yield f"{WIDTHS[width] + ', ' + name:<37}{figures}"
    for width, goal in ACTS.items():
        ours, floor = found.measured[OURS, width].each, found.measured[FLOOR, width].each
        yield f"a whole act, {WIDTHS[width]} ÷ {FLOOR}: {ours.over(floor)} (goal ≤ {goal:g})"
    yield from _acknowledged(found)
    yield from _calls(found.calls)
    asked = ", ".join(f"{name} {times}" for name, times in sorted(found.asked.items()))
    yield f"called for {found.heard.shown:,} acts: {asked} (goal: no auth.test)"


def _acknowledged(found: Results) -> Iterator[str]:
    """Yield the waits; "the commit" is taken as one raw commit, and as the whole act's own."""
    told = found.measured[OURS, ALONE].within(0.5)
    below = ACK * found.measured[BELOW, ALONE].within(0.5)
    act = found.measured[CORE, ALONE].each.wall
    for words, seconds in (("one raw commit", found.bare), (CORE, act)):
        ratio = told / (below + seconds * 1e3)
        yield f"acknowledged p50, alone ÷ ({ACK:g} × {BELOW} + {words}): {ratio:.2f} (goal ≤ 1)"
    late = {name: figures.within(0.99) for name, figures in found.late.items()}
    yield (
        f"acknowledged p99, at 80 % of saturation: {late[OURS]:.0f} ms (goal < {LATE:g}),"
        f" {FLOOR}: {late[FLOOR]:.0f} ms"
    )


def _calls(found: Calls) -> Iterator[str]:
    yield f"a message sent ÷ by slack_sdk alone: {found.ours.over(found.alone)} (goal ≤ {CALLS:g})"
    given = Cost(
        wall=found.ours.wall - found.rendering.wall, cpu=found.ours.cpu - found.rendering.cpu
    )
    yield f"  without the card's rendering, which slack_sdk was spared: {given.over(found.alone)}"


async def main(arguments: list[str]) -> None:
    configure("text", "WARNING")
    gc.freeze()  # as the command line does
    folder = Path(tempfile.mkdtemp(prefix="coplan-bench-"))
    try:
        found = await measure(folder, QUICK if "--quick" in arguments else Size())
    finally:
        shutil.rmtree(folder)
    print(*report(found), sep="\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

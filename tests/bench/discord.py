"""What a whole act costs in Discord, beside discord.py apps that do next to nothing, in one run.

    python -m tests.bench.discord           about two minutes
    python -m tests.bench.discord --quick   a tenth of it

An act is a form that is sent: a saved field on a nine-step plan of three partners, from the payload
in Discord's gateway to the answer that is shown. What follows from it in the plan's thread is not
sent: the courier does not run, as in ``tests.bench.acts``. Beside it, on the same fake of Discord
(in a process of its own), a discord.py app that answers every form with a word, and one that does
one bare commit at synchronous=FULL before. They take turns, and medians are compared: what the
machine does meanwhile hits all alike. CPU is of the app's process. Asserts no times.
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
from dataclasses import dataclass
from pathlib import Path

from bot.log import configure
from tests.bench.acts import alone, together
from tests.support.bench_discord import Acts, Contender, Coplan, NoOp, acts, calls_out
from tests.support.bench_figures import (
    ACK,
    ACTS,
    AT_A_RATE,
    CALLS,
    IN_FLIGHT,
    LATE,
    QUICK,
    SATURATION,
    WIDTHS,
    Calls,
    Figures,
    Measured,
    Size,
)
from tests.support.bench_floor import Bare
from tests.support.bench_peers import Cost, Watch
from tests.support.bench_world import World
from tests.support.discord_load import Heard, Load, Run, load
from tests.support.driving import ALONE, Delivered

OURS, BELOW, FLOOR, CORE = "Coplan", "no-op", "no-op + one raw commit", "the act without Discord"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything measured. ``bare``: seconds of one raw commit.

    ``asked``: what Coplan called for its acts.
    """

    measured: Measured
    bare: float
    calls: Calls
    asked: Counter[str]
    heard: Heard


async def measure(folder: Path, size: Size) -> Results:
    """Measure everything; files are made in the folder."""
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(load())
        bare = stack.enter_context(closing(Bare(folder / "bare.db")))
        made = await stack.enter_async_context(
            acts(there, folder / "world", size.plans, size.entries)
        )
        ours = Coplan(load=there, there=made.there)
        rivals: dict[str, Contender] = {
            BELOW: NoOp(load=there),
            FLOOR: NoOp(load=there, bare=bare),
            OURS: ours,
        }
        measured: Measured = {}
        commits, asked = [], await _turns(there, rivals, made, {}, size)  # to warm up
        for _ in range(size.repeats):
            commits.append(await _commit(bare, size.alone))
            asked += await _turns(there, rivals, made, measured, size)
            await _without_discord(made.there, measured, size)
        return Results(
            measured=measured,
            bare=statistics.median(commits),
            calls=await calls_out(ours, made, size.calls),
            asked=asked,
            heard=await there.heard(),
        )


async def _turns(
    there: Load, rivals: dict[str, Contender], made: Acts, into: Measured, size: Size
) -> Counter[str]:
    """Let each contender have its turn; return what Coplan called meanwhile."""
    asked: Counter[str] = Counter()
    for name, rival in rivals.items():
        kept, before = isinstance(rival, Coplan), (await there.heard()).calls
        async with rival.listening():
            saturated = 0.0
            for width, many in _runs(name, size):
                run = Run(
                    chains=made.chains(many, width, kept=kept),
                    width=width,
                    rate=0.0 if width else SATURATION * saturated,
                )
                came, cpu = await _delivered(there, rival, run)
                into.setdefault((name, width), Figures()).add(came, cpu)
                saturated = many / came.seconds
        if kept:
            asked += (await there.heard()).calls - before
    made.check()
    return asked


def _runs(name: str, size: Size) -> Iterator[tuple[int, int]]:
    """Yield how many are in flight, and of how many."""
    yield ALONE, size.alone
    yield IN_FLIGHT, size.together
    if name in {FLOOR, OURS}:
        yield AT_A_RATE, size.together


async def _delivered(there: Load, to: Contender, run: Run) -> tuple[Delivered, float]:
    """Deliver, and return what came of it, with the seconds of CPU until all was answered."""
    cpu = time.process_time()
    came = await there.runs(run)
    await to.settle()
    cpu = time.process_time() - cpu
    if came.failed:
        missing = f"{came.failed} of {len(came.waits)} were not answered within three seconds"
        raise AssertionError(f"{missing}: is the machine busy with something else?")
    return came, cpu


async def _without_discord(there: World, into: Measured, size: Size) -> None:
    """Do the same act without Discord."""
    for width, run, many in ((ALONE, alone, size.alone), (IN_FLIGHT, together, size.together)):
        watch = Watch()
        await run(there, many)
        into.setdefault((CORE, width), Figures()).costs.append(watch.each(many))


async def _commit(bare: Bare, many: int) -> float:
    watch = Watch()
    await bare.run(many)
    return watch.each(many).wall


def report(found: Results) -> Iterator[str]:
    """Yield what was measured, and the ratios beside their goals."""
    for (name, width), figures in sorted(found.measured.items(), key=_place):
        yield f"{WIDTHS[width] + ', ' + name:<37}{figures}"
    for width, goal in ACTS.items():
        ours, floor = found.measured[OURS, width].each, found.measured[FLOOR, width].each
        yield f"a whole act, {WIDTHS[width]} ÷ {FLOOR}: {ours.over(floor)} (goal ≤ {goal:g})"
    yield from _answered(found)
    yield from _calls(found.calls)
    asked = ", ".join(f"{name} {times}" for name, times in sorted(found.asked.items()))
    yield f"called for {found.heard.shown:,} answers: {asked} (goal: one call an answer)"


def _place(measured: tuple[tuple[str, int], Figures]) -> int:
    return list(WIDTHS).index(measured[0][1])


def _answered(found: Results) -> Iterator[str]:
    """Yield the waits; "the commit" is taken as one raw commit, and as the whole act's own."""
    act = found.measured[CORE, ALONE].each.wall
    told = found.measured[OURS, ALONE].within(0.5)
    below = ACK * found.measured[BELOW, ALONE].within(0.5)
    for words, seconds in (("one raw commit", found.bare), (CORE, act)):
        yield (
            f"answered p50, alone ÷ ({ACK:g} × {BELOW} + {words}):"
            f" {told / (below + seconds * 1e3):.2f} (goal ≤ 1)"
        )
    late = {name: found.measured[name, AT_A_RATE].within(0.99) for name in (OURS, FLOOR)}
    yield (
        f"answered p99, {WIDTHS[AT_A_RATE]}: {late[OURS]:.0f} ms (goal < {LATE:g}),"
        f" {FLOOR}: {late[FLOOR]:.0f} ms"
    )


def _calls(found: Calls) -> Iterator[str]:
    yield f"a message sent ÷ by discord.py alone: {found.ours.over(found.alone)} (goal ≤ {CALLS:g})"
    given = Cost(
        wall=found.ours.wall - found.rendering.wall, cpu=found.ours.cpu - found.rendering.cpu
    )
    yield f"  without the card's rendering, which that was spared: {given.over(found.alone)}"


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

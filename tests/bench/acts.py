"""What one whole logged act costs, beside its floor, in one run. Prints ratios, asserts no times.

    python -m tests.bench.acts            everything, about three minutes
    python -m tests.bench.acts --quick    without the million entries

An act is ``Router.handle`` of a saved field on a nine-step plan of three partners: route,
look-ups, rules, log entry, outbox row, reply card. Nothing is sent: the courier does not run. The
floor is one bare commit of one row through sqlite3 at synchronous=FULL on the same disk. All of it
is repeated in turns, and medians are compared: what the machine does meanwhile hits all alike.
"""

import asyncio
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from bot.ui.replies import Reply
from tests.support.bench_floor import Bare, Replay
from tests.support.bench_world import World, world
from tests.support.clicking import summary

IN_FLIGHT = 50
Contender = Callable[[int], Awaitable[None]]
"""Does that many operations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    repeats: int = 9
    operations: int = 200
    few: int = 100
    """Plans of a hundred entries each: ten thousand entries."""
    many: int = 10_000
    """As many as make a million; 0 leaves that part out."""
    entries: int = 100
    """Log entries of each plan."""


async def measure(folder: Path, size: Size) -> dict[str, float]:
    """Return seconds an operation, the median over the repeats, by contender."""
    async with AsyncExitStack() as stack:
        small = await stack.enter_async_context(
            world(folder / "few", size.few, entries=size.entries)
        )
        contenders: dict[str, Contender] = {
            "bare commit": stack.enter_context(closing(Bare(folder / "bare.db"))).run,
            "act, alone": lambda n: alone(small, n),
            "act, 50 in flight": lambda n: together(small, n),
        }
        replay = await stack.enter_async_context(replaying(folder, size))
        contenders["same SQL by hand, alone"] = replay.alone
        contenders["same SQL by hand, 50 a commit"] = replay.together
        if size.many:
            large = await stack.enter_async_context(
                world(folder / "many", size.many, entries=size.entries)
            )
            contenders["act, alone, a million entries"] = lambda n: alone(large, n)
            contenders["act, 50 in flight, a million entries"] = lambda n: together(large, n)
        return await medians(contenders, size)


async def medians(contenders: dict[str, Contender], size: Size) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        await run(min(100, size.operations))
    for _ in range(size.repeats):
        for name, run in contenders.items():
            start = time.perf_counter()
            await run(size.operations)
            taken[name].append((time.perf_counter() - start) / size.operations)
    return {name: statistics.median(times) for name, times in taken.items()}


def replaying(folder: Path, size: Size) -> "Replaying":
    """Return what runs the SQL of an act by hand, on a database of its own."""
    return Replaying(folder / "hand", size)


class Replaying(AsyncExitStack):
    """Records one act's statements in a world of its own, then runs them without the bot."""

    def __init__(self, folder: Path, size: Size) -> None:
        super().__init__()
        self._folder = folder
        self._size = size

    async def __aenter__(self) -> Replay:  # type: ignore[override]
        await super().__aenter__()
        there = await self.enter_async_context(
            world(self._folder, self._size.few, entries=self._size.entries)
        )
        await there.act(0)
        return self.enter_context(await Replay.recorded(there))


async def alone(there: World, acts: int) -> None:
    for number in range(acts):
        saved(await there.act(number))


async def together(there: World, acts: int) -> None:
    """Keep fifty acts under way, each on a plan of its own."""
    width = min(IN_FLIGHT, len(there.plans))
    for start in range(0, acts, width):
        wanted = range(start, min(start + width, acts))
        for reply in await asyncio.gather(*(there.act(number) for number in wanted)):
            saved(reply)


def saved(reply: Reply) -> None:
    """Stop the run when the act did anything but let the text stand: it would count as one."""
    if not summary(reply).startswith("Saved."):
        raise AssertionError(summary(reply))


async def on_one_plan(there: World) -> tuple[float, int]:
    """Return seconds an act, and how many of fifty saves of one field at once stood."""
    start = time.perf_counter()
    shown = await asyncio.gather(*(there.act(0) for _ in range(IN_FLIGHT)))
    taken = (time.perf_counter() - start) / IN_FLIGHT
    return taken, sum(not summary(reply).count("while you were writing") for reply in shown)


RATIOS = (
    ("act, alone", "bare commit", 8.0),
    ("act, 50 in flight", "bare commit", 2.5),
    ("act, alone", "same SQL by hand, alone", 1.5),
    ("act, 50 in flight", "same SQL by hand, 50 a commit", 0.0),
    ("act, alone, a million entries", "act, alone", 1.1),
    ("act, 50 in flight, a million entries", "act, 50 in flight", 1.1),
)


def report(taken: dict[str, float]) -> list[str]:
    lines = [f"{name:<40} {seconds * 1e6:>9,.0f} µs" for name, seconds in taken.items()]
    for one, other, goal in RATIOS:
        if one in taken and other in taken:
            wanted = f"goal ≤ {goal:g}" if goal else "for information"
            lines.append(f"{one} ÷ {other}: {taken[one] / taken[other]:.2f} ({wanted})")
    return lines


async def main(arguments: list[str]) -> None:
    size = Size(many=0) if "--quick" in arguments else Size()
    folder = Path(tempfile.mkdtemp(prefix="coplan-bench-"))
    try:
        print(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}")
        for line in report(await measure(folder, size)):
            print(line)
        async with world(folder / "few", size.few) as there:
            taken, stood = await on_one_plan(there)
        told = f"{stood} stood, {IN_FLIGHT - stood} kept aside, both texts shown"
        print(f"50 saves of one field at once: {taken * 1e6:,.0f} µs each; {told}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

"""The benchmarks of platforms: contenders that take turns, and what is told of them."""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.chat.inbound import Inbound, What
from bot.chat.router import Handler
from bot.log import configure
from bot.runtime.pauses import shorten_pauses
from bot.ui.replies import Reply
from tests.bench.acts import alone, together
from tests.support.bench_figures import (
    ACK,
    ACTS,
    AT_A_RATE,
    CALLS,
    IN_FLIGHT,
    LATE,
    QUICK,
    SATURATION,
    TURNS,
    WIDTHS,
    Calls,
    Figures,
    Measured,
    Size,
    median,
)
from tests.support.bench_floor import Bare
from tests.support.bench_peers import Cost, Watch
from tests.support.bench_saves import Saves
from tests.support.bench_world import World
from tests.support.driving import ALONE, Delivered
from tests.support.load import Heard, Load, Run
from tests.support.slow_sync import syncs

OURS, BELOW, FLOOR = "Coplan", "no-op", "no-op + one raw commit"
ANSWERED = "no-op + commit + answer"
"""Where what acknowledges an act does not answer it, too."""


class Contender(Protocol):
    """An app that takes the submissions of forms.

    ``keeps``: it does what they ask for. ``answers``: what came of it is shown to people.
    ``acts``: the seconds that each act took it, from the inbound to the reply; others have none.
    """

    keeps: bool
    answers: bool
    acts: list[float]

    def listening(self) -> AbstractAsyncContextManager[str]:
        """Listen while the block lasts; yields where the platform posts to, if it posts."""
        ...

    async def settle(self) -> None:
        """Return when all that follows from what came is done."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed(Handler):
    """Handles as ``handler`` does, and notes the seconds that each act takes."""

    handler: Handler
    acts: list[float]

    async def handle(self, inbound: Inbound) -> Reply:
        """Return the reply; see ``Handler``."""
        begun = time.perf_counter()
        reply = await self.handler.handle(inbound)
        self.acts.append(time.perf_counter() - begun)
        return reply

    def opens_form(self, what: What) -> bool:
        """Tell what the handler tells."""
        return self.handler.opens_form(what)

    def changes(self, what: What) -> bool:
        """Tell what the handler tells."""
        return self.handler.changes(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a platform calls things. ``ways``: what is added to the names of contenders."""

    core: str
    library: str
    told: str
    asked: str
    ways: Sequence[str] = ("",)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Contenders on one fake, which take turns, and the acts that they are given.

    ``calls``: measures so many messages that are sent.
    """

    load: Load[Any, Any]
    saves: Saves[Any]
    rivals: Mapping[str, Contender]
    bare: Bare
    words: Words
    calls: Callable[[int], Awaitable[Calls]]

    async def played(self, size: Size) -> Results:
        """Measure everything."""
        measured: Measured = {}
        commits, asked = [], await self._turns({}, size)  # to warm up
        for _ in range(size.repeats):
            commits.append(await _commit(self.bare, size.alone))
            asked += await self._turns(measured, size)
            await _core(self.saves.there, self.words.core, measured, size)
        return Results(
            measured=measured,
            bare=statistics.median(commits),
            calls=await self.calls(size.calls),
            asked=asked,
            heard=await self.load.heard(),
        )

    async def _turns(self, into: Measured, size: Size) -> Counter[str]:
        """Let each contender have its turn; return what Coplan called meanwhile."""
        asked: Counter[str] = Counter()
        for name, rival in self.rivals.items():
            before = (await self.load.heard()).calls
            async with rival.listening() as address:
                saturated = 0.0
                for width, many in _runs(name, size):
                    run: Run[Any] = Run(
                        chains=self.saves.chains(many, width, kept=rival.keeps),
                        width=width,
                        rate=0.0 if width else SATURATION * saturated,
                        post_to=address,
                        answered=rival.answers,
                    )
                    rival.acts.clear()
                    came, cpu = await self._delivered(rival, run)
                    into.setdefault((name, width), Figures()).add(came, cpu, rival.acts)
                    saturated = many / came.seconds
            if rival.keeps:
                asked += (await self.load.heard()).calls - before
        self.saves.check()
        return asked

    async def _delivered(self, to: Contender, run: Run[Any]) -> tuple[Delivered, float]:
        """Deliver, and return what came of it, with the seconds of CPU until all was answered."""
        cpu = time.process_time()
        came = await self.load.runs(run)
        await to.settle()
        cpu = time.process_time() - cpu
        if came.failed:
            missing = f"{came.failed} of {len(came.waits)} were not taken within three seconds"
            raise AssertionError(f"{missing}: is the machine busy with something else?")
        return came, cpu


def _runs(name: str, size: Size) -> Iterator[tuple[int, int]]:
    """Yield how many are in flight, and of how many."""
    yield ALONE, size.alone
    yield IN_FLIGHT, size.together
    if name in {FLOOR, OURS}:
        yield AT_A_RATE, size.together


async def _core(there: World, name: str, into: Measured, size: Size) -> None:
    """Do the same act without the platform."""
    for width, run, many in ((ALONE, alone, size.alone), (IN_FLIGHT, together, size.together)):
        watch = Watch()
        await run(there, many)
        into.setdefault((name, width), Figures()).costs.append(watch.each(many))


async def _commit(bare: Bare, many: int) -> float:
    watch = Watch()
    await bare.run(many)
    return watch.each(many).wall


async def in_turns(
    ours: Callable[[], Awaitable[None]],
    alone: Callable[[], Awaitable[None]],
    render: Callable[[], object],
    many: int,
) -> Calls:
    """Send so many messages each way, in turns; the medians are compared."""

    async def rendered() -> None:
        render()

    taken: dict[Callable[[], Awaitable[None]], list[Cost]] = {ours: [], alone: [], rendered: []}
    for _ in range(TURNS):
        for send, costs in taken.items():
            watch = Watch()
            for _ in range(many):
                await send()
            costs.append(watch.each(many))
    sent, bare, rendering = (median(costs) for costs in taken.values())
    return Calls(ours=sent, alone=bare, rendering=rendering)


def report(words: Words, found: Results) -> Iterator[str]:
    """Yield what was measured, and the ratios beside their goals."""
    yield f"one raw commit: {found.bare * 1e3:.2f} ms ({syncs()})"
    for (name, width), figures in sorted(found.measured.items(), key=_place):
        yield f"{WIDTHS[width] + ', ' + name:<37}{figures}"
    for width, goal in ACTS.items():
        ours, floor = found.measured[OURS, width].each, found.measured[FLOOR, width].each
        yield f"a whole act, {WIDTHS[width]} ÷ {FLOOR}: {ours.over(floor)} (goal ≤ {goal:g})"
        if (answered := found.measured.get((ANSWERED, width))) is not None:
            yield f"  ÷ {ANSWERED}, which is shown: {ours.over(answered.each)}"
    yield from _told(words, found)
    yield from _calls(words, found.calls)
    asked = ", ".join(f"{name} {times}" for name, times in sorted(found.asked.items()))
    yield f"called for {found.heard.shown:,} {words.asked.format(asked=asked)}"


def _place(measured: tuple[tuple[str, int], Figures]) -> int:
    return list(WIDTHS).index(measured[0][1])


def _told(words: Words, found: Results) -> Iterator[str]:
    """Yield the waits; "the commit" is one raw commit, and then the act's own, as it took there."""
    for way in words.ways:
        act = statistics.median(found.measured[OURS + way, ALONE].acts)
        told = found.measured[OURS + way, ALONE].within(0.5)
        below = ACK * found.measured[BELOW + way, ALONE].within(0.5)
        for name, seconds in (("one raw commit", found.bare), ("the act itself", act)):
            yield (
                f"{words.told} p50, alone{way} ÷ ({ACK:g} × {BELOW}{way} + {name}):"
                f" {told / (below + seconds * 1e3):.2f} (goal ≤ 1)"
            )
    late = {name: found.measured[name, AT_A_RATE].within(0.99) for name in (OURS, FLOOR)}
    yield (
        f"{words.told} p99, {WIDTHS[AT_A_RATE]}: {late[OURS]:.0f} ms (goal < {LATE:g}),"
        f" {FLOOR}: {late[FLOOR]:.0f} ms"
    )


def _calls(words: Words, found: Calls) -> Iterator[str]:
    alone = found.ours.over(found.alone)
    yield f"a message sent ÷ by {words.library} alone: {alone} (goal ≤ {CALLS:g})"
    given = Cost(
        wall=found.ours.wall - found.rendering.wall, cpu=found.ours.cpu - found.rendering.cpu
    )
    yield f"  without the card's rendering, which that was spared: {given.over(found.alone)}"


def run(
    arguments: list[str], measure: Callable[[Path, Size], Awaitable[Results]], words: Words
) -> None:
    """Measure as the command line says, and print what came of it."""

    async def measured() -> Results:
        return await measure(folder, QUICK if "--quick" in arguments else Size())

    configure("text", "WARNING")
    shorten_pauses()  # as the command line does
    folder = Path(tempfile.mkdtemp(prefix="coplan-bench-"))
    try:
        found = asyncio.run(measured())
    finally:
        shutil.rmtree(folder)
    print(*report(words, found), sep="\n")

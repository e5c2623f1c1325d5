"""What a reminder costs when ten thousand are due at once, beside two others, in one run.

    python -m tests.bench.reminders           ten thousand, about two minutes
    python -m tests.bench.reminders --quick   one thousand
    python -m tests.bench.reminders --sync-ms 0.6   on a disk as the goals were set on

Coplan: claim → compose → a messenger that does nothing, at synchronous=FULL. Beside it one
APScheduler job for each in its SQLAlchemyJobStore (a job that does nothing; in a SQLite file as
APScheduler opens it, and in one opened as Coplan opens its own), and a bare loop that leases rows
of Coplan's outbox in chunks of 200 through Core and marks them, and does nothing between. And what
no way of working out, composing and sending could save: all that Coplan writes down of a reminder
(claim, lease, begin and mark: six statements), by itself, in lots of 200. With COPLAN_TEST_POSTGRES
the same on PostgreSQL. Prints ratios, asserts no times.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.log import configure
from bot.main import open_house
from bot.runtime.pauses import shorten_pauses
from bot.runtime.ports import Messenger
from bot.ui.cards import Card
from storage.holding import hold
from tests.support.bench_peers import Cost, Watch, claim_and_mark, fire_jobs
from tests.support.bench_school import DUE, PLATFORM, build
from tests.support.bench_writes import write_down
from tests.support.fake_clock import FakeClock
from tests.support.postgres import fresh_database
from tests.support.slow_sync import begun_anew, syncs

MANY = 10_000
EARLIER = timedelta(hours=1)
BEAT = 0.001
STALL, TIMES, SHARE = 25.0, 10.0, 0.3
"""Goals: milliseconds, times APScheduler's speed, share of the bare loop's speed."""


@dataclass(slots=True)
class Null(Messenger):
    """Counts what it was given, and does nothing."""

    sent: int = 0

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:  # noqa: ARG002 - nothing is done with it
        return self._count(channel)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        return self._count(place)

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:  # noqa: ARG002
        self.sent += 1

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        place = Place(platform=to.platform, kind=PlaceKind.DIRECT, channel=to.user)
        return self._count(place)

    def _count(self, place: Place) -> MessageRef:
        self.sent += 1
        return MessageRef(place=place, message=f"m{self.sent}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a reminder cost, and the longest time the event loop stood still (seconds)."""

    cost: Cost
    stall: float


async def remind(url: str, many: int) -> Figures:
    """Build the schools in the database of ``url``, and let all that is due be worked off."""
    await asyncio.to_thread(build, url, many)
    messenger, clock = Null(), FakeClock(DUE - EARLIER)
    async with AsyncExitStack() as running:
        held, trusted = running.enter_context(hold(url)), frozenset({PLATFORM})
        house = await running.enter_async_context(
            open_house(held, {PLATFORM: messenger}, clock=clock, deduplicates=trusted)
        )
        beats = await running.enter_async_context(heartbeat())
        await house.service.settle()
        clock.set(DUE)
        beats.clear()
        watch = Watch()
        await house.service.settle()
        cost = watch.each(many)
    assert messenger.sent == many, f"{messenger.sent} of {many} were sent"
    return Figures(cost=cost, stall=max(beats))


@asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """Yield by how much each beat of a task in the loop came late, in seconds."""
    late = [0.0]

    async def beating() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(BEAT)
            late.append(time.perf_counter() - start - BEAT)

    task = asyncio.create_task(beating())
    try:
        yield late
    finally:
        task.cancel()


def report(coplan: Figures, jobs: dict[str, Cost], bare: Cost, writes: Cost) -> list[str]:
    """Return the lines of one database: what a reminder costs, and ratios beside the goals."""
    return [
        f"  Coplan: {coplan.cost} a reminder",
        *(f"  {name}: {cost}, {cost.over(coplan.cost)} Coplan's" for name, cost in jobs.items()),
        f"    (goal ≥ {TIMES:g} ×)",
        f"  bare loop: {bare}, {bare.over(coplan.cost)} Coplan's (goal ≥ {SHARE:g} ×)",
        f"  what is written down alone: {writes}, {writes.over(coplan.cost)} Coplan's",
        f"  the loop stood still for {coplan.stall * 1e3:.0f} ms at most (goal ≤ {STALL:g})",
    ]


async def on_sqlite(folder: Path, many: int) -> list[str]:
    """Measure everything in SQLite files of ``folder``."""
    coplan = await remind(f"sqlite:///{folder}/coplan.db", many)
    jobs = {
        "APScheduler, its own journal": await fire_jobs(f"sqlite:///{folder}/jobs.db", many),
        "APScheduler, Coplan's journal": await fire_jobs(
            f"sqlite:///{folder}/wal.db", many, as_coplan=True
        ),
    }
    bare = claim_and_mark(f"sqlite:///{folder}/bare.db", many)
    return report(coplan, jobs, bare, write_down(f"sqlite:///{folder}/writes.db", many))


async def on_postgres(many: int) -> list[str]:
    """Measure everything in databases of their own."""
    with fresh_database("bench") as url:
        coplan = await remind(url, many)
    with fresh_database("jobs") as url:
        jobs = {"APScheduler": await fire_jobs(url, many)}
    with fresh_database("bare") as url:
        bare = claim_and_mark(url, many)
    with fresh_database("writes") as url:
        writes = write_down(url, many)
    return report(coplan, jobs, bare, writes)


async def main(arguments: list[str]) -> None:
    many = 1_000 if "--quick" in arguments else MANY
    configure("text", "WARNING")
    shorten_pauses()  # as the command line does
    folder = Path(tempfile.mkdtemp(prefix="coplan-bench-"))
    print(f"{many:,} reminders due at once, and as many of APScheduler's jobs; what each costs")
    print(syncs())
    try:
        print("SQLite", *await on_sqlite(folder, many), sep="\n")
    finally:
        shutil.rmtree(folder)
    if "COPLAN_TEST_POSTGRES" in os.environ:
        print("PostgreSQL, for information", *await on_postgres(many), sep="\n")


if __name__ == "__main__":
    begun_anew("tests.bench.reminders", sys.argv[1:])
    asyncio.run(main(sys.argv[1:]))

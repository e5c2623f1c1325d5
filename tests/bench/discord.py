"""What a whole act costs in Discord, beside discord.py apps that do next to nothing, in one run.

    python -m tests.bench.discord           about two minutes
    python -m tests.bench.discord --quick   a tenth of it
    python -m tests.bench.discord --sync-ms 0.6   on a disk as the goals were set on

An act is a form that is sent: a saved field on a nine-step plan of three partners, from the payload
in Discord's gateway to the answer that is shown. What follows from it in the plan's thread is not
sent: the courier does not run, as in ``tests.bench.acts``. Beside it, on the same fake of Discord
(in a process of its own), a discord.py app that answers every form with a word, and one that does
one bare commit at synchronous=FULL before. They take turns, and medians are compared: what the
machine does meanwhile hits all alike. Who goes alone comes to an app at rest, and the rests are not
counted. CPU is of the app's process, and all of it counts. Asserts no times.
"""

import sys
from contextlib import AsyncExitStack, closing
from functools import partial
from pathlib import Path

from tests.support.bench_discord import Coplan, NoOp, calls_out, saves
from tests.support.bench_figures import Size
from tests.support.bench_floor import Bare
from tests.support.bench_platforms import BELOW, FLOOR, OURS, Match, Results, Words, run
from tests.support.discord_load import there
from tests.support.load import load
from tests.support.slow_sync import begun_anew

WORDS = Words(
    core="the act without Discord",
    library="discord.py",
    told="answered",
    asked="answers: {asked} (goal: one call an answer)",
)


async def measure(folder: Path, size: Size) -> Results:
    """Measure everything; files are made in the folder."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(load(there))
        bare = stack.enter_context(closing(Bare(folder / "bare.db")))
        made = await stack.enter_async_context(
            saves(discord, folder / "world", size.plans, size.entries)
        )
        ours = Coplan(load=discord, there=made.there)
        return await Match(
            load=discord,
            saves=made,
            rivals={
                BELOW: NoOp(load=discord),
                FLOOR: NoOp(load=discord, bare=bare),
                OURS: ours,
            },
            bare=bare,
            words=WORDS,
            calls=partial(calls_out, ours, made),
        ).played(size)


if __name__ == "__main__":
    begun_anew("tests.bench.discord", sys.argv[1:])
    run(sys.argv[1:], measure, WORDS)

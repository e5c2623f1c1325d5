"""What a whole act costs in Slack, beside Bolt apps that do next to nothing, in one run.

    python -m tests.bench.slack           about three minutes
    python -m tests.bench.slack --quick   a tenth of it
    python -m tests.bench.slack --sync-ms 0.6   on a disk as the goals were set on

An act is a form that is sent: a saved field on a nine-step plan of three partners, from the payload
in Slack's socket to its acknowledgement, and the answer that is shown then. What follows from it in
the plan's thread is not sent: the courier does not run, as in ``tests.bench.acts``. Beside it, on
the same fake of Slack (in a process of its own), a Bolt app whose listener does nothing (over HTTP,
too), one whose listener does one bare commit at synchronous=FULL, and one that shows a line after
that. They take turns, and medians are compared: what the machine does meanwhile hits all alike. Who
goes alone comes to an app at rest, and the rests are not counted. CPU is of the app's process, and
all of it counts. Asserts no times.
"""

import sys
from contextlib import AsyncExitStack, closing
from functools import partial
from pathlib import Path

from tests.support.bench_figures import Size
from tests.support.bench_floor import Bare
from tests.support.bench_platforms import ANSWERED, BELOW, FLOOR, OURS, Match, Results, Words, run
from tests.support.bench_slack import NoOp, calls_out, coplan, saves
from tests.support.load import load
from tests.support.slack_load import there
from tests.support.slow_sync import begun_anew

OVER_HTTP = ", HTTP"
WORDS = Words(
    core="the act without Slack",
    library="slack_sdk",
    told="acknowledged",
    asked="acts: {asked} (goal: no auth.test)",
    ways=("", OVER_HTTP),
)


async def measure(folder: Path, size: Size) -> Results:
    """Measure everything; files are made in the folder."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(load(there))
        bare = stack.enter_context(closing(Bare(folder / "bare.db")))
        made = await stack.enter_async_context(
            saves(slack, folder / "world", size.plans, size.entries)
        )
        ours = await stack.enter_async_context(coplan(slack, made.there))
        over_http = await stack.enter_async_context(coplan(slack, made.there, http=True))
        return await Match(
            load=slack,
            saves=made,
            rivals={
                BELOW: NoOp(load=slack),
                BELOW + OVER_HTTP: NoOp(load=slack, http=True),
                FLOOR: NoOp(load=slack, bare=bare),
                ANSWERED: NoOp(load=slack, bare=bare, answers=True),
                OURS: ours,
                OURS + OVER_HTTP: over_http,
            },
            bare=bare,
            words=WORDS,
            calls=partial(calls_out, ours, made),
        ).played(size)


if __name__ == "__main__":
    begun_anew("tests.bench.slack", sys.argv[1:])
    run(sys.argv[1:], measure, WORDS)

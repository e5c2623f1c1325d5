"""Killing Coplan on a fake platform, life after life, while people go on talking to it.

A life is a process. It is killed at an instant that the fake tells of: when something was delivered
to it or answered by it, when a call of its has come or was carried out; or at any time. The next
one goes on.
"""

import asyncio
import contextlib
import random  # noqa: TID251 - the type of what the seed made
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from typing import Generic, Protocol, TypeVar

from sqlalchemy import bindparam, func, select

from bot.runtime.manner import Manner
from storage.engine import make_reader
from storage.tables import outbox
from tests.support import kill
from tests.support.examples import IN_CI
from tests.support.living import Life
from tests.support.nursery import nursery

ANY_TIME = "at any time"
SPEED = 20.0
"""How fast the clock runs: a lease lasts three seconds."""
LEASE = 60.0
LONGEST_WAIT = 2 * LEASE + 1.5 * Manner().longest_delay
"""Seconds until whatever can be sent is tried once more: two leases, or the longest delay."""
LONGEST = 1.0
PATIENCE = 20.0

Said = list[str]
F = TypeVar("F")
L = TypeVar("L", bound=Life)
Talking = Callable[[F, Said], Awaitable[None]]
"""Lets people talk for ever; what was acknowledged is put into the list."""


class Connected(Protocol):
    """Waits until a life is connected to the fake."""

    async def __call__(self, *, within: float) -> None:
        """Return when one is; fail after so many seconds."""
        ...


def kills(instants: Sequence[str]) -> int:
    """Return how many lives are to be killed."""
    return kill.rounds(default=0) // 4 or (5 if IN_CI else 1) * len(instants)


@dataclass(slots=True, kw_only=True)
class Hunt(Generic[F, L]):
    """The life that is lived, by ``live``, and at which instant it is to end."""

    fake: F
    life: L
    live: Callable[[L], None]
    connected: Connected
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    instant: str = ""
    left: int = 0
    process: ForkServerProcess | None = None

    def watch(self, instant: str) -> None:
        """Kill the process if this is the instant that was waited for."""
        if instant == self.instant and self.process is not None:
            self.left -= 1
            if self.left == 0:
                self.process.kill()

    def begins(self, instant: str = "") -> None:
        """Start a life that is to end at the instant, when it has come a few times."""
        self.instant, self.left = instant, self.chance.randint(1, 4)
        self.process = nursery.Process(target=self.live, args=(self.life,))
        self.process.start()

    async def ends(self) -> None:
        """Return when the life is over: at its instant, or else after a while.

        Its instant may come before it is connected, by what its forerunner left unsent.
        """
        assert self.process is not None
        async with asyncio.timeout(PATIENCE):
            while self.process.is_alive():
                with contextlib.suppress(TimeoutError):
                    await self.connected(within=LONGEST)
                    break
        longest = self.chance.uniform(0, LONGEST) if self.instant == ANY_TIME else PATIENCE
        await asyncio.to_thread(self.process.join, longest)
        self.killed[self.instant] += 1
        self.gone()

    def gone(self) -> None:
        """Let nothing of the process be left."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


async def hunted(hunt: Hunt[F, L], instants: Sequence[str], many: int, talking: Talking[F]) -> Said:
    """Kill so many lives while people talk; return what was acknowledged."""
    said: Said = []
    talk = asyncio.ensure_future(talking(hunt.fake, said))
    for number in range(many):
        hunt.begins(instants[number % len(instants)])
        await hunt.ends()
    hunt.begins()
    await hunt.connected(within=PATIENCE)
    await asyncio.sleep(LONGEST)
    talk.cancel()
    await asyncio.gather(talk, return_exceptions=True)
    await all_sent(hunt.life)
    return said


async def all_sent(life: Life) -> None:
    """Return when nothing is left to send; fail if for a while nothing is sent.

    Whatever the dead had leased is taken up again, and what failed is tried again; both are waited
    for, until for a while there is nothing: an act that was under way may still tell of itself.
    """
    until = life.flow.now() + timedelta(seconds=LONGEST_WAIT)
    due = (outbox.c.state == "pending") & (outbox.c.due_at <= bindparam("until"))
    count = select(func.count()).where(due | (outbox.c.state == "leased"))
    reader, loop = make_reader(life.url), asyncio.get_running_loop()

    def waiting() -> int:
        with reader.connect() as connection:
            return connection.execute(count, {"until": until}).scalar_one()

    try:
        left, changed = waiting(), loop.time()
        while loop.time() - changed < (PATIENCE + LONGEST_WAIT / SPEED if left else LONGEST):
            await asyncio.sleep(LONGEST / 10)
            before, left = left, waiting()
            if left != before:
                changed = loop.time()
        assert not left, f"{left} are not sent"
    finally:
        reader.dispose()

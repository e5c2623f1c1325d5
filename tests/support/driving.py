"""Deliveries to an app, in a row, abreast or at a rate, and how long each was waited for."""

import asyncio
import random  # noqa: TID251 - seeded
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

P = TypeVar("P")

ALONE = 1
REST = 0.002
"""Seconds between two that go alone: what is left of the one before is no part of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of a run, in seconds: all of it, and each wait for an acknowledgement.

    The rests between those that go alone are not counted. With a rate, a wait begins at the instant
    chosen for the delivery. ``failed`` were not acknowledged, or refused by the app. ``cpu`` is
    this process's own.
    """

    seconds: float
    cpu: float
    waits: Sequence[float]
    failed: int


@dataclass(slots=True, kw_only=True)
class Driving(Generic[P]):
    """One run over chains: what is in one goes one after another, ``width`` chains at once.

    With a ``rate`` all chains at once, and so many deliveries a second at random instants, whether
    the earlier ones are acknowledged or not. ``deliver`` tells whether it was taken, and
    ``finished`` waits for what comes after that: one that goes alone is over then, and the next
    follows after a rest.
    """

    deliver: Callable[[P], Awaitable[bool]]
    finished: Callable[[], Awaitable[None]] | None = None
    chains: Sequence[Sequence[P]]
    width: int = ALONE
    rate: float = 0.0
    _waits: list[float] = field(default_factory=list)
    _failed: int = 0

    async def done(self) -> Delivered:
        """Deliver all of them."""
        wall, cpu = time.perf_counter(), time.process_time()
        if self.rate:
            await self._at_a_rate()
        elif self.width == ALONE:
            wall += await self._in_a_row()
        else:
            await self._abreast()
        return Delivered(
            seconds=time.perf_counter() - wall,
            cpu=time.process_time() - cpu,
            waits=self._waits,
            failed=self._failed,
        )

    async def _in_a_row(self) -> float:
        """Deliver one at a time; return the seconds of the rests."""
        rested = 0.0
        for chain in self.chains:
            for payload in chain:
                await self._deliver(payload, time.perf_counter())
                if self.finished is not None:
                    await self.finished()
                over = time.perf_counter()
                await asyncio.sleep(REST)
                rested += time.perf_counter() - over
        return rested

    async def _abreast(self) -> None:
        left = iter(self.chains)

        async def working() -> None:
            for chain in left:
                for payload in chain:
                    await self._deliver(payload, time.perf_counter())

        await asyncio.gather(*(working() for _ in range(self.width)))

    async def _at_a_rate(self) -> None:
        """Deliver at random instants; a chain that is late makes the next of it wait, too."""
        chance = random.Random(1)
        many = max(map(len, self.chains)) * len(self.chains)
        ahead = accumulate(chance.expovariate(self.rate) for _ in range(many))
        start = time.perf_counter()
        instants = [start + each for each in ahead]

        async def following(at: int, chain: Sequence[P]) -> None:
            for payload, instant in zip(chain, instants[at :: len(self.chains)], strict=False):
                await asyncio.sleep(max(instant - time.perf_counter(), 0))
                await self._deliver(payload, instant)

        await asyncio.gather(*(following(at, chain) for at, chain in enumerate(self.chains)))

    async def _deliver(self, payload: P, begun: float) -> None:
        taken = await self.deliver(payload)
        self._waits.append(time.perf_counter() - begun)
        self._failed += not taken

"""Processes that are killed at an instant of a message.

with Hunt(ledger) as hunt:
    hunt.start(life, trap=Trap(instant=Instant.APPLIED, count=3))
    hunt.ends(life.number, within=0.4)
"""

import os
import signal
import threading
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from types import TracebackType
from typing import Self

from tests.support.ledger import Instant, Ledger, Platform
from tests.support.nursery import nursery
from tests.support.reminding import Life, live


@dataclass(slots=True, kw_only=True)
class Trap:
    """Kill the process when its ``count``-th message is at that instant (on that platform)."""

    instant: Instant
    count: int = 1
    platform: Platform | None = None


@dataclass(slots=True)
class Hunt:
    """The processes that live, and the traps that are set for them on the platform."""

    ledger: Ledger
    _living: dict[int, ForkServerProcess] = field(default_factory=dict)
    _traps: dict[int, Trap] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self.ledger.watch = self._watch
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for process in self._living.values():
            process.kill()
            process.join()

    def start(self, life: Life, trap: Trap | None = None) -> None:
        """Let the process begin."""
        if trap is not None:
            self._traps[life.number] = trap
        process = nursery.Process(target=live, args=(life,), name=f"life-{life.number}")
        self._living[life.number] = process
        process.start()

    def ends(self, number: int, *, within: float) -> bool:
        """Kill the process after so many seconds; tell whether it had been killed before."""
        process = self._living[number]
        process.join(within)
        before = process.exitcode is not None
        process.kill()
        self._gone(number, -signal.SIGKILL)
        return before

    def finishes(self, number: int, *, within: float) -> None:
        """Wait until the process has ended by itself, as it should within so many seconds."""
        self._living[number].join(within)
        self._gone(number, 0)

    def _gone(self, number: int, code: int) -> None:
        process = self._living[number]
        process.join(10)
        assert process.exitcode == code, f"{process.name} ended with {process.exitcode}"
        with self._lock:
            del self._living[number]
        process.close()

    def _watch(self, instant: Instant, number: int, platform: Platform) -> None:
        with self._lock:
            trap, process = self._traps.get(number), self._living.get(number)
            if trap is None or trap.instant is not instant:
                return
            if trap.platform not in {None, platform}:
                return
            trap.count -= 1
            if trap.count == 0 and process is not None and process.pid is not None:
                os.kill(process.pid, signal.SIGKILL)

"""Where foreign bytes are parsed: a process of its own that can be killed and has little memory."""

import asyncio
import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from bot.chat.ports import Workshop
from bot.domain import errors

R = TypeVar("R")

SECONDS = 10.0
"""A school's largest file takes about one; what takes ten is not a timetable."""
MEMORY = 768 * 1024 * 1024
"""Bytes of address space of the process."""


class ProcessWorkshop(Workshop):
    """One worker process, started when it is first needed, and anew after it had to be killed."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPoolExecutor | None = None

    async def parse(self, work: Callable[[Any], R], given: Any) -> R:  # noqa: ANN401 - as given
        """Return ``work(given)``; see ``Workshop``."""
        loop = asyncio.get_running_loop()
        pool = self._pool = self._pool or self._open()
        try:
            return await asyncio.wait_for(loop.run_in_executor(pool, work, given), self._seconds)
        except (TimeoutError, MemoryError, BrokenProcessPool) as error:
            self.close()
            raise errors.InvalidInput(
                what="That file takes too long, or too much memory, to read.",
                remedy="Send a smaller one: only your own rows, or one school year.",
            ) from error

    def close(self) -> None:
        """Kill the process."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - the only way to it
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> ProcessPoolExecutor:
        # A fork of a process with threads can dead-lock; a spawned one imports only what it needs.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            max_workers=1, mp_context=context, initializer=_confine, initargs=(self._memory,)
        )


def _confine(memory: int) -> None:
    """Take away from this process what a parser does not need; Windows has no such limits."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        if sys.platform != "darwin":  # where address space cannot be limited
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

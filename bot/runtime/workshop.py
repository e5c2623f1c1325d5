"""Where foreign bytes are parsed: a process of its own that can be killed and has little memory."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection
from threading import Thread
from typing import Any, TypeVar

from bot.chat.ports import Workshop
from bot.domain import errors

R = TypeVar("R")

SECONDS = 10.0
"""Of processor time. A school's largest file takes about one; what takes ten is no timetable."""
PATIENCE = 60.0
"""Seconds by the clock that a file may take: on a machine that is busy a good one is only late."""
MEMORY = 768 * 1024 * 1024
"""Bytes of address space of the process."""
_PR_SET_PDEATHSIG = 1
"""``linux/prctl.h``: the signal this process gets when the thread that started it ends."""


class ProcessWorkshop(Workshop):
    """One worker process, started when it is first needed, and anew after it had to be killed.

    It ends with the process that started it, in whatever way that ends. Files wait for their turn:
    the time of each counts from its own, and who has to be stopped takes nobody else along.
    ``seconds`` are of processor time (on Windows that is not limited), ``patience`` is by the
    clock, ``memory`` in bytes.
    """

    def __init__(
        self, seconds: float = SECONDS, memory: int = MEMORY, patience: float = PATIENCE
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._patience = patience
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def parse(self, work: Callable[[Any], R], given: Any) -> R:  # noqa: ANN401 - as given
        """Return ``work(given)``; see ``Workshop``."""
        async with self._turn:
            return await self._parse(work, given)

    async def _parse(self, work: Callable[[Any], R], given: Any) -> R:  # noqa: ANN401 - as given
        try:
            parsed = self._begun(work, given)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            self.close()
            parsed = self._begun(work, given)
        try:
            async with asyncio.timeout(self._patience):
                return await parsed
        except asyncio.CancelledError:  # what nobody waits for takes no time from the next
            self.close()
            raise
        except (TimeoutError, MemoryError, BrokenProcessPool) as error:
            self.close()
            raise errors.InvalidInput(
                what="That file takes too long, or too much memory, to read.",
                remedy="Send a smaller one: only your own rows, or one school year.",
            ) from error

    def _begun(self, work: Callable[[Any], R], given: Any) -> asyncio.Future[R]:  # noqa: ANN401 - as given
        pool = self._pool = self._pool or self._open()
        with _deaf_to_interrupts():  # for here the worker starts
            return asyncio.get_running_loop().run_in_executor(
                pool, _timed, self._seconds, work, given
            )

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


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let what starts in the block, and it alone, never hear of Ctrl-C in the terminal.

    It is not asked to end but killed; an interrupt would only make it print a traceback.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _confine(memory: int) -> None:
    """Tie this process to its parent, and take away what a parser does not need."""
    _end_with_parent()
    if sys.platform != "win32":  # which has no such limits
        import resource  # noqa: PLC0415 - not there on Windows

        if sys.platform != "darwin":  # where address space cannot be limited
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _timed(seconds: float, work: Callable[[Any], R], given: Any) -> R:  # noqa: ANN401 - as given
    """Return ``work(given)``; this process is killed when that takes more processor time."""
    if sys.platform == "win32":
        return work(given)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work(given)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _end_with_parent() -> None:
    """End this process when its parent does.

    A worker waits on a pipe of which it holds both ends, so it would wait for ever. A thread sees
    the parent's own pipe close; Linux also kills by itself, which reaches a worker that never lets
    another thread run.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - needed in the worker alone

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)

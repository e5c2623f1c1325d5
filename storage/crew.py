"""The threads behind the door: what they take from one queue, and how their callers hear of it."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, Generic, TypeVar

import structlog

from bot.domain.errors import Unavailable
from bot.domain.ids import WorkspaceId

W = TypeVar("W")
T = TypeVar("T")

_STOPPING: Final = "it is starting or stopping"

_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Job(Generic[W]):
    """A unit on its way: ``error`` is its outcome if set, else ``value``."""

    workspace: WorkspaceId
    unit: Callable[[W], Any]
    future: asyncio.Future[Any] | None = None
    value: Any = None
    error: BaseException | None = None


class Crew(Generic[W]):
    """Threads that take jobs from one queue, up to ``most`` at a time, and answer their callers."""

    def __init__(
        self, name: str, threads: int, most: int, run: Callable[[list[Job[W]]], None]
    ) -> None:
        self._name = name
        self._most = most
        self._run = run
        self._queue: SimpleQueue[Job[W] | None] = SimpleQueue()
        self._gate = threading.Lock()  # nothing may enter the queue behind the end
        self._open = False
        self._failing = ""  # why nothing could be done last time
        self._threads = [
            threading.Thread(target=self._work, name=f"coplan-{name}-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Start the threads, and accept units from now on."""
        self._open = True
        for thread in self._threads:
            thread.start()

    def shut(self) -> None:
        """Accept nothing from now on."""
        with self._gate:
            if self._open:
                self._open = False
                self._queue.put(None)

    def finish(self, seconds: float) -> None:
        """Block until what was accepted before it was shut is done.

        After so many seconds what has not begun is refused, and what has is left to itself.
        """
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(until - time.monotonic(), 0.0))
        self._refuse()

    def take(self, workspace: WorkspaceId, unit: Callable[[W], T]) -> asyncio.Future[T]:
        """Accept a unit from the running loop; ``Unavailable`` when the door is not open."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._gate:
            if not self._open:
                raise Unavailable(reason=_STOPPING)
            self._queue.put(Job(workspace, unit, future))
        return future

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            jobs = self._gather(first)
            try:
                self._run(jobs)
            except BaseException as error:  # noqa: BLE001 - the thread outlives it
                _log.exception("unexpected_in_door", crew=self._name)
                for job in jobs:
                    job.error = error
            self._heed(jobs)
            _answer(jobs)
        self._queue.put(None)  # for the next thread

    def _refuse(self) -> None:
        """Refuse what is in the queue still."""
        left = []
        with contextlib.suppress(Empty):
            while True:
                if (job := self._queue.get_nowait()) is not None:
                    job.error = Unavailable(reason=_STOPPING)
                    left.append(job)
        self._queue.put(None)  # for the threads, when they are done
        _answer(left)

    def _heed(self, jobs: list[Job[W]]) -> None:
        """Log when the database begins to fail, and when it works again; callers log nothing."""
        reason = next(
            (str(job.error.facts["reason"]) for job in jobs if isinstance(job.error, Unavailable)),
            "",
        )
        if reason == self._failing:
            return
        self._failing = reason
        if reason:
            _log.error("database_failing", crew=self._name, reason=reason)
        else:
            _log.info("database_works_again", crew=self._name)

    def _gather(self, first: Job[W]) -> list[Job[W]]:
        """Return ``first`` and what has queued behind it, without waiting."""
        jobs = [first]
        with contextlib.suppress(Empty):
            while len(jobs) < self._most:
                job = self._queue.get_nowait()
                if job is None:
                    self._queue.put(None)
                    break
                jobs.append(job)
        return jobs


def _answer(jobs: list[Job[W]]) -> None:
    """Hand all outcomes to their loops, waking each loop once."""
    loops: dict[asyncio.AbstractEventLoop, list[Job[W]]] = {}
    for job in jobs:
        if job.future is not None:
            loops.setdefault(job.future.get_loop(), []).append(job)
    for loop, mine in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, mine)


def _settle(jobs: list[Job[W]]) -> None:
    for job in jobs:
        if job.future is None or job.future.done():  # the caller gave up
            continue
        if job.error is None:
            job.future.set_result(job.value)
        elif isinstance(job.error, StopIteration):  # asyncio refuses it, and would leave us hanging
            job.future.set_exception(RuntimeError("the unit raised StopIteration"))
        else:
            job.future.set_exception(job.error)

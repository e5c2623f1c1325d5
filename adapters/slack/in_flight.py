"""What has begun and is not over: acts that Slack delivered, and answers on their way."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

import structlog

T = TypeVar("T")

REMEMBERED: Final = 5_000
"""Deliveries whose outcome is kept, for those that come again."""

_log = structlog.get_logger(__name__)


class InFlight:
    """Runs tasks that nobody waits for, and can be waited for as a whole."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run it on its own; whoever waits for it and gives up does not stop it."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    async def idle(self) -> None:
        """Return when nothing is under way any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def end(self, seconds: float) -> None:
        """Return when nothing is under way any more; cancel what is left after ``seconds``."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.idle(), seconds)
        late = set(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("slack_task_failed", kind=task.get_name(), exc_info=error)


class Once:
    """The newest deliveries: one that comes again while the first is under way joins it.

    It spares the second even the attempt. What holds across a restart, and between processes, is
    the key in the inbox.
    """

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._tasks: dict[str, asyncio.Task[Any]] = {}

    def run(
        self, delivery: str, act: Callable[[], Coroutine[Any, Any, T]], name: str
    ) -> tuple[asyncio.Task[T], bool]:
        """Return the act's task, and whether this is the first time; a failed one may be repeated.

        An empty ``delivery`` is always new.
        """
        task = self._tasks.get(delivery) if delivery else None
        if task is not None:
            return task, False
        task = self._in_flight.start(act(), name)
        if delivery:
            self._tasks[delivery] = task
            task.add_done_callback(lambda done: self._finished(delivery, done))
        return task, True

    def _finished(self, delivery: str, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._tasks.pop(delivery, None)
        while len(self._tasks) > REMEMBERED:
            del self._tasks[next(iter(self._tasks))]

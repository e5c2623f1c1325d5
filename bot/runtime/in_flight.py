"""What has begun and is not over: acts that a platform delivered, and answers on their way."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog

T = TypeVar("T")

REMEMBERED: Final = 10_000
"""Deliveries that are known again when they come once more."""
DOUBLE: Final = 1.0
"""Seconds in which the same click by the same person, with nothing between, is the same one.

So it is, too, while what it does is still under way.
"""

_log = structlog.get_logger(__name__)


class NotDone(Exception):  # noqa: N818 - an outcome
    """Nothing could be done now; whoever delivered it does so again."""


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
            async with asyncio.timeout(seconds):
                await self.idle()
        late = set(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, NotDone):
            _log.error("task_failed", kind=task.get_name(), exc_info=error)


class Once:
    """The newest deliveries: one that comes again while the first is under way joins it.

    It spares the second even the attempt. What holds across a restart, and between processes, is
    the key in the inbox.
    """

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._done: dict[str, None] = {}

    def run(
        self, delivery: str, act: Callable[[], Coroutine[Any, Any, T]], name: str
    ) -> tuple[asyncio.Task[T] | None, bool]:
        """Return the act's task, and whether this is the first time; a failed one may be repeated.

        None: it was done before, and answered. An empty ``delivery`` is always new.
        """
        if delivery in self._done:
            return None, False
        if (known := self._tasks.get(delivery)) is not None:
            return known, False
        task = self._in_flight.start(act(), name)
        if delivery:
            self._tasks[delivery] = task
            task.add_done_callback(lambda done: self._finished(delivery, done))
        return task, True

    def under_way(self, delivery: str) -> bool:
        """Tell whether the delivery's act has begun and is not over."""
        return delivery in self._tasks

    def _finished(self, delivery: str, task: asyncio.Task[Any]) -> None:
        del self._tasks[delivery]
        if task.cancelled() or task.exception() is not None:
            return
        self._done[delivery] = None
        if len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Click:
    what: str
    delivery: str
    at: float


class Doubles:
    """The newest act of each person: to use one button twice at once means to use it once.

    A platform delivers a double click as two clicks, each with an id of its own. What is delivered
    again later is what it was, and nothing new. ``under_way`` tells whether what a delivery does is
    not over yet: whoever waits for it is impatient, and means nothing new.
    """

    def __init__(self, under_way: Callable[[str], bool]) -> None:
        self._under_way = under_way
        self._newest: dict[str, _Click] = {}
        self._counts: dict[str, str] = {}

    def delivery(self, person: str, what: str, delivery: str) -> str:
        """Return the delivery that counts: that of the same click a moment ago, else its own.

        ``what`` says what was clicked where; empty for what may be done twice at once.
        """
        if (known := self._counts.get(delivery)) is not None:
            return known
        now = asyncio.get_running_loop().time()
        last = self._newest.pop(person, None)
        same = last is not None and bool(what) and last.what == what and self._lasts(last, now)
        counts = last if same and last else _Click(what=what, delivery=delivery, at=now)
        self._newest[person] = counts
        if what:
            self._counts[delivery] = counts.delivery
        for remembered in (self._newest, self._counts):
            if len(remembered) > REMEMBERED:
                del remembered[next(iter(remembered))]
        return counts.delivery

    def _lasts(self, click: _Click, now: float) -> bool:
        return now - click.at < DOUBLE or self._under_way(click.delivery)

"""An act that is posted again, because the network failed, takes effect once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from adapters.playground.records import Json

_REMEMBERED: Final = 500


class Once:
    """Remembers the answers of the newest acts; whoever asks again gets the same answer.

    It spares a repeated act even the attempt. What holds across a restart are the keys of the
    messages and of the inbound.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Json]] = {}

    async def run(self, key: str, act: Callable[[], Coroutine[Any, Any, Json]]) -> Json:
        """Return the act's answer, running it at the first call; a failed act may be repeated.

        A caller that goes away does not stop the act.
        """
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(act())
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)

    def under_way(self, key: str) -> bool:
        """Tell whether the act has begun and is not over."""
        task = self._tasks.get(key)
        return task is not None and not task.done()

    def _finished(self, key: str, task: asyncio.Task[Json]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._tasks.pop(key, None)
        while len(self._tasks) > _REMEMBERED:
            del self._tasks[next(iter(self._tasks))]

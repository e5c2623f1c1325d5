"""What the chat core needs from the runtime."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

R = TypeVar("R")


class Workshop(Protocol):
    """Parses foreign bytes where they can do no harm."""

    async def parse(self, work: Callable[[Any], R], given: Any) -> R:  # noqa: ANN401 - as given
        """Return ``work(given)``, or raise what it raised.

        ``InvalidInput`` when it takes too long or too much memory. ``work`` is a module's
        function, or a partial of one: it may run in another process.
        """
        ...


class ThreadWorkshop(Workshop):
    """Parses in a thread of this process: for the command line and for tests."""

    async def parse(self, work: Callable[[Any], R], given: Any) -> R:  # noqa: ANN401 - as given
        """Return ``work(given)``; see ``Workshop``."""
        return await asyncio.to_thread(work, given)

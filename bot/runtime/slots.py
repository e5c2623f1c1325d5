"""Slots: how many are at work at once. Whoever takes long gives theirs to the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """So many at once; after ``seconds`` somebody slow does not count any more."""

    def __init__(self, many: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(many)
        self._seconds = seconds

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a slot, in the order of asking, and hold it while the block runs."""
        await self._free.acquire()
        held = True

        def give_back() -> None:
            nonlocal held
            if held:
                held = False
                self._free.release()

        slow = asyncio.get_running_loop().call_later(self._seconds, give_back)
        try:
            yield
        finally:
            slow.cancel()
            give_back()

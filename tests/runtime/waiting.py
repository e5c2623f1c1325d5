"""Waiting in real time for what other tasks do."""

import asyncio
from collections.abc import Callable


async def until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return once ``done`` is true; TimeoutError when it never is."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - nothing that is waited for sets an event
            await asyncio.sleep(0.005)

"""The playground with the echo bot, served to windows of a real browser."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.playground.server import reserve, run
from tests.support.browser import Browsing, Window
from tests.support.echo import Playing


@asynccontextmanager
async def at(play: Playing, chromium: Browsing) -> AsyncIterator[Browsing]:
    """Serve the playground; windows that are still open afterwards are closed."""
    serving, address = await serve(play, 0)
    try:
        yield Browsing(chromium.browser, address)
    finally:
        for context in chromium.browser.contexts:
            await context.close()
        await stop(serving)


async def serve(play: Playing, port: int) -> tuple[asyncio.Task[None], str]:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(run(play.app, reserve(port), ready.set_result))
    return serving, await ready


async def stop(serving: asyncio.Task[None]) -> None:
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def close(*windows: Window) -> None:
    for window in windows:
        assert window.errors == []
        await window.page.context.close()

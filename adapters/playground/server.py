"""Serving the playground on loopback until it is stopped."""

import asyncio
import errno
from collections.abc import Callable
from typing import Final

from aiohttp import web

from adapters.playground.guard import check_loopback
from bot.domain.errors import InvalidInput

HOST: Final = "127.0.0.1"
PORT: Final = 8765


async def run(
    app: web.Application,
    port: int = PORT,
    on_ready: Callable[[str], None] = lambda _: None,
    host: str = HOST,
) -> None:
    """Serve ``app`` until cancelled; ``on_ready`` gets the page's address. Port 0: any free one.

    Raises ``InvalidInput`` when the port is in use or the address is not loopback.
    """
    check_loopback(host)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        on_ready(f"http://{host}:{runner.addresses[0][1]}/")
        await asyncio.Event().wait()
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise InvalidInput(
                what=f"Port {port} is in use.", remedy="Choose another with --port."
            ) from error
        raise
    finally:
        await runner.cleanup()

"""Serving the playground on loopback until it is stopped."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from aiohttp import web

from adapters.playground.guard import check_loopback
from adapters.web import server

HOST: Final = "127.0.0.1"


def reserve(port: int, host: str = HOST) -> socket.socket:
    """Return a socket that has the port (0: any free one); nobody else can have it from now on.

    Raises ``InvalidInput`` when the port is in use or the address is not loopback.
    """
    check_loopback(host)
    return server.reserve(host, port, "Choose another with --port.")


async def run(app: web.Application, taken: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Serve ``app`` on a reserved socket until cancelled; ``on_ready`` gets the page's address."""
    host, port = taken.getsockname()
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.SockSite(runner, taken).start()
        on_ready(f"http://{host}:{port}/")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()

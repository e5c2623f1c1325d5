"""Serving the playground on loopback until it is stopped."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from typing import Final

from aiohttp import web

from adapters.playground.guard import check_loopback
from bot.domain.errors import InvalidInput

HOST: Final = "127.0.0.1"


def reserve(port: int, host: str = HOST) -> socket.socket:
    """Return a socket that has the port (0: any free one); nobody else can have it from now on.

    Raises ``InvalidInput`` when the port is in use or the address is not loopback.
    """
    check_loopback(host)
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share the port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen()  # bound alone, it could be bound once more
    except OSError as error:
        taken.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise InvalidInput(
                what=f"Port {port} is in use.", remedy="Choose another with --port."
            ) from error
        raise
    return taken


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

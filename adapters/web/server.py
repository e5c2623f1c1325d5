"""One HTTP server for all that is asked of Coplan over the web: it gives strangers nothing."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from adapters.web.doorkeeper import Doorkeeper
from bot.domain.errors import InvalidInput
from bot.log import reference

LARGEST: Final = 1024 * 1024
"""Bytes of a request's body."""
_LINGER: Final = 1.0
_SENTENCES: Final = {
    400: "That request cannot be understood.",
    401: "That request is not signed as it should be.",
    403: "That is not for everybody.",
    404: "There is nothing here.",
    405: "That is not possible here.",
    408: "That took too long.",
    413: "That is too much at once.",
    415: "That is of a kind that is not taken here.",
}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Server": "coplan",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_log = structlog.get_logger(__name__)
_silent = logging.Logger("adapters.web.strangers")  # noqa: LOG001 - what strangers send is no news
_silent.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of the server anybody may take.

    ``connections`` at a time: well below the files that a process may usually open (1,024).
    ``patience``: seconds for the first headers of a connection; and for reading a body and
    answering it (Slack itself waits for three). ``idle``: seconds after which a connection is
    closed over which nothing comes.
    """

    connections: int = 400
    patience: float = 10.0
    idle: float = 30.0


BOUNDS: Final = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What is served at an ``address``, until it is left."""

    address: str
    leave: Callable[[], None]
    """Take nothing more, also over connections that are open; what was asked for is answered.

    Whoever stands before several processes then turns to another one.
    """


def reserve(host: str, port: int, remedy: str) -> socket.socket:
    """Return a socket that has the port (0: any free one); nobody else can have it from now on.

    Raises ``InvalidInput`` with that ``remedy`` when the port is in use, or cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share the port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen()  # bound alone, it could be bound once more
    except OSError as error:
        taken.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise InvalidInput(what=f"Port {port} is in use.", remedy=remedy) from error
        if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
            what = f"This machine has no address {host}."
            raise InvalidInput(what=what, remedy=remedy) from error
        raise
    return taken


@asynccontextmanager
async def serving(
    routes: Iterable[web.AbstractRouteDef], taken: socket.socket, bounds: Bounds = BOUNDS
) -> AsyncIterator[Served]:
    """Serve the routes on a reserved socket until the block ends.

    What has been asked for is still answered, for a few seconds.
    """
    app = web.Application(middlewares=[_in_time(bounds.patience)], client_max_size=LARGEST)
    app.router.add_routes(routes)
    app.on_response_prepare.append(_add_headers)
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=bounds.patience / 2,
        keepalive_timeout=bounds.idle,
        lingering_time=_LINGER,
        auto_decompress=False,  # signatures are of the bytes as they came; and a bomb stays shut
        logger=_silent,
    )
    await runner.setup()
    answering = runner.server
    assert answering is not None  # noqa: S101 - for the type checker: it is set up
    keeper = Doorkeeper(answering, most=bounds.connections, patience=bounds.patience)
    server = await asyncio.get_running_loop().create_server(keeper, sock=taken)
    host, port = taken.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def leave() -> None:
        server.close()
        answering.pre_shutdown()

    try:
        yield Served(address=address, leave=leave)
    finally:
        server.close()
        await runner.cleanup()


def _in_time(patience: float) -> Middleware:
    """Return what answers in time, and every error in one sentence; what is unknown is logged."""

    @web.middleware
    async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (request.content_length or 0) > LARGEST:
            return _said(web.HTTPRequestEntityTooLarge.status_code)
        try:
            async with asyncio.timeout(patience):
                return await handler(request)
        except web.HTTPException as error:
            return _said(error.status, error.headers.get("Allow"))
        except TimeoutError:
            return _said(web.HTTPRequestTimeout.status_code)
        except (HttpProcessingError, web.RequestPayloadError, UnicodeError):
            return _said(web.HTTPBadRequest.status_code)
        except ConnectionError:
            raise
        except Exception:  # noqa: BLE001 - logged, and nobody is shown a traceback
            name = reference()
            _log.exception("web_failed", reference=name)
            return web.Response(text=f"Something went wrong here: {name}.\n", status=500)

    return answered


def _said(status: int, allow: str | None = None) -> web.Response:
    headers = {"Allow": allow} if allow else {}
    text = _SENTENCES.get(status, "That cannot be done.")
    response = web.Response(text=f"{text}\n", status=status, headers=headers)
    response.force_close()
    return response


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)

"""Keeping strangers out: other sites in the same browser, and names that point at this machine.

Any page in the browser may send requests to loopback, and a name of its own may resolve to it (DNS
rebinding). So the Host must be ours, and whatever changes something needs a header that only our
own page can send, because only it can read the token.
"""

import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

from adapters.playground.unanswered import Unanswered
from bot.domain.errors import InvalidInput, Problem, Unavailable

TOKEN: Final = web.AppKey("token", str)
"""Made anew by every process; never in an address, never stored."""
TOKEN_HEADER: Final = "X-Coplan-Playground"  # noqa: S105 - the header's name
BODY_LIMIT: Final = 12 * 1024 * 1024

_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_SENTENCES: Final = {
    403: "This page is open to your own browser on this machine only.",
    404: "There is nothing here.",
    405: "That is not possible here.",
    413: "That is too much at once: 12 MB is the most. Send a smaller file.",
}

_log = structlog.stdlib.get_logger(__name__)

_Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(32)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:  # noqa: ARG001
    """Give every response, errors and streams too, the headers that shut other sites out."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def explain_errors(request: web.Request, handler: _Next) -> web.StreamResponse:
    """Turn every error into a sentence; an unknown one is logged under a reference."""
    try:
        return await handler(request)
    except Problem as problem:
        return _problem(problem)
    except web.HTTPException as error:
        sentence = _SENTENCES.get(error.status, "That cannot be done.")
        return web.json_response({"error": sentence}, status=error.status)
    except Exception:  # noqa: BLE001 - logged whole, and nobody is shown a traceback
        reference = secrets.token_hex(4)
        _log.exception("playground_failed", reference=reference, path=request.path)
        sentence = f"Something went wrong here. It is in the log under {reference}."
        return web.json_response({"error": sentence}, status=500)


def _problem(problem: Problem) -> web.Response:
    sentences = f"{problem.message} {problem.remedy}".strip()
    if isinstance(problem, Unanswered):
        told = {"error": sentences, "message": problem.shown, "done": problem.done}
        return web.json_response(told, status=503)
    status = 503 if isinstance(problem, Unavailable) else 400
    return web.json_response({"error": sentences}, status=status)


@web.middleware
async def refuse_strangers(request: web.Request, handler: _Next) -> web.StreamResponse:
    """Let only our own page through; everything else is 403."""
    port = _loopback_port(request)
    if not _is_ours(request.host, port) or _from_elsewhere(request, port):
        raise web.HTTPForbidden
    if request.method not in {"GET", "HEAD"} and not _has_token(request):
        # Its own sentence: a page from before a restart fetches the new token and tries again.
        return web.json_response({"error": "This page is out of date. Reload it."}, status=403)
    if (request.content_length or 0) > BODY_LIMIT:
        raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, request.content_length or 0)
    return await handler(request)


def check_loopback(host: str) -> None:
    """Raise ``InvalidInput`` for an address that other machines can reach."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise InvalidInput(
            what=f"The playground is for this machine only, not for {host}.",
            remedy="Leave the address away: it listens on 127.0.0.1.",
        )


def _loopback_port(request: web.Request) -> int:
    """Return the port served; 403 when the server listens on anything but loopback."""
    address = request.transport.get_extra_info("sockname") if request.transport else None
    if not isinstance(address, tuple) or not ipaddress.ip_address(address[0]).is_loopback:
        raise web.HTTPForbidden
    return int(address[1])


def _is_ours(host: str, port: int) -> bool:
    return host.lower() in {*_NAMES, *(f"{name}:{port}" for name in _NAMES)}


def _from_elsewhere(request: web.Request, port: int) -> bool:
    """Tell whether another site's page sent it; following a link to our page is no harm."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site not in {"same-origin", "none"} and request.path != "/":
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    return not (origin.startswith("http://") and _is_ours(origin.removeprefix("http://"), port))


def _has_token(request: web.Request) -> bool:
    given = request.headers.get(TOKEN_HEADER, "")
    return hmac.compare_digest(given.encode(), request.app[TOKEN].encode())

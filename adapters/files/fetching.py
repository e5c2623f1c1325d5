"""Calendars fetched by their address: public servers over https, within bounds of time and size."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from adapters.files.addresses import Address, NotPublicError, PublicResolver, is_public
from adapters.files.decoding import LARGEST, too_large
from bot.domain.errors import InvalidInput

SECONDS = 1.7
"""For everything, redirects included: somebody waits in a chat, where two are the most for all."""
_CLOSING = 0.05
_HOPS = 4
_CHUNK = 65_536
_OK = 200
_MOVED = frozenset({301, 302, 303, 307, 308})
_CLOSED = frozenset({401, 403})
_GONE = frozenset({404, 410})
_TYPES = frozenset(
    {
        "",
        "text/calendar",
        "text/plain",
        "text/csv",
        "application/ics",
        "application/calendar",
        "application/octet-stream",
        "binary/octet-stream",
    }
)
_HEADERS = {"Accept": "text/calendar, text/plain;q=0.5", "Accept-Encoding": "identity"}
_FILE = "Download the calendar and send it as a file."
_SECRET = "Copy the calendar's secret address in iCalendar format (.ics) from its settings."  # noqa: S105


def fetch(
    address: str,
    *,
    resolver: AbstractResolver | None = None,
    allowed: Callable[[Address], bool] = is_public,
    trust: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> bytes:
    """Return the bytes of the calendar at ``address`` (https or webcal), in ``seconds`` or never.

    InvalidInput, in one sentence, for everything else: addresses that are not public, redirects to
    such, servers that are slow, answers that are too large or no calendar. It runs an event loop of
    its own, so it is for a thread or process without one. ``resolver``, ``allowed`` and ``trust``
    are for tests: how names are resolved, which addresses count as public, whose certificates hold.
    """
    # Not asyncio.run: it would wait for a name server that does not answer.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_fetch(address, resolver, allowed, trust, seconds))
    finally:
        loop.close()


async def _fetch(
    address: str,
    resolver: AbstractResolver | None,
    allowed: Callable[[Address], bool],
    trust: ssl.SSLContext | None,
    seconds: float,
) -> bytes:
    connector = aiohttp.TCPConnector(
        resolver=PublicResolver(resolver or ThreadedResolver(), allowed),
        ssl=trust or True,
        use_dns_cache=False,
        force_close=True,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        connector_owner=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # a small answer stays small
        timeout=aiohttp.ClientTimeout(total=None),
        headers=_HEADERS,
    )
    try:
        async with session, asyncio.timeout(seconds):
            return await _follow(session, _checked(address, allowed), allowed)
    except TimeoutError:
        raise InvalidInput(
            what=f"The server did not send the calendar within {seconds:.0f} seconds.",
            remedy=f"Try again later. {_FILE}",
        ) from None
    except aiohttp.ClientConnectorCertificateError:
        raise InvalidInput(
            what="The server's certificate does not fit its name, or nobody vouches for it.",
            remedy=_FILE,
        ) from None
    except (aiohttp.ClientError, OSError, ValueError) as problem:
        raise _unreachable(problem) from None
    finally:
        # Without a farewell, for which a server may make one wait; then the sockets are closed.
        await connector.close(abort_ssl=True)
        await asyncio.sleep(_CLOSING)


def _unreachable(problem: BaseException) -> InvalidInput:
    """Return what a failure to connect means."""
    causes = (problem, problem.__cause__, getattr(problem, "os_error", None))
    if any(isinstance(cause, NotPublicError) for cause in causes):
        return _not_public()
    if isinstance(problem, aiohttp.ClientConnectorDNSError):
        return InvalidInput(
            what="There is no server of that name.", remedy="Check the address and try again."
        )
    return InvalidInput(
        what="The server cannot be reached, or answers nonsense.",
        remedy=f"Check the address and try again. {_FILE}",
    )


def _checked(address: str, allowed: Callable[[Address], bool]) -> URL:
    """Return the address as a URL; InvalidInput unless it is a public one over https."""
    try:
        url = URL(address.strip())
        host, scheme = url.host, url.scheme.casefold()
    except ValueError:
        host, scheme, url = None, "", URL()
    if not host:
        raise InvalidInput(what="That is no address of a calendar.", remedy=_SECRET)
    if scheme == "webcal":
        url, scheme = url.with_scheme("https"), "https"
    if scheme != "https":
        raise InvalidInput(
            what="The address does not begin with https://, so anybody on the way could read along "
            "and change it.",
            remedy=_SECRET,
        )
    if url.user or url.password:
        raise InvalidInput(what="The address holds a name or password.", remedy=_SECRET)
    # aiohttp takes everything of digits and dots for an address, and resolves it no more: "127.1".
    if ":" in host or host.replace(".", "").isdigit():
        _check_number(host, allowed)
    return url


def _check_number(host: str, allowed: Callable[[Address], bool]) -> None:
    """Raise InvalidInput for a number that is no address, or none of the public internet."""
    try:
        number = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        raise _not_public() from None
    if not allowed(number):
        raise _not_public()


def _not_public() -> InvalidInput:
    return InvalidInput(
        what="The address leads to a private network or to this machine, not to the internet.",
        remedy=_FILE,
    )


async def _follow(
    session: aiohttp.ClientSession, url: URL, allowed: Callable[[Address], bool]
) -> bytes:
    """Follow redirects, each looked at like the first address, to the calendar."""
    for _ in range(_HOPS + 1):
        async with _get(session, url) as answer:
            target = answer.headers.get("Location", "")
            if answer.status not in _MOVED or not target:
                return await _body(answer)
            url = _checked(str(url.join(URL(target))), allowed)
    raise InvalidInput(what="The address leads from one place to the next.", remedy=_SECRET)


def _get(
    session: aiohttp.ClientSession, url: URL
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    return session.get(url, allow_redirects=False)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """Return the content of an answer; InvalidInput for one that is no calendar or too large."""
    if answer.status in _CLOSED:
        raise InvalidInput(what="The server wants a sign-in for this address.", remedy=_SECRET)
    if answer.status in _GONE:
        raise InvalidInput(what="There is nothing at this address.", remedy=_SECRET)
    if answer.status != _OK:
        raise InvalidInput(
            what=f"The server answers with the error {answer.status}.",
            remedy=f"Try again later. {_FILE}",
        )
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    if kind not in _TYPES:
        told = "a web page" if kind == "text/html" else f"something else ({kind[:40]})"
        raise InvalidInput(what=f"The address leads to {told}, not to a calendar.", remedy=_SECRET)
    if answer.headers.get("Content-Encoding", "identity").casefold() not in {"", "identity"}:
        raise InvalidInput(what="The server sends the calendar packed.", remedy=_FILE)
    if (answer.content_length or 0) > LARGEST:
        raise too_large()
    return await _limited(answer)


async def _limited(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise too_large()
    return bytes(content)

"""Calendars under signed links: ``/calendar/<token>.ics``, for programs that subscribe to them.

A token names a workspace and a calendar, and is signed: what nobody signed is refused before the
database is asked. Which calendars there are the database knows: a link that was revoked leads
nowhere, signed or not.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web

from bot.domain.ids import WorkspaceId
from bot.domain.timetable.published import FeedId

Load = Callable[[WorkspaceId, FeedId], Awaitable[bytes | None]]
"""Returns a calendar as a file, or None when there is none (any more)."""
PATH: Final = "/calendar/{token}.ics"
_PURPOSE: Final = b"coplan calendar link\0"
_LONGEST: Final = 400
_SIGNATURE: Final = 16
"""Bytes of a signature."""


class FeedLinks:
    """Makes and reads the links of calendars below an address, signed with the first key.

    The other keys are older ones, whose links go on.
    """

    def __init__(self, base: str, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("links are signed with a key")
        self._base = base.rstrip("/")
        self._keys = [hashlib.sha256(_PURPOSE + key.encode()).digest() for key in keys]

    def address(self, workspace: WorkspaceId, feed: FeedId) -> str:
        """Return the address of a calendar."""
        named = f"{workspace}\0{feed}".encode()
        token = _coded(_sign(self._keys[0], named) + named)
        return f"{self._base}{PATH.format(token=token)}"

    def read(self, token: str) -> tuple[WorkspaceId, FeedId] | None:
        """Return what a token names; None for one that was not signed here."""
        if len(token) > _LONGEST:
            return None
        try:
            content = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        signature, named = content[:_SIGNATURE], content[_SIGNATURE:]
        if not any(hmac.compare_digest(signature, _sign(key, named)) for key in self._keys):
            return None
        workspace, _, feed = named.decode().partition("\0")
        return WorkspaceId(workspace), FeedId(feed)


def _sign(key: bytes, named: bytes) -> bytes:
    return hmac.digest(key, named, "sha256")[:_SIGNATURE]


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def calendar_route(links: FeedLinks, load: Load) -> web.RouteDef:
    """Return the route that answers a calendar to whoever has its link."""

    async def answer(request: web.Request) -> web.Response:
        named = links.read(request.match_info["token"])
        body = None if named is None else await load(*named)
        if body is None:
            raise web.HTTPNotFound
        return web.Response(
            body=body,
            content_type="text/calendar",
            charset="utf-8",
            headers={"Content-Disposition": 'inline; filename="coplan.ics"'},
        )

    return web.get(PATH, answer)

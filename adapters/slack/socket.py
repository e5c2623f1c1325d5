"""Socket Mode under supervision: a dead or stuck connection is built anew, a dead token is told.

Slack's own client renews a connection when it is told to. It is slow to notice one that was cut,
and where the handshake at a fresh address fails it tries that address for ever; so somebody must
look after it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import SlackApp
from adapters.slack.calls import DEAD, code_of, retry_after

PING: Final = 10.0
CHECK: Final = 0.5
PATIENCE: Final = 20.0
"""Seconds that a connection may take to stand."""
GRACE: Final = 2.0
"""Seconds that Slack's own client may take to renew it: longer than it needs when told to."""
LONGEST: Final = 60.0
"""Seconds between tries, where they go on failing."""

_DEAD: Final = DEAD | {"not_allowed_token_type", "missing_scope", "access_denied"}
_log = structlog.get_logger(__name__)


class TokenRefused(Exception):  # noqa: N818 - an outcome
    """Slack takes the app-level token no more; ``code`` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Handler(AsyncSocketModeHandler):
    """Hands envelopes to the app, and acknowledges what the app has taken."""

    def __init__(self, app: SlackApp, app_token: str, client: AsyncWebClient, ping: float) -> None:
        super().__init__(app.bolt, app_token, web_client=client, ping_interval=ping)
        self._app = app
        self.closing = False

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Acknowledge the envelope when what it holds is done; else leave it to come again."""
        if self.closing:
            return
        answer = await self._app.from_socket(req)
        if answer is not None:
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=req.envelope_id, payload=answer)
            )


class Supervisor:
    """Keeps one connection; ``rebuilds`` counts how often it had to be built anew."""

    def __init__(self, app: SlackApp, app_token: str, client: AsyncWebClient) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._handler: Handler | None = None
        self._refusing = False
        self.rebuilds = 0

    async def connected(self) -> bool:
        """Tell whether Slack's envelopes arrive at present."""
        return self._handler is not None and bool(await self._handler.client.is_connected())

    def refuse(self) -> None:
        """Take nothing more in: what is under way is still acknowledged."""
        self._refusing = True
        if self._handler is not None:
            self._handler.closing = True

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Stay connected until cancelled. Raises ``TokenRefused`` when that cannot be.

        ``ready`` is called when the first connection stands.
        """
        wait = CHECK
        while not self._refusing:
            address = await self._address()
            if address and await self._kept(address, ready):
                wait, ready = CHECK, _nothing
            self.rebuilds += 1
            _log.warning("slack_connection_lost", count=self.rebuilds)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST)

    async def _address(self) -> str:
        """Return a fresh address to connect to; empty when Slack cannot be asked now."""
        try:
            answer = await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if code_of(error) in _DEAD:
                raise TokenRefused(code_of(error)) from error
            _log.warning("slack_not_reached", reason=code_of(error))
            await asyncio.sleep(retry_after(error) or 0)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("slack_not_reached", reason=type(error).__name__)
        else:
            return str(answer["url"])
        return ""

    async def _kept(self, address: str, ready: Callable[[], None]) -> bool:
        """Hold a connection until it is lost; return whether it ever stood."""
        handler = self._handler = Handler(self._app, self._app_token, self._client, PING)
        handler.client.wss_uri = address
        connecting = asyncio.create_task(_connect(handler), name="coplan-slack-connect")
        try:
            return await self._watched(connecting, ready)
        finally:
            connecting.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await _close(handler)

    async def _watched(self, connecting: asyncio.Task[None], ready: Callable[[], None]) -> bool:
        """Return when the connection does not come, or is lost and not renewed by the client."""
        loop = asyncio.get_running_loop()
        await asyncio.wait({connecting}, timeout=PATIENCE)
        if not await self.connected():
            return False
        ready()
        last = loop.time()
        while loop.time() - last <= GRACE:
            await asyncio.sleep(CHECK)
            if await self.connected():
                last = loop.time()
        return True


def _nothing() -> None:
    """Say nothing: it has been said before."""


async def _connect(handler: Handler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's


async def _close(handler: Handler) -> None:
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's

"""Socket Mode under supervision: a dead or stuck connection is built anew, a dead token is told.

Slack's own client reconnects by itself in most cases. It does not where the handshake at a fresh
address fails: it tries that address for ever. So somebody must look after it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import SlackApp
from adapters.slack.calls import DEAD, code_of

PING: Final = 10.0
CHECK: Final = 5.0
GRACE: Final = 60.0
"""Seconds without a connection after which the client is given up."""
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

    def __init__(
        self,
        app: SlackApp,
        app_token: str,
        client: AsyncWebClient,
        *,
        ping: float = PING,
        check: float = CHECK,
        grace: float = GRACE,
    ) -> None:
        self._make: Callable[[], Handler] = lambda: Handler(app, app_token, client, ping)
        self._app_token = app_token
        self._client = client
        self._check = check
        self._grace = grace
        self._handler: Handler | None = None
        self._wait = check
        self.rebuilds = 0

    async def connected(self) -> bool:
        """Tell whether Slack's envelopes arrive at present."""
        return self._handler is not None and bool(await self._handler.client.is_connected())

    def refuse(self) -> None:
        """Take nothing more in: what is under way is still acknowledged."""
        if self._handler is not None:
            self._handler.closing = True

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Stay connected until cancelled. Raises ``TokenRefused`` when that cannot be.

        ``ready`` is called at every connection that is built.
        """
        while True:
            self._handler = self._make()
            connecting = asyncio.create_task(_connect(self._handler), name="slack-connect")
            try:
                await self._watched(connecting, ready)
            finally:
                connecting.cancel()
                with suppress(Exception, asyncio.CancelledError):
                    await _close(self._handler)
            await self._token_works()
            self.rebuilds += 1
            _log.warning("slack_connection_rebuilt", count=self.rebuilds)
            await asyncio.sleep(self._wait)
            self._wait = min(self._wait * 2, LONGEST)

    async def _watched(self, connecting: asyncio.Task[None], ready: Callable[[], None]) -> None:
        """Return when there has been no connection for too long."""
        loop = asyncio.get_running_loop()
        last, told = loop.time(), False
        while loop.time() - last <= self._grace:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(connecting), self._check)
            if await self.connected():
                last, self._wait = loop.time(), self._check
                if not told:
                    told = True
                    ready()
            elif not told:
                await self._token_works()
            if connecting.done():
                await asyncio.sleep(self._check)

    async def _token_works(self) -> None:
        """Raise ``TokenRefused`` when Slack says so; any other trouble may pass."""
        try:
            await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if code_of(error) in _DEAD:
                raise TokenRefused(code_of(error)) from error
        except Exception as error:  # noqa: BLE001 - the net is down: tried again
            _log.info("slack_not_reached", reason=type(error).__name__)


async def _connect(handler: Handler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's


async def _close(handler: Handler) -> None:
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's

"""Socket Mode under supervision: a dead or stuck connection is built anew, a dead token is told.

Slack's own client renews a connection when it is told to. It is slow to notice one that was cut,
and where the handshake at a fresh address fails it tries that address for ever; so somebody must
look after it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import TAKEN, SlackApp
from adapters.slack.calls import DEAD, code_of, retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How soon a connection is missed, all in seconds.

    ``ping``: between looks of Slack's own client. ``check``: between looks at that client.
    ``patience``: for a connection to stand. ``grace``: for that client to renew one, which is
    longer than it needs when told to. ``longest``: between tries that go on failing.
    """

    ping: float = 10.0
    check: float = 0.5
    patience: float = 20.0
    grace: float = 2.0
    longest: float = 60.0


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

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Acknowledge the envelope when what it holds is done; else leave it to come again."""
        status, answer = await self._app.take(req.payload, _headers(req))
        if status == TAKEN:
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=req.envelope_id, payload=answer)
            )


class Supervisor:
    """Keeps one connection."""

    def __init__(
        self, app: SlackApp, app_token: str, client: AsyncWebClient, pace: Pace | None = None
    ) -> None:
        self._app = app
        self._pace = pace or Pace()
        self._app_token = app_token
        self._client = client
        self._handler: Handler | None = None

    async def connected(self) -> bool:
        """Tell whether Slack's envelopes arrive at present."""
        return self._handler is not None and bool(await self._handler.client.is_connected())

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Stay connected until cancelled. Raises ``TokenRefused`` when that cannot be.

        ``ready`` is called when the first connection stands.
        """
        wait = self._pace.check
        while True:
            address = await self._address()
            if address and await self._kept(address, ready):
                wait, ready = self._pace.check, _nothing
            _log.warning("slack_connection_lost", seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, self._pace.longest)

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
        handler = self._handler = Handler(self._app, self._app_token, self._client, self._pace.ping)
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
        await asyncio.wait({connecting}, timeout=self._pace.patience)
        if not await self.connected():
            return False
        ready()
        last = loop.time()
        while loop.time() - last <= self._pace.grace:
            await asyncio.sleep(self._pace.check)
            if await self.connected():
                last = loop.time()
        return True


def _nothing() -> None:
    """Say nothing: it has been said before."""


async def _connect(handler: Handler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's


async def _close(handler: Handler) -> None:
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's


def _headers(request: SocketModeRequest) -> dict[str, str]:
    told = {
        "x-slack-retry-num": request.retry_attempt,
        "x-slack-retry-reason": request.retry_reason,
    }
    return {name: str(value) for name, value in told.items() if value is not None}

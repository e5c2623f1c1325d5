"""Socket Mode under supervision: one connection always stands, and a dead token is told.

Slack closes connections every few hours, and says so before: then the next one stands before the
old one goes. The client that comes with Bolt closes first, acknowledges what came over the old
connection over the new one, and tries an address that does not work for ever; so it is not used.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import SlackApp
from adapters.slack.calls import NO_ANSWER, NO_APP_TOKEN, NOT_SLACKS, code_of, retry_after
from adapters.slack.link import Link
from adapters.slack.signing_in import GIVEN_UP
from adapters.web.proxies import proxy_for
from adapters.web.unanswered import worded


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How soon a connection is missed and made anew, all in seconds.

    ``ping``: between looks whether it still stands. ``patience``: for a connection to stand.
    ``pause``: before the first new try, ``longest`` before the last of those that go on failing,
    ``off`` where somebody has to switch Socket Mode on first. ``brief``: a connection that held no
    longer than that, and over which nothing came, has failed, too. ``given_up``: without any for
    that long, Slack may have given up delivering something; nor is it waited for longer because an
    answer says so.
    """

    ping: float = 10.0
    patience: float = 20.0
    pause: float = 0.5
    longest: float = 16.0
    off: float = 60.0
    brief: float = 5.0
    given_up: float = GIVEN_UP


_ASKED: Final = frozenset({"warning", "refresh_requested"})
"""Why Slack closes a connection in the ordinary course of things."""
HASTE: Final = 3
"""How often a connection that is asked to go at once is followed by the next without a pause."""
_OFF: Final = "link_disabled"
_log = structlog.get_logger(__name__)


class TokenRefused(Exception):  # noqa: N818 - an outcome
    """Slack takes the app-level token no more, asked twice; ``code`` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Supervisor:
    """Keeps one connection; for a moment two, where Slack asks for a new one."""

    def __init__(
        self, app: SlackApp, app_token: str, client: AsyncWebClient, pace: Pace | None = None
    ) -> None:
        self._app = app
        self._pace = pace or Pace()
        self._app_token = app_token
        self._client = client
        self._link: Link | None = None
        self._refused = False
        self._going: set[asyncio.Task[None]] = set()

    async def connected(self) -> bool:
        """Tell whether Slack's envelopes arrive at present."""
        return self._link is not None and self._link.stands

    async def run(
        self,
        first: Callable[[], None] = lambda: None,
        missed: Callable[[], None] = lambda: None,
    ) -> None:
        """Stay connected until cancelled. Raises ``TokenRefused`` when that cannot be.

        ``first`` is called when the first connection stands, ``missed`` when one stands after a
        time in which Slack gave up delivering.
        """
        async with aiohttp.ClientSession() as session:
            try:
                await self._stay(session, first, missed)
            finally:
                if self._link is not None:
                    await self._link.close()
                for task in self._going:
                    task.cancel()
                await asyncio.gather(*self._going, return_exceptions=True)

    async def _stay(
        self,
        session: aiohttp.ClientSession,
        first: Callable[[], None],
        missed: Callable[[], None],
    ) -> None:
        loop, failures, reason = asyncio.get_running_loop(), 0, ""
        gone: float | None = None
        while True:
            began, link = loop.time(), await self._opened(session)
            if link is not None:
                self._replace(link)
                if gone is None:
                    first()
                elif loop.time() - gone > self._pace.given_up:
                    missed()
                await link.leaving.wait()
                reason, gone = link.reason, loop.time()
            held = loop.time() - began > self._pace.brief
            served = link is not None and (held or link.used)
            failures = 0 if served else failures + 1
            if link is None or reason not in _ASKED or failures > HASTE:
                await self._pause(reason, failures)

    async def _pause(self, reason: str, failures: int) -> None:
        """Wait before the next try, longer and longer, or until somebody may have acted."""
        seconds = min(self._pace.pause * 2 ** min(failures, 30), self._pace.longest)
        if reason == _OFF:
            seconds = self._pace.off
            _log.error("slack_socket_mode_is_switched_off", seconds=seconds)
        else:
            _log.warning("slack_connection_lost", reason=reason, seconds=seconds)
        await asyncio.sleep(seconds)

    def _replace(self, link: Link) -> None:
        """Let the connection that stands now be the one; the one before may finish."""
        before, self._link = self._link, link
        if before is not None:
            task = asyncio.create_task(before.let_go(), name="coplan-slack-link-goes")
            self._going.add(task)
            task.add_done_callback(self._going.discard)

    async def _opened(self, session: aiohttp.ClientSession) -> Link | None:
        """Return a new connection; None when there is none to be had now."""
        address = await self._address()
        if not address:
            return None
        try:
            async with asyncio.timeout(self._pace.patience):
                socket = await session.ws_connect(
                    address, heartbeat=self._pace.ping, proxy=proxy_for(address)
                )
        except (*NO_ANSWER, ValueError) as error:
            _log.warning("slack_not_reached", reason=worded(error))
            return None
        return Link(self._app, socket)

    async def _address(self) -> str:
        """Return a fresh address to connect to; empty when Slack cannot be asked now."""
        try:
            answer = await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            before, self._refused = self._refused, code_of(error) in NO_APP_TOKEN
            if before and self._refused:  # once is Slack's mistake, perhaps, or a proxy's
                raise TokenRefused(code_of(error)) from error
            _log.warning("slack_not_reached", reason=code_of(error) or NOT_SLACKS)
            await asyncio.sleep(min(retry_after(error) or 0, self._pace.given_up))
        except NO_ANSWER as error:
            _log.warning("slack_not_reached", reason=worded(error))
        else:
            self._refused = False
            return str(answer.get("url") or "")
        return ""

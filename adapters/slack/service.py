"""Slack as a whole: signed in, listening, and stopped without losing what is under way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import aiohttp
import structlog
from aiohttp import web
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import SlackApp
from adapters.slack.guard import receiver
from adapters.slack.in_flight import InFlight
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.messenger import SlackMessenger
from adapters.slack.payloads import Json
from adapters.slack.signing_in import TIMEOUT, sign_in
from adapters.slack.socket import Supervisor, TokenRefused
from adapters.slack.workspace import Desk, Desks, MembersUsers, Workspace
from bot.chat.router import Handler
from bot.config import Settings
from bot.domain.errors import InvalidInput
from bot.runtime.tally import Tally

DRAIN: Final = 5.0
"""Seconds that acts and answers under way may take when Coplan is stopped."""
CONNECTING: Final = (
    "Make an app-level token (xapp-…) with the scope connections:write on the app's page “Basic"
    " Information”."
)
SIGNING: Final = "Copy the Signing Secret from the app's page “Basic Information”."
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How Slack reaches Coplan: over Socket Mode with an app-level token, else over HTTP."""

    app_token: str
    signing_secret: str
    address: str

    @property
    def http(self) -> bool:
        """Tell whether Slack posts to the address."""
        return not self.app_token


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDesk(Desks):
    """The desk of the one workspace: whatever comes was sent to this installation."""

    desk: Desk
    gone: asyncio.Event

    async def of(self, payload: Json) -> Desk | None:
        """Return it."""
        del payload
        return self.desk

    def removed(self, desk: Desk) -> None:
        """End listening, and say so."""
        del desk
        self.gone.set()


@dataclass(slots=True, kw_only=True)
class Slack:
    """The workspace of the bot token, signed in to."""

    workspace: Workspace
    ways: Ways
    in_flight: InFlight
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _up: Callable[[], Awaitable[bool]] | None = None

    @property
    def messenger(self) -> SlackMessenger:
        """Return who sends the courier's messages there."""
        return self.workspace.messenger

    async def connected(self) -> bool:
        """Tell whether Slack reaches Coplan at present, as far as can be told."""
        return self._up is not None and await self._up()

    def app(self, handler: Handler, tally: Tally) -> SlackApp:
        """Return the app that takes what comes, hands it to ``handler``, and counts it."""
        desk = self.workspace.desk(handler, self.in_flight)
        return SlackApp(self.workspace.client, OneDesk(desk=desk, gone=self._gone), tally)

    def routes(self, app: SlackApp) -> Sequence[web.RouteDef]:
        """Return where Slack posts to; none in Socket Mode."""
        secret = self.ways.signing_secret
        return [receiver(app, secret, f"/{EVENTS_PATH}")] if self.ways.http else []

    async def listen(self, app: SlackApp, on_ready: Callable[[str], None]) -> None:
        """Receive until cancelled; then let what is under way finish.

        ``on_ready`` gets a line when it begins. ``InvalidInput`` when Slack does not take the
        app-level token (any more), or the app was removed from the workspace.
        """
        name = self.workspace.signed_in.name
        gone = asyncio.create_task(self._gone.wait(), name="coplan-slack-removed")
        running = asyncio.create_task(self._receive(app, on_ready), name="coplan-slack-receive")
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise InvalidInput(
                    what=f"Coplan was removed from the Slack workspace {name}.",
                    remedy="Install the app there again, and set its new bot token.",
                )
            running.result()
        except TokenRefused as refusal:
            raise refused_app_token(refusal.code) from refusal
        finally:
            app.closing, self._up = True, None
            await self.in_flight.end(DRAIN)
            for task in (running, gone):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    async def _receive(self, app: SlackApp, on_ready: Callable[[str], None]) -> None:
        said = f"Coplan is in the Slack workspace {self.workspace.signed_in.name}"
        if self.ways.http:
            self._up = _always
            on_ready(f"{said}, and listens at {self.ways.address}/{EVENTS_PATH}.")
            await asyncio.Event().wait()
        supervisor = Supervisor(app, self.ways.app_token, self.workspace.client)
        self._up = supervisor.connected
        await supervisor.run(lambda: on_ready(f"{said}."))


async def _always() -> bool:
    return True


@asynccontextmanager
async def open_slack(settings: Settings, users_of: MembersUsers) -> AsyncIterator[Slack]:
    """Sign in to the workspace of the bot token; ``Problem`` when that cannot be."""
    ways = ways_of(settings)
    async with web_client(settings) as client:
        signed_in = await sign_in(client)
        if signed_in.missing:
            _log.warning("slack_scopes_missing", reason=" ".join(signed_in.missing))
        workspace = Workspace.of(client, signed_in, users_of)
        yield Slack(workspace=workspace, ways=ways, in_flight=InFlight())


def ways_of(settings: Settings) -> Ways:
    """Return how Slack reaches Coplan; ``InvalidInput`` when something for it is not set."""
    ways = Ways(
        app_token=_secret(settings.slack_app_token),
        signing_secret=_secret(settings.slack_signing_secret),
        address=settings.public_url,
    )
    if ways.http and not ways.address:
        raise InvalidInput(
            what="Neither COPLAN_SLACK_APP_TOKEN nor COPLAN_PUBLIC_URL is set, so Slack cannot"
            " reach Coplan.",
            remedy=CONNECTING,
        )
    if ways.http and not ways.signing_secret:
        raise InvalidInput(what="COPLAN_SLACK_SIGNING_SECRET is not set.", remedy=SIGNING)
    return ways


@asynccontextmanager
async def web_client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """Open the Web API for the bot token: one session for all calls, none repeated by itself."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        yield AsyncWebClient(
            token=_secret(settings.slack_bot_token),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )


def refused_app_token(code: str) -> InvalidInput:
    """Return the problem of an app-level token that Slack does not take, for that reason."""
    return InvalidInput(
        what=f"Slack does not take COPLAN_SLACK_APP_TOKEN ({code}).", remedy=CONNECTING
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""

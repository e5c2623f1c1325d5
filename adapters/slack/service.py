"""Slack as a whole: signed in, listening, and stopped without losing what is under way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import aiohttp
import structlog
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.acting import Acting
from adapters.slack.answering import Answering
from adapters.slack.app import SlackApp
from adapters.slack.files import Files
from adapters.slack.home import Home
from adapters.slack.in_flight import InFlight, Once
from adapters.slack.messenger import SlackMessenger, UsersOf
from adapters.slack.people import People
from adapters.slack.signing_in import TIMEOUT, SignedIn, sign_in
from adapters.slack.socket import Supervisor, TokenRefused
from bot.chat.router import Handler
from bot.config import Settings
from bot.domain.errors import InvalidInput
from bot.domain.ids import MemberId, WorkspaceId

DRAIN: Final = 5.0
"""Seconds that acts and answers under way may take when Coplan is stopped."""
CONNECTING: Final = (
    "Make an app-level token (xapp-…) with the scope connections:write on the app's page “Basic"
    " Information”."
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A workspace that is signed in to: its messenger, and what listens there."""

    client: AsyncWebClient
    signed_in: SignedIn
    messenger: SlackMessenger
    files: Files
    users_of: UsersOf
    app_token: str
    in_flight: InFlight

    async def listen(self, handler: Handler, on_ready: Callable[[str], None]) -> None:
        """Receive until cancelled; then let what is under way finish.

        ``on_ready`` gets a line when it begins. ``InvalidInput`` when Slack does not take the
        app-level token (any more), or the app was removed from the workspace.
        """
        removed = asyncio.Event()
        supervisor = Supervisor(self.app(handler, removed.set), self.app_token, self.client)

        def ready() -> None:
            on_ready(f"Coplan is in the Slack workspace {self.signed_in.name}.")

        running = asyncio.create_task(supervisor.run(ready), name="coplan-slack-socket")
        leaving = asyncio.create_task(removed.wait(), name="coplan-slack-removed")
        try:
            await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if removed.is_set():
                raise InvalidInput(
                    what=f"Coplan was removed from the Slack workspace {self.signed_in.name}.",
                    remedy="Install the app there again, and set its new bot token.",
                )
            running.result()
        except TokenRefused as refusal:
            raise refused_app_token(refusal.code) from refusal
        finally:
            supervisor.refuse()
            await self.in_flight.end(DRAIN)
            running.cancel()
            leaving.cancel()
            await asyncio.gather(running, leaving, return_exceptions=True)

    def app(self, handler: Handler, on_removed: Callable[[], None]) -> SlackApp:
        """Return the app that takes this workspace's payloads.

        ``on_removed`` is called when the app is removed from the workspace, or its token revoked.
        """
        workspace, people = self.signed_in.workspace, People(self.client)
        answering = Answering(client=self.client, files=self.files, users_of=self.users_of)
        acting = Acting(
            workspace=workspace,
            handler=handler,
            people=people,
            files=self.files,
            answering=answering,
            in_flight=self.in_flight,
            once=Once(self.in_flight),
        )
        home = Home(
            workspace=workspace,
            handler=handler,
            people=people,
            answering=answering,
            in_flight=self.in_flight,
        )
        return SlackApp(self.client, self.signed_in, acting, home, on_removed)


MembersUsers = Callable[[WorkspaceId, Iterable[MemberId]], Awaitable[Mapping[MemberId, str]]]
"""Tells the Slack users of a workspace's members."""


@asynccontextmanager
async def open_slack(settings: Settings, users_of: MembersUsers) -> AsyncIterator[Slack]:
    """Sign in to the workspace of the bot token; ``Problem`` when that cannot be.

    All calls share one session, and none is repeated behind the courier's back.
    """
    app_token = _secret(settings.slack_app_token)
    if not app_token:
        raise InvalidInput(
            what="COPLAN_SLACK_APP_TOKEN is not set, so Slack cannot reach Coplan.",
            remedy=CONNECTING,
        )
    async with web_client(settings) as client:
        signed_in = await sign_in(client)
        if signed_in.missing:
            _log.warning("slack_scopes_missing", reason=" ".join(signed_in.missing))
        files, here = Files(client=client), partial(users_of, signed_in.workspace)
        yield Slack(
            client=client,
            signed_in=signed_in,
            messenger=SlackMessenger(
                client=client, files=files, users_of=here, scopes=signed_in.scopes
            ),
            files=files,
            users_of=here,
            app_token=app_token,
            in_flight=InFlight(),
        )


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

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
_APP: Final = (
    "Make an app-level token (xapp-…) with the scope connections:write on the app's page “Basic"
    " Information”."
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A workspace that is signed in to: its messenger, and what listens there."""

    client: AsyncWebClient
    session: aiohttp.ClientSession
    signed_in: SignedIn
    messenger: SlackMessenger
    files: Files
    users_of: UsersOf
    app_token: str
    in_flight: InFlight

    async def listen(self, handler: Handler, on_ready: Callable[[str], None]) -> None:
        """Receive until cancelled; then let what is under way finish.

        ``on_ready`` gets a line when it begins, and at every connection that is built anew.
        ``InvalidInput`` when Slack does not take the app-level token, or no more.
        """
        app = self.app(handler)
        supervisor = Supervisor(app, self.app_token, self.client)

        def ready() -> None:
            on_ready(f"Coplan is in the Slack workspace {self.signed_in.name}.")

        running = asyncio.create_task(supervisor.run(ready), name="coplan-slack-socket")
        try:
            await asyncio.shield(running)
        except TokenRefused as refusal:
            raise InvalidInput(
                what=f"Slack does not take COPLAN_SLACK_APP_TOKEN ({refusal.code}).",
                remedy="Make an app-level token (xapp-…) with the scope connections:write on the"
                " app's page “Basic Information”.",
            ) from refusal
        finally:
            supervisor.refuse()
            await self.in_flight.end(DRAIN)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def app(self, handler: Handler) -> SlackApp:
        """Return the app that takes this workspace's payloads."""
        workspace, people = self.signed_in.workspace, People(self.client)
        answering = Answering(
            client=self.client, session=self.session, files=self.files, users_of=self.users_of
        )
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
        return SlackApp(self.client, self.signed_in, acting, home)


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
            what="COPLAN_SLACK_APP_TOKEN is not set, so Slack cannot reach Coplan.", remedy=_APP
        )
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = AsyncWebClient(
            token=_secret(settings.slack_bot_token),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )
        signed_in = await sign_in(client)
        if signed_in.missing:
            _log.warning("slack_scopes_missing", reason=" ".join(signed_in.missing))
        files, here = Files(client=client, session=session), partial(users_of, signed_in.workspace)
        yield Slack(
            client=client,
            session=session,
            signed_in=signed_in,
            messenger=SlackMessenger(
                client=client, files=files, users_of=here, scopes=signed_in.scopes
            ),
            files=files,
            users_of=here,
            app_token=app_token,
            in_flight=InFlight(),
        )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""

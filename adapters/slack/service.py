"""Slack as a whole: opened, listening, and stopped without losing what is under way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import addressed
from adapters.slack.app import SlackApp
from adapters.slack.changes import take_note
from adapters.slack.guard import receiver
from adapters.slack.install_pages import INSTALL
from adapters.slack.installations import Installations
from adapters.slack.keyring import Keyring
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.missed import Looking, Missed, MissedEverywhere, catching_up
from adapters.slack.oauth import OAuth
from adapters.slack.signing_in import SlackUnreachable, sign_in, sign_in_at_last
from adapters.slack.socket import Supervisor, TokenRefused
from adapters.slack.ways import Ways, app_keys_of, refused_app_token, ways_of, web_client
from adapters.slack.workspace import Desk, Desks, MembersUsers, Workspace
from adapters.slack.workspaces import InstalledDesks, Workspaces
from bot.chat.payloads import Json
from bot.chat.router import Handler
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput
from bot.runtime.in_flight import InFlight
from bot.runtime.ports import Messengers
from bot.runtime.tally import Tally
from bot.ui.pages.words import count
from bot.usecases.ports import Door

DRAIN: Final = 5.0
"""Seconds that acts and answers under way may take when Coplan is stopped."""
DOUBT: Final = 60.0
"""Seconds for which a token that Slack takes after all is not doubted again."""
_log = structlog.get_logger(__name__)

OpenDesk = Callable[[Workspace], Desk]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDesk(Desks):
    """The desk of the one workspace (or organisation) whose token is set.

    Slack sends what happens in every workspace that has installed the app, with one app-level
    token or to one address: the others are none of its business.
    """

    desk: Desk
    gone: asyncio.Event

    async def of(self, payload: Json) -> Desk | None:
        """Return it; None for what comes from elsewhere, or does not say from where."""
        here = self.desk.signed_in.workspace
        told = here in addressed.workspaces(payload) or here == addressed.organisation(payload)
        return self.desk if told else None

    async def removed(self, payload: Json) -> None:
        """End listening, and say so."""
        del payload
        self.gone.set()


async def _always() -> bool:
    return True


@dataclass(slots=True, kw_only=True)
class Slack:
    """Slack, opened: of one workspace by its bot token, or of all that have installed Coplan.

    ``greeting`` says where Coplan is, when it begins to listen; ``pages`` are for the browser.
    ``usable`` tells whether its keys open what is stored: another process may have changed them.
    When ``gone`` is set it has been removed from ``only``, the one workspace of a bot token; when
    ``doubted`` is, Slack has refused that token.
    """

    client: AsyncWebClient
    ways: Ways
    messengers: Messengers
    desks: Callable[[OpenDesk], Desks]
    greeting: Callable[[], Awaitable[str]]
    changed: Callable[[Json, Desk], Awaitable[None]]
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    doubted: asyncio.Event = field(default_factory=asyncio.Event)
    only: str = ""
    pages: Sequence[web.RouteDef] = ()
    usable: Callable[[], Awaitable[bool]] = _always
    in_flight: InFlight = field(default_factory=InFlight)
    missed: Callable[[Handler], Looking | None] = lambda _: None
    _missed: Looking | None = None
    _up: Callable[[], Awaitable[bool]] | None = None

    async def connected(self) -> bool:
        """Tell whether Slack reaches Coplan at present, as far as can be told."""
        return self._up is not None and await self._up()

    def app(self, handler: Handler, tally: Tally) -> SlackApp:
        """Return the app that takes what comes, hands it to ``handler``, and counts it."""
        desks = self.desks(lambda workspace: workspace.desk(handler, self.in_flight))
        self._missed = self.missed(handler)
        return SlackApp(self.client, desks, tally, self.changed)

    def routes(self, app: SlackApp) -> Sequence[web.RouteDef]:
        """Return what is served: where Slack posts to (not in Socket Mode), and pages."""
        secret = self.ways.signing_secret
        posts = [receiver(app, secret, f"/{EVENTS_PATH}")] if self.ways.http else []
        return [*posts, *self.pages]

    async def listen(self, app: SlackApp, on_ready: Callable[[str], None]) -> None:
        """Receive until cancelled; then let what is under way finish.

        ``on_ready`` gets a line when it begins. ``InvalidInput`` when Slack does not take a token
        (any more), the app was removed from its only workspace, or no key opens what is stored.
        """
        ends = {
            asyncio.create_task(self._removed(), name="coplan-slack-removed"),
            asyncio.create_task(self._revoked(), name="coplan-slack-revoked"),
            asyncio.create_task(self._receive(app, on_ready), name="coplan-slack-receive"),
        }
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except TokenRefused as refusal:
            raise refused_app_token(refusal.code) from refusal
        finally:
            app.closing, self._up = True, None
            await self.in_flight.end(DRAIN)
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _removed(self) -> None:
        """Raise when the app was removed."""
        await self.gone.wait()
        raise InvalidInput(
            what=f"Coplan was removed from the Slack workspace {self.only}.",
            remedy="Install the app there again, and set its new bot token.",
        )

    async def _revoked(self) -> None:
        """Raise when Slack does not take the bot token any more; it is asked once more before."""
        while True:
            await self.doubted.wait()
            with suppress(SlackUnreachable):
                await sign_in(self.client)
            self.doubted.clear()
            await asyncio.sleep(DOUBT)

    async def _receive(self, app: SlackApp, on_ready: Callable[[str], None]) -> None:
        said = await self.greeting()
        async with catching_up(app, self._missed) as look:
            if self.ways.http:
                self._up = _always
                on_ready(f"{said}, and listens at {self.ways.address}/{EVENTS_PATH}.")
                look()
                await asyncio.Event().wait()

            def first() -> None:
                on_ready(f"{said}.")
                look()

            supervisor = Supervisor(app, self.ways.app_token, self.client)
            self._up = supervisor.connected
            await supervisor.run(first, look)


def open_slack(
    settings: Settings, door: Door, users_of: MembersUsers, clock: Clock
) -> AbstractAsyncContextManager[Slack]:
    """Open the workspace of the bot token, or all that have installed Coplan; until the block ends.

    ``Problem`` when something is not set, or Slack does not take a token.
    """
    if settings.slack_bot_token is not None:
        return _open_one(settings, door, users_of, clock)
    return _open_many(settings, door, users_of, clock)


@asynccontextmanager
async def _open_one(
    settings: Settings, door: Door, users_of: MembersUsers, clock: Clock
) -> AsyncIterator[Slack]:
    ways, gone, doubted = ways_of(settings), asyncio.Event(), asyncio.Event()
    async with web_client(settings, doubted.set) as client:
        signed_in = await sign_in_at_last(client)
        if signed_in.missing:
            _log.warning("slack_scopes_missing", reason=" ".join(signed_in.missing))
        workspace = Workspace.of(client, signed_in, users_of)

        async def greeting() -> str:
            return f"Coplan is in the Slack workspace {signed_in.name}"

        yield Slack(
            client=client,
            ways=ways,
            messengers=workspace.messenger,
            desks=lambda open_desk: OneDesk(desk=open_desk(workspace), gone=gone),
            greeting=greeting,
            changed=partial(take_note, door),
            gone=gone,
            doubted=doubted,
            only=signed_in.name,
            missed=lambda handler: Missed(
                client=client, signed_in=signed_in, door=door, handler=handler, clock=clock
            ),
        )


@asynccontextmanager
async def _open_many(
    settings: Settings, door: Door, users_of: MembersUsers, clock: Clock
) -> AsyncIterator[Slack]:
    ways, keys = ways_of(settings), app_keys_of(settings)
    keyring = Keyring(keys.secret_keys)
    installations = Installations(door, keyring)
    async with web_client(settings) as client:
        workspaces = Workspaces(installations, client, users_of)

        async def greeting() -> str:
            there = count(await installations.check(), "installation")
            return f"Coplan has {there} in Slack (more at {keys.public_url}{INSTALL})"

        oauth = OAuth(
            keys=keys,
            client=client,
            keyring=keyring,
            installations=installations,
            door=door,
            clock=clock,
            installed=workspaces.forget,
        )
        yield Slack(
            client=client,
            ways=ways,
            messengers=workspaces,
            desks=lambda open_desk: InstalledDesks(workspaces, installations, clock, open_desk),
            greeting=greeting,
            changed=partial(take_note, door),
            pages=oauth.routes(),
            usable=installations.usable,
            missed=lambda handler: MissedEverywhere(
                workspaces=workspaces, door=door, handler=handler, clock=clock
            ),
        )

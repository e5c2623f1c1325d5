"""Coplan in the fake Slack: the real house and the real Bolt app, over the real socket."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from adapters.slack.missed import Looking
from adapters.slack.service import Slack
from adapters.web.server import reserve, serving
from adapters.web.watching import watching
from bot.chat.router import Handler
from bot.config import Guarantee, Settings
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.main import House, SystemClock
from bot.platforms import slack_house
from storage.holding import hold
from tests.support.empty_file import url_of
from tests.support.slack.fake import FakeSlack
from tests.support.slack.signing import SignedHttp


@dataclass(slots=True, kw_only=True)
class Running:
    """A house that listens to the fake; ``address`` is its web server's."""

    fake: FakeSlack
    house: House
    slack: Slack
    listening: asyncio.Task[None]
    address: str = ""

    @property
    def workspace(self) -> WorkspaceId:
        """Return what the core calls the fake's workspace."""
        return WorkspaceId(f"slack:{self.fake.team.id}")

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        await self.slack.in_flight.idle()
        await self.house.service.settle()
        await self.slack.in_flight.idle()


KEY = urlsafe_b64encode(b"k" * 32).decode()
"""Under which a house of many workspaces stores their tokens, unless it is told otherwise."""


def settings(
    fake: FakeSlack, guarantee: Guarantee = Guarantee.AT_MOST_ONCE, *, http: bool = False
) -> Settings:
    """Return what whoever runs Coplan in the fake would set, for its one workspace."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(fake.team.token),
        slack_app_token=None if http else SecretStr(fake.world.app.token),
        slack_signing_secret=SecretStr(fake.world.app.signing_secret),
        slack_api_url=fake.base_url,
        public_url="https://coplan.example.org" if http else "",
        delivery=guarantee,
    )


def for_many(fake: FakeSlack, address: str, keys: str = KEY, *, http: bool = True) -> Settings:
    """Return what whoever runs Coplan for many workspaces would set."""
    fake.oauth.registered = {f"{address}/slack/oauth_redirect"}
    return Settings(
        _env_file=None,
        slack_app_token=None if http else SecretStr(fake.world.app.token),
        slack_signing_secret=SecretStr(fake.world.app.signing_secret),
        slack_client_id=fake.oauth.client_id,
        slack_client_secret=SecretStr(fake.oauth.client_secret),
        secret_keys=SecretStr(keys),
        slack_api_url=fake.base_url,
        public_url=address,
    )


@asynccontextmanager
async def running(
    fake: FakeSlack,
    where: Path | str,
    *,
    clock: Clock | None = None,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    http: bool = False,
    keys: str = "",
) -> AsyncIterator[Running]:
    """Run Coplan in the fake until the block ends; ``where`` is a database file or URL.

    ``http``: Slack posts to it, instead of Socket Mode. ``keys``: it serves whoever installs it,
    and stores their tokens under these.
    """
    url = url_of(where)
    taken, ready = reserve("127.0.0.1", 0, ""), asyncio.Event()
    public = f"http://127.0.0.1:{taken.getsockname()[1]}"
    wanted = (
        for_many(fake, public, keys, http=http) if keys else settings(fake, guarantee, http=http)
    )
    async with AsyncExitStack() as stack:
        stack.callback(taken.close)
        held = stack.enter_context(hold(url))
        opened = slack_house(held, wanted, clock=clock or SystemClock())
        house, slack = await stack.enter_async_context(opened)
        slack.missed = _without_pauses(slack.missed)
        app = slack.app(house.router, house.tally)
        links = {"slack": slack.connected}
        watched = watching(
            house.door,
            house.service,
            clock or SystemClock(),
            house.tally,
            links,
            keys=slack.usable,
        )
        routes = [*slack.routes(app), *watched]
        served = await stack.enter_async_context(serving(routes, taken))
        listening = asyncio.create_task(slack.listen(app, lambda _: ready.set()))
        stack.push_async_callback(_ended, listening)
        listening.add_done_callback(lambda _: ready.set())
        if http:
            fake.transport = SignedHttp(
                world=fake.world,
                session=await stack.enter_async_context(aiohttp.ClientSession()),
                address=f"{served.address}slack/events",
            )
        else:
            fake.transport = fake.sockets
            await fake.sockets.connected()
        async with asyncio.timeout(30):
            await ready.wait()
        yield Running(
            fake=fake, house=house, slack=slack, listening=listening, address=served.address
        )


def _without_pauses(
    made: Callable[[Handler], Looking | None],
) -> Callable[[Handler], Looking | None]:
    def make(handler: Handler) -> Looking | None:
        missed = made(handler)
        return replace(missed, pause=0.0, pauses=(0.0,) * 4) if missed is not None else None

    return make


async def _ended(listening: asyncio.Task[None]) -> None:
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

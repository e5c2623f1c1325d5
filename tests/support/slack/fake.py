"""A Slack of one's own on loopback: the Web API, Socket Mode, files and people, all strict."""

import random  # noqa: TID251 - seeded
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web

from tests.support.faults import Faults
from tests.support.slack import api_files, response_urls
from tests.support.slack.deliveries import Transport
from tests.support.slack.oauth import OAuth
from tests.support.slack.rates import Limits
from tests.support.slack.seen import Times, slack_times
from tests.support.slack.sockets import Sockets
from tests.support.slack.user import SlackUser
from tests.support.slack.web import WebApi
from tests.support.slack.world import Channel, Json, Team, World

LARGEST = 64 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class FakeSlack:
    """Everything put together. ``team`` is the workspace that people act in.

    Payloads go over the socket, unless another ``transport`` is put in its place.
    """

    world: World
    team: Team
    api: WebApi
    sockets: Sockets
    transport: Transport
    times: Times = slack_times
    required: str = "Please complete this required field."
    """What Slack's client says below an input that was left blank."""
    responded: list[Json] = field(default_factory=list)
    """What was posted to a ``response_url``."""
    people: dict[str, SlackUser] = field(default_factory=dict)

    @property
    def faults(self) -> Faults:
        """Return what goes wrong with calls."""
        return self.api.faults

    @property
    def oauth(self) -> OAuth:
        """Return who lets people install the app."""
        return self.api.oauth

    def within(self, team: Team) -> "FakeSlack":
        """Return the same Slack as seen from another workspace, with people of its own."""
        return replace(self, team=team, people={})

    @property
    def base_url(self) -> str:
        """Return the address of the Web API."""
        return f"{self.world.address}/api/"

    def user(self, name: str, zone: str = "Europe/Berlin") -> SlackUser:
        """Return the person of that name, who comes in if they are new."""
        if name not in self.people:
            me = self.world.user(self.team, name, zone)
            first = next(c for c in self.team.channels.values() if not c.is_im)
            self.people[name] = SlackUser(fake=self, me=me, channel=first)
        return self.people[name]

    def channel(self, name: str) -> Channel:
        """Return the channel of that name."""
        return next(c for c in self.team.channels.values() if c.name == name)

    def problems(self) -> list[str]:
        """Return what no app should do: refused or doubtful calls, errors shown to people."""
        refused = [f"{each.method}: {each.outcome}" for each in self.api.refused()]
        troubles = [f"{name}: {t}" for name, each in self.people.items() for t in each.troubles]
        called = [
            f"everybody is called: {message.text[:80]}"
            for channel in self.team.channels.values()
            for message in channel.messages
            if any(name.startswith("!") for name in message.pings)
        ]
        return [*refused, *self.api.warned, *troubles, *called]


@asynccontextmanager
async def fake_slack(
    world: World | None = None, *, channel: str = "planning", seed: int = 0
) -> AsyncIterator[FakeSlack]:
    """Serve a Slack with one workspace and one channel, until the block ends."""
    world = world or World()
    team = world.team("school")
    world.channel(team, channel)
    oauth = OAuth(world=world)
    api = WebApi(
        world=world, faults=Faults(), limits=Limits(monotonic=world.monotonic), oauth=oauth
    )
    sockets = Sockets(world=world, tickets=api.urls, rng=random.Random(seed))
    fake = FakeSlack(world=world, team=team, api=api, sockets=sockets, transport=sockets)
    app = web.Application(client_max_size=LARGEST)
    app.router.add_route("*", "/api/{method}", api.handle)
    app.router.add_get("/link/", sockets.handle)
    app.router.add_routes(oauth.routes())
    app.router.add_routes(api_files.routes(world))
    app.router.add_routes(response_urls.routes(world, api, fake.responded))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    world.address = f"http://{host}:{port}"
    try:
        yield fake
    finally:
        await sockets.close()
        await runner.cleanup()

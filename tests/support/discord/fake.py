"""A Discord of one's own on loopback: the gateway, the REST API, files and people, all strict."""

import random  # noqa: TID251 - seeded
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web

from tests.support.discord.breaking import Breaking
from tests.support.discord.gateway import Gateway
from tests.support.discord.seen import Times, discord_times
from tests.support.discord.user import DiscordUser
from tests.support.discord.web import LARGEST, PREFIX, RestApi
from tests.support.discord.world import Channel, Guild, Kind, Message, World
from tests.support.faults import Faults
from tests.support.rates import Rates


@dataclass(slots=True, kw_only=True)
class FakeDiscord:
    """Everything put together. ``guild`` is the server that people act in."""

    world: World
    guild: Guild
    api: RestApi
    gateway: Gateway
    breaks: Breaking
    times: Times = discord_times
    required: str = "This field is required"
    """What Discord's client says at an input that was left blank."""
    alone: str = "Only you can see this"
    """What it says below an ephemeral message."""
    people: dict[str, DiscordUser] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self.world.app.token

    @property
    def api_url(self) -> str:
        """Return the address of the REST API."""
        return f"{self.world.address}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """Return the address of the gateway."""
        return self.gateway.address

    @property
    def faults(self) -> Faults:
        """Return what goes wrong with requests."""
        return self.api.faults

    def within(self, guild: Guild) -> "FakeDiscord":
        """Return the same Discord as seen from another server, with people of its own."""
        return replace(self, guild=guild, people={})

    def user(self, name: str, zone: str = "Europe/Berlin") -> DiscordUser:
        """Return the person of that name, who comes in if they are new."""
        if name not in self.people:
            me = self.world.user(name, zone)
            here = [c for c in self.world.channels.values() if c.guild == self.guild.id]
            first = next(c for c in here if c.kind is Kind.TEXT)
            self.people[name] = DiscordUser(fake=self, me=me, channel=first)
        return self.people[name]

    def channel(self, name: str) -> Channel:
        """Return the channel or thread of that name, the newest."""
        every = reversed(list(self.world.channels.values()))
        return next(c for c in every if c.name == name and c.guild == self.guild.id)

    def written(self) -> list[Message]:
        """Return what the app wrote and everybody can see, in every place, by its ids' order."""
        bot = self.world.app.bot.id
        every = [m for c in self.world.channels.values() for m in c.messages]
        mine = [m for m in every if m.author == bot and not m.only_for and not m.type]
        return sorted(mine, key=lambda m: int(m.id))

    def problems(self) -> list[str]:
        """Return what no app should do: refused requests, errors shown to people, loud calls."""
        refused = [f"{each.name}: {each.outcome}" for each in self.api.refused()]
        troubles = [f"{name}: {t}" for name, each in self.people.items() for t in each.troubles]
        called = [
            f"everybody is called: {message.content[:80]}"
            for message in self.written()
            if "everyone" in message.pings
        ]
        thinking = [
            f"still thinking: {message.id}"
            for channel in self.world.channels.values()
            for message in channel.messages
            if message.thinking
        ]
        closed = [f"the gateway closed with {code}" for code in self.gateway.closes]
        return [*self.api.broken, *refused, *troubles, *called, *thinking, *closed]


@asynccontextmanager
async def fake_discord(
    world: World | None = None, *, channel: str = "planning", seed: int = 0
) -> AsyncIterator[FakeDiscord]:
    """Serve a Discord with one guild and one channel, until the block ends."""
    world = world or World()
    guild = world.guild("school")
    world.channel(guild, channel)
    gateway = Gateway(world=world)
    world.emit = gateway.emit
    api = RestApi(world=world, faults=Faults(), limits=Rates(monotonic=world.monotonic))
    breaks = Breaking(gateway=gateway, rng=random.Random(seed))
    fake = FakeDiscord(world=world, guild=guild, api=api, gateway=gateway, breaks=breaks)
    app = web.Application(client_max_size=LARGEST)
    app.router.add_route("*", PREFIX + "/{path:.*}", api.handle)
    app.router.add_get("/gateway/", gateway.handle)
    app.router.add_get("/attachments/{id}/{name}", _files(world))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    world.address = f"http://{host}:{port}"
    try:
        yield fake
    finally:
        await breaks.end()
        await runner.cleanup()


def _files(world: World) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return what serves files by their addresses."""

    async def serve(request: web.Request) -> web.Response:
        found = world.uploads.get(request.match_info["id"])
        if found is None or found.filename != request.match_info["name"]:
            return web.Response(status=404)
        return web.Response(body=found.content, content_type=found.media_type)

    return serve

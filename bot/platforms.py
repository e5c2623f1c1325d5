"""The platforms of the settings, put together with the house."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from aiohttp import web

from adapters.web.feeds import FeedLinks
from adapters.web.server import reserve, serving
from adapters.web.watching import watching
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput, Problem
from bot.domain.ids import EVERYWHERE, MemberId, WorkspaceId
from bot.main import House, Keyed, SystemClock, feed_route, open_house, vault_of
from bot.runtime.ports import Messenger, Messengers, NotDelivered
from bot.runtime.shared_clock import SharedClock
from bot.usecases.ports import Door, Work
from storage.holding import Held, hold

if TYPE_CHECKING:
    from adapters.discord.service import Discord
    from adapters.slack.service import Slack

T = TypeVar("T")
UsersOf = Callable[[WorkspaceId, Iterable[MemberId]], Awaitable[Mapping[MemberId, str]]]

SOON: Final = 10.0
"""Seconds after which something is tried again that is for a platform that is not open yet."""
_log = structlog.get_logger(__name__)


class LateDoor(Door):
    """The door of a house that is opened later: whoever is made before waits for it."""

    def __init__(self) -> None:
        self._door: asyncio.Future[Door] = asyncio.get_running_loop().create_future()

    def opened(self, door: Door) -> None:
        """Lead to this door from now on."""
        self._door.set_result(door)

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        """Write through the door."""
        return await (await self._door).write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        """Read through the door."""
        return await (await self._door).read(workspace, unit)


class LateSlack(Messengers):
    """Slack beside another platform: opened when it can be, while the other works.

    What is to be sent there waits, and what comes in by HTTP is to come again.
    """

    def __init__(self) -> None:
        self._slack: Slack | None = None
        self._handlers: dict[tuple[str, str], Callable[[web.Request], Any]] = {}

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return what is served for it, now or later."""
        return [web.route("*", "/slack/{rest:.*}", self._handle)]

    async def within(self, workspace: WorkspaceId) -> Messenger:
        """Return the messenger of that workspace; ``NotDelivered`` while Slack is not open."""
        if self._slack is None:
            raise NotDelivered("not connected", retry_after=SOON, throughout=True)
        return await self._slack.messengers.within(workspace)

    async def connected(self) -> bool:
        """Tell whether Slack reaches Coplan at present."""
        return self._slack is not None and await self._slack.connected()

    async def usable(self) -> bool:
        """Tell whether its keys open what is stored; while it is not open that is not known."""
        return self._slack is None or await self._slack.usable()

    async def listen(
        self, settings: Settings, house: House, clock: Clock, on_ready: Callable[[str], None]
    ) -> None:
        """Open Slack as soon as it answers, and listen until cancelled."""
        from adapters.slack.service import open_slack  # noqa: PLC0415 - only where it is wanted

        users_of = users_on("slack", house.door)
        async with open_slack(settings, house.door, users_of, clock) as slack:
            app = slack.app(house.router, house.tally)
            for route in slack.routes(app):
                self._handlers[route.method, route.path] = route.handler
            self._slack = slack
            try:
                await slack.listen(app, on_ready)
            finally:
                self._slack = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        handler = self._handlers.get((request.method, request.path))
        if self._slack is None or handler is None:
            raise web.HTTPNotFound  # Slack delivers it again; and strangers learn nothing
        answer: web.StreamResponse = await handler(request)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Platforms:
    """The platforms whose token is set, opened; none of them listens yet."""

    slack: "Slack | None" = None
    discord: "Discord | None" = None
    late: LateSlack | None = None

    @property
    def messengers(self) -> dict[str, Messengers]:
        """Return who writes on each platform, by its name."""
        found: dict[str, Messengers] = {}
        if self.late is not None:
            found["slack"] = self.late
        if self.slack is not None:
            found["slack"] = self.slack.messengers
        if self.discord is not None:
            found["discord"] = self.discord.messengers
        return found

    @property
    def links(self) -> dict[str, Callable[[], Awaitable[bool]]]:
        """Return who tells whether each platform is connected, by its name."""
        found: dict[str, Callable[[], Awaitable[bool]]] = {}
        if self.late is not None:
            found["slack"] = self.late.connected
        if self.slack is not None:
            found["slack"] = self.slack.connected
        if self.discord is not None:
            found["discord"] = self.discord.connected
        return found


def has_slack(settings: Settings) -> bool:
    """Tell whether Slack is set up."""
    many = bool(settings.slack_client_id) or settings.slack_client_secret is not None
    return many or settings.slack_bot_token is not None


def serve_platforms(
    settings: Settings, *, on_ready: Callable[[str], None]
) -> Coroutine[Any, Any, None]:
    """Return what runs every platform whose token is set, until it is cancelled.

    ``on_ready`` gets a line from each. ``Problem`` says what is missing, or which token a platform
    does not take; then nothing runs.
    """
    if not has_slack(settings) and settings.discord_token is None:
        raise InvalidInput(
            what="No platform is set up.",
            remedy="Set COPLAN_SLACK_BOT_TOKEN and COPLAN_SLACK_APP_TOKEN, or COPLAN_DISCORD_TOKEN"
            " (the README says where they come from), or try it without any account:"
            " coplan playground",
        )
    return _serve(settings, on_ready)


async def _serve(settings: Settings, on_ready: Callable[[str], None]) -> None:
    clock = SharedClock(SystemClock())
    async with AsyncExitStack() as stack:
        held = stack.enter_context(hold(settings.database_url))
        several = has_slack(settings) and settings.discord_token is not None
        late = LateSlack() if several else None
        opened = platforms_house(held, settings, clock=clock, late=late)
        house, platforms = await stack.enter_async_context(opened)
        slack, discord = platforms.slack, platforms.discord
        listening: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}
        routes: list[web.RouteDef] = []
        if slack is not None:
            app = slack.app(house.router, house.tally)
            listening["slack"] = partial(slack.listen, app, on_ready)
            routes += slack.routes(app)
        if late is not None:
            listening["slack"] = partial(late.listen, settings, house, clock, on_ready)
            routes += late.routes if settings.public_url else []
        if discord is not None:
            listening["discord"] = partial(
                discord.listen, discord.app(house.router, house.tally), on_ready
            )
        feeds = feed_links(settings)
        if feeds is not None:
            routes.append(feed_route(house, feeds))
        closing = [house.close]
        if routes or "http_port" in settings.model_fields_set:
            token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
            keyed = late or slack
            keys = None if keyed is None else keyed.usable
            watched = watching(
                house.door, house.service, clock, house.tally, platforms.links, token, keys
            )
            other = "Set COPLAN_HTTP_PORT or COPLAN_HTTP_HOST to another."
            taken = reserve(settings.http_host, settings.http_port, other)
            served = await stack.enter_async_context(serving([*routes, *watched], taken))
            closing.append(served.leave)  # Slack's next request goes to another process
        await _all(listening, closing)


async def _all(
    listening: Mapping[str, Callable[[], Coroutine[Any, Any, None]]],
    closing: Iterable[Callable[[], None]],
) -> None:
    """Listen on all platforms until cancelled; what ends one for good leaves the others working.

    Those of ``closing`` are called before those that listen are told to end. Raises what ended the
    last.
    """
    tasks = {asyncio.create_task(each()): name for name, each in listening.items()}
    left = set(tasks)
    try:
        while left:
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                _ended(task, tasks[task], last=not left)
    finally:
        for close in closing:
            close()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _ended(task: asyncio.Task[None], name: str, *, last: bool) -> None:
    error = task.exception()
    if error is None or last or not isinstance(error, Problem):
        task.result()
        return
    _log.error("platform_ended", platform=name, reason=str(error))


@asynccontextmanager
async def platforms_house(
    held: Held, settings: Settings, *, clock: Clock, late: LateSlack | None = None
) -> AsyncIterator[tuple[House, Platforms]]:
    """Open the house with the platforms that the settings have, none of which listens yet.

    With ``late`` Slack is not opened: that is done by it, when it listens.
    """
    door = LateDoor()
    async with AsyncExitStack() as stack:
        slack: Slack | None = None
        discord: Discord | None = None
        if has_slack(settings) and late is None:
            from adapters.slack.service import open_slack  # noqa: PLC0415 - only where it is wanted

            of_slack = users_on("slack", door)
            opened = open_slack(settings, door, of_slack, clock)
            slack = await stack.enter_async_context(opened)
        if settings.discord_token is not None:
            from adapters.discord.service import open_discord  # noqa: PLC0415 - as above

            of_discord = users_on("discord", door)
            opening = open_discord(settings, door, of_discord, clock)
            discord = await stack.enter_async_context(opening)
        platforms = Platforms(slack=slack, discord=discord, late=late)
        feeds = feed_links(settings)
        house = await stack.enter_async_context(
            open_house(
                held,
                platforms.messengers,
                clock=clock,
                guarantee=settings.delivery,
                keyed=Keyed(
                    link_of=None if feeds is None else feeds.address,
                    vault=vault_of(_keys(settings)),
                ),
            )
        )
        door.opened(house.door)
        yield house, platforms


def feed_links(settings: Settings) -> FeedLinks | None:
    """Return the links of calendars, None where there is no address or no key to sign them."""
    keys = [key.strip() for key in _keys(settings).split(",") if key.strip()]
    return FeedLinks(settings.public_url, keys) if settings.public_url and keys else None


def _keys(settings: Settings) -> str:
    return settings.secret_keys.get_secret_value() if settings.secret_keys else ""


@asynccontextmanager
async def slack_house(
    held: Held, settings: Settings, *, clock: Clock
) -> AsyncIterator[tuple[House, "Slack"]]:
    """Open the house with Slack as the settings have it, which does not listen yet."""
    async with platforms_house(held, settings, clock=clock) as (house, platforms):
        if platforms.slack is None:
            raise ValueError("Slack is not set up")
        yield house, platforms.slack


@asynccontextmanager
async def discord_house(
    held: Held, settings: Settings, *, clock: Clock
) -> AsyncIterator[tuple[House, "Discord"]]:
    """Open the house with Discord as the settings have it, which does not listen yet."""
    async with platforms_house(held, settings, clock=clock) as (house, platforms):
        if platforms.discord is None:
            raise ValueError("Discord is not set up")
        yield house, platforms.discord


def users_on(platform: str, door: Door) -> UsersOf:
    """Return who tells the users of a platform that members are; who is none there is left out."""

    async def users_of(
        workspace: WorkspaceId, members: Iterable[MemberId]
    ) -> Mapping[MemberId, str]:
        wanted = tuple(members)

        def look(work: Work) -> tuple[dict[MemberId, str], list[MemberId]]:
            found = work.members.users(platform, wanted)
            missing = [one for one in wanted if one not in found]
            here = work.members.get(missing) if missing else {}
            return found, [one for one in missing if one not in here]

        found, strange = await door.read(workspace, look)
        if not strange:
            return found
        # Of a plan that lives on another platform, and is shown to somebody here.
        others = await door.read(EVERYWHERE, lambda w: w.everywhere.users(platform, strange))
        return {**found, **others}

    return users_of

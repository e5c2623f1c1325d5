"""The platforms of the settings, put together with the house."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.web.feeds import FeedLinks
from adapters.web.server import reserve, serving
from adapters.web.watching import watching
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput
from bot.domain.ids import MemberId, WorkspaceId
from bot.main import House, SystemClock, feed_route, open_house
from bot.ui.pages.timetable.published import LinkOf
from bot.usecases.ports import Door, Work
from storage.holding import Held, hold

if TYPE_CHECKING:
    from adapters.slack.service import Slack

T = TypeVar("T")


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


def serve_platforms(
    settings: Settings, *, on_ready: Callable[[str], None]
) -> Coroutine[Any, Any, None]:
    """Return what runs every platform whose token is set, until it is cancelled.

    ``on_ready`` gets a line from each. ``Problem`` says what is missing, or which token a platform
    does not take; then nothing runs.
    """
    if settings.slack_bot_token is None and not settings.slack_client_id:
        raise InvalidInput(
            what="No platform is set up.",
            remedy="Set COPLAN_SLACK_BOT_TOKEN and COPLAN_SLACK_APP_TOKEN (the README says where"
            " they come from), or try it without any account: coplan playground",
        )
    return _serve_slack(settings, on_ready)


async def _serve_slack(settings: Settings, on_ready: Callable[[str], None]) -> None:
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        held = stack.enter_context(hold(settings.database_url))
        feeds = feed_links(settings)
        opened = slack_house(held, settings, clock=clock, link_of=feeds.address if feeds else None)
        house, slack = await stack.enter_async_context(opened)
        app = slack.app(house.router, house.tally)
        told = "http_port" in settings.model_fields_set
        if slack.ways.http or slack.pages or feeds is not None or told:
            links = {"slack": slack.connected}
            token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
            watched = watching(house.door, house.service, clock, house.tally, links, token)
            other = "Set COPLAN_HTTP_PORT or COPLAN_HTTP_HOST to another."
            taken = reserve(settings.http_host, settings.http_port, other)
            calendars = () if feeds is None else (feed_route(house, feeds),)
            routes = [*slack.routes(app), *watched, *calendars]
            await stack.enter_async_context(serving(routes, taken))
        await slack.listen(app, on_ready)


def feed_links(settings: Settings) -> FeedLinks | None:
    """Return the links of calendars, None where there is no address or no key to sign them."""
    told = settings.secret_keys.get_secret_value() if settings.secret_keys else ""
    keys = [key.strip() for key in told.split(",") if key.strip()]
    return FeedLinks(settings.public_url, keys) if settings.public_url and keys else None


@asynccontextmanager
async def slack_house(
    held: Held, settings: Settings, *, clock: Clock, link_of: LinkOf | None = None
) -> AsyncIterator[tuple[House, "Slack"]]:
    """Open the house with Slack as the settings have it, which does not listen yet."""
    from adapters.slack.service import open_slack  # noqa: PLC0415 - only where it is wanted

    door = LateDoor()

    async def users_of(
        workspace: WorkspaceId, members: Iterable[MemberId]
    ) -> Mapping[MemberId, str]:
        def look(work: Work) -> Mapping[MemberId, str]:
            found = work.members.get(members).values()
            return {m.id: m.identity.user for m in found if m.identity.platform == "slack"}

        return await door.read(workspace, look)

    async with open_slack(settings, door, users_of, clock) as slack:
        messengers = {"slack": slack.messengers}
        opened = open_house(
            held, messengers, clock=clock, guarantee=settings.delivery, link_of=link_of
        )
        async with opened as house:
            door.opened(house.door)
            yield house, slack

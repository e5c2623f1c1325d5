"""A house that many workspaces and organisations install, and somebody's browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.domain.planning.plan import Plan
from bot.usecases.ports import Work
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack
from tests.support.slack.oauth import Browser
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Json, Team
from tests.support.slack_house import KEY, Running, running

OTHER_KEY = KEY.replace("a", "b", 3)
START = '/coplan start "Rivers" @Ben'


@dataclass(slots=True, kw_only=True)
class Many:
    """A house that serves whoever installs it, and somebody's browser."""

    run: Running
    browser: Browser

    @property
    def fake(self) -> FakeSlack:
        return self.run.fake

    def workspace(self, domain: str, team: Team | None = None) -> FakeSlack:
        """Return another workspace with a channel, seen by its own people."""
        made = team or self.fake.world.team(domain)
        self.fake.world.channel(made, f"in-{domain}")
        return self.fake.within(made)

    async def installed(self) -> list[WorkspaceId]:
        """Return where a token is stored."""
        return await self.run.house.door.read(EVERYWHERE, lambda work: work.everywhere.installed())

    async def plans(self, team: Team) -> list[Plan]:
        """Return the plans of everybody in the workspace."""

        def look(work: Work) -> list[Plan]:
            found = [work.plans.of_member(member.id) for member in work.members.all()]
            return list({plan.id: plan for plans in found for plan in plans}.values())

        return await self.run.house.door.read(WorkspaceId(f"slack:{team.id}"), look)

    async def told(self, team: Team, inner: Json, **outer: object) -> None:
        """Deliver an event of the workspace."""
        event = {**payloads.event(self.fake.world, team, inner), **outer}
        answer = await self.fake.transport.deliver("events_api", event)
        assert answer.acknowledged


@asynccontextmanager
async def serving_many(
    fake: FakeSlack, where: Path | str, *, http: bool = True, keys: str = KEY
) -> AsyncIterator[Many]:
    """Serve from the database in a folder, or at a URL."""
    store = where / "coplan.db" if isinstance(where, Path) else where
    async with (
        running(fake, store, http=http, keys=keys) as run,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        browser = Browser(oauth=fake.oauth, session=session, address=run.address)
        yield Many(run=run, browser=browser)


async def starts(run: Running, ana: SlackUser, text: str = START) -> str:
    """Start a plan, and see its card in the channel; return its ts."""
    answer = await ana.command(text)
    assert answer.acknowledged
    await run.settle()
    assert ana.sees("Only visible to you", within="Started")
    cards = [m for m in ana.channel.messages if not m.only_for and m.user == ana.team.bot.id]
    assert len(cards) == 1
    return cards[0].ts

"""``coplan run`` in Slack serves calendars, too."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from cryptography.fernet import Fernet

from adapters.web.feeds import FeedLinks
from bot.domain.ids import WorkspaceId
from bot.domain.timetable.published import Feed, FeedId
from bot.main import open_store
from bot.usecases.ports import Work
from tests.cli.platforms import TITLE, BesideSlack, until_shown
from tests.cli.running import coplan_run
from tests.support.ports import free_port
from tests.support.slack.fake import FakeSlack, fake_slack


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


async def test_calendars_are_served_under_signed_links(fake: FakeSlack, tmp_path: Path) -> None:
    ana, key = fake.user("Ana"), Fernet.generate_key().decode()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {"PUBLIC_URL": base, "HTTP_PORT": str(port), "SECRET_KEYS": key}
    named = {f"COPLAN_{name}": value for name, value in settings.items()}
    platform = BesideSlack(fake)
    async with coplan_run(platform.greeting, tmp_path, **platform.settings, **named) as run:
        await ana.command(f'/coplan start "{TITLE}" @Ben')
        await until_shown(platform, 1)
        feed, workspace = await asyncio.to_thread(add_feed, tmp_path)
        links = FeedLinks(base, [key])
        async with aiohttp.ClientSession() as session:
            async with session.get(links.address(workspace, feed)) as answer:
                assert (answer.status, answer.content_type) == (200, "text/calendar")
                assert TITLE in (await answer.text()).replace("\r\n ", "")
            forged = FeedLinks(base, [Fernet.generate_key().decode()])
            async with session.get(forged.address(workspace, feed)) as answer:
                assert answer.status == 404
        await run.stopped()


def add_feed(folder: Path) -> tuple[FeedId, WorkspaceId]:
    """Give somebody with a plan a calendar's link, as the button does; return what it names."""
    feed = FeedId("f1")
    with closing(sqlite3.connect(folder / "coplan.db")) as file:
        ((workspace, member),) = file.execute(
            "SELECT workspace, member FROM plan_partners ORDER BY member LIMIT 1"
        ).fetchall()

    def unit(work: Work) -> None:
        work.feeds.add(Feed(id=feed, member=member, partnership=None, at=work.now))

    with open_store(f"sqlite:///{folder / 'coplan.db'}") as door:
        door.write_now(WorkspaceId(workspace), unit)
    return feed, WorkspaceId(workspace)

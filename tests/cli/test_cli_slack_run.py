"""``coplan run`` as it is run: a process of its own in the fake Slack, stopped by a signal."""

import asyncio
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest
from cryptography.fernet import Fernet

from adapters.web.feeds import FeedLinks
from bot.domain.ids import WorkspaceId
from bot.domain.timetable.published import Feed, FeedId
from bot.main import open_store
from bot.usecases.ports import Work
from tests.cli.running import environment
from tests.support.slack.fake import FakeSlack, fake_slack

TITLE = "Canary of the river"
ANSWER = "A secret wish"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@asynccontextmanager
async def coplan_run(
    fake: FakeSlack, cwd: Path, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    tokens = {
        "COPLAN_SLACK_BOT_TOKEN": fake.team.token,
        "COPLAN_SLACK_APP_TOKEN": fake.world.app.token,
        "COPLAN_SLACK_API_URL": fake.base_url,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=cwd,
        env={**environment(), **tokens, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            told = await process.stdout.readline()
        assert told == b"Coplan is in the Slack workspace school.\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stopped(process: asyncio.subprocess.Process) -> tuple[str, str]:
    """Ask it to stop; return what it said. It ends well, and soon."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode(), err.decode()


async def test_it_works_and_stops_with_all_answered(fake: FakeSlack, tmp_path: Path) -> None:
    ana = fake.user("Ana")
    async with coplan_run(fake, tmp_path) as process:
        acts = [
            asyncio.create_task(ana.command(f'/coplan start "{TITLE} {n}" @Ben')) for n in range(20)
        ]
        await acts[0]
        await stopped(process)
    answers = await asyncio.gather(*acts)
    taken = sum(answer.acknowledged for answer in answers)
    shown = [m for m in ana.channel.messages if m.only_for and "Started" in m.text]
    assert taken >= 1
    assert len(shown) == taken, "whoever was acknowledged was answered"
    ana.troubles.clear()
    async with coplan_run(fake, tmp_path) as process:
        async with asyncio.timeout(20):
            while len([m for m in ana.channel.messages if m.metadata]) < taken:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await stopped(process)
    assert len([m for m in ana.channel.messages if m.metadata]) == taken
    assert fake.problems() == []


@pytest.mark.parametrize("style", ["text", "json"])
async def test_its_log_holds_no_token_and_nothing_that_anybody_wrote(
    fake: FakeSlack, tmp_path: Path, style: str
) -> None:
    ana = fake.user("Ana")
    async with coplan_run(fake, tmp_path, COPLAN_LOG=style, COPLAN_LOG_LEVEL="DEBUG") as process:
        await ana.command(f'/coplan start "{TITLE}" @Ben')
        await ana.says(f"@{fake.team.bot.name} {ANSWER}")
        await fake.transport.deliver("interactive", {"type": "block_actions", "junk": ANSWER})
        await fake.transport.deliver("events_api", {"type": "surprise", "text": ANSWER})
        fake.sockets.cut()
        await asyncio.sleep(1.5)
        _, err = await stopped(process)
    assert err
    secrets = [fake.team.token, fake.world.app.token, "ticket=", "hooks", TITLE, ANSWER, "Ana"]
    for secret in secrets:
        found = [line for line in err.splitlines() if secret in line]
        assert not found, found[:3]


async def test_a_token_that_slack_does_not_take_is_one_line(
    fake: FakeSlack, tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={
            **environment(),
            "COPLAN_SLACK_BOT_TOKEN": "xoxb-other",
            "COPLAN_SLACK_APP_TOKEN": fake.world.app.token,
            "COPLAN_SLACK_API_URL": fake.base_url,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert err.decode().strip().startswith("Slack does not take COPLAN_SLACK_BOT_TOKEN")
    assert len(err.decode().strip().splitlines()) == 1
    assert "xoxb" not in err.decode().replace("(xoxb-…)", "")


async def test_calendars_are_served_under_signed_links(fake: FakeSlack, tmp_path: Path) -> None:
    ana, key = fake.user("Ana"), Fernet.generate_key().decode()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    settings = {"PUBLIC_URL": base, "HTTP_PORT": str(port), "SECRET_KEYS": key}
    named = {f"COPLAN_{name}": value for name, value in settings.items()}
    async with coplan_run(fake, tmp_path, **named) as process:
        await ana.command(f'/coplan start "{TITLE}" @Ben')
        feed, workspace = await asyncio.to_thread(add_feed, tmp_path)
        links = FeedLinks(base, [key])
        async with aiohttp.ClientSession() as session:
            async with session.get(links.address(workspace, feed)) as answer:
                assert (answer.status, answer.content_type) == (200, "text/calendar")
                assert TITLE in (await answer.text()).replace("\r\n ", "")
            forged = FeedLinks(base, [Fernet.generate_key().decode()])
            async with session.get(forged.address(workspace, feed)) as answer:
                assert answer.status == 404
        await stopped(process)


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

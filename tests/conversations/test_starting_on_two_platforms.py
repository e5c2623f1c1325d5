"""Two platforms in one process: what keeps one from starting does not keep the other."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.platforms import serve_platforms
from tests.support.both_house import settings
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord_house import known
from tests.support.faults import UNAVAILABLE
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp

PATIENCE = 30.0
Served = tuple[list[str], asyncio.Task[None]]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.transport = made.sockets
        yield made


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        yield made


@asynccontextmanager
async def serving(
    wanted: Settings, where: Path
) -> AsyncIterator[tuple[list[str], asyncio.Task[None]]]:
    said: list[str] = []
    mine = wanted.model_copy(update={"database_url": f"sqlite:///{where / 'coplan.db'}"})
    task = asyncio.create_task(serve_platforms(mine, on_ready=said.append))
    try:
        yield said, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(said: list[str], word: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while not any(word in line for line in said):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.02)


async def test_slack_is_out_at_the_start(
    slack: FakeSlack, discord: FakeDiscord, tmp_path: Path
) -> None:
    slack.faults.when("*", lambda _: UNAVAILABLE)
    ana, maya = discord.user("Ana"), slack.user("Maya")
    async with serving(settings(slack, discord), tmp_path) as (said, _):
        await until(said, "Discord")
        await known(discord)
        await discord.breaks.connected()
        assert (await ana.command('/coplan start "Rivers"')).acknowledged
        assert not any("Slack" in line for line in said)
        slack.faults.clear()
        await until(said, "Slack")
        await slack.sockets.connected()
        assert (await maya.command("/coplan help")).acknowledged


async def test_discord_is_out_at_the_start(
    slack: FakeSlack, discord: FakeDiscord, tmp_path: Path
) -> None:
    discord.faults.when("*", lambda _: UNAVAILABLE)
    maya = slack.user("Maya")
    async with serving(settings(slack, discord), tmp_path) as (said, _):
        await until(said, "Slack")
        await slack.sockets.connected()
        assert (await maya.command("/coplan help")).acknowledged
        assert not any("Discord" in line for line in said)


async def test_a_token_that_one_platform_refuses_does_not_end_the_other(
    slack: FakeSlack, discord: FakeDiscord, tmp_path: Path
) -> None:
    wrong = settings(slack, discord).model_copy(update={"discord_token": SecretStr("wrong.token")})
    maya = slack.user("Maya")
    async with serving(wrong, tmp_path) as (said, task):
        await until(said, "Slack")
        await slack.sockets.connected()
        assert (await maya.command("/coplan help")).acknowledged
        await asyncio.sleep(0.5)
        assert not task.done()


async def test_when_both_are_refused_it_ends(
    slack: FakeSlack, discord: FakeDiscord, tmp_path: Path
) -> None:
    both = {"discord_token": SecretStr("wrong.token"), "slack_bot_token": SecretStr("xoxb-wrong")}
    wrong = settings(slack, discord).model_copy(update=both)
    async with serving(wrong, tmp_path) as (_, task):
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({task})
        assert "does not take COPLAN_" in str(task.exception())


async def test_slack_over_http_beside_discord(
    slack: FakeSlack, discord: FakeDiscord, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wanted = settings(slack, discord, http=True).model_copy(update={"http_port": port})
    address = f"http://127.0.0.1:{port}/slack/events"
    slack.faults.when("*", lambda _: UNAVAILABLE)
    async with aiohttp.ClientSession() as session, serving(wanted, tmp_path) as (said, _):
        await until(said, "Discord")
        async with session.post(address) as answer:
            assert answer.status == 404, "Slack delivers it again"
        slack.faults.clear()
        await until(said, "Slack")
        slack.transport = SignedHttp(world=slack.world, session=session, address=address)
        assert (await slack.user("Maya").command("/coplan help")).acknowledged
        async with session.post(address) as answer:
            assert answer.status == 401, "unsigned"
        async with session.get(f"http://127.0.0.1:{port}/slack/elsewhere") as answer:
            assert answer.status == 404

"""``coplan run`` for several workspaces, over HTTP: a process of its own, and a browser."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.cli.running import coplan, environment
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.oauth import Browser
from tests.support.slack.signing import SignedHttp
from tests.support.slack_house import KEY

TITLE = "Canary of the river"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    process: asyncio.subprocess.Process
    browser: Browser

    @property
    def address(self) -> str:
        return self.browser.address

    async def stopped(self) -> tuple[str, str]:
        """Ask it to stop; return what it said. It ends well, and soon."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            out, err = await self.process.communicate()
        assert self.process.returncode == 0, err.decode()
        return out.decode(), err.decode()


def settings_of(fake: FakeSlack, port: int) -> dict[str, str]:
    return {
        "COPLAN_SLACK_SIGNING_SECRET": fake.world.app.signing_secret,
        "COPLAN_SLACK_CLIENT_ID": fake.oauth.client_id,
        "COPLAN_SLACK_CLIENT_SECRET": fake.oauth.client_secret,
        "COPLAN_SLACK_API_URL": fake.base_url,
        "COPLAN_SECRET_KEYS": KEY,
        "COPLAN_PUBLIC_URL": f"http://127.0.0.1:{port}/",
        "COPLAN_HTTP_PORT": str(port),
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def coplan_run(fake: FakeSlack, cwd: Path, **settings: str) -> AsyncIterator[Served]:
    port = free_port()
    fake.oauth.registered = {f"http://127.0.0.1:{port}/slack/oauth_redirect"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=cwd,
        env={**environment(), **settings_of(fake, port), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            told = (await process.stdout.readline()).decode()
        assert "in Slack (more at http://127.0.0.1:" in told, told
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            address = f"http://127.0.0.1:{port}/"
            fake.transport = SignedHttp(
                world=fake.world, session=session, address=f"{address}slack/events"
            )
            yield Served(
                process=process,
                browser=Browser(oauth=fake.oauth, session=session, address=address),
            )
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(seen: object, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not seen():  # type: ignore[operator] # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_it_is_installed_serves_and_stops_with_all_answered(
    fake: FakeSlack, tmp_path: Path
) -> None:
    ana = fake.user("Ana")
    async with coplan_run(fake, tmp_path) as served:
        assert await served.browser.installs(fake.team) == 200
        async with served.browser.session.get(f"{served.address}healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"status": "ok", "failing": []})
        acts = [
            asyncio.create_task(ana.command(f'/coplan start "{TITLE} {n}" @Ben')) for n in range(20)
        ]
        await acts[0]
        await served.stopped()
        answers = await asyncio.gather(*acts)
    taken = sum(answer.acknowledged for answer in answers)
    shown = [m for m in ana.channel.messages if m.only_for and "Started" in m.text]
    assert taken >= 1
    assert len(shown) == taken, "whoever was acknowledged was answered"
    ana.troubles.clear()
    async with coplan_run(fake, tmp_path) as served:
        await until(lambda: len([m for m in ana.channel.messages if m.metadata]) >= taken)
        await served.stopped()
    assert len([m for m in ana.channel.messages if m.metadata]) == taken
    assert fake.problems() == []


async def test_its_log_tells_no_token_key_code_or_word(fake: FakeSlack, tmp_path: Path) -> None:
    ana = fake.user("Ana")
    async with coplan_run(fake, tmp_path, COPLAN_LOG="json", COPLAN_LOG_LEVEL="DEBUG") as served:
        assert await served.browser.installs(fake.team) == 200
        assert (
            await served.browser.comes_back(f"{served.address}slack/oauth_redirect?code=x") == 400
        )
        await ana.command(f'/coplan start "{TITLE}" @Ben')
        async with served.browser.session.post(f"{served.address}slack/events") as answer:
            assert answer.status == 401
        out, err = await served.stopped()
    assert err
    app = fake.world.app
    secrets = ["xoxb", app.signing_secret, fake.oauth.client_secret, KEY, "code0", TITLE, "Ana"]
    for secret in secrets:
        assert secret not in out
        assert [line for line in err.splitlines() if secret in line][:3] == []


async def test_it_listens_on_this_machine_alone(fake: FakeSlack, tmp_path: Path) -> None:
    async with coplan_run(fake, tmp_path) as served:
        port = int(served.address.rstrip("/").rpartition(":")[2])
        table = Path("/proc/net/tcp").read_text(encoding="ascii")  # noqa: ASYNC240 - it is memory
        listening = [line.split()[1] for line in table.splitlines() if line.split()[3] == "0A"]
        mine = [address for address in listening if address.endswith(f":{port:04X}")]
        assert mine == [f"0100007F:{port:04X}"]
        await served.stopped()


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("COPLAN_SLACK_CLIENT_SECRET", "COPLAN_SLACK_CLIENT_SECRET is not set"),
        ("COPLAN_SECRET_KEYS", "COPLAN_SECRET_KEYS is not set"),
        ("COPLAN_PUBLIC_URL", "COPLAN_PUBLIC_URL"),
        ("COPLAN_SLACK_SIGNING_SECRET", "COPLAN_SLACK_SIGNING_SECRET is not set"),
        ("COPLAN_SLACK_CLIENT_ID", "No platform is set up"),
    ],
)
async def test_what_is_missing_is_one_line(
    fake: FakeSlack, tmp_path: Path, without: str, told: str
) -> None:
    settings = {**settings_of(fake, free_port()), without: ""}
    refused = await asyncio.to_thread(coplan, "run", cwd=tmp_path, **settings)
    assert told in refused.one_line


async def test_a_port_in_use_is_one_line(fake: FakeSlack, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_of(fake, taken.getsockname()[1])
        refused = await asyncio.to_thread(coplan, "run", cwd=tmp_path, **settings)
    assert "is in use. Set COPLAN_HTTP_PORT" in refused.one_line

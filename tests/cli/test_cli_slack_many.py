"""``coplan run`` for several workspaces, over HTTP: a process of its own, and a browser."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.cli.platforms import TITLE, BesideSlack, stopped_amid_acts, until_shown
from tests.cli.running import CoplanRun, coplan_run, here
from tests.support.ports import free_port
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.oauth import Browser
from tests.support.slack.signing import SignedHttp
from tests.support.slack_house import KEY


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    run: CoplanRun
    browser: Browser

    @property
    def address(self) -> str:
        return self.browser.address


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


@asynccontextmanager
async def served(fake: FakeSlack, cwd: Path, **settings: str) -> AsyncIterator[Served]:
    port = free_port()
    fake.oauth.registered = {f"http://127.0.0.1:{port}/slack/oauth_redirect"}
    greeting, wanted = "in Slack (more at http://127.0.0.1:", settings_of(fake, port)
    async with (
        coplan_run(greeting, cwd, **wanted, **settings) as run,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        address = f"http://127.0.0.1:{port}/"
        fake.transport = SignedHttp(
            world=fake.world, session=session, address=f"{address}slack/events"
        )
        yield Served(run=run, browser=Browser(oauth=fake.oauth, session=session, address=address))


async def test_it_is_installed_serves_and_stops_with_all_answered(
    fake: FakeSlack, tmp_path: Path
) -> None:
    platform = BesideSlack(fake)
    async with served(fake, tmp_path) as there:
        assert await there.browser.installs(fake.team) == 200
        async with there.browser.session.get(f"{there.address}healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"status": "ok", "failing": []})
        taken = await stopped_amid_acts(platform, there.run)
    async with served(fake, tmp_path) as there:
        await until_shown(platform, taken)
        await there.run.stopped()
    assert platform.cards() == taken
    assert fake.problems() == []


async def test_its_log_tells_no_token_key_code_or_word(fake: FakeSlack, tmp_path: Path) -> None:
    ana = fake.user("Ana")
    async with served(fake, tmp_path, COPLAN_LOG="json", COPLAN_LOG_LEVEL="DEBUG") as there:
        assert await there.browser.installs(fake.team) == 200
        assert await there.browser.comes_back(f"{there.address}slack/oauth_redirect?code=x") == 400
        await ana.command(f'/coplan start "{TITLE}" @Ben')
        async with there.browser.session.post(f"{there.address}slack/events") as answer:
            assert answer.status == 401
        out, err = await there.run.stopped()
    assert err
    app = fake.world.app
    secrets = ["xoxb", app.signing_secret, fake.oauth.client_secret, KEY, "code0", TITLE, "Ana"]
    for secret in secrets:
        assert secret not in out
        assert [line for line in err.splitlines() if secret in line][:3] == []


async def test_it_listens_on_this_machine_alone(fake: FakeSlack, tmp_path: Path) -> None:
    async with served(fake, tmp_path) as there:
        port = int(there.address.rstrip("/").rpartition(":")[2])
        table = Path("/proc/net/tcp").read_text(encoding="ascii")  # noqa: ASYNC240 - it is memory
        listening = [line.split()[1] for line in table.splitlines() if line.split()[3] == "0A"]
        mine = [address for address in listening if address.endswith(f":{port:04X}")]
        assert mine == [f"0100007F:{port:04X}"]
        await there.run.stopped()


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("COPLAN_SLACK_CLIENT_SECRET", "COPLAN_SLACK_CLIENT_SECRET is not set"),
        ("COPLAN_SECRET_KEYS", "COPLAN_SECRET_KEYS is not set"),
        ("COPLAN_PUBLIC_URL", "COPLAN_PUBLIC_URL"),
        ("COPLAN_SLACK_SIGNING_SECRET", "COPLAN_SLACK_SIGNING_SECRET is not set"),
        ("COPLAN_SLACK_CLIENT_ID", "COPLAN_SLACK_CLIENT_ID is not set"),
    ],
)
def test_what_is_missing_is_one_line(
    fake: FakeSlack, tmp_path: Path, without: str, told: str
) -> None:
    settings = {**settings_of(fake, free_port()), without: ""}
    refused = here("run", cwd=tmp_path, **settings)
    assert told in refused.one_line


def test_a_port_in_use_is_one_line(fake: FakeSlack, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_of(fake, taken.getsockname()[1])
        refused = here("run", cwd=tmp_path, **settings)
    assert "is in use. Set COPLAN_HTTP_PORT" in refused.one_line

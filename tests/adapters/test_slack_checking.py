"""What the doctor says of Slack, and what a start with bad tokens says."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack.checking import check
from adapters.slack.signing_in import sign_in_at_last
from adapters.slack.ways import web_client
from bot.chat.payloads import Json
from bot.config import Settings
from bot.domain.errors import InvalidInput, Problem
from bot.main import SystemClock
from bot.platforms import serve_platforms
from tests.support.fake_clock import FakeClock
from tests.support.faults import UNAVAILABLE, Fault
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack_house import running, settings

NOW = SystemClock()
OTHER = SecretStr("xapp-1-other")


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


def serve(given: Settings, where: Path) -> asyncio.Task[None]:
    here = given.model_copy(update={"database_url": f"sqlite:///{where / 'coplan.db'}"})
    return asyncio.create_task(serve_platforms(here, on_ready=lambda _: None))


async def test_all_is_well(fake: FakeSlack) -> None:
    told = await check(settings(fake), NOW)
    assert told == "workspace school, Socket Mode works"
    assert "chat.postMessage" not in fake.api.counts


async def test_a_bot_token_beside_what_several_workspaces_need_is_named(fake: FakeSlack) -> None:
    given = settings(fake).model_copy(update={"slack_client_id": "1.2"})
    told = await check(given, NOW)
    assert told.endswith("; no other can install it while COPLAN_SLACK_BOT_TOKEN is set")


async def test_missing_scopes_are_named_with_what_to_do(fake: FakeSlack) -> None:
    fake.team.scopes = fake.team.scopes - {"commands"}
    with pytest.raises(Problem, match=r"lacks the scopes commands\..*install the app again"):
        await check(settings(fake), NOW)
    fake.team.scopes = (fake.team.scopes | {"commands"}) - {"files:read"}
    assert "without files:read some features rest" in await check(settings(fake), NOW)


async def test_tokens_of_two_apps_are_told_apart(fake: FakeSlack) -> None:
    app = fake.world.app
    app.token = f"xapp-1-{app.id}-1234-fake"
    assert await check(settings(fake), NOW) == "workspace school, Socket Mode works"
    app.token = "xapp-1-A0ANOTHER1-1234-fake"  # noqa: S105 - opens nothing
    with pytest.raises(InvalidInput, match=rf"of the app {app.id}, .* of A0ANOTHER1: .*one app"):
        await check(settings(fake), NOW)
    fake.faults.next("bots.info", Fault(answer="error", error="unknown_method"))
    assert await check(settings(fake), NOW) == "workspace school, Socket Mode works"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"slack_bot_token": SecretStr("xoxb-other")}, "COPLAN_SLACK_BOT_TOKEN .invalid_auth"),
        ({"slack_app_token": OTHER}, "COPLAN_SLACK_APP_TOKEN .invalid_auth"),
        ({"slack_app_token": None}, "Neither COPLAN_SLACK_APP_TOKEN nor COPLAN_PUBLIC_URL"),
        ({"slack_api_url": "http://127.0.0.1:1/api/"}, "Slack cannot be reached"),
    ],
)
async def test_what_is_wrong_is_said(fake: FakeSlack, wrong: dict[str, object], told: str) -> None:
    with pytest.raises(Problem, match=told):
        await check(settings(fake).model_copy(update=wrong), NOW)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"slack_bot_token": None}, "No platform is set up"),
        ({"slack_bot_token": SecretStr("xoxb-other")}, "does not take COPLAN_SLACK_BOT_TOKEN"),
        ({"slack_app_token": OTHER}, "does not take COPLAN_SLACK_APP_TOKEN"),
        ({"slack_app_token": None}, "Neither COPLAN_SLACK_APP_TOKEN nor COPLAN_PUBLIC_URL"),
    ],
)
async def test_a_start_that_cannot_be_says_why_and_ends(
    fake: FakeSlack, tmp_path: Path, wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        async with asyncio.timeout(60):
            await serve(settings(fake).model_copy(update=wrong), tmp_path)


async def test_a_token_that_is_revoked_while_it_runs_ends_it(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        fake.world.app.token = "xapp-1-renewed"  # noqa: S105 - opens nothing
        fake.sockets.cut()
        with pytest.raises(InvalidInput, match="does not take COPLAN_SLACK_APP_TOKEN"):
            async with asyncio.timeout(60):
                await run.listening


@pytest.mark.parametrize("said", [{"type": "app_uninstalled"}, {"type": "tokens_revoked"}])
async def test_removed_from_the_workspace_it_ends_and_says_so(
    fake: FakeSlack, tmp_path: Path, said: dict[str, object]
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        body = said | {"tokens": {"bot": [fake.team.bot.id]}}
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
        with pytest.raises(InvalidInput, match="was removed from the Slack workspace school"):
            async with asyncio.timeout(60):
                await run.listening


async def test_a_bot_token_that_is_revoked_without_a_word_ends_it(
    fake: FakeSlack, tmp_path: Path
) -> None:
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        fake.team.revoked = True
        await ana.command('/coplan start "Rivers"')
        with pytest.raises(InvalidInput, match="does not take COPLAN_SLACK_BOT_TOKEN"):
            async with asyncio.timeout(60):
                await run.listening


async def test_a_token_that_is_refused_once_and_taken_after_all_ends_nothing(
    fake: FakeSlack, tmp_path: Path
) -> None:
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        fake.faults.next("users.info", Fault(answer="error", error="invalid_auth"))
        await ana.command('/coplan start "Rivers"')
        await run.settle()
        async with asyncio.timeout(60):
            while fake.api.counts["auth.test"] < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert not run.listening.done()


async def test_a_start_in_an_outage_waits_for_its_end(fake: FakeSlack, tmp_path: Path) -> None:
    limited = Fault(answer="limited", retry_after=2)
    fake.faults.next("auth.test", UNAVAILABLE, limited)
    began = time.monotonic()
    async with running(fake, tmp_path / "coplan.db"):
        assert time.monotonic() - began > 3, "as long as Slack wants"
        assert fake.api.counts["auth.test"] == 3


async def test_the_doctor_does_not_take_an_outage_for_a_bad_token(fake: FakeSlack) -> None:
    fake.faults.next("apps.connections.open", Fault(answer="limited"))
    with pytest.raises(Problem, match="Slack cannot be reached: ratelimited"):
        await check(settings(fake), NOW)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://slack.example.invalid/api", "nobody knows that name"),
        ("http://127.0.0.1:9/api", "nobody takes the connection"),
        ("https://{}/api", "no encrypted connection"),
    ],
)
async def test_an_address_that_leads_nowhere_is_told_in_plain_words(
    fake: FakeSlack, address: str, words: str
) -> None:
    there = address.format(fake.world.address.removeprefix("http://"))
    told = settings(fake).model_copy(update={"slack_api_url": there})
    with pytest.raises(Problem, match=f"Slack cannot be reached: {words}"):
        await check(told, NOW)


@pytest.mark.parametrize("told", [{}, {"team_id": "T1"}, {"team_id": 7, "user_id": "U1"}])
async def test_who_does_not_say_who_the_bot_is_is_not_slack(fake: FakeSlack, told: Json) -> None:
    fake.api.shaped = lambda method, body: {"ok": True, **told} if method == "auth.test" else body
    with pytest.raises(Problem, match="Slack cannot be reached: no answer of Slack's"):
        await check(settings(fake), NOW)


async def test_an_outage_is_not_said_to_last_longer_than_slack_goes_on_delivering(
    fake: FakeSlack,
) -> None:
    fake.faults.next("auth.test", Fault(answer="limited", retry_after=3600))
    async with asyncio.timeout(60), web_client(settings(fake)) as client:
        assert (await sign_in_at_last(client, given_up=0.1)).name == "school"
    assert fake.api.counts["auth.test"] == 2


async def test_where_a_proxy_hides_the_scopes_all_of_them_are_tried(
    fake: FakeSlack, tmp_path: Path
) -> None:
    fake.api.tells_scopes = False
    assert await check(settings(fake), NOW) == "workspace school, Socket Mode works"
    ana = fake.user("Ana")
    fake.team.scopes -= {"bookmarks:write"}
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.command('/coplan start "Rivers"')
        await run.settle()
        assert [m for m in ana.channel.messages if m.metadata], "without the bookmark"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(40, "clock is 4. seconds ahead of Slack's"), (-41, "clock is [34]. seconds behind Slack's")],
)
async def test_a_clock_that_is_off_is_told(fake: FakeSlack, seconds: int, told: str) -> None:
    clock = FakeClock(NOW.now() + timedelta(seconds=seconds))
    assert re.search(told, await check(settings(fake), clock))


async def test_a_clock_by_which_nothing_of_slacks_is_taken_is_wrong(fake: FakeSlack) -> None:
    clock = FakeClock(NOW.now() - timedelta(minutes=7))
    with pytest.raises(InvalidInput, match=r"4.. seconds behind Slack's.*Set the clock"):
        await check(settings(fake), clock)

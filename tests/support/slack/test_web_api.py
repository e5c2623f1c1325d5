"""The fake refuses what Slack refuses."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.faults import LIMITED, LOST_AFTER, UNAVAILABLE, slow
from tests.support.shared_data import PLATFORM, described
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.methods import METHODS

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Rivers* &amp; <@U1>"}}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Rivers"},
    "blocks": [SECTION],
}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        yield fake


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=slack.team.token, base_url=slack.base_url, session=session)
        client.retry_handlers.clear()
        yield client


async def refusal(call: Any) -> str:  # noqa: ANN401 - any call of the client
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response.get("error", caught.value.response.status_code))


async def test_who_one_is(slack: FakeSlack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == slack.team.bot.id
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert await refusal(client.api_call("auth.test", headers={"Authorization": "x"}))
    assert await refusal(client.chat_meMessage(channel="C", text="x")) == "unknown_method"
    slack.team.revoked = True
    assert await refusal(client.auth_test()) == "token_revoked"


async def test_posts_and_what_is_seen(slack: FakeSlack, client: AsyncWebClient) -> None:
    ana, channel = slack.user("Ana"), slack.channel("planning").id
    text = f"*Rivers* &amp; <@{ana.me.id}> <!date^1795000000^{{date_num}} at {{time}}|x>"
    made = await client.chat_postMessage(channel=channel, text=text)
    assert ana.sees("Rivers & @Ana 2026-11-18 at 12:06 PM")
    assert slack.channel("planning").messages[0].pings == (f"@{ana.me.id}",)
    await client.chat_postMessage(channel=channel, text="a reply", thread_ts=made["ts"])
    assert not ana.sees("a reply")
    ana.goes("planning", made["ts"])
    assert ana.sees("a reply")
    await client.chat_update(channel=channel, ts=made["ts"], text="new", blocks=[SECTION])
    assert not ana.sees("2026-11-18")
    assert slack.problems() == []


@pytest.mark.parametrize(
    ("blocks", "why"),
    [
        described([{"type": "sectoin"}], "unsupported type"),
        ([{"type": "section"}], "text or fields"),
        described([{**SECTION, "txt": 1}], "unknown field: txt"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "3001"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "151"),
        ([{"type": "divider"}] * 51, "no more than 50"),
        ([{**SECTION, "block_id": "a"}, {**SECTION, "block_id": "a"}], "there twice"),
        ([{"type": "actions", "elements": []}], "at least 1"),
        ([{"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}], "invalid slack file"),
    ],
)
async def test_bad_blocks(
    slack: FakeSlack, client: AsyncWebClient, blocks: list[Any], why: str
) -> None:
    channel = slack.channel("planning")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel.id, text="x", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    assert why in str(caught.value.response["response_metadata"])
    assert channel.messages == []


async def test_places_that_may_not_be_written_to(slack: FakeSlack, client: AsyncWebClient) -> None:
    ana = slack.user("Ana")
    private = slack.world.channel(slack.team, "heads", private=True)
    public = slack.world.channel(slack.team, "music")
    private.members.discard(slack.team.bot.id)
    public.members.discard(slack.team.bot.id)
    post = client.chat_postMessage
    assert await refusal(post(channel=private.id, text="x")) == "channel_not_found"
    assert await refusal(post(channel=public.id, text="x")) == "not_in_channel"
    assert await refusal(post(channel="C404", text="x")) == "channel_not_found"
    assert (
        await refusal(client.api_call("chat.postMessage", json={"channel": ana.channel.id}))
        == "no_text"
    )
    slack.channel("planning").archived = True
    assert await refusal(post(channel=ana.channel.id, text="x")) == "is_archived"
    ana.me.deleted = True
    assert await refusal(post(channel=ana.me.id, text="x")) == "user_disabled"
    slack.team.scopes.discard("chat:write")
    assert await refusal(post(channel=public.id, text="x")) == "missing_scope"


async def test_triggers_hashes_and_the_stack(slack: FakeSlack, client: AsyncWebClient) -> None:
    ana = slack.user("Ana")
    trigger = slack.world.trigger(slack.team, ana.me.id)
    assert await refusal(client.views_open(trigger_id=trigger, view={"type": "modal"}))
    trigger = slack.world.trigger(slack.team, ana.me.id)
    opened = await client.views_open(trigger_id=trigger, view=MODAL)
    again = client.views_open(trigger_id=trigger, view=MODAL)
    assert await refusal(again) == "exchanged_trigger_id"
    late = slack.world.trigger(slack.team, ana.me.id)
    slack.team.triggers[late].until = 0.0
    assert await refusal(client.views_open(trigger_id=late, view=MODAL)) == "trigger_expired"
    view = opened["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert await refusal(stale) == "hash_conflict"
    for _ in range(2):
        trigger = slack.world.trigger(slack.team, ana.me.id)
        await client.views_push(trigger_id=trigger, view=MODAL)
    trigger = slack.world.trigger(slack.team, ana.me.id)
    full = client.views_push(trigger_id=trigger, view=MODAL)
    assert await refusal(full) == "push_limit_reached"


async def test_files(slack: FakeSlack, client: AsyncWebClient) -> None:
    ana = slack.user("Ana")
    where = slack.channel("planning")
    found = await client.files_upload_v2(
        channel=where.id, content=b"# Rivers", filename="rivers.md", title="The plan"
    )
    assert ana.sees("rivers.md")
    info = await client.files_info(file=found["file"]["id"])
    url = info["file"]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.team.token}"}
        async with session.get(url, headers=headers) as answer:
            assert await answer.read() == b"# Rivers"
        async with session.get(url) as answer:
            assert "Sign in" in await answer.text()


async def test_rate_limits(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.api.limits.on = True
    ana = slack.user("Ana")
    await client.chat_postMessage(channel=ana.channel.id, text="one")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ana.channel.id, text="two")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=ana.me.id, text="another place")
    assert len(ana.channel.messages) == 1


async def test_faults(slack: FakeSlack, client: AsyncWebClient) -> None:
    ana = slack.user("Ana")

    async def post() -> object:
        return await client.chat_postMessage(channel=ana.channel.id, text="x")

    slack.faults.next("chat.postMessage", LOST_AFTER, UNAVAILABLE, LIMITED, slow(0.05))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post()
    assert len(ana.channel.messages) == 1, "the work was done before the answer was lost"
    assert await refusal(post())
    assert await refusal(post()) == "ratelimited"
    assert len(ana.channel.messages) == 1
    await asyncio.gather(post(), post())
    assert len(ana.channel.messages) == 3
    assert [each.outcome for each in slack.api.made] == ["lost", "status", "limited", "ok", "ok"]


def test_what_is_required_is_what_slack_requires() -> None:
    """By Slack's own description, as far as it goes: newer methods are not in it."""
    path = PLATFORM / "slack-web-openapi-2021.json"
    if not path.exists():
        pytest.skip("the shared data is not beside the project")
    described = json.loads(path.read_text(encoding="utf-8"))["paths"]
    elsewhere = {"token", "trigger_id"}
    known = [name for name in METHODS if f"/{name}" in described]
    assert len(known) > 15
    for name in known:
        [verb] = described[f"/{name}"].values()
        wanted = {each["name"] for each in verb["parameters"] if each.get("required")}
        assert wanted - elsewhere <= set(METHODS[name].required), name

"""What is posted to a response_url, and where it may lead."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.responses import Responses
from bot.runtime.ports import NotDelivered, OutcomeUnknown


@dataclass(slots=True)
class Hooks:
    """Takes what is posted, and answers with the status that is next; it may be a proxy."""

    address: str = ""
    next: int = 200
    taken: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append(f"{request.url.host}{request.path} {(await request.json())['text']}")
        return web.Response(status=self.next, headers={"Retry-After": "7"})


@pytest.fixture
async def hooks() -> AsyncIterator[Hooks]:
    made = Hooks()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    made.address = f"http://{host}:{port}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


def responses(session: aiohttp.ClientSession, address: str) -> Responses:
    return Responses(AsyncWebClient(base_url=f"{address}/api/", session=session))


async def test_what_an_answer_means(hooks: Hooks, session: aiohttp.ClientSession) -> None:
    posting, url = responses(session, hooks.address), f"{hooks.address}/respond/1"
    await posting.post(url, {"text": "Saved."})
    assert hooks.taken == ["127.0.0.1/respond/1 Saved."]
    hooks.next = 429
    with pytest.raises(NotDelivered) as wait:
        await posting.post(url, {"text": "Again."})
    assert (wait.value.retry_after, wait.value.permanent) == (7.0, False)
    hooks.next = 404
    with pytest.raises(NotDelivered) as used_up:
        await posting.post(url, {"text": "Late."})
    assert used_up.value.permanent
    hooks.next = 502
    with pytest.raises(OutcomeUnknown):
        await posting.post(url, {"text": "Lost."})


@pytest.mark.parametrize(
    "there", ["{}@evil.example/x", "https://hooks.slack.com\t.evil.example/x", "//{}/x", "{}", ""]
)
async def test_nothing_goes_elsewhere_however_often_it_is_asked(
    hooks: Hooks, session: aiohttp.ClientSession, there: str
) -> None:
    posting = responses(session, "https://slack.example")
    for _ in range(2):
        with pytest.raises(NotDelivered) as elsewhere:
            await posting.post(there.format(hooks.address), {"text": "Saved."})
        assert elsewhere.value.permanent
    assert hooks.taken == []


async def test_the_environment_is_asked_once_for_a_host(
    hooks: Hooks, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = responses(session, "http://slack.example")
    monkeypatch.setenv("HTTP_PROXY", hooks.address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    await posting.post("http://slack.example/respond/1", {"text": "Saved."})
    monkeypatch.delenv("HTTP_PROXY")
    await posting.post("http://slack.example/respond/2", {"text": "Done."})
    assert hooks.taken == ["slack.example/respond/1 Saved.", "slack.example/respond/2 Done."]

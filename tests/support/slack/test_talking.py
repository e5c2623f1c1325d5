"""People and a real Bolt app talk through the fake: by socket, and by signed HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp, sign

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "write",
    "title": {"type": "plain_text", "text": "Rivers"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What?"},
            "element": {"type": "plain_text_input", "action_id": "what"},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": {"type": "plain_text", "text": "Who?"},
            "element": {"type": "multi_users_select", "action_id": "who"},
            "optional": True,
        },
    ],
}
BUTTON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "go",
            "text": {"type": "plain_text", "text": "Write"},
        }
    ],
}


class Seen:
    """An app of the tests' own; ``events`` are what it was told."""

    def __init__(self, fake: FakeSlack) -> None:
        client = AsyncWebClient(token=fake.team.token, base_url=fake.base_url)
        self.app = AsyncApp(
            client=client,
            signing_secret=fake.world.app.signing_secret,
            process_before_response=True,
        )
        self.events: list[tuple[str, Any]] = []
        self.app.command("/coplan")(self._command)
        self.app.event("app_mention")(self._mention)
        self.app.action("go")(self._click)
        self.app.view("write")(self._written)

    async def _command(self, ack: Any, command: Any) -> None:  # noqa: ANN401 - Bolt's
        self.events.append(("command", command["text"]))
        await ack(text="Started", blocks=[BUTTON])

    async def _mention(self, event: Any, request: Any) -> None:  # noqa: ANN401 - Bolt's
        retried = request.headers.get("x-slack-retry-num", [""])[0]
        self.events.append((f"mention {retried}".strip(), event["text"]))
        if "fail" in event["text"] and retried != "2":
            raise RuntimeError("as was asked for")

    async def _click(self, ack: Any, body: Any, client: Any) -> None:  # noqa: ANN401 - Bolt's
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    async def _written(self, ack: Any, view: Any) -> None:  # noqa: ANN401 - Bolt's
        given = view["state"]["values"]
        self.events.append(("written", given))
        if given["what"]["what"]["value"] == "no":
            await ack(response_action="errors", errors={"what": "Not that."})
        else:
            await ack()


@asynccontextmanager
async def by_socket(fake: FakeSlack, seen: Seen) -> AsyncIterator[None]:
    web_client = AsyncWebClient(base_url=fake.base_url)
    handler = AsyncSocketModeHandler(seen.app, fake.world.app.token, web_client=web_client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await fake.sockets.connected()
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def by_http(fake: FakeSlack, seen: Seen) -> AsyncIterator[None]:
    runner = web.AppRunner(seen.app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        address = f"http://{host}:{port}/slack/events"
        fake.transport = SignedHttp(
            world=fake.world, session=session, address=address, retries=(0.0, 0.0, 0.0)
        )
        yield
    await runner.cleanup()


@pytest.mark.parametrize("way", [by_socket, by_http])
async def test_command_click_form(way: Any) -> None:  # noqa: ANN401 - one of two functions
    async with fake_slack() as fake:
        seen = Seen(fake)
        ana, _ = fake.user("Ana"), fake.user("Ben")
        async with way(fake, seen):
            await ana.command('/coplan start "A & B" @Ben')
            assert ana.sees("Only visible to you", within="Write")
            assert not fake.user("Ben").sees("Write")
            await ana.clicks("Write")
            assert await ana.submits() is None
            assert ana.sees("Please complete this required field.")
            ana.filling.fill("What?", "no")
            ana.filling.fill("Who?", "Ben")
            await ana.submits()
            assert ana.sees("Not that.")
            ana.filling.fill("What?", "yes")
            await ana.submits()
            assert ana.modal is None
        ben = fake.user("Ben").me.id
        assert seen.events[0] == ("command", f'start "A &amp; B" <@{ben}>')
        assert seen.events[-1][1]["who"]["who"]["selected_users"] == [ben]
        assert fake.problems() == []


@pytest.mark.parametrize("way", [by_socket, by_http])
async def test_an_event_that_fails_comes_again(way: Any) -> None:  # noqa: ANN401 - as above
    async with fake_slack() as fake:
        fake.sockets.retries, fake.sockets.ack_within = (0.0, 0.0, 0.0), 0.5
        seen = Seen(fake)
        ana = fake.user("Ana")
        async with way(fake, seen):
            answer = await ana.mentions("fail twice")
            assert answer is not None
            assert answer.acknowledged
        told = [kind.removesuffix(" 0") for kind, _ in seen.events]
        assert told == ["mention", "mention 1", "mention 2"]


async def test_cuts_and_refreshes_are_survived() -> None:
    async with fake_slack() as fake:
        fake.sockets.retries = (0.1, 0.3, 0.5)
        seen = Seen(fake)
        ana = fake.user("Ana")
        async with by_socket(fake, seen):
            await fake.sockets.refresh()
            await fake.sockets.connected(opened=2)
            answer = await ana.mentions("still there?")
            assert answer is not None
            assert answer.acknowledged


async def test_nobody_connected() -> None:
    async with fake_slack() as fake:
        fake.sockets.retries = (0.0,)
        ana = fake.user("Ana")
        await ana.command("/coplan")
        assert ana.troubles == ["/coplan failed with the error “operation_timeout”"]
        answer = await ana.mentions("next")
        assert answer is not None
        assert (answer.acknowledged, answer.attempts) == (False, 2)


async def test_signatures() -> None:
    async with fake_slack() as fake:
        seen = Seen(fake)
        async with by_http(fake, seen):
            http = fake.transport
            assert isinstance(http, SignedHttp)
            body = b'{"type": "url_verification", "challenge": "c"}'
            good = sign(fake.world.app.signing_secret, body) | {"Content-Type": "application/json"}
            assert (await http.post(body, good))[0] == 200
            assert (await http.post(body + b" ", good))[0] == 401
            old = sign(fake.world.app.signing_secret, body, at=1_000_000_000)
            assert (await http.post(body, old | {"Content-Type": "application/json"}))[0] == 401

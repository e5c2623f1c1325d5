"""Calls of the Web API that are answered by anything but Slack, or refused for the token's sake."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from adapters.slack.calls import outcomes
from adapters.slack.client import Client
from bot.runtime.ports import OutcomeUnknown

Answer = Callable[[], web.Response]


@asynccontextmanager
async def answered(
    answer: Answer, doubt: Callable[[], None] = lambda: None
) -> AsyncIterator[Client]:
    """Open a client whose every call is answered so."""

    async def handle(_: web.Request) -> web.Response:
        return answer()

    app = web.Application()
    app.router.add_route("*", "/api/{method}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        yield Client(
            token="xoxb-1",  # noqa: S106 - opens nothing
            base_url=f"http://{host}:{port}/api",
            session=session,
            doubt=doubt,
        )
    await runner.cleanup()


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(text="<html>", content_type="text/html"),
        lambda: web.Response(text="gone fishing"),
        lambda: web.Response(text="bad gateway", status=502),
        lambda: web.json_response([1]),
        lambda: web.json_response(None),
        lambda: web.json_response({"ok": False}),
        lambda: web.Response(text='{"ok": tr', content_type="application/json"),
        lambda: web.Response(body=b"\xff\xfe", content_type="application/json"),
        lambda: web.Response(status=302, headers={"Location": "/elsewhere"}),
    ],
)
async def test_what_is_no_answer_of_slacks_leaves_it_open(answer: Answer) -> None:
    async with answered(answer) as client:
        with pytest.raises(OutcomeUnknown), outcomes():
            await client.chat_postMessage(channel="C1", text="x")


def refuses(code: str) -> Answer:
    return lambda: web.json_response({"ok": False, "error": code})


@pytest.mark.parametrize(
    ("code", "method", "doubts"),
    [
        ("token_revoked", "chat.postMessage", 1),
        ("account_inactive", "users.info", 1),
        ("not_in_channel", "chat.postMessage", 0),
        ("invalid_auth", "apps.connections.open", 0),
    ],
)
async def test_a_token_that_is_refused_is_doubted(code: str, method: str, doubts: int) -> None:
    told: list[None] = []
    async with answered(refuses(code), lambda: told.append(None)) as client:
        with pytest.raises(SlackApiError):
            await client.api_call(method, headers={"Authorization": "Bearer xapp-1"})
    assert len(told) == doubts

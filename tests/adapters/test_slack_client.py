"""Calls of the Web API that are answered by anything but Slack, or refused for the token's sake."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackRequestError

from adapters.slack.calls import outcomes
from adapters.slack.client import LARGEST, Client
from bot.runtime.ports import NotDelivered, OutcomeUnknown

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
    async with running(app, doubt) as client:
        yield client


@asynccontextmanager
async def running(
    app: web.Application, doubt: Callable[[], None] = lambda: None
) -> AsyncIterator[Client]:
    """Open a client of a server."""
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
        lambda: web.Response(text="[" * 100_000, content_type="application/json"),
        lambda: web.Response(status=302, headers={"Location": "/elsewhere"}),
        lambda: web.Response(status=308, headers={"Location": "http://[::1"}),
    ],
)
async def test_what_is_no_answer_of_slacks_leaves_it_open(answer: Answer) -> None:
    async with answered(answer) as client:
        with pytest.raises(OutcomeUnknown), outcomes():
            await client.chat_postMessage(channel="C1", text="x")


def refuses(code: str) -> Answer:
    return lambda: web.json_response({"ok": False, "error": code})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nothing_follows_where_an_answer_leads(status: int) -> None:
    strangers: list[bytes] = []

    async def strange(request: web.Request) -> web.Response:
        strangers.append(await request.read())
        return web.json_response({"ok": True, "ts": "1.2", "channel": "C1"})

    elsewhere = web.Application()
    elsewhere.router.add_route("*", "/{path:.*}", strange)
    async with running(elsewhere) as other:
        away = {"Location": f"{other.base_url}chat.postMessage"}
        async with answered(lambda: web.Response(status=status, headers=away)) as client:
            with pytest.raises(OutcomeUnknown), outcomes():
                await client.chat_postMessage(channel="C1", text="for nobody else")
    assert strangers == []


async def test_no_file_follows_where_an_answer_leads() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path.endswith("getUploadURLExternal"):
            url = f"{request.url.origin()}/upload"
            return web.json_response({"ok": True, "upload_url": url, "file_id": "F1"})
        return web.Response(status=307, headers={"Location": "/strangers"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with running(app) as client:
        with pytest.raises(SlackRequestError):
            await client.files_upload_v2(channel="C1", filename="plan.md", content="whole")
    assert asked == ["/api/files.getUploadURLExternal", "/upload"]


async def test_of_an_answer_without_an_end_no_more_is_read_than_makes_sense() -> None:
    written = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal written
        stream = web.StreamResponse(headers={"Content-Type": "application/json"})
        await stream.prepare(request)
        while written < 20 * LARGEST:
            await stream.write(b" " * 1_000_000)
            written += 1_000_000
        return stream

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    async with running(app) as client:
        with pytest.raises(OutcomeUnknown), outcomes():
            await client.chat_postMessage(channel="C1", text="x")
    assert written < 3 * LARGEST


async def test_whatever_stands_for_a_code_is_told_in_short() -> None:
    async with answered(refuses("x" * 1_000_000)) as client:
        with pytest.raises(NotDelivered) as caught, outcomes():
            await client.chat_postMessage(channel="C1", text="x")
    assert len(caught.value.reason) < 100


Asked = dict[str, str]


@asynccontextmanager
async def serving(verb: str, told: list[Asked]) -> AsyncIterator[Client]:
    """Open a client of a server that takes one verb, and reads what is asked where it belongs."""

    async def handle(request: web.Request) -> web.Response:
        asked = request.query if verb == "GET" else await request.post()
        told.append({name: str(value) for name, value in asked.items()})
        return web.json_response({"ok": True, "user": {"name": "Ana"}})

    app = web.Application()
    app.router.add_route(verb, "/api/{method}", handle)
    async with running(app) as client:
        yield client


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_what_is_read_is_read_by_whichever_verb_is_served(verb: str) -> None:
    told: list[Asked] = []
    async with serving(verb, told) as client:
        answer = await client.users_info(user="U1", include_locale=True)
    assert answer["user"] == {"name": "Ana"}
    assert told == [{"user": "U1", "include_locale": "1"}]


async def test_what_is_posted_stands_in_the_body() -> None:
    told: list[Asked] = []
    async with serving("POST", told) as client:
        await client.bookmarks_add(channel_id="C1", title="A plan", type="link", link="https://x/1")
        await client.auth_test()
    assert told == [
        {"channel_id": "C1", "title": "A plan", "type": "link", "link": "https://x/1"},
        {},
    ]


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


class Unspoken(str):
    """Words that must not be spelled out for a log."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise AssertionError("worded for a log that nobody reads")


async def test_what_goes_out_is_not_worded_for_a_log_that_is_shut() -> None:
    library = logging.getLogger("slack_sdk")
    before = library.level
    library.setLevel(logging.WARNING)  # as bot.log has it
    try:
        async with answered(lambda: web.json_response({"ok": True})) as client:
            answer = await client.chat_postMessage(channel="C1", text=Unspoken("Saved."))
    finally:
        library.setLevel(before)
    assert answer["ok"]

import asyncio
import contextlib
import io
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.guard import TOKEN, check_loopback
from adapters.playground.server import reserve, run
from bot.domain.errors import InvalidInput
from tests.support.echo import Playing, playing

Client = TestClient[web.Request, web.Application]
TALK = {"kind": "say", "id": "1", "person": "ana", "channel": "planning", "text": "hello"}


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db") as made:
        yield made


@pytest.fixture
async def client(play: Playing) -> AsyncIterator[Client]:
    async with TestClient(TestServer(play.app)) as made:
        yield made


def token(play: Playing) -> dict[str, str]:
    return {"X-Coplan-Playground": play.app[TOKEN]}


async def test_the_page_is_there_without_redirect_or_secret_in_the_address(
    client: Client, play: Playing
) -> None:
    response = await client.get("/", allow_redirects=False)
    assert response.status == 200
    assert response.content_type == "text/html"
    assert play.app[TOKEN] in await response.text()
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/", "/static/app.js", "/api/state", "/nothing", "/api/act", "/files/a/b?as=ana"]
)
async def test_every_answer_shuts_other_sites_out(client: Client, path: str) -> None:
    response = await client.get(path)
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1:1",
        "127.0.0.1.evil.example",
        "0.0.0.0",  # noqa: S104 - refused here
        "",
        "localhost:80@evil",
    ],
)
async def test_other_names_for_this_machine_are_refused(client: Client, host: str) -> None:
    for path in ("/", "/api/state", "/static/app.js"):
        assert (await client.get(path, headers={"Host": host})).status == 403


async def test_our_own_names_are_served(client: Client) -> None:
    for name in ("127.0.0.1", "localhost", "[::1]"):
        host = f"{name}:{client.port}"
        assert (await client.get("/", headers={"Host": host})).status == 200


async def posts(client: Client, headers: dict[str, str], **body: object) -> int:
    return (await client.post("/api/act", headers=headers, **body)).status  # type: ignore[arg-type]


async def test_only_our_own_page_may_post(client: Client, play: Playing) -> None:
    own = token(play)
    here = f"http://127.0.0.1:{client.port}"
    assert await posts(client, {}, json=TALK) == 403
    assert await posts(client, {"X-Coplan-Playground": "wrong"}, json=TALK) == 403
    assert await posts(client, {"X-Coplan-Playground": "ü"}, json=TALK) == 403
    assert await posts(client, {}, data={"act": json.dumps(TALK)}) == 403
    for foreign in (
        "https://evil.example",
        "null",
        f"https://127.0.0.1:{client.port}",
        "http://127.0.0.1:1",
    ):
        assert await posts(client, own | {"Origin": foreign}, json=TALK) == 403
    for site in ("cross-site", "same-site"):
        assert await posts(client, own | {"Sec-Fetch-Site": site}, json=TALK) == 403
    assert (await play.store.visible("ana"))[0] == ()
    good = own | {"Origin": here, "Sec-Fetch-Site": "same-origin"}
    assert await posts(client, good, json=TALK) == 200
    assert len((await play.store.visible("ben"))[0]) == 1


async def test_other_sites_cannot_read_either(client: Client) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/api/state", "/api/events?as=ana", "/static/app.js", "/files/a/b?as=ana"):
        assert (await client.get(path, headers=foreign)).status == 403
    assert (await client.get("/", headers=foreign)).status == 200  # a link to us is no harm


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '{"kind": "say"}', "{" * 5000, "\x00"])
async def test_bad_json_is_one_sentence_and_changes_nothing(
    client: Client, play: Playing, body: str
) -> None:
    for path in ("/api/act", "/api/clock", "/api/people", "/api/channels"):
        headers = token(play) | {"Content-Type": "application/json"}
        response = await client.post(path, data=body.encode(), headers=headers)
        assert response.status == 400
        found = await response.json()
        assert "could not be understood" in found["error"]
        assert "Traceback" not in found["error"]
    assert await posts(client, token(play), data=b"<x/>") == 400
    assert (await play.store.visible("ana"))[0] == ()


async def test_too_much_is_refused_in_words(client: Client, play: Playing) -> None:
    form = FormData()
    form.add_field("act", json.dumps(TALK))
    form.add_field("file:", io.BytesIO(b"x" * (12 * 1024 * 1024 + 1)), filename="big.bin")
    response = await client.post("/api/act", data=form, headers=token(play))
    assert response.status == 413
    assert "12 MB" in (await response.json())["error"]
    assert (await play.store.visible("ana"))[0] == ()


async def test_an_unknown_failure_shows_a_reference_and_no_traceback(
    client: Client, play: Playing
) -> None:
    crash = TALK | {"text": "/coplan crash"}
    response = await client.post("/api/act", json=crash, headers=token(play))
    assert response.status == 500
    text = await response.text()
    assert "in the log under" in text
    assert "secret trouble" not in text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])  # noqa: S104
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(InvalidInput, match="this machine only"):
        reserve(0, host)
    check_loopback("::1")


async def test_bound_elsewhere_by_mistake_it_answers_nobody(play: Playing) -> None:
    server = TestServer(play.app, host="0.0.0.0")  # noqa: S104 - that is the mistake
    async with TestClient(server) as client:
        headers = {"Host": f"127.0.0.1:{server.port}"}
        address = f"http://127.0.0.1:{server.port}/"
        # The connection's own address is loopback here, so only a foreign Host can be told apart.
        assert (await client.session.get(address, headers=headers)).status == 200
        assert (await client.session.get(address, headers={"Host": "10.0.0.1"})).status == 403


def test_a_port_in_use_is_explained() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput, match=f"Port {port} is in use.*--port"):
            reserve(port)


async def test_stopping_ends_open_streams_at_once(play: Playing) -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(run(play.app, reserve(0), ready.set_result))
    address = await ready
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.split(":")[2][:-1]))
    host = address.removeprefix("http://").removesuffix("/")
    writer.write(f"GET /api/events?as=ana HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert b"event: world" in await reader.readuntil(b"event: world")
    serving.cancel()
    async with asyncio.timeout(10):  # the next sign of life would come after fifteen
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await reader.read()
    writer.close()

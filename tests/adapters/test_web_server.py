"""The web server: bounded, quick to refuse, and never moved to a 5xx by what a stranger sends."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web

from adapters.web import server
from adapters.web.doorkeeper import Doorkeeper
from bot.domain.errors import InvalidInput

EVERY = ("no-store", "nosniff", "no-referrer", "noindex")


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def fails(_: web.Request) -> web.Response:
    raise LookupError("a secret")


@asynccontextmanager
async def served(
    *routes: web.AbstractRouteDef, bounds: server.Bounds = server.BOUNDS
) -> AsyncIterator[str]:
    taken = server.reserve("127.0.0.1", 0, "")
    async with server.serving(routes or [web.post("/echo", echo)], taken, bounds) as made:
        yield made.address


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def raw(url: str, *sent: bytes, pause: float = 0.0) -> bytes:
    """Send bytes as they are, with pauses between; return what comes until the end."""
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        for each in sent:
            writer.write(each)
            await writer.drain()
            await asyncio.sleep(pause)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_it_answers_and_says_nothing_of_itself(session: aiohttp.ClientSession) -> None:
    async with served() as url, session.post(f"{url}echo", data=b"x" * server.LARGEST) as answer:
        assert answer.status == 200
        assert len(await answer.read()) == server.LARGEST
        assert all(word in str(answer.headers) for word in EVERY)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/echo", 405),
        ("PUT", "/echo", 405),
        ("POST", "/echo/../../etc/passwd", 404),
        ("POST", "/echo%00", 404),
        ("POST", "/" + "a" * 7000, 404),
    ],
)
async def test_what_is_not_there(
    session: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with served() as url, session.request(method, url.rstrip("/") + path) as answer:
        assert answer.status == status
        assert len((await answer.text()).strip().splitlines()) <= 2, "a sentence"


async def test_too_much_is_refused_before_it_is_read(session: aiohttp.ClientSession) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    async with served() as url:
        async with session.post(f"{url}echo", data=BytesIO(bytes(server.LARGEST + 1))) as answer:
            assert answer.status == 413
        async with session.post(f"{url}echo", data=pieces()) as answer:
            assert answer.status == 413
        told = await raw(
            url, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n"
        )
        assert told.startswith(b"HTTP/1.1 413")


HOSTILE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"POST /echo HTTP/9.9\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnothing\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20000 + b"\r\n\r\n",
    b"POST /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 2000 + b"\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
]


@pytest.mark.parametrize("sent", HOSTILE)
async def test_what_is_no_request_gets_no_5xx(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with served() as url, asyncio.timeout(30):
        told = await raw(url, sent)
        assert not told or told.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), told[:80]
        assert b"Traceback" not in told
    assert caplog.records == []


async def test_an_error_of_ours_is_a_reference(session: aiohttp.ClientSession) -> None:
    async with served(web.get("/fails", fails)) as url, session.get(f"{url}fails") as answer:
        assert answer.status == 500
        assert re.fullmatch(r"Something went wrong here: [0-9A-F]{6}\.\n", await answer.text())


async def test_slow_ones_are_turned_out_and_others_served(session: aiohttp.ClientSession) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
    clock = asyncio.get_running_loop().time
    async with served(bounds=server.Bounds(patience=0.4, idle=2.0)) as url:

        async def timed(*sent: bytes, pause: float = 0.0) -> tuple[bytes, float]:
            begun = clock()
            return await raw(url, *sent, pause=pause), clock() - begun

        dripping = [head[n : n + 1] for n in range(len(head))]
        slow_head, no_body, idle, quick = await asyncio.gather(
            timed(*dripping, pause=0.05),
            timed(head + b"Content-Length: 5\r\n\r\nab"),
            timed(head + b"Content-Length: 2\r\n\r\nab"),
            session.post(f"{url}echo", data=b"quick"),
        )
        assert slow_head[0] == b""
        assert slow_head[1] < 1.5
        assert no_body[0].startswith(b"HTTP/1.1 408")
        assert no_body[1] < 1.9
        assert idle[0].startswith(b"HTTP/1.1 200"), "and then it was closed"
        assert 1.9 < idle[1] < 4
        assert await quick.read() == b"quick"


async def test_too_many_connections_cost_those_that_say_nothing(
    session: aiohttp.ClientSession,
) -> None:
    async with served(bounds=server.Bounds(connections=10)) as url:
        async with session.post(f"{url}echo", data=b"first") as answer:
            assert await answer.read() == b"first"
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        silent = [await asyncio.open_connection(host, int(port)) for _ in range(60)]
        for _ in range(20):
            async with session.post(f"{url}echo", data=b"still") as answer:
                assert await answer.read() == b"still"
        async with asyncio.timeout(10):
            ended = [await reader.read() for reader, _ in silent[:50]]
        assert ended == [b""] * 50, "the oldest went first"
        assert len(session.connector._conns) == 1, "the one in use was kept"  # type: ignore[union-attr] # noqa: SLF001
        for _, writer in silent:
            writer.close()


async def test_of_those_in_use_the_one_that_rests_longest_goes() -> None:
    class Nothing(asyncio.Protocol):
        pass

    keeper = Doorkeeper(Nothing, most=2, patience=5.0)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(keeper, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    made = []
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\n\r")
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(b"\n\r\n")
        await asyncio.sleep(0.05)
        made.append((reader, writer))
    async with asyncio.timeout(1):
        assert await made[0][0].read() == b""
    assert len(keeper) == 2
    for _, writer in made:
        writer.close()
    listening.close()


def test_a_port_that_is_taken_or_an_address_that_is_not_here() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput, match=f"Port {port} is in use.*Choose another"):
            server.reserve("127.0.0.1", port, "Choose another.")
    for host in ("203.0.113.7", "no.such.host.invalid"):
        with pytest.raises(InvalidInput, match="no address"):
            server.reserve(host, 0, "Choose another.")


async def test_who_leaves_answers_what_was_asked_and_takes_nothing_more(
    session: aiohttp.ClientSession,
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        asked.set()
        await go_on.wait()
        return web.Response(text="done")

    routes = [web.post("/echo", echo), web.get("/slow", slow)]
    async with server.serving(routes, server.reserve("127.0.0.1", 0, "")) as made:
        async with session.post(f"{made.address}echo", data=b"a connection is open") as answer:
            assert answer.status == 200
        waiting = asyncio.create_task(session.get(f"{made.address}slow"))
        await asked.wait()
        made.leave()
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.post(f"{made.address}echo", data=b"another one")
        go_on.set()
        async with await waiting as answer:
            assert await answer.text() == "done"

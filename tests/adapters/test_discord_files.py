"""Files that people send in Discord: fetched from Discord alone, and so many bytes and no more."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from adapters.discord.files import Files
from adapters.web.fetching import LARGEST
from bot.chat.arrivals import SentFile
from bot.chat.inbound import Upload
from bot.domain.errors import InvalidInput


async def _small(_: web.Request) -> web.Response:
    return web.Response(body=b"Mon,P1,Maths")


async def _large(request: web.Request) -> web.StreamResponse:
    """Send more than it said."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        for _ in range(LARGEST // 2**16 + 2):
            await answer.write(b"x" * 2**16)
    except ConnectionError:
        pass  # whoever reads has had enough
    return answer


async def _elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPFound("http://169.254.169.254/latest/meta-data")


@pytest.fixture
async def address() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/small", _small)
    app.router.add_get("/large", _large)
    app.router.add_get("/elsewhere", _elsewhere)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


def sent(url: str, size: int = 0, name: str = "w.csv") -> SentFile:
    return SentFile(id="7", name=name, url=url, size=size)


async def test_a_file_is_fetched_from_the_address_that_is_set(
    address: str, session: aiohttp.ClientSession
) -> None:
    files = Files(session=session, api_url=f"{address}/api/v10")
    assert await files.fetch(sent(f"{address}/small")) == Upload(
        name="w.csv", content=b"Mon,P1,Maths"
    )
    assert (await files.fetch(sent(f"{address}/small", name=""))).name == "file"
    beside = Files(session=session, api_url="http://127.0.0.1:9/api/v10")
    assert (await beside.fetch(sent(f"{address}/small"))).content == b"Mon,P1,Maths"
    for odd in ("https://127.0.0.1/small", f"http://a@{address.removeprefix('http://')}/small"):
        with pytest.raises(InvalidInput, match="outside of Discord"):
            await beside.fetch(sent(odd))


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/a",
        "https://cdn.discordapp.com.evil.example/a",
        "https://evil.example/cdn.discordapp.com",
        "https://cdn.discordapp.com@evil.example/a",
        "https://cdn.discordapp.com:8443/a",
        "https://169.254.169.254/",
        "https://0x7f000001/",
        "https://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a",
        "",
    ],
)
async def test_nothing_is_fetched_from_anywhere_else(
    session: aiohttp.ClientSession, url: str
) -> None:
    files = Files(session=session, api_url="https://discord.com/api/v10")
    with pytest.raises(InvalidInput, match="outside of Discord"):
        await files.fetch(sent(url))


async def test_what_is_too_large_is_refused_before_or_while_it_comes(
    address: str, session: aiohttp.ClientSession
) -> None:
    files = Files(session=session, api_url=address)
    with pytest.raises(InvalidInput, match="too large"):
        await files.fetch(sent("https://cdn.discordapp.com/a", size=LARGEST + 1))
    with pytest.raises(InvalidInput, match="too large"):
        await files.fetch(sent(f"{address}/large"))


@pytest.mark.parametrize("path", ["/elsewhere", "/gone"])
async def test_what_is_not_handed_out_is_to_be_uploaded_again(
    address: str, session: aiohttp.ClientSession, path: str
) -> None:
    files = Files(session=session, api_url=address)
    with pytest.raises(InvalidInput, match="Upload it once more"):
        await files.fetch(sent(f"{address}{path}"))


async def test_an_address_that_is_none_is_refused(session: aiohttp.ClientSession) -> None:
    files = Files(session=session, api_url="https://discord.com/api/v10")
    with pytest.raises(InvalidInput):
        await files.fetch(sent("https://["))

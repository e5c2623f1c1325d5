"""Calendars fetched from a real server with TLS on this machine, and all that must be refused."""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.files.addresses import Address, is_public
from adapters.files.fetching import fetch
from adapters.files.sources import read_source
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feeds import calendar_address

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
PATIENCE = 60.0
"""Seconds that a slow server of this file takes for its answer."""
SOON = 20.0
"""Seconds within which all is refused, after two of its own, on a machine however busy: far less
than what waits for a slow server would take."""
PUBLIC = "127.0.0.1"
"""Counts as public here; all other addresses are what they are."""


def allowed(address: Address) -> bool:
    return str(address) == PUBLIC or is_public(address)


@dataclass
class Names(AbstractResolver):
    """Names and their addresses; one may be another one each time it is asked for."""

    known: dict[str, list[str]]
    asked: dict[str, int] = field(default_factory=dict)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in self.known:
            raise OSError(None, "no such name")
        at = self.asked[host] = self.asked.get(host, -1) + 1
        address = self.known[host][min(at, len(self.known[host]) - 1)]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
        ]

    async def close(self) -> None: ...


def certificate(folder: Path) -> Path:
    """Write a certificate for the names of the tests, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "calendar.test")])
    now = datetime.now(UTC)  # noqa: TID251 - certificates hold by the machine's clock
    names = [x509.DNSName(host) for host in ("calendar.test", "inside.test", "turns.test")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([*names, x509.IPAddress(ipaddress.ip_address(PUBLIC))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@dataclass
class Server:
    port: int
    trust: ssl.SSLContext
    seen: list[str]

    def fetch(
        self, path: str, host: str = "calendar.test", trust: ssl.SSLContext | None = None
    ) -> bytes:
        names = Names(
            {
                "calendar.test": [PUBLIC],
                "inside.test": ["10.0.0.7"],
                "turns.test": [PUBLIC, "127.0.0.2"],
                "rebinds.test": ["169.254.169.254"],
            }
        )
        address = path if "://" in path else f"https://{host}:{self.port}{path}"
        return fetch(address, resolver=names, allowed=allowed, trust=trust or self.trust)


async def slowly(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/calendar"})
    await answer.prepare(request)
    with contextlib.suppress(ConnectionError):
        for _ in range(int(PATIENCE / 0.2)):
            await answer.write(b"BEGIN:VCALENDAR\r\n")
            await asyncio.sleep(0.2)
    return answer


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/calendar"})
    await answer.prepare(request)
    with contextlib.suppress(ConnectionError):  # the other side has had enough
        for _ in range(1_000):
            await answer.write(b"X" * 100_000)
    return answer


async def never(request: web.Request) -> web.Response:
    for _ in range(int(PATIENCE / 0.2)):
        if request.transport is None:  # the other side has had enough
            break
        await asyncio.sleep(0.2)
    return web.Response()


def app(seen: list[str]) -> web.Application:
    def says(body: bytes = CALENDAR, status: int = 200, **headers: str) -> Answer:
        async def answer(request: web.Request) -> web.Response:
            seen.append(request.path)
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            told.setdefault("Content-Type", "text/calendar; charset=utf-8")
            return web.Response(body=body, status=status, headers=told)

        return answer

    def moves(target: str) -> Answer:
        async def answer(request: web.Request) -> web.Response:
            seen.append(request.path)
            port = request.url.port
            raise web.HTTPFound(target.replace("PORT", str(port)))

        return answer

    made = web.Application()
    for path, handler in {
        "/cal.ics": says(),
        "/secret": says(),
        "/plain": says(Content_Type="text/plain"),
        "/html": says(b"<html>", Content_Type="text/html"),
        "/picture": says(b"x", Content_Type="image/png"),
        "/packed": says(b"\x1f\x8b", Content_Encoding="gzip"),
        "/missing": says(status=404),
        "/closed": says(status=401),
        "/broken": says(status=500),
        "/moved": moves("/cal.ics"),
        "/down": moves("http://calendar.test:PORT/secret"),
        "/inside": moves("https://inside.test:PORT/secret"),
        "/literal": moves("https://127.0.0.9:PORT/secret"),
        "/file": moves("file:///etc/passwd"),
        "/turns": moves("https://turns.test:PORT/secret"),
        "/loop": moves("/loop"),
        "/slow": slowly,
        "/never": never,
        "/endless": endless,
    }.items():
        made.router.add_get(path, handler)
    return made


async def serve(pem: Path, seen: list[str], started: "Queue[int]", stop: Event) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    runner = web.AppRunner(app(seen), shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, PUBLIC, 0, ssl_context=context).start()
    started.put(runner.addresses[0][1])
    await asyncio.to_thread(stop.wait)
    await runner.cleanup()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pem = certificate(tmp_path_factory.mktemp("tls"))
    seen: list[str] = []
    started: Queue[int] = Queue()
    stop = Event()
    thread = Thread(target=lambda: asyncio.run(serve(pem, seen, started, stop)))
    thread.start()
    try:
        yield Server(started.get(timeout=10), ssl.create_default_context(cafile=str(pem)), seen)
    finally:
        stop.set()
        thread.join()


def test_a_calendar_is_fetched(server: Server) -> None:
    for path in ("/cal.ics", "/plain", "/moved", f"webcal://calendar.test:{server.port}/cal.ics"):
        assert server.fetch(path) == CALENDAR
    assert server.fetch("/cal.ics", PUBLIC) == CALENDAR


REFUSED = {
    "/html": "leads to a web page",
    "/picture": "something else (image/png)",
    "/packed": "sends the calendar packed",
    "/missing": "nothing at this address",
    "/closed": "wants a sign-in",
    "/broken": "the error 500",
    "/loop": "from one place to the next",
    "/down": "does not begin with https",
    "/file": "That is no address|does not begin with https",
    "/inside": "private network or to this machine",
    "/literal": "private network or to this machine",
    "/slow": "within 2 seconds",
    "/never": "within 2 seconds",
    "/endless": "larger than 20 MB",
    "https://inside.test/": "private network or to this machine",
    "https://rebinds.test/latest/meta-data": "private network or to this machine",
    "https://nowhere.test/": "no server of that name",
    "http://calendar.test/cal.ics": "does not begin with https",
    "ftp://calendar.test/": "does not begin with https",
    "https://me:secret@calendar.test/": "a name or password",
    "https://": "no address of a calendar",
    "https://[::1]/": "private network or to this machine",
    "https://[::ffff:127.0.0.2]/": "private network or to this machine",
    "https://127.0.0.2/": "private network or to this machine",
    "https://169.254.169.254/": "private network or to this machine",
    "https://[64:ff9b::7f00:2]/": "private network or to this machine",
    "https://[bad": "no address of a calendar",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_refused_is_refused_in_a_sentence_and_two_seconds(
    server: Server, path: str
) -> None:
    server.seen.clear()
    begun = time.monotonic()
    with pytest.raises(InvalidInput) as refused:
        server.fetch(path)
    assert any(part in str(refused.value) for part in REFUSED[path].split("|")), refused.value
    assert time.monotonic() - begun < SOON
    assert "/secret" not in server.seen, "what is inside was asked for"


def test_a_name_that_turns_inward_after_the_first_answer_is_refused(server: Server) -> None:
    names = Names({"turns.test": [PUBLIC, "127.0.0.2"]})
    address = f"https://turns.test:{server.port}/turns"
    server.seen.clear()
    with pytest.raises(InvalidInput, match="private network"):
        fetch(address, resolver=names, allowed=allowed, trust=server.trust)
    assert server.seen == ["/turns"]


def test_a_server_that_nobody_vouches_for_is_refused(server: Server) -> None:
    with pytest.raises(InvalidInput, match="certificate"):
        server.fetch("/cal.ics", trust=ssl.create_default_context())


def test_nothing_listens(server: Server) -> None:
    with pytest.raises(InvalidInput, match="cannot be reached"):
        server.fetch("https://calendar.test:9/cal.ics")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing binds to it
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize("address", ["2130706433", "0x7f000001", "127.1", "localhost"])
def test_this_machine_under_other_names_is_refused_by_the_real_resolver(address: str) -> None:
    with pytest.raises(InvalidInput, match=r"private network|no server of that name"):
        read_source(f" https://{address}/cal.ics\n".encode())


def test_only_a_lone_address_is_one() -> None:
    assert calendar_address(" WEBCAL://x.example/a.ics ") == "WEBCAL://x.example/a.ics"
    assert calendar_address("<https://x.example/a.ics|my calendar>") == "https://x.example/a.ics"
    assert calendar_address("https://x.example and more") == ""
    assert calendar_address("Day,Period\nhttps://x.example,1") == ""
    assert calendar_address(f"https://x.example/{'a' * 5000}") == ""


@pytest.mark.parametrize("said", ["{}", " {}\n", "<{}>", "<{}|my calendar>"])
def test_an_address_may_come_as_chat_programs_write_it(said: str) -> None:
    with pytest.raises(InvalidInput, match="private network"):
        read_source(said.format("https://127.0.0.1/cal.ics").encode())

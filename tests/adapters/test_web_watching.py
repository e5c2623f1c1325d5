"""``/healthz`` and ``/metrics``: whether all is well, in numbers, and nothing that is private."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from adapters.web import server
from adapters.web.health import Health
from adapters.web.metrics import Metrics, Numbers
from bot.domain.errors import Unavailable
from bot.runtime.tally import Outcome, Tally
from bot.usecases.upkeep import Backlog
from tests.support.fake_clock import FakeClock

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Parts:
    """The parts of a service, and what of them is broken."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.hanging = False

    async def store(self) -> bool:
        if self.hanging:
            await asyncio.sleep(60)
        if "store" in self.broken:
            raise Unavailable(reason="the disk is full of secrets")
        return True

    async def timer(self) -> bool:
        return "timer" not in self.broken

    async def backlog(self) -> Backlog:
        await self.store()
        return Backlog(waiting=7, due=3, oldest=NOON - timedelta(seconds=90))


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
async def url(parts: Parts, tally: Tally) -> AsyncIterator[str]:
    numbers = Numbers(
        tally=tally,
        clock=FakeClock(NOON),
        backlog=parts.backlog,
        last_pass=lambda: NOON - timedelta(seconds=5),
        links={"slack": parts.timer},
    )
    checks = {"store": parts.store, "timer": parts.timer}
    routes = [
        web.get("/healthz", Health(checks, patience=0.5).answer),
        web.get("/metrics", Metrics(numbers, token="let-me-see").answer),  # noqa: S106 - a test's
    ]
    async with server.serving(routes, server.reserve("127.0.0.1", 0, "")) as made:
        yield made.address


async def test_well_and_not_well(url: str, session: aiohttp.ClientSession, parts: Parts) -> None:
    async def asked() -> tuple[int, object]:
        async with session.get(f"{url}healthz") as answer:
            return answer.status, await answer.json()

    assert await asked() == (200, {"status": "ok", "failing": []})
    parts.broken = {"timer"}
    assert await asked() == (503, {"status": "failing", "failing": ["timer"]})
    parts.broken = {"timer", "store"}
    assert await asked() == (503, {"status": "failing", "failing": ["store", "timer"]})
    parts.broken = set()
    assert await asked() == (200, {"status": "ok", "failing": []})


async def test_a_part_that_hangs_is_not_well(
    url: str, session: aiohttp.ClientSession, parts: Parts
) -> None:
    parts.hanging = True
    async with session.get(f"{url}healthz") as answer:
        assert answer.status == 503
        assert await answer.json() == {"status": "failing", "failing": ["store"]}


async def test_the_numbers(url: str, session: aiohttp.ClientSession, tally: Tally) -> None:
    tally.came("slack", "command", "taken")
    tally.came("slack", "command", "taken")
    tally.went("slack", Outcome.LIMITED)
    async with session.get(f"{url}metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = (await answer.text()).splitlines()
    for line in (
        'coplan_inbox_events_total{kind="command",platform="slack",result="taken"} 2.0',
        'coplan_send_total{outcome="limited",platform="slack"} 1.0',
        "coplan_outbox_waiting 7.0",
        "coplan_outbox_due 3.0",
        "coplan_outbox_oldest_due_seconds 90.0",
        "coplan_timer_tick_age_seconds 5.0",
        'coplan_link_up{platform="slack"} 1.0',
    ):
        assert line in lines
    assert any(line.startswith("coplan_build_info{version=") for line in lines)


async def test_the_numbers_of_a_broken_store(
    url: str, session: aiohttp.ClientSession, parts: Parts
) -> None:
    parts.broken = {"store", "timer"}
    async with session.get(f"{url}metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    assert 'coplan_link_up{platform="slack"} 0.0' in text
    assert "coplan_outbox" not in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "203.0.113.7"}, 403),
        ({"Forwarded": "for=203.0.113.7"}, 403),
        ({"X-Forwarded-For": "127.0.0.1", "Authorization": "Bearer wrong"}, 403),
        ({"X-Forwarded-For": "127.0.0.1", "Authorization": "let-me-see"}, 403),
        ({"X-Forwarded-For": "127.0.0.1", "Authorization": "Bearer ñ"}, 403),
        ({"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer let-me-see"}, 200),
    ],
)
async def test_the_numbers_are_not_for_strangers(
    url: str, session: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    async with session.get(f"{url}metrics", headers=headers) as answer:
        assert answer.status == status

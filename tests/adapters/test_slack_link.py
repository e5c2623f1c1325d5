"""Socket Mode: no gap where Slack asks for a new connection, and patience where it gives none."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from adapters.slack.socket import Pace, Supervisor, TokenRefused
from tests.support.faults import Fault
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack_house import Running, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


@pytest.fixture
def ana(fake: FakeSlack) -> SlackUser:
    return fake.user("Ana")


@pytest.fixture
async def run(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


async def until(opened: int, fake: FakeSlack) -> None:
    await fake.sockets.connected(opened=opened)


async def test_the_next_connection_stands_before_the_last_one_goes(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    for number in range(2, 5):
        newest = fake.sockets.connections[-1]
        await newest.socket.send_json({"type": "disconnect", "reason": "warning"})
        await until(number, fake)
        assert len(fake.sockets.connections) >= 2, "the one before stands still"
        assert (await ana.command("/coplan help")).acknowledged
    for each in fake.sockets.connections[:-1]:
        await each.socket.close()
    async with asyncio.timeout(60):
        while len(fake.sockets.connections) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await run.slack.connected()
    assert ana.troubles == []


async def test_what_is_under_way_is_acknowledged_where_it_came_from(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    busy = asyncio.create_task(run.house.door.write(run.workspace, lambda _: time.sleep(1.0)))
    await asyncio.sleep(0.05)
    begun = asyncio.create_task(ana.command('/coplan start "Rivers"'))
    await asyncio.sleep(0.1)
    await fake.sockets.refresh(warning=True)
    await until(2, fake)
    assert (await begun).acknowledged
    await busy
    await run.settle()


async def test_what_is_no_envelope_is_passed_over(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    (link,) = fake.sockets.connections
    for odd in ("", "hello", "[]", "{", "null", '{"type": "ping"}', '{"envelope_id": 7}'):
        await link.socket.send_str(odd)
    await link.socket.send_json({"envelope_id": "e1", "payload": None, "type": "events_api"})
    await link.socket.send_bytes(b"\x00\xff")
    assert (await ana.command("/coplan help")).acknowledged
    await run.settle()
    assert fake.sockets.opened == 1


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets", "refresh_requested"])
async def test_a_connection_that_slack_ends_at_once_is_not_made_anew_at_once_for_ever(
    fake: FakeSlack, tmp_path: Path, reason: str
) -> None:
    fake.sockets.greeting = {"type": "disconnect", "reason": reason}
    with structlog.testing.capture_logs() as logs:
        async with running(fake, tmp_path / "coplan.db") as run:
            await asyncio.sleep(1.2)
            assert fake.sockets.opened <= 5
            assert not run.listening.done()
            if reason == "too_many_websockets":
                fake.sockets.greeting = None
                await fake.sockets.connected(opened=fake.sockets.opened + 1, within=20)
    off = [each for each in logs if each["event"] == "slack_socket_mode_is_switched_off"]
    assert bool(off) == (reason == "link_disabled")


@pytest.mark.parametrize(
    "fault",
    [
        Fault(answer="limited", retry_after=1),
        Fault(answer="status", status=502),
        Fault(answer="lost"),
        Fault(answer="error", error="internal_error"),
    ],
)
async def test_where_slack_gives_no_address_it_is_asked_again(
    fake: FakeSlack, tmp_path: Path, ana: SlackUser, fault: Fault
) -> None:
    fake.faults.next("apps.connections.open", fault)
    async with running(fake, tmp_path / "coplan.db") as run:
        assert (await ana.command("/coplan help")).acknowledged
        await run.settle()
    assert fake.api.counts["apps.connections.open"] == 2


def supervisor(run: Running, pace: Pace) -> Supervisor:
    """Return who keeps one more connection."""
    app = run.slack.app(run.house.router, run.house.tally)
    return Supervisor(app, run.fake.world.app.token, run.slack.client, pace)


async def stands(fake: FakeSlack, more: Supervisor) -> None:
    """Return when its connection stands, and end it."""
    running = asyncio.create_task(more.run())
    await fake.sockets.connected(many=2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_connections_that_break_while_they_are_used_are_made_anew_as_soon_as_ever(
    run: Running, fake: FakeSlack
) -> None:
    with structlog.testing.capture_logs() as logs:
        running = asyncio.create_task(supervisor(run, Pace(pause=0.01)).run())
        for number in range(2, 8):
            await until(number, fake)
            newest = fake.sockets.connections[-1].socket
            await newest.send_json({"envelope_id": "e", "payload": {}, "type": "events_api"})
            await newest.close()
        await until(8, fake)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    waits = [each["seconds"] for each in logs if each["event"] == "slack_connection_lost"]
    assert waits == [0.01] * 6


async def test_no_connection_is_waited_for_longer_than_slack_goes_on_delivering(
    run: Running, fake: FakeSlack
) -> None:
    fake.faults.next("apps.connections.open", Fault(answer="limited", retry_after=3600))
    await stands(fake, supervisor(run, Pace(pause=0.05, given_up=0.1)))


async def test_a_token_that_is_refused_once_is_tried_once_more(
    run: Running, fake: FakeSlack
) -> None:
    """A proxy, or Slack in trouble, may say so of a token that is as good as ever."""
    refused = Fault(answer="error", error="invalid_auth")
    fake.faults.next("apps.connections.open", refused)
    await stands(fake, supervisor(run, Pace(pause=0.05)))
    fake.faults.next("apps.connections.open", refused, refused)
    with pytest.raises(TokenRefused, match="invalid_auth"):
        await supervisor(run, Pace(pause=0.05)).run()

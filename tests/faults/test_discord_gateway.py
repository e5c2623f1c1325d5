"""Discord's gateway breaks in every way: Coplan comes back, and does once what it was told."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
import structlog
from structlog.typing import EventDict

from bot.domain.errors import InvalidInput
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord_house import Running, running
from tests.support.examples import IN_CI, cases
from tests.support.faults import UNAVAILABLE, Fault, slow

BREAKS = 50
PATIENCE = 30.0
LOGIN = "GET /users/@me"
NOBODY = "ws://127.0.0.1:9/"
FRAMES = ["not JSON", '{"op": 10, "d": null}', "[]"]


@asynccontextmanager
async def school(path: Path) -> AsyncIterator[tuple[Running, DiscordUser]]:
    async with fake_discord() as fake, running(fake, path / "coplan.db") as run:
        yield run, fake.user("Ana")


async def starts(run: Running, ana: DiscordUser, title: str) -> None:
    """Start a plan, and see one answer and one card."""
    answer = await ana.command(f'/coplan start "{title}" short-form')
    assert answer.acknowledged
    await run.settle()
    alone = [m for m in ana.visible() if m.only_for and title in " ".join(ana.lines(m))]
    assert len(alone) == 1, "one answer"
    assert [c.name for c in ana.world.channels.values() if c.is_thread].count(title) == 1


async def begun(fake: FakeDiscord, many: int) -> None:
    """Return when so many sessions have been begun, and the last one's app has heard of it."""
    async with asyncio.timeout(2 * PATIENCE):
        while fake.gateway.identified < many:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
    await fake.gateway.caught_up()


def tasks() -> int:
    """Return how many things are done at present, apart from what the fake does."""
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
    return sum(not name.startswith(("Connection.", "RequestHandler.")) for name in names)


def beating() -> int:
    """Return how many threads keep connections alive."""
    return sum("keep-alive" in each.name for each in threading.enumerate())


WAYS: dict[str, Callable[[FakeDiscord], object]] = {
    "cut": lambda fake: fake.breaks.cut(),
    "told to reconnect": lambda fake: fake.breaks.reconnect(),
    "told that the session is over, and to resume": lambda fake: fake.breaks.invalidate(
        resumable=True
    ),
}


@pytest.mark.parametrize("way", WAYS)
async def test_many_reconnects_leave_nothing_behind(tmp_path: Path, way: str) -> None:
    async with school(tmp_path) as (run, ana):
        await starts(run, ana, "Before")
        before = tasks()
        for _ in range(BREAKS):
            opened = run.fake.gateway.opened
            WAYS[way](run.fake)
            await run.fake.breaks.connected(opened=opened + 1)
        await run.fake.gateway.caught_up()
        await starts(run, ana, "After")
        async with asyncio.timeout(PATIENCE):
            while tasks() > before:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
        assert run.fake.gateway.resumed == BREAKS
        assert run.fake.gateway.identified == 1
        assert run.fake.problems() == []


@pytest.mark.parametrize("frame", FRAMES if IN_CI else FRAMES[:1])
async def test_a_frame_of_another_shape_ends_the_session_and_nothing_else(
    tmp_path: Path, frame: str
) -> None:
    async with school(tmp_path) as (run, ana):
        await run.fake.breaks.raw(frame)
        await begun(run.fake, 2)
        await starts(run, ana, "After")


async def test_a_session_of_which_too_little_is_told_to_go_on_with_it_is_begun_anew(
    tmp_path: Path,
) -> None:
    async with fake_discord() as fake:
        fake.gateway.terse = True
        async with running(fake, tmp_path / "coplan.db") as run:
            ana = fake.user("Ana")
            await starts(run, ana, "Before")
            fake.breaks.cut()
            await begun(fake, 2)
            await starts(run, ana, "After")
        assert fake.gateway.resumed == 0


@pytest.mark.parametrize("address", cases([NOBODY, None, "", 5, "no address"]))
async def test_a_session_is_resumed_although_it_cannot_be_where_discord_says(
    tmp_path: Path, address: object
) -> None:
    async with school(tmp_path) as (run, ana):
        run.fake.gateway.named = lambda _: address
        run.fake.breaks.invalidate()
        await begun(run.fake, 2)
        for number in (1, 2):
            run.fake.breaks.cut()
            await ana.mentions(f'start "Meanwhile {number}" short-form')
            async with asyncio.timeout(PATIENCE):
                while run.fake.gateway.resumed < number:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.05)
            await starts(run, ana, f"After {number}")
        assert run.fake.gateway.identified == 2


async def test_a_frame_of_an_unknown_kind_is_passed_over(tmp_path: Path) -> None:
    async with school(tmp_path) as (run, ana):
        await run.fake.breaks.raw('{"op": 99}')
        await starts(run, ana, "After")
        assert run.fake.gateway.identified == 1


async def test_a_token_that_is_taken_back_ends_it(tmp_path: Path) -> None:
    async with school(tmp_path) as (run, _):
        run.fake.world.app.token = "another"  # noqa: S105 - opens nothing
        run.fake.breaks.lose_sessions()
        with pytest.raises(InvalidInput, match="COPLAN_DISCORD_TOKEN"):
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(run.listening)


async def test_what_was_said_while_a_session_was_lost_counts(tmp_path: Path) -> None:
    """No session can tell of it any more: it is found where it was said."""
    many = 20
    async with school(tmp_path) as (run, ana):
        await starts(run, ana, "Before")
        run.fake.gateway.refusing = True
        run.fake.breaks.lose_sessions()
        for number in range(many):
            await ana.mentions(f'start "Meanwhile {number}" short-form')
        assert not run.listening.done(), "it tries again, however often"
        run.fake.gateway.refusing = False
        await run.fake.breaks.connected(within=2 * PATIENCE)
        wanted = {f"Meanwhile {number}" for number in range(many)}
        async with asyncio.timeout(PATIENCE):
            while wanted - set(threads(run.fake)):
                await run.settle()
                await asyncio.sleep(0.1)
        await ana.mentions('start "After" short-form')
        await run.settle()
        found = threads(run.fake)
        assert sorted(found) == sorted(["Before", "After", *wanted]), "each is there once"


def threads(fake: FakeDiscord) -> list[str]:
    return [each.name for each in fake.world.channels.values() if each.is_thread]


async def test_sessions_are_spared_when_few_are_left(tmp_path: Path) -> None:
    async with fake_discord() as fake:
        fake.world.starts_left, fake.world.starts_come_back = 3, 3_600_000
        began = asyncio.get_running_loop().time()
        starting = asyncio.create_task(_starts(fake, tmp_path))
        await asyncio.sleep(1)
        assert fake.gateway.identified == 0, "it waits before it begins a session"
        assert asyncio.get_running_loop().time() - began < PATIENCE
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


@pytest.mark.parametrize("shards", ["", "2"])
async def test_sessions_that_end_at_once_are_not_begun_until_none_is_left(
    tmp_path: Path, shards: str
) -> None:
    """Whoever begins the last one of the day loses the token, and with it everything."""
    async with (
        fake_discord() as fake,
        running(fake, tmp_path / "coplan.db", shards=shards) as run,
    ):
        run.discord.connection.first = 0.01
        fake.world.starts_left, fake.world.starts_come_back = 120, 3_600_000
        fake.gateway.restless = True
        fake.breaks.invalidate()
        async with asyncio.timeout(PATIENCE):
            while fake.world.starts_left > 100:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
        await asyncio.sleep(2)
        assert fake.world.starts_left > 80, "it waits before it begins the next"
        assert not run.listening.done(), "the token is what it was"


@pytest.mark.parametrize("answer", ["banned", "limited"])
async def test_it_is_not_asked_to_let_coplan_in_before_it_wants_to_be(
    tmp_path: Path, answer: Literal["banned", "limited"]
) -> None:
    """Whoever asks on is banned for longer."""
    async with school(tmp_path) as (run, ana):
        run.discord.connection.first = 0.05
        run.fake.faults.next(LOGIN, *[Fault(answer=answer, retry_after=6)] * 20)
        asked = run.fake.api.counts[LOGIN]
        await run.fake.breaks.raw("not JSON")
        async with asyncio.timeout(PATIENCE):
            while run.fake.api.counts[LOGIN] == asked:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
        await asyncio.sleep(2.5)
        assert run.fake.api.counts[LOGIN] == asked + 1
        run.fake.faults.clear()
        await begun(run.fake, 2)
        await starts(run, ana, "After")


async def test_it_is_back_when_sessions_last_again(tmp_path: Path) -> None:
    async with school(tmp_path) as (run, ana):
        before = beating()
        run.fake.gateway.restless = True
        run.fake.breaks.invalidate()
        await begun(run.fake, 10)
        run.fake.gateway.restless = False
        await run.fake.breaks.connected(within=PATIENCE)
        await starts(run, ana, "After")
        async with asyncio.timeout(PATIENCE):
            while beating() > before:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)


LIMITS = {
    "told late": slow(60),
    "told by a page": Fault(answer="garbled", done=True),
    "not told": UNAVAILABLE,
}


@pytest.mark.parametrize("fault", LIMITS.values(), ids=LIMITS)
async def test_it_begins_although_nobody_says_how_many_sessions_are_left(
    tmp_path: Path, fault: Fault
) -> None:
    async with fake_discord() as fake:
        fake.faults.next("GET /gateway/bot", fault)
        async with running(fake, tmp_path / "coplan.db") as run:
            await starts(run, fake.user("Ana"), "Rivers")


async def test_where_few_sessions_are_all_there_are_it_does_not_wait(tmp_path: Path) -> None:
    async with fake_discord() as fake:
        fake.world.starts_a_day, fake.world.starts_left = 20, 10
        fake.world.starts_come_back = 3_600_000
        async with running(fake, tmp_path / "coplan.db") as run:
            await starts(run, fake.user("Ana"), "Rivers")


async def _starts(fake: FakeDiscord, path: Path) -> None:
    async with running(fake, path / "coplan.db"):
        await asyncio.sleep(PATIENCE)


async def _opened(fake: FakeDiscord) -> None:
    """Let the gateway take connections, once it has refused one."""
    while not fake.gateway.refused:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.05)
    fake.gateway.refusing = False


async def test_a_gateway_that_refuses_at_the_start_is_told_as_what_it_is(tmp_path: Path) -> None:
    async with fake_discord() as fake:
        fake.gateway.refusing = True
        opening = asyncio.create_task(_opened(fake))
        with structlog.testing.capture_logs() as logs:
            async with running(fake, tmp_path / "coplan.db") as run:
                await starts(run, fake.user("Ana"), "Rivers")
        await opening
        told = {log["reason"] for log in logs if log["event"] == "discord_unreachable"}
        assert told == {"status 503 in the place of a connection"}
        assert "discord_connection_failed" not in {log["event"] for log in logs}


async def test_a_gateway_that_closes_before_its_first_word_is_told_as_what_it_is(
    tmp_path: Path,
) -> None:
    async with fake_discord() as fake:
        fake.gateway.turning_away = 1
        with structlog.testing.capture_logs() as logs:
            async with running(fake, tmp_path / "coplan.db") as run:
                await starts(run, fake.user("Ana"), "Rivers")
        told = [log["event"] for log in logs if log["log_level"] in {"warning", "error"}]
        assert told == ["discord_connection_ended"]


async def test_it_does_not_wait_longer_and_longer(tmp_path: Path) -> None:
    """discord.py alone would wait for minutes after a long outage."""
    async with school(tmp_path) as (run, ana):
        run.discord.connection.uneasy, run.discord.connection.silent = 0.5, 1.5
        run.fake.gateway.refusing = True
        run.fake.breaks.lose_sessions()
        with structlog.testing.capture_logs() as logs:
            async with asyncio.timeout(PATIENCE):
                while len(told(logs)) < 2:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.05)
        assert told(logs)[:2] == ["discord_not_connected", "discord_silent"], "before all ends"
        assert not run.listening.done()
        assert not await run.discord.connected()
        run.fake.gateway.refusing = False
        await run.fake.breaks.connected(within=PATIENCE)
        await starts(run, ana, "After")


def told(logs: Sequence[EventDict]) -> list[str]:
    return [log["event"] for log in logs if log["event"].startswith("discord_")]

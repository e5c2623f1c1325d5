"""What happened while the bot was not there, or not allowed: noticed when it is back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.discord import payloads
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.user import DiscordUser
from tests.support.discord_house import Running, running
from tests.support.faults import LOST_BEFORE, UNAVAILABLE, Fault


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@pytest.fixture
def ana(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ana")


@pytest.fixture
def ben(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ben")


async def started(run: Running, who: DiscordUser) -> str:
    await who.command('/coplan start "Rivers" @Ben')
    await run.settle()
    return run.fake.channel("Rivers").id


async def until(run: Running, met: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not met():
            await run.settle()
            await asyncio.sleep(0.02)


async def test_words_said_while_nobody_was_there_are_answered_once(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, ben: DiscordUser
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
        await ben.mentions("plan", thread)
        await run.settle()
        assert len(ben.direct()) == 1
        ana.goes_to_app()
        await ana.says("help")
        await run.settle()
    await ben.mentions("next", thread)
    await ben.says("next week then", thread=thread)
    await ana.says("next")
    for _ in range(2):
        async with running(fake, tmp_path / "coplan.db") as run:
            await until(run, lambda: len(ben.direct()) > 1)
            await run.settle()
            ben.goes_to_app()
            assert ben.sees("for you")
            ana.goes_to_app()
            assert ana.sees("for you")
    assert len(ben.direct()) == 2, "what was heard is not answered again"
    assert fake.problems() == []


async def test_words_said_while_a_session_was_lost(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, ben: DiscordUser
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
        fake.gateway.refusing = True
        fake.breaks.lose_sessions()
        await ben.mentions("next", thread)
        fake.gateway.refusing = False
        await until(run, lambda: bool(ben.direct()))
        ben.goes_to_app()
        assert ben.sees("for you")


async def test_a_server_that_lets_the_bot_in_again_sees_its_plans_as_they_are(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
        fake.world.emit("GUILD_DELETE", {"id": fake.guild.id}, fake.guild.id)
        await run.settle()
        card = next(m for m in fake.channel("planning").messages if m.id == thread)
        before = card.edited
        fake.world.emit("GUILD_CREATE", payloads.guild(fake.world, fake.guild), fake.guild.id)
        await until(run, lambda: card.edited > before)


async def test_a_server_that_let_the_bot_go_and_in_again_while_nobody_heard_of_it(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
        card = next(m for m in fake.channel("planning").messages if m.id == thread)
        fake.guild.gone = True
        fake.breaks.lose_sessions()
        await until(run, lambda: fake.gateway.identified > 1)
        fake.guild.gone = False
        before = card.edited
        out = {"id": fake.guild.id, "unavailable": True}
        fake.world.emit("GUILD_CREATE", out, fake.guild.id)
        await run.settle()
        assert card.edited == before, "the server cannot be reached yet"
        fake.world.emit("GUILD_CREATE", payloads.guild(fake.world, fake.guild), fake.guild.id)
        await until(run, lambda: card.edited > before)


async def test_a_server_that_could_not_be_reached_for_a_while_is_not_written_anew(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
        card = next(m for m in fake.channel("planning").messages if m.id == thread)
        before = card.edited
        out = {"id": fake.guild.id, "unavailable": True}
        fake.world.emit("GUILD_DELETE", out, fake.guild.id)
        fake.world.emit("GUILD_CREATE", payloads.guild(fake.world, fake.guild), fake.guild.id)
        await run.settle()
        assert card.edited == before


@pytest.mark.parametrize(
    "trouble",
    [UNAVAILABLE, LOST_BEFORE, Fault(answer="limited", retry_after=2.5)],
    ids=["unavailable", "cut", "limited"],
)
async def test_words_are_found_although_the_history_cannot_be_read_at_first(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, ben: DiscordUser, trouble: Fault
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
    await ben.mentions("next", thread)
    fake.faults.next("GET /channels/{channel_id}/messages", *[trouble] * 4)
    async with running(fake, tmp_path / "coplan.db") as run:
        await until(run, lambda: bool(ben.direct()))
    assert len(ben.direct()) == 1


async def test_a_missing_permission_is_named_and_mended(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    planning = fake.channel("planning")
    planning.denied.add(Permission.CREATE_PUBLIC_THREADS)
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.command('/coplan start "Rivers" @Ben')
        await run.settle()
        assert ana.sees("Here Coplan lacks: Create Public Threads.")
        assert not [m for m in planning.messages if not m.only_for and m.components]
        planning.denied.clear()
        told = payloads.channel(fake.world, planning)
        fake.world.emit("CHANNEL_UPDATE", told, fake.guild.id)
        await until(run, lambda: any(c.name == "Rivers" for c in fake.world.channels.values()))

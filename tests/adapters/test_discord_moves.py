"""A channel of Discord's that is deleted, and the plan that goes on in another one."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.discord import payloads
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord.world import Kind, World
from tests.support.discord_house import Running, running
from tests.support.fake_clock import FakeClock
from tests.support.talk.stage import START


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands at a Tuesday morning, before anybody is free."""
    return FakeClock(START + timedelta(days=1))


@pytest.fixture
async def fake(clock: FakeClock) -> AsyncIterator[FakeDiscord]:
    async with fake_discord(World(now=lambda: clock.now().timestamp())) as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@pytest.fixture
async def run(fake: FakeDiscord, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db", clock=clock) as made:
        yield made


@pytest.fixture
def ana(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ana")


async def test_partners_hear_that_their_channel_was_deleted_and_take_the_plan_to_another(
    run: Running, fake: FakeDiscord, clock: FakeClock, ana: DiscordUser
) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    await ana.clicks("My next steps")
    await run.settle()
    gone, thread = fake.channel("planning"), fake.channel("Rivers")
    other = fake.world.channel(fake.guild, "elsewhere", Kind.TEXT)
    for each in (gone, thread):
        del fake.world.channels[each.id]
    for _ in range(2):
        told = payloads.channel(fake.world, gone)
        fake.world.emit("CHANNEL_DELETE", told, fake.guild.id)
        await run.settle()
    assert ana.direct() == [], "not before she is free"
    clock.move(hours=4)
    await run.settle()
    (told,) = ana.direct()
    said = " ".join(ana.lines(told))
    assert "The channel of “Rivers” was deleted." in said
    assert "To go on in another channel, say “plan” there, then choose “More…”" in said
    ana.goes(other)
    await ana.command("/coplan plan")
    await run.settle()
    await ana.clicks("More…")
    await run.settle()
    await ana.clicks("Move it here")
    await run.settle()
    assert ana.sees("It goes on in this channel, in a new thread.")
    assert fake.channel("Rivers").parent == other.id
    ben = fake.user("Ben")
    ben.goes(other)
    await ben.command("/coplan next")
    await run.settle()
    assert not ben.sees("was deleted"), "it is mended"


async def test_a_plan_whose_thread_was_deleted_gets_a_new_one_in_its_channel(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    """Discord leaves the message at which the thread began: the card, which is still edited."""
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    gone = fake.channel("Rivers")
    del fake.world.channels[gone.id]
    await renames(run, ana, "Lakes")
    await ana.command("/coplan next")
    await run.settle()
    assert ana.sees("If only its thread is gone: “plan” in its channel, “More…”")
    await ana.command("/coplan plan")
    await run.settle()
    await ana.clicks("More…")
    await run.settle()
    await ana.clicks("Open its thread anew")
    await run.settle()
    anew = fake.channel("Lakes")
    assert anew.parent == gone.parent
    await renames(run, ana, "Seas")
    assert anew.name == "Seas"
    assert any("renamed the plan" in str(m.components) for m in anew.messages)
    await ana.command("/coplan next")
    await run.settle()
    assert not ana.sees("could not be posted", within="for you")


async def renames(run: Running, who: DiscordUser, title: str) -> None:
    await who.command("/coplan plan")
    await run.settle()
    await who.clicks("More…")
    await run.settle()
    await who.clicks("Rename")
    await run.settle()
    who.filling.fill("New title", title)
    await who.submits()
    await run.settle()

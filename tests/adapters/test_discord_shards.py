"""Several connections at once: as many as Discord asks for, or as the settings say."""

from pathlib import Path

import discord.shard
import pytest

from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord_house import running


def guilds(fake: FakeDiscord, shards: int) -> dict[int, str]:
    """Make servers until each shard has one; return their channels by shard."""
    found: dict[int, str] = {}
    while len(found) < shards:
        name = f"server {len(fake.world.guilds)}"
        made = fake.world.guild(name)
        channel = fake.world.channel(made, f"c-{made.id}")
        found.setdefault(fake.gateway.shard(made.id, shards), channel.id)
    return found


MANY = 3


@pytest.mark.parametrize("shards", [f"{MANY}", "auto"])
async def test_every_shard_takes_what_its_servers_do(
    tmp_path: Path, shards: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with fake_discord() as fake:
        fake.world.shards = MANY
        ana = fake.user("Ana")
        places = guilds(fake, MANY)
        async with running(fake, tmp_path / "coplan.db", shards=shards) as run:
            await fake.breaks.connected(MANY, within=40)
            assert sorted(session.shard for session in fake.gateway.listening) == list(range(MANY))
            assert await run.discord.connected()
            for shard, channel in places.items():
                ana.goes(fake.world.channels[channel])
                answer = await ana.command(f'/coplan start "Plan {shard}"')
                assert answer.acknowledged
                await run.settle()
                assert fake.world.threads(channel), "its thread stands there"
            ana.goes_to_app()
            assert (await ana.command("/coplan next")).acknowledged, "the first has the rest"
            for each in fake.gateway.connections:
                each.cut()
            await run.settle()
            await fake.breaks.connected(MANY, within=40)
            ana.goes(fake.world.channels[places[MANY - 1]])
            assert (await ana.command("/coplan next")).acknowledged
            caplog.clear()
        assert not caplog.records, "it ends without an attempt to connect again"
        assert fake.problems() == []


def test_a_shard_that_cannot_connect_for_long_tries_again_soon() -> None:
    """Whatever it waits for, the others wait for, too, should they have to connect anew."""
    waits = discord.shard.ExponentialBackoff()  # type: ignore[attr-defined]  # what it makes for itself
    assert 1 < max(waits.delay() for _ in range(200)) < 20

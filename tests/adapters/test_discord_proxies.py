"""Discord behind a proxy that the environment names: REST, gateway, files and the doctor."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.checking import check
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord_house import running, settings


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Yield a fake that stands at no address of its own: it is its own proxy."""
    async with fake_discord() as made:
        monkeypatch.setenv("HTTP_PROXY", made.world.address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        made.world.address = "http://discord.example"
        yield made


async def test_a_plan_and_a_file_come_through_it(fake: FakeDiscord, tmp_path: Path) -> None:
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.command('/coplan start "Rivers" short-form')
        await run.settle()
        assert ana.sees("Started “Rivers”")
        assert fake.channel("Rivers").is_thread
        ana.goes_to_app()
        await ana.says("timetable", [("week.csv", b"Mon,P1,Science 8a\n")])
        await run.settle()
        assert ana.sees("I read 1 lesson on Mon.")


async def test_the_doctor_asks_through_it(fake: FakeDiscord) -> None:
    assert "is in 1 server" in await check(settings(fake))

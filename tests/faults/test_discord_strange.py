"""Discord answers, and yet otherwise than it should: what was asked for is done, or told."""

import asyncio
from pathlib import Path

import pytest

from adapters.discord.pacing import LONGEST
from bot.runtime.ports import NotDelivered
from tests.support.discord.fake import fake_discord
from tests.support.discord_house import running
from tests.support.faults import Fault

CHANNEL = "GET /channels/{channel_id}"
PATIENCE = 20.0


async def test_who_gives_up_during_a_limit_for_all_leaves_the_others(tmp_path: Path) -> None:
    """discord.py lets all wait for the call that ran into it, which may be cancelled meanwhile."""
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.next(CHANNEL, Fault(answer="limited", everywhere=True, retry_after=1.5))
        place, api = fake.channel("planning").id, run.discord.outside.api
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await api.call("GET", "/channels/{channel_id}", channel_id=place)
        async with asyncio.timeout(PATIENCE):
            found = await api.call("GET", "/channels/{channel_id}", channel_id=place)
        assert found["id"] == place


async def test_nobody_is_kept_waiting_for_days(tmp_path: Path) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.next(CHANNEL, Fault(answer="limited", retry_after=1e9))
        place, api = fake.channel("planning").id, run.discord.outside.api
        with pytest.raises(NotDelivered) as caught:
            await api.call("GET", "/channels/{channel_id}", channel_id=place)
        assert caught.value.retry_after == LONGEST

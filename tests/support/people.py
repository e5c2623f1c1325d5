"""Fixtures of a bot on a real store, and of people who have been seen there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.clicking import Bot, Hand, opened


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
async def ana(bot: Bot) -> Hand:
    return await _seen(bot, "Ana")


@pytest.fixture
async def ben(bot: Bot) -> Hand:
    return await _seen(bot, "Ben")


async def _seen(bot: Bot, name: str) -> Hand:
    hand = bot.person(name)
    await hand.clicks("next")
    return hand

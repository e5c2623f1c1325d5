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
    hand = bot.person("Ana")
    await hand.clicks("next")
    return hand


@pytest.fixture
async def ben(bot: Bot) -> Hand:
    hand = bot.person("Ben")
    await hand.clicks("next")
    return hand

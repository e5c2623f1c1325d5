from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.clicking import Bot, Hand, opened


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
def ana(bot: Bot) -> Hand:
    return bot.person("Ana")


@pytest.fixture
def ben(bot: Bot) -> Hand:
    return bot.person("Ben")

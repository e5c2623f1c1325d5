import pytest

from tests.support.clicking import Bot, Hand
from tests.support.people import bot

__all__ = ["ana", "ben", "bot"]


@pytest.fixture
def ana(bot: Bot) -> Hand:
    return bot.person("Ana")


@pytest.fixture
def ben(bot: Bot) -> Hand:
    return bot.person("Ben")

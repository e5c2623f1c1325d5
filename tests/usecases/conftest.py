import pytest

from bot.domain.ids import PlanId
from tests.support.clicking import Hand
from tests.support.people import ana, ben, bot

__all__ = ["ana", "ben", "bot", "plan"]


@pytest.fixture
async def plan(ana: Hand, ben: Hand) -> PlanId:
    """Return the plan “Rivers” of Ana and Ben."""
    return await ana.starts("Rivers", ben)

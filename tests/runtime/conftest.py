from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.runtime.house import House, opened
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import at


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Return a house on Monday at six."""
    async with opened(tmp_path, FakeClock(at(2, 6))) as house:
        yield house

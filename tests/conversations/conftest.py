from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.browser import Browsing, needs_chromium
from tests.support.talk.browser import browser_stage
from tests.support.talk.core import CoreStage, core_stage
from tests.support.talk.recorder import Recorder
from tests.support.talk.stage import Stage


@pytest.fixture(params=["core", pytest.param("browser", marks=needs_chromium)])
def page(request: pytest.FixtureRequest) -> Browsing | None:
    """Return the browser for a story in the playground, None for one on the core."""
    found: Browsing | None = None
    if request.param == "browser":
        found = request.getfixturevalue("chromium")
    return found


@pytest.fixture
async def stage(page: Browsing | None, tmp_path: Path, recorder: Recorder) -> AsyncIterator[Stage]:
    """Return a stage of each driver, empty, on Monday at seven in Berlin."""
    if page is None:
        async with core_stage(tmp_path, recorder) as made:
            yield made
    else:
        async with browser_stage(tmp_path, page) as served:
            yield served


@pytest.fixture
async def core(tmp_path: Path, recorder: Recorder) -> AsyncIterator[CoreStage]:
    """Return a stage without a platform, for what a page cannot do."""
    async with core_stage(tmp_path, recorder) as made:
        yield made

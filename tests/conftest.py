import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.support.browser import Browsing, browsing
from tests.support.talk.recorder import Recorder

LAST = "test_everything_shown_fits_every_platform"
"""Looks at what all the other tests showed, so it comes after them."""

settings.register_profile("quick", deadline=None)
settings.register_profile("ci", deadline=None, max_examples=200)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "quick")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put ``LAST`` last, and make two groups for two processes (pytest-xdist).

    The stories share a Chromium and a recorder, the others a PostgreSQL database.
    """
    items.sort(key=lambda item: item.name == LAST)
    for item in items:
        story = "conversations" in item.path.parts or item.path.name == "test_real_schools.py"
        item.add_marker(pytest.mark.xdist_group("stories" if story else "rest"))


@pytest.fixture(scope="session")
def recorder() -> Recorder:
    """Return what keeps every card and form shown, for ``LAST`` to look at."""
    return Recorder()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browsing]:
    """Run one Chromium; each story opens windows on an address of its own."""
    async with browsing("") as running:
        yield running

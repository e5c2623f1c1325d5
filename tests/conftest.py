import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.browser import Browsing, browsing
from tests.support.talk.recorder import Recorder

LAST = "test_everything_shown_fits_every_platform"
"""Looks at what all the other tests showed, so it comes after them."""

settings.register_profile("quick", deadline=None)
settings.register_profile("ci", deadline=None, max_examples=200)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.name == LAST)


class TwoGroups(LoadScopeScheduling):
    """Two processes: stories share a Chromium and a recorder, the rest a PostgreSQL database."""

    def _split_scope(self, nodeid: str) -> str:
        story = nodeid.startswith(("tests/conversations/", "tests/test_real_schools.py"))
        return "stories" if story else "rest"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TwoGroups:
    return TwoGroups(config, log)


@pytest.fixture(scope="session")
def recorder() -> Recorder:
    """Return what keeps every card and form shown, for ``LAST`` to look at."""
    return Recorder()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browsing]:
    """Run one Chromium; each story opens windows on an address of its own."""
    async with browsing("") as running:
        yield running

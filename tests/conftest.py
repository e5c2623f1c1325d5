from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from hypothesis import settings

from tests.support.browser import Browsing, browsing
from tests.support.examples import examples
from tests.support.talk.recorder import Recorder

settings.register_profile("coplan", deadline=None, max_examples=examples(200))
settings.load_profile("coplan")
# Exceptions that tests provoke are printed plainly: rich takes a third of a second for each.
structlog.configure(
    [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the kill tests, which mostly wait: nothing is left to wait for at the end."""
    items.sort(key=lambda item: "tests/faults/" not in item.nodeid)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Return what keeps every card and form shown; all of it must fit on every platform."""
    shown = Recorder()
    yield shown
    wrong = shown.problems()
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browsing]:
    """Run one Chromium; each story opens windows on an address of its own."""
    async with browsing("") as running:
        yield running

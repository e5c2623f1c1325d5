import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.support.browser import Browsing, browsing
from tests.support.examples import examples
from tests.support.talk.recorder import Recorder

# Many processes are started: they compile a module once for all, whatever this machine is set to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
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

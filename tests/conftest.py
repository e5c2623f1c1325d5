import importlib
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from hypothesis import is_hypothesis_test, settings

from tests.support.browser import Browsing, browsing
from tests.support.examples import IN_CI, LEFT_TO_CI, examples
from tests.support.talk.recorder import Recorder

TESTS = Path(__file__).parent
LONG = re.compile(r"_kill|_year")
UNCOUNTED = ("bench", "faults", "storage")
"""Folders of tests of which no coverage of ``bot`` is measured, as of no test with drawn examples.

Measuring doubles the time they take; the others show that there are tests of nearly every branch.
"""
# Many processes are started: they compile a module once for all, whatever this machine is set to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
settings.register_profile("coplan", deadline=None, max_examples=examples(200))
settings.load_profile("coplan")
# Exceptions that tests provoke are printed plainly: rich takes a third of a second for each.
structlog.configure(
    [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)


@pytest.hookimpl(trylast=True)  # after what measures which lines are run has begun
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let each worker compile its share of the tests first: the others find them compiled.

    All collect all tests, in one order. Without this each would compile all of them, for pytest
    puts its own words into every assertion: two thirds of what a worker needs to begin.
    """
    given = getattr(session.config, "workerinput", None)
    if given is None or session.config.args != session.config.getini("testpaths"):
        return
    number, many = int(given["workerid"].removeprefix("gw")), given["workercount"]
    for path in sorted(TESTS.rglob("test_*.py"))[number::many]:
        name = ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)
        with suppress(Exception, pytest.skip.Exception):  # told when it is collected
            importlib.import_module(name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every worker begin with a share of the tests of faults, the longest of them first.

    They mostly wait, so those of one worker should not wait for one another while the others have
    nothing to do. A worker is given an equal part of all tests, as they follow one another.
    """
    if not IN_CI and config.args == config.getini("testpaths"):
        left_out = [item for item in items if LEFT_TO_CI.search(item.nodeid)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not LEFT_TO_CI.search(item.nodeid)]
    for item in items:
        drawn = is_hypothesis_test(getattr(item, "obj", None))
        if drawn or item.path.relative_to(TESTS).parts[0] in UNCOUNTED:
            item.add_marker("no_cover")
    faults = [item for item in items if "tests/faults/" in item.nodeid]
    faults.sort(key=lambda item: LONG.search(item.nodeid) is None)
    others = [item for item in items if "tests/faults/" not in item.nodeid]
    many, left, dealt = getattr(config, "workerinput", {}).get("workercount", 1), len(items), []
    for number in range(many):
        share, part = faults[number::many], left // (many - number)
        more = max(part - len(share), 0)
        dealt += share + others[:more]
        left, others = left - part, others[more:]
    items[:] = dealt + others


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

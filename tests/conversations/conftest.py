import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.browser import Browsing, needs_chromium
from tests.support.examples import IN_CI
from tests.support.postgres import fresh_database
from tests.support.talk.browser import browser_stage
from tests.support.talk.core import CoreStage, core_stage
from tests.support.talk.discord import discord_stage
from tests.support.talk.recorder import Recorder
from tests.support.talk.simcord import simcord_stage
from tests.support.talk.slack import slack_stage
from tests.support.talk.stage import Stage

THIN = "test_from_start_to_digest"
SCENARIO = re.compile(rf"test_\d+_|{THIN}")
"""The product's own numbered stories: on the platforms always; the others there in CI alone. In
the browser and over HTTP the first story always."""
SOCKET, HTTP = "slack", "slack over HTTP"
DISCORD, SIMCORD = "discord", "simcord"
RESTART = "test_9_restart"
BEYOND_SIMCORD = {
    "test_words_that_are_none": "a message there has 2,000 characters, as without a subscription",
    "test_templates_good_and_bad": "nobody serves the files that its people send",
    "test_a_file_without_a_word_is_a_timetable": "nobody serves the files that its people send",
    "test_a_plan_travels_as_a_file": "nobody serves the files that its people send",
}
"""Stories that SimCord cannot hold, and why."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "driver" in metafunc.fixturenames:
        story = metafunc.function.__name__
        platforms = metafunc.definition.get_closest_marker("on_platforms") is not None
        drivers = [] if platforms else [pytest.param("core"), pytest.param("postgres")]
        if IN_CI or platforms or SCENARIO.match(story):
            drivers += [pytest.param(SOCKET), pytest.param(DISCORD)]
        if (IN_CI or story in {THIN, RESTART}) and story not in BEYOND_SIMCORD:
            drivers.append(pytest.param(SIMCORD))
        if IN_CI or platforms or story == THIN:
            drivers += [pytest.param(HTTP), pytest.param("browser", marks=needs_chromium)]
        metafunc.parametrize("driver", drivers, indirect=True)


@pytest.fixture
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Browsing | Path | str]:
    """Return the browser for a story in the playground, else where the data is kept."""
    match request.param:
        case "core":
            yield tmp_path
        case way if way in {SOCKET, HTTP, DISCORD, SIMCORD}:
            yield way
        case "postgres":
            with fresh_database("stories") as url:
                yield url
        case _:
            yield request.getfixturevalue("chromium")


@pytest.fixture
async def stage(
    driver: Browsing | Path | str, tmp_path: Path, recorder: Recorder
) -> AsyncIterator[Stage]:
    """Return a stage of each driver, empty, on Monday at seven in Berlin."""
    if isinstance(driver, Browsing):
        async with browser_stage(tmp_path, driver) as served:
            yield served
    elif driver in {SOCKET, HTTP}:
        async with slack_stage(tmp_path, http=driver == HTTP) as talking:
            yield talking
    elif driver == SIMCORD:
        async with simcord_stage(tmp_path) as simulated:
            yield simulated
    elif driver == DISCORD:
        async with discord_stage(tmp_path) as talking:
            yield talking
    else:
        async with core_stage(driver, recorder) as made:
            yield made


@pytest.fixture
async def core(tmp_path: Path, recorder: Recorder) -> AsyncIterator[CoreStage]:
    """Return a stage without a platform, for what a page cannot do."""
    async with core_stage(tmp_path, recorder) as made:
        yield made

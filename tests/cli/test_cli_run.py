"""``coplan run`` as it is run: a process of its own beside a platform, stopped by a signal."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.platforms import ANSWER, TITLE, Beside, beside, stopped_amid_acts, until_shown
from tests.cli.running import coplan, coplan_run
from tests.support.examples import IN_CI


@pytest.fixture(params=["slack", "discord"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Beside]:
    async with beside(request.param) as made:
        yield made


async def test_it_works_and_stops_with_all_answered(platform: Beside, tmp_path: Path) -> None:
    async with coplan_run(platform.greeting, tmp_path, **platform.settings) as run:
        taken = await stopped_amid_acts(platform, run)
    async with coplan_run(platform.greeting, tmp_path, **platform.settings) as run:
        await until_shown(platform, taken)
        await run.stopped()
    assert platform.cards() == taken
    assert platform.fake.problems() == []


@pytest.mark.parametrize("style", ["text", "json"] if IN_CI else ["json"])
async def test_its_log_holds_no_token_and_nothing_that_anybody_wrote(
    platform: Beside, tmp_path: Path, style: str
) -> None:
    logging = {"COPLAN_LOG": style, "COPLAN_LOG_LEVEL": "DEBUG"}
    async with coplan_run(platform.greeting, tmp_path, **platform.settings, **logging) as run:
        await platform.ana.command(f'/coplan start "{TITLE}" @Ben')
        await platform.disturb()
        _, err = await run.stopped()
    assert err
    for secret in (*platform.secrets, TITLE, ANSWER, "Ana"):
        found = [line for line in err.splitlines() if secret in line]
        assert not found, found[:3]


async def test_a_token_that_is_not_taken_is_one_line(platform: Beside, tmp_path: Path) -> None:
    other = "xoxb-other.token.here"
    settings = {**platform.settings, platform.token: other}
    refused = await asyncio.to_thread(coplan, "run", cwd=tmp_path, **settings)
    assert f"does not take {platform.token}" in refused.one_line
    assert other not in refused.err

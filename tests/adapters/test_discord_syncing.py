"""The commands are told to Discord even when it does not take them at first."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.discord.syncing import sync
from bot.main import SystemClock
from bot.platforms import discord_house
from bot.runtime.ports import OutcomeUnknown
from storage.holding import hold
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord_house import running, settings
from tests.support.examples import IN_CI
from tests.support.faults import BANNED, UNAVAILABLE, Fault, slow

TOLD = "PUT /applications/{application_id}/commands"
KNOWN = "GET /applications/{application_id}/commands"
PATIENCE = 30.0
LATER = Fault(answer="limited", retry_after=2)
REFUSALS = {
    "unavailable": (KNOWN, UNAVAILABLE),
    "later": (TOLD, LATER),
    "banned": (TOLD, BANNED),
}


@pytest.mark.parametrize("name", REFUSALS if IN_CI else ["later"])
async def test_commands_that_were_not_taken_are_told_again_in_the_same_session(
    tmp_path: Path, name: str
) -> None:
    call, fault = REFUSALS[name]
    async with fake_discord() as fake:
        fake.faults.next(call, fault)
        async with running(fake, tmp_path / "coplan.db"):
            assert (await fake.user("Ana").command("/coplan start Rivers @Ben")).acknowledged
        assert fake.gateway.identified == 1
        assert told(fake) == [fault.answer] * (call == TOLD) + ["ok"]


async def test_whoever_waits_for_coplan_does_not_wait_for_a_call_that_hangs(
    tmp_path: Path,
) -> None:
    ready = asyncio.Event()
    async with fake_discord() as fake, AsyncExitStack() as stack:
        fake.faults.next(KNOWN, slow(60))
        held = stack.enter_context(hold(f"sqlite:///{tmp_path / 'coplan.db'}"))
        opened = discord_house(held, settings(fake), clock=SystemClock())
        house, discord = await stack.enter_async_context(opened)
        discord.prompt = 0.5
        app = discord.app(house.router, house.tally)
        listening = asyncio.create_task(discord.listen(app, lambda _: ready.set()))
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
        listening.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(listening, return_exceptions=True)


def told(fake: FakeDiscord) -> list[str]:
    return [each.outcome for each in fake.api.made if each.name == TOLD]


async def test_a_page_in_the_place_of_the_commands(tmp_path: Path) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.next(KNOWN, Fault(answer="garbled", done=True))
        with pytest.raises(OutcomeUnknown):
            await sync(run.discord.outside.api, run.discord.connection.application)
        assert told(fake) == ["ok"], "those it knows are not told again"


@pytest.mark.parametrize("status", [404, 405])
async def test_commands_are_told_where_nobody_tells_which_are_known(
    tmp_path: Path, status: int
) -> None:
    async with fake_discord() as fake:
        fake.faults.every(KNOWN, 1, Fault(answer="status", status=status))
        async with running(fake, tmp_path / "coplan.db"):
            assert (await fake.user("Ana").command("/coplan start Rivers @Ben")).acknowledged
        assert told(fake) == ["ok"]

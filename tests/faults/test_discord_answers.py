"""Answers to what people do in Discord that get lost: they see one all the same, and only one."""

import asyncio
from pathlib import Path

import pytest

from tests.support.discord.fake import fake_discord
from tests.support.discord.web import POST
from tests.support.discord_house import running
from tests.support.faults import BROKEN_AFTER, LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Fault
from tests.support.looking import shows

ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original"
OPENING = "POST /users/@me/channels"
TROUBLES = {
    "cut before": (LOST_BEFORE,),
    "cut before, twice": (LOST_BEFORE, LOST_BEFORE),
    "cut after": (LOST_AFTER,),
    "an error after": (BROKEN_AFTER,),
    "a page": (Fault(answer="garbled", done=True),),
    "a page instead": (Fault(answer="garbled"),),
    "refused by a page": (Fault(answer="status", status=403),),
    "a connection that is dead": (Fault(answer="lost", delay=20),),
}


@pytest.mark.parametrize("faults", TROUBLES.values(), ids=TROUBLES)
async def test_a_command_and_a_click_are_answered_once(
    tmp_path: Path, faults: tuple[Fault, ...]
) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        ana = fake.user("Ana")
        fake.faults.next(ANSWER, *faults)
        assert (await ana.command('/coplan start "Rivers" short-form')).acknowledged
        await run.settle()
        alone = [m for m in ana.visible() if m.only_for and "Started" in " ".join(ana.lines(m))]
        assert len(alone) == 1
        ana.goes("planning", fake.channel("Rivers").id)
        fake.faults.next(ANSWER, *faults)
        await ana.clicks("My next steps")
        await run.settle()
        fake.faults.next(ANSWER, *faults)
        await ana.clicks("What shall we do?")
        assert ana.modal is not None, "a form opens, too"
        assert all("40060" in each for each in fake.problems()), "what was answered is told once"
        assert ana.troubles == []


async def test_a_limit_of_which_no_header_tells_is_over_when_the_body_says_so(
    tmp_path: Path,
) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        ana, fake.api.tells_limits = fake.user("Ana"), False
        fake.faults.next(ANSWER, Fault(answer="limited", retry_after=0.2))
        fake.faults.next(POST, Fault(answer="limited", retry_after=0.2))
        await ana.command('/coplan start "Rivers" short-form')
        await run.settle()
        assert ana.sees("Started “Rivers”")
        assert not ana.direct()
        async with asyncio.timeout(60):
            while not fake.world.threads(ana.channel.id):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)


async def test_an_answer_that_is_refused_is_not_given_again(tmp_path: Path) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        limited = Fault(answer="banned", retry_after=60)
        fake.faults.every(ANSWER, 1, limited)
        ana = fake.user("Ana")
        await ana.command("/coplan next")
        await run.settle()
        assert fake.api.counts[ANSWER] == 1
        assert [m for m in ana.direct() if shows(ana.lines(m), "no open plan")], "it comes directly"


@pytest.mark.parametrize("seconds", [4, 600])
async def test_an_answer_that_has_to_wait_too_long_comes_directly(
    tmp_path: Path, seconds: float
) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        ana = fake.user("Ana")
        fake.faults.next(ANSWER, Fault(answer="limited", retry_after=0.5))
        assert (await ana.command('/coplan start "Rivers"')).acknowledged
        await run.settle()
        assert ana.direct() == []
        fake.faults.next(ANSWER, Fault(answer="limited", retry_after=seconds))
        await ana.command('/coplan start "Hills"')
        async with asyncio.timeout(60):
            await run.settle()
        assert [m for m in ana.direct() if shows(ana.lines(m), "Started “Hills”")]


async def test_an_answer_that_cannot_be_shown_comes_directly_when_the_trouble_is_over(
    tmp_path: Path,
) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.every(ANSWER, 1, LOST_BEFORE)
        fake.faults.next(ORIGINAL, LOST_BEFORE)
        fake.faults.next(OPENING, UNAVAILABLE)
        fake.faults.next(POST, LOST_AFTER)
        ana = fake.user("Ana")
        assert not (await ana.command("/coplan next")).acknowledged
        async with asyncio.timeout(60):
            await run.settle()
        assert len(ana.direct()) == 1
        assert shows(ana.lines(ana.direct()[0]), "no open plan")


async def test_an_answer_that_is_there_does_not_come_directly_too(tmp_path: Path) -> None:
    """Although nobody was told that it is."""
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.every(ANSWER, 1, LOST_AFTER)
        fake.faults.next(ORIGINAL, LOST_BEFORE)
        ana = fake.user("Ana")
        assert (await ana.command("/coplan next")).acknowledged
        async with asyncio.timeout(60):
            await run.settle()
        assert ana.sees("no open plan")
        assert ana.direct() == []

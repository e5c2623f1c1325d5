"""Acts that take longer than Discord waits: promised in time, and answered when they are done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.discord.interactions import Answer
from bot.chat.inbound import Inbound, What
from bot.chat.router import Handler
from bot.main import SystemClock
from bot.platforms import discord_house
from bot.ui.replies import Reply
from bot.usecases.ports import Door
from storage.holding import hold
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord_house import listened, settings
from tests.support.faults import LOST_AFTER, LOST_BEFORE, Fault

EDIT = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"


class Slow(Handler):
    """Thinks for some seconds before each act, which ``door`` leads to its store."""

    def __init__(self, inner: Handler, door: Door) -> None:
        self.inner = inner
        self.door = door
        self.seconds = 0.0
        self.broken = False

    async def handle(self, inbound: Inbound) -> Reply:
        await asyncio.sleep(self.seconds)
        if self.broken:
            raise ZeroDivisionError
        return await self.inner.handle(inbound)

    def opens_form(self, what: What) -> bool:
        return self.inner.opens_form(what)

    def changes(self, what: What) -> bool:
        return self.inner.changes(what)


@asynccontextmanager
async def slow_house(fake: FakeDiscord, path: Path) -> AsyncIterator[Slow]:
    with hold(f"sqlite:///{path}") as held:
        async with discord_house(held, settings(fake), clock=SystemClock()) as (house, discord):
            handler = Slow(house.router, house.door)
            async with listened(fake, discord, discord.app(handler, house.tally)):
                yield handler
                await discord.in_flight.idle()


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        yield made


@pytest.fixture
def ana(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ana")


async def until_seen(who: DiscordUser, text: str) -> None:
    async with asyncio.timeout(30):
        while not who.sees(text):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)


async def test_a_card_comes_where_it_was_promised(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        handler.seconds = 2.5
        answer = await ana.command('/coplan start "Rivers"')
        assert answer.kind == Answer.LATER
        assert answer.took < 2.5
        await until_seen(ana, "Started “Rivers”")
        assert ana.sees("Only you can see this", within="Started")
    assert fake.problems() == []


@pytest.mark.parametrize("fault", [LOST_AFTER, LOST_BEFORE], ids=["after", "before"])
async def test_a_late_card_that_gets_lost_is_shown_again_where_it_was_promised(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, fault: Fault
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        handler.seconds = 2.0
        fake.faults.next(EDIT, fault)
        await ana.command('/coplan start "Rivers"')
        await until_seen(ana, "Started “Rivers”")
    assert fake.api.counts[EDIT] == 2
    assert not [c for c in fake.world.channels.values() if c.is_dm], "and nowhere else"
    assert fake.problems() == []


async def test_a_form_that_comes_late_has_a_button(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        handler.seconds = 2.5
        assert (await ana.command("/coplan start")).kind == Answer.LATER
        await until_seen(ana, "Your form is ready.")
        await ana.clicks("Open it")
        assert ana.modal is not None
        handler.seconds = 0.0
        ana.filling.fill("What are you planning?", "Rivers")
        await ana.submits()
        await until_seen(ana, "Started “Rivers”")
    assert fake.problems() == []


async def test_what_is_wrong_with_a_form_comes_late_too(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        await ana.command("/coplan noschool")
        await ana.command("/coplan away")
        assert ana.modal is not None
        (label, *_), *_ = ana.filling.inputs()
        ana.filling.fill(label, "2001-01-01")
        for other, _ in ana.filling.inputs()[1:2]:
            ana.filling.fill(other, "2001-01-02")
        handler.seconds = 2.5
        await ana.submits()
        await until_seen(ana, "That did not work")
        await ana.clicks("Correct it")
        assert ana.filling.answer(label) == "2001-01-01"
    assert fake.problems() == []


@pytest.mark.parametrize("seconds", [0.0, 2.0], ids=["at once", "promised"])
async def test_who_fills_in_a_form_while_the_store_is_away_has_the_answers_back(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, seconds: float
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        await ana.command("/coplan start")
        ana.filling.fill("What are you planning?", "Rivers near us")
        handler.seconds = seconds
        await handler.door.close()
        await ana.submits()
        await until_seen(ana, "Coplan cannot reach its database now")
        assert ana.sees("Rivers near us")
    assert fake.problems() == []


async def test_who_opens_a_form_that_is_kept_while_the_store_is_away_hears_that(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        handler.seconds = 2.0
        await ana.command("/coplan start")
        await until_seen(ana, "Your form is ready.")
        await handler.door.close()
        await ana.clicks("Open it")
        assert ana.sees("Coplan cannot reach its database now")
    assert fake.problems() == []


async def test_a_fault_is_told_where_an_answer_was_promised(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        handler.seconds, handler.broken = 2.0, True
        assert (await ana.command("/coplan next")).kind == Answer.LATER
        await until_seen(ana, "Something went wrong on Coplan's side.")
    (told,) = fake.problems()
    assert "40060" in told, "whoever excuses it tries the first answer first"


async def test_an_impatient_click_while_it_takes_long_is_no_other_act(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    fake.user("Ben")
    async with slow_house(fake, tmp_path / "coplan.db") as handler:
        await ana.command('/coplan start "Rivers" @Ben')
        await ana.command("/coplan log")
        await ana.clicks("Talk")
        await until_seen(ana, "Ben, 0–5 min")
        message, button = ana.find("Ben, 0–5 min")
        handler.seconds = 3.0
        assert (await ana.uses(message, button)).kind == Answer.LATER
        await asyncio.sleep(0.5)  # longer than any double click
        assert (await ana.uses(message, button)).kind == Answer.NOTHING
        await until_seen(ana, "Logged")
        handler.seconds = 0.0
        await ana.command("/coplan history")
        await until_seen(ana, "History")
        assert str(ana).count("Ana logged outside work") == 1
    assert fake.problems() == []

"""Two processes that are connected alike: both hear of everything, one carries it out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.discord.acting import ELSEWHERE, PATIENCE
from adapters.discord.app import DiscordApp
from adapters.discord.client import Events
from bot.chat.inbound import Inbound, Submitted, What
from bot.chat.payloads import Json
from bot.chat.router import Handler
from bot.domain.errors import Unavailable
from bot.main import SystemClock
from bot.platforms import discord_house
from bot.ui.pages import problems
from bot.ui.replies import CardReply, Reply
from storage.holding import hold
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord_house import listened, settings

DONE = "That is done already"
LOOK = "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original"
EDIT = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"


class First(Handler):
    """Carries acts out, and has the answer only when the other has found them done."""

    def __init__(self, inner: Handler) -> None:
        self.inner = inner
        self.done, self.found_done = asyncio.Event(), asyncio.Event()
        self.shown = asyncio.Event()
        self.shown.set()
        self.answers = True

    async def handle(self, inbound: Inbound) -> Reply:
        reply = await self.inner.handle(inbound)
        self.done.set()
        await self.found_done.wait()
        if not self.answers:
            await asyncio.Event().wait()  # it died
        return reply

    def opens_form(self, what: What) -> bool:
        return self.inner.opens_form(what)

    def changes(self, what: What) -> bool:
        return self.inner.changes(what)


class Second(First):
    """Hears of the same acts a moment later."""

    def __init__(self, first: First) -> None:
        super().__init__(first.inner)
        self.first = first

    async def handle(self, inbound: Inbound) -> Reply:
        await self.first.done.wait()
        reply = await self.inner.handle(inbound)
        assert isinstance(reply, CardReply)
        assert reply.repeated
        self.first.found_done.set()
        await self.first.shown.wait()
        return reply


class Away(First):
    """Has lost its store, and finds that out at once."""

    async def handle(self, inbound: Inbound) -> Reply:
        form = isinstance(inbound.what, Submitted)
        return problems.known(Unavailable(reason="it is away"), form=form)


class Alone(Second):
    """Carries out what the other could not."""

    async def handle(self, inbound: Inbound) -> Reply:
        await asyncio.sleep(0.2)
        return await self.inner.handle(inbound)


class Both(DiscordApp):
    """What comes goes to both processes."""

    other: Events

    def came(self, event: str, payload: Json) -> None:
        super().came(event, payload)
        self.other.came(event, payload)


@asynccontextmanager
async def twins(
    fake: FakeDiscord,
    path: Path,
    patience: float = PATIENCE,
    pair: tuple[type[First], type[Second]] = (First, Second),
) -> AsyncIterator[First]:
    """Run both on one database; what is still under way at the end is given up."""
    one, other = pair
    with hold(f"sqlite:///{path}") as held:
        async with discord_house(held, settings(fake), clock=SystemClock()) as (house, discord):
            first, discord.patience = one(house.router), patience
            app = discord.app(first, house.tally)
            app.__class__ = Both
            assert isinstance(app, Both)
            app.other = discord.app(other(first), house.tally)
            async with listened(fake, discord, app):
                yield first
                await discord.in_flight.end(0)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        yield made


@pytest.fixture
def ana(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ana")


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not met():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def test_who_carried_it_out_answers(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with twins(fake, tmp_path / "coplan.db"):
        await ana.command('/coplan start "Rivers"')
        assert ana.sees("Started “Rivers”")
        assert not ana.sees(DONE)


async def test_who_carried_it_out_keeps_its_promise(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with twins(fake, tmp_path / "coplan.db", patience=0.0) as first:
        first.shown.clear()
        await ana.command('/coplan start "Rivers"')
        await until(lambda: ana.sees("Started “Rivers”"))
        first.shown.set()
        await until(lambda: fake.api.counts[LOOK] == 1)
        assert fake.api.counts[EDIT] == 1
        assert not ana.sees(DONE)


async def test_the_other_answers_when_it_died(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with twins(fake, tmp_path / "coplan.db", patience=0.0) as first:
        first.answers = False
        await ana.command('/coplan start "Rivers"')
        await until(lambda: ana.sees(DONE))


@pytest.mark.parametrize("patience", [0.0, 0.1, PATIENCE])
async def test_what_one_could_not_do_and_the_other_did_is_done(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, patience: float
) -> None:
    async with twins(fake, tmp_path / "coplan.db", patience, (Away, Alone)):
        await ana.command('/coplan start "Rivers"')
        await until(lambda: ana.sees("Started “Rivers”"))
        await asyncio.sleep(patience + ELSEWHERE)
        assert ana.sees("Started “Rivers”")
        assert not ana.sees("That did not work")


@pytest.mark.parametrize("patience", [0.1, PATIENCE])
async def test_a_form_that_one_could_not_take_and_the_other_did_is_taken(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser, patience: float
) -> None:
    async with twins(fake, tmp_path / "coplan.db", patience, (Away, Alone)):
        await ana.command("/coplan start")
        if ana.modal is None:
            await until(lambda: ana.sees("Your form is ready."))
            await ana.clicks("Open it")
        ana.filling.fill("What are you planning?", "Rivers")
        await ana.submits()
        await until(lambda: ana.sees("Started “Rivers”"))
        await asyncio.sleep(patience + ELSEWHERE)
        assert ana.sees("Started “Rivers”")
        assert not ana.sees("That did not work")

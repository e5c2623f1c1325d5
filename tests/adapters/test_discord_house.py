"""The house in Discord as people use it: discord.py against the fake, over real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord_house import Running, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@pytest.fixture
async def run(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


@pytest.fixture
def ana(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ana")


@pytest.fixture
def ben(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ben")


async def started(run: Running, who: DiscordUser, text: str = 'start "Rivers" @Ben') -> str:
    """Start a plan; return the id of its card, which is its thread's too."""
    answer = await who.command(f"/coplan {text}")
    assert answer.acknowledged
    await run.settle()
    return run.fake.channel("Rivers").id


async def test_a_plan_is_started_walked_and_edited_in_place(
    run: Running, ana: DiscordUser, ben: DiscordUser
) -> None:
    thread = await started(run, ana)
    assert ana.sees("Only you can see this", within="Started")
    assert not ben.sees("Started “Rivers”"), "the answer is Ana's alone"
    ana.goes("planning", thread)
    await ana.clicks("My next steps")
    await run.settle()
    assert ana.sees("Only you can see this", within="things for you")
    await ana.clicks("What shall we plan?")
    await run.settle()
    assert ana.modal is not None, "a form is a modal"
    ana.filling.fill("What shall we plan?", "Rivers in our town")
    await ana.submits()
    await run.settle()
    assert ana.modal is None
    assert ana.sees("Saved.")
    card = next(m for m in run.fake.channel("planning").messages if m.id == thread)
    assert card.edited, "the card is edited in place"
    assert card.pinned
    named = (each.startswith("DiscordBot (") for each in run.fake.api.agents)
    assert all(named), "Discord wants every request to say who makes it"


async def test_old_buttons_work_after_a_restart(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        thread = await started(run, ana)
        ana.goes("planning", thread)
        await ana.clicks("My next steps")
        await run.settle()
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.clicks("What shall we plan?")
        assert ana.modal is not None
        ana.filling.fill("What shall we plan?", "Rivers in our town")
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.submits()
        await run.settle()
        assert ana.sees("Saved.")
    puts = [name for name in fake.api.counts.elements() if name.startswith("PUT /applications")]
    assert len(puts) == 1, "Discord is told of the commands once"
    assert fake.problems() == []


async def test_answers_that_cannot_be_taken_come_back_in_the_form(
    run: Running, ana: DiscordUser
) -> None:
    thread = await started(run, ana)
    ana.goes("planning", thread)
    await ana.clicks("Add…")
    await run.settle()
    await ana.clicks("Responsibility")
    await run.settle()
    labels = [label for label, _ in ana.filling.inputs()]
    ana.filling.fill(labels[0], "Books")
    ana.filling.fill(labels[1], "Together")
    ana.filling.fill(labels[2], "2001-01-01")
    await ana.submits()
    await run.settle()
    assert ana.modal is None
    assert ana.sees("That did not work")
    await ana.clicks("Correct it")
    assert ana.filling.answer(labels[0]) == "Books"
    ana.filling.fill(labels[2], "2031-01-01")
    await ana.submits()
    await run.settle()
    assert ana.sees("Seen by")


async def test_words_to_the_bot_in_a_thread_and_alone_with_it(
    run: Running, ana: DiscordUser, ben: DiscordUser
) -> None:
    thread = await started(run, ana)
    ben.goes("planning", thread)
    await ben.mentions("next", thread)
    await run.settle()
    ben.goes_to_app()
    assert ben.sees("for you")
    await ben.says("plan")
    await run.settle()
    assert ben.sees("Rivers")
    assert not ben.sees("Only you can see this"), "nobody else is there"
    await ben.clicks("My next steps")
    await run.settle()
    await ben.clicks("What do you know well that helps here?")
    await run.settle()
    ben.filling.fill("What do you know well that helps here?", "Maps")
    await ben.submits()
    await run.settle()
    assert ben.sees("Saved.")


async def test_the_same_in_direct_messages_of_somebody_in_two_servers(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    await started(run, ana)
    other = fake.world.guild("club")
    fake.world.channel(other, "trips")
    ana.goes(next(c for c in fake.world.channels.values() if c.name == "trips"))
    await ana.command('/coplan start "Hikes"')
    await run.settle()
    ana.goes_to_app()
    await ana.command("/coplan next")
    await run.settle()
    assert ana.sees("Hikes"), "where they acted last"


async def test_alone_with_it_after_a_restart_the_plans_are_found(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    first, last = fake.guild, fake.world.guild("club")
    fake.world.channel(last, "trips")
    async with running(fake, tmp_path / "coplan.db") as run:
        await started(run, ana)
        ana.goes(next(c for c in fake.world.channels.values() if c.name == "trips"))
        await ana.command("/coplan timetable")
        await run.settle()
    async with running(fake, tmp_path / "coplan.db") as run:
        ana.goes_to_app()
        await ana.command("/coplan next")
        await run.settle()
        assert ana.sees("Rivers"), f"of {first.name}, not of {last.name}"


async def test_menus_of_messages_and_people(
    run: Running, ana: DiscordUser, ben: DiscordUser
) -> None:
    thread = await started(run, ana)
    message = await ben.says("Herons nest by the old mill")
    await ana.menu("Add to plan", message)
    assert ana.modal is not None
    await ana.submits()
    await run.settle()
    ana.goes("planning", thread)
    assert ana.sees("Herons nest by the old mill")
    ana.goes("planning")
    await ana.menu("Plan with", "Ben")
    assert ana.modal is not None
    ana.filling.fill("What are you planning?", "Bridges")
    await ana.submits()
    await run.settle()
    ben.goes("planning", run.fake.channel("Bridges").id)
    await ben.clicks("My next steps")
    await run.settle()
    assert ben.sees("for you"), "Ben is a partner"


async def test_what_is_suggested(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    await started(run, ana, 'start "Bridges"')
    assert await ana.suggested("/coplan plan", "plan", "riv") == ["Rivers"]
    assert await ana.suggested("/coplan settings", "timezone", "new york") == ["America/New York"]
    assert "Study group" in await ana.suggested("/coplan start", "template", "")


async def test_files_both_ways(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    table = b"Mon,P1,Science 8a\nTue,P2,Science 8b\n"
    await ana.command("/coplan timetable", files=[("week.csv", table)])
    await run.settle()
    assert ana.sees("Science 8a")
    await ana.command("/coplan export")
    await run.settle()
    names = [each.filename for m in ana.visible() for each in m.attachments]
    assert {name.rsplit(".", 1)[-1] for name in names} >= {"md", "html", "json"}

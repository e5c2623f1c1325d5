"""A double click in Discord, and a form sent off twice: each counts once, and none fails."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.interactions import Answer
from bot.runtime.in_flight import DOUBLE
from tests.support.discord.api_interactions import SUBMIT
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import FAILED, DiscordUser
from tests.support.discord.world import Interaction, Json, Message
from tests.support.discord_house import Running, running
from tests.support.faults import Fault

QUESTION = "What shall we plan?"
ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"
DECIDED = "What did you decide?"
LOGGED, WROTE = "logged outside work", "wrote down a decision"


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


async def started(run: Running, who: DiscordUser) -> None:
    """Start a plan and go to its thread."""
    await who.command('/coplan start "Rivers" @Ben')
    await run.settle()
    who.goes("planning", run.fake.channel("Rivers").id)


async def told(run: Running, who: DiscordUser, act: str) -> int:
    """Return how often the act stands in the history."""
    await who.command("/coplan history")
    await run.settle()
    newest = who.newest("Only you can see this")[0]
    return "\n".join(who.lines(newest)).count(f"Ana {act}")


async def about_to_log(run: Running, who: DiscordUser) -> tuple[Message, Json]:
    """Start a plan, and return the button that logs outside work, with its message."""
    await started(run, who)
    await who.command("/coplan log")
    await run.settle()
    await who.clicks("Talk")
    await run.settle()
    return who.find("Ben, 0–5 min", None)


async def test_a_double_click_is_one(run: Running, ana: DiscordUser) -> None:
    """Discord delivers it as two interactions, each with an id of its own."""
    message, button = await about_to_log(run, ana)
    for _ in range(2):  # at once, then one after the other
        first, second = await asyncio.gather(*(ana.uses(message, button) for _ in range(2)))
        third = await ana.uses(message, button)
        await run.settle()
        assert sorted(each.kind for each in (first, second, third)) == sorted(
            (Answer.UPDATE, Answer.NOTHING, Answer.NOTHING)
        )
        await ana.clicks("My next steps")  # something else in between: it is meant to count again
    assert FAILED not in ana.troubles
    assert await told(run, ana, LOGGED) == 2


async def test_it_stays_one_when_discord_delivers_the_second_again(
    run: Running, ana: DiscordUser
) -> None:
    """Whoever resumes a session is told of its newest events once more."""
    message, button = await about_to_log(run, ana)
    events: list[tuple[str, Json, str]] = []

    def emit(event: str, data: Json, guild: str) -> None:
        events.append((event, data, guild))
        run.fake.gateway.emit(event, data, guild)

    run.fake.world.emit = emit
    await ana.uses(message, button)
    await ana.uses(message, button)
    await asyncio.sleep(DOUBLE)
    clicks = [each for each in events if each[0] == "INTERACTION_CREATE"]
    assert len(clicks) == 2
    for click in clicks:
        run.fake.gateway.emit(*click)
    await run.settle()
    assert await told(run, ana, LOGGED) == 1


async def test_after_a_while_it_is_meant_to_count_again(run: Running, ana: DiscordUser) -> None:
    message, button = await about_to_log(run, ana)
    await ana.uses(message, button)
    await asyncio.sleep(DOUBLE)
    await ana.uses(message, button)
    await run.settle()
    assert await told(run, ana, LOGGED) == 2


async def test_two_people_at_one_button_are_two(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    ben = run.fake.user("Ben")
    ben.goes("planning", run.fake.channel("Rivers").id)
    message, button = ana.find("My next steps", None)
    both = await asyncio.gather(ana.uses(message, button), ben.uses(message, button))
    assert [each.kind for each in both] == [Answer.MESSAGE, Answer.MESSAGE]


async def test_a_form_is_opened_once(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    await ana.clicks("My next steps")
    await run.settle()
    message, button = ana.find(QUESTION, None)
    both = await asyncio.gather(*(ana.uses(message, button) for _ in range(2)))
    assert sorted(each.kind for each in both) == sorted((Answer.MODAL, Answer.NOTHING))
    ana.filling.fill(QUESTION, "Rivers in our town")
    await ana.submits()
    await run.settle()
    assert ana.sees("Saved.")


async def test_a_choice_is_made_once(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    message, menu = ana.find("Open a step", None)
    option = menu["options"][0]["label"]
    for other in (option, menu["options"][1]["label"]):
        assert (await ana.uses(message, menu, other)).kind == Answer.MESSAGE, "each is another"


async def test_a_form_sent_off_twice_at_once_is_one(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    await decides(run, ana)
    first, second = await asyncio.gather(*(sends(ana) for _ in range(2)))
    await run.settle()
    assert {first, second} == {Answer.UPDATE, Answer.NOTHING}
    assert await told(run, ana, WROTE) == 1


async def test_a_form_sent_off_again_because_nothing_was_heard_is_one(
    fake: FakeDiscord, tmp_path: Path, ana: DiscordUser
) -> None:
    """Discord's client says "Something went wrong. Try again.", and the form stays open."""
    async with running(fake, tmp_path / "coplan.db") as run:
        await started(run, ana)
        await decides(run, ana)
        await sends(ana)
        await run.settle()
    async with running(fake, tmp_path / "coplan.db") as run:
        assert await sends(ana) in {Answer.MESSAGE, Answer.UPDATE}
        await run.settle()
        assert ana.sees("That is done already.")
        assert await told(run, ana, WROTE) == 1
        ana.filling.fill(DECIDED, "We draw two maps")
        await ana.submits()
        await run.settle()
        assert await told(run, ana, WROTE) == 2, "other words are another decision"
    assert fake.problems() == []


async def test_who_sends_a_form_off_again_is_told_what_became_of_it(
    run: Running, ana: DiscordUser
) -> None:
    """Every answer to the first was lost: with Discord, or on the way."""
    await started(run, ana)
    await decides(run, ana)
    run.fake.faults.next(ANSWER, *[Fault(answer="lost")] * 3)
    modal = ana.filling.modal
    await ana.submits()
    await run.settle()
    assert not ana.sees("Saved.")
    run.fake.world.modals[ana.me.id] = modal
    ana.troubles.clear()
    await asyncio.sleep(DOUBLE)
    assert await sends(ana) in {Answer.MESSAGE, Answer.UPDATE}
    await run.settle()
    assert ana.sees("Saved.")
    assert await told(run, ana, WROTE) == 1


async def test_the_same_answers_in_a_form_opened_anew_count(run: Running, ana: DiscordUser) -> None:
    await started(run, ana)
    for _ in range(2):
        await decides(run, ana)
        await ana.submits()
        await run.settle()
    assert await told(run, ana, WROTE) == 2


async def decides(run: Running, who: DiscordUser) -> None:
    """Open the form of a decision and fill it in."""
    await who.clicks("Add…")
    await run.settle()
    await who.clicks("Decision")
    await run.settle()
    who.filling.fill(DECIDED, "We draw a map")


async def sends(who: DiscordUser) -> int:
    """Send off the open form, which stays open; return the kind of the answer."""
    modal = who.filling.modal
    begun = Interaction(
        id=who.world.id(),
        token=f"aW50ZXJhY3Rpb246{who.world.id()}",
        type=SUBMIT,
        user=who.me.id,
        channel=modal.channel,
        source=modal.source,
        begun=who.world.monotonic(),
    )
    return (await who.sends(begun, who.filling.data())).kind

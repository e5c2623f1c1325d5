"""The house in Slack over Socket Mode, as people use it: the real Bolt app against the fake."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack_house import Running, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


@pytest.fixture
async def run(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


@pytest.fixture
def ana(fake: FakeSlack) -> SlackUser:
    return fake.user("Ana")


@pytest.fixture
def ben(fake: FakeSlack) -> SlackUser:
    return fake.user("Ben")


async def started(run: Running, who: SlackUser, text: str = 'start "Rivers" @Ben') -> str:
    """Start a plan; return the ts of its card, which is its thread."""
    answer = await who.command(f"/coplan {text}")
    assert answer.acknowledged
    await run.settle()
    cards = [m for m in who.channel.messages if not m.only_for and m.user == run.fake.team.bot.id]
    return cards[-1].ts


async def test_a_plan_is_started_walked_and_edited_in_place(
    run: Running, ana: SlackUser, ben: SlackUser
) -> None:
    root = await started(run, ana)
    assert ana.sees("Only visible to you", within="Started")
    assert not ben.sees("Started “Rivers”"), "the answer is Ana's alone"
    ana.goes("planning", root)
    await ana.clicks("My next steps")
    await run.settle()
    assert ana.sees("Only visible to you", within="things for you")
    await ana.clicks("What shall we plan?")
    await run.settle()
    assert ana.modal is not None, "a form is a modal"
    ana.filling.fill("What shall we plan?", "Rivers in our town")
    await ana.submits()
    await run.settle()
    assert ana.modal is None
    assert ana.sees("Saved.")
    card = ana.channel.find(root)
    assert card is not None
    assert card.edited, "the card is edited in place"
    assert [m.ts for m in ana.channel.messages if m.ts == root] == [root]

"""Channels in Slack to which the bot comes, or comes back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack_house import Running, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@pytest.fixture
async def run(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


@pytest.fixture
def ana(fake: FakeSlack) -> SlackUser:
    return fake.user("Ana")


async def test_a_plan_gets_its_thread_when_the_bot_comes_to_the_channel(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    bot, channel = fake.team.bot.id, ana.channel
    channel.members.discard(bot)
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    assert ana.sees("Started “Rivers”"), "answers need no membership"
    assert not [m for m in channel.messages if m.metadata]
    channel.members.add(bot)
    for _ in range(2):
        body = {
            "type": "member_joined_channel",
            "user": bot,
            "channel": channel.id,
            "inviter": ana.me.id,
        }
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
        await run.settle()
    (card,) = (m for m in channel.messages if m.metadata)
    assert "Rivers" in card.text
    assert ana.sees("Only visible to you", within="What Coplan does")
    assert not ana.sees("could not be opened"), "she has just let Coplan in"
    fake.api.made[:] = [each for each in fake.api.made if each.outcome != "not_in_channel"]


@pytest.mark.parametrize("event", ["channel_unarchive", "member_joined_channel"])
async def test_who_opens_a_channel_again_is_shown_its_plans_and_not_written_to(
    run: Running, fake: FakeSlack, ana: SlackUser, event: str
) -> None:
    bot, channel = fake.team.bot.id, ana.channel
    channel.members.discard(bot)
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    channel.members.add(bot)
    stranger, elsewhere = fake.user("Cy"), fake.world.channel(fake.team, "elsewhere")
    opened = stranger.me if event == "channel_unarchive" else fake.team.bot
    for where, who in ((elsewhere, stranger.me), (channel, opened)):
        body = {"type": event, "channel": where.id, "user": who.id}
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
        await run.settle()
    assert not any(channel.is_im for channel in fake.team.channels.values())
    found = await run.house.door.read(run.workspace, lambda work: work.members.all())
    assert stranger.me.id not in {one.identity.user for one in found}, "that was no wish of hers"
    (card,) = (m for m in channel.messages if m.metadata)
    assert "Rivers" in card.text
    fake.api.made[:] = [each for each in fake.api.made if each.outcome != "not_in_channel"]

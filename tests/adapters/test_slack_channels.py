"""Channels in Slack to which the bot comes, or comes back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.fake_clock import FakeClock
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Channel, World
from tests.support.slack_house import Running, running
from tests.support.talk.stage import START


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands at a Tuesday morning, before anybody is free."""
    return FakeClock(START + timedelta(days=1))


@pytest.fixture
async def fake(clock: FakeClock) -> AsyncIterator[FakeSlack]:
    async with fake_slack(World(now=lambda: clock.now().timestamp())) as made:
        made.user("Ana")
        made.user("Ben")
        yield made


@pytest.fixture
async def run(fake: FakeSlack, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db", clock=clock) as made:
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


@pytest.mark.parametrize("private", [False, True])
async def test_who_starts_a_plan_where_coplan_is_not_hears_at_once_what_to_do(
    run: Running, fake: FakeSlack, clock: FakeClock, ana: SlackUser, *, private: bool
) -> None:
    bot, channel = fake.team.bot.id, ana.channel
    channel.private = private
    channel.members.discard(bot)
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    (told,) = ana.direct()
    said = " ".join(ana.lines(told))
    why = "does not see its channel" if private else "may not write in its channel"
    assert f"The thread of “Rivers” could not be opened: Coplan {why}." in said
    assert "let Coplan into it: what is missing comes then." in said
    assert "In Slack, “/invite @Coplan” there lets it in." in said
    assert "My next steps" in said
    assert fake.user("Ben").direct() == [], "he has not started it"
    await ana.command("/coplan plan Rivers")
    await run.settle()
    assert not ana.sees("could not be opened"), "she knows"
    clock.move(seconds=1)
    await ana.command('/coplan start "Lakes" @Ben')
    await run.settle()
    channel.members.add(bot)
    body = {"type": "member_joined_channel", "user": bot, "channel": channel.id}
    await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
    await run.settle()
    assert shown(channel, "Rivers")
    assert shown(channel, "Lakes")
    assert len(ana.direct()) == 2, "once for each"
    refused = {"channel_not_found", "not_in_channel"}
    fake.api.made[:] = [each for each in fake.api.made if each.outcome not in refused]


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
    assert fake.team.im(stranger.me.id) is None
    found = await run.house.door.read(run.workspace, lambda work: work.members.all())
    assert stranger.me.id not in {one.identity.user for one in found}, "that was no wish of hers"
    (card,) = (m for m in channel.messages if m.metadata)
    assert "Rivers" in card.text
    fake.api.made[:] = [each for each in fake.api.made if each.outcome != "not_in_channel"]


@pytest.mark.parametrize("private", [False, True])
async def test_a_plan_goes_on_when_its_channel_is_taken_out_of_the_archive(
    run: Running, fake: FakeSlack, ana: SlackUser, *, private: bool
) -> None:
    """Slack lets the members of a private channel back in, and nobody into a public one."""
    bot, channel = fake.team.bot.id, ana.channel
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    channel.archived = True
    ana.goes_to_app()
    await rename(run, ana, "Lakes")
    assert not shown(channel, "Lakes")
    await ana.says("next")
    await run.settle()
    assert ana.sees("its channel is archived. Nothing is lost")
    assert ana.sees("Take the channel out of the archive")
    channel.archived = False
    events = [{"type": "channel_unarchive", "channel": channel.id, "user": ana.me.id}]
    if private:
        events[0]["type"] = "group_unarchive"
    else:
        channel.members.discard(bot)
        events.append({"type": "member_joined_channel", "channel": channel.id, "user": bot})
    for event in events:
        if event["type"] == "member_joined_channel":
            channel.members.add(bot)
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, event))
        await run.settle()
    assert shown(channel, "Lakes"), "the card is as it should be"
    await rename(run, ana, "Seas")
    assert shown(channel, "Seas")
    assert any("renamed" in m.text for m in channel.messages if m.thread), "and so is its thread"
    await ana.says("help")
    await run.settle()
    assert not ana.sees("is archived", within="What Coplan does")
    refused = {"is_archived", "not_in_channel"}
    fake.api.made[:] = [each for each in fake.api.made if each.outcome not in refused]


async def test_a_channel_whose_id_changes_keeps_its_plans(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    """Slack gives a private channel another id when it is shared with another organisation."""
    channel = ana.channel
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    await ana.command("/coplan log")
    await run.settle()
    await ana.clicks("Talk")
    await run.settle()
    await ana.clicks("Ben, 0–5 min")
    await run.settle()
    (logged,) = (m for m in channel.messages if m.thread and "Ana logged" in m.text)
    before, channel.id = channel.id, fake.world.id("C0")
    fake.team.channels[channel.id] = fake.team.channels.pop(before)
    for message in channel.messages:
        message.channel = channel.id
    event = {
        "type": "channel_id_changed",
        "old_channel_id": before,
        "new_channel_id": channel.id,
    }
    for _ in range(2):
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, event))
        await run.settle()
    ben = fake.user("Ben")
    ben.goes(channel, logged.thread)
    await ben.clicks("Yes, confirm it")
    await run.settle()
    assert logged.edited, "it is found again"
    await ben.command("/coplan plan", channel)
    await run.settle()
    await ben.clicks("More…")
    await run.settle()
    await ben.clicks("Rename")
    await run.settle()
    ben.filling.fill("New title", "Lakes")
    await ben.submits()
    await run.settle()
    assert shown(channel, "Lakes")
    assert len([m for m in channel.messages if m.metadata and not m.thread]) == 1, "the same card"
    assert any("renamed" in m.text for m in channel.messages if m.thread)
    assert not ben.sees("could not")
    await ben.says("@Coplan next", thread=logged.thread)
    await run.settle()
    assert ben.sees("for you"), "its thread is known"


@pytest.mark.parametrize("event", ["channel_deleted", "group_deleted"])
async def test_partners_hear_that_their_channel_was_deleted_and_take_the_plan_to_another(
    run: Running, fake: FakeSlack, clock: FakeClock, ana: SlackUser, event: str
) -> None:
    channel, ben, cy = ana.channel, fake.user("Ben"), fake.user("Cy")
    await ana.command('/coplan start "Rivers" @Ben @Cy')
    await ana.command('/coplan start "Lakes" @Ben')
    await run.settle()
    for who in (ana, ben):
        await who.clicks("My next steps")
        await run.settle()
    del fake.team.channels[channel.id]
    for _ in range(2):
        body = {"type": event, "channel": channel.id}
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
        await run.settle()
    assert ana.direct() == ben.direct() == [], "not before they are free"
    clock.move(hours=4)
    await run.settle()
    for who in (ana, ben):
        (told,) = who.direct()
        said = " ".join(who.lines(told))
        assert "The channel of “Rivers” was deleted. The channel of “Lakes” was deleted." in said
        assert "To go on in another channel, say “plan” there, then choose “More…”" in said
        assert "let Coplan into it" not in said
    assert cy.direct() == [], "he never used a button"
    other = fake.world.channel(fake.team, "elsewhere")
    await cy.command("/coplan next", other)
    await run.settle()
    assert cy.sees("The channel of “Rivers” was deleted.")
    await cy.command("/coplan plan", other)
    await run.settle()
    assert not cy.sees("was deleted", within="Nine steps")
    await cy.clicks("More…")
    await run.settle()
    await cy.clicks("Move it here")
    await run.settle()
    assert cy.sees("It goes on in this channel, in a new thread.")
    assert shown(other, "Rivers")
    assert any("moved the plan to a new thread" in m.text for m in other.messages if m.thread)
    await rename(run, cy, "Seas")
    assert shown(other, "Seas")
    await cy.command("/coplan plan", other)
    await run.settle()
    await cy.clicks("More…")
    await run.settle()
    assert not cy.sees("Move it here", within="Add a partner")
    assert len(ana.direct()) == len(ben.direct()) == 1


async def rename(run: Running, who: SlackUser, title: str) -> None:
    await who.command("/coplan plan")
    await run.settle()
    await who.clicks("More…")
    await run.settle()
    await who.clicks("Rename")
    await run.settle()
    who.filling.fill("New title", title)
    await who.submits()
    await run.settle()


def shown(channel: Channel, title: str) -> bool:
    """Tell whether a plan's card in the channel has that title."""
    return any(title in each.text for each in channel.messages if each.metadata and not each.thread)

"""Somebody known on Slack and on Discord chooses where the bot writes to them directly."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.both_house import Both, both, linked
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord.world import World as Guilds
from tests.support.fake_clock import FakeClock
from tests.support.looking import shows
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack.world import World as Teams
from tests.support.talk.clock import HouseClock
from tests.support.talk.stage import REMINDER, START

WHERE = "Reminders and the digest come"
ON_DISCORD = "In direct messages on Discord, the digest with my own part first"
CLOSED, LEFT = "messages_tab_disabled", " 50278 "
ON_SLACK = "In direct messages on Slack, the digest with my own part first"


@pytest.fixture
def time() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
async def slack(time: FakeClock) -> AsyncIterator[FakeSlack]:
    async with fake_slack(Teams(now=lambda: time.now().timestamp())) as made:
        made.user("Maya", "Europe/Berlin")
        made.user("Ben", "Europe/Berlin")
        yield made
    assert [each for each in made.problems() if not each.endswith(CLOSED)] == []


@pytest.fixture
async def discord(time: FakeClock) -> AsyncIterator[FakeDiscord]:
    async with fake_discord(Guilds(now=lambda: time.now().timestamp())) as made:
        made.user("maya_reads")
        yield made
    assert [each for each in made.problems() if LEFT not in each] == []


@pytest.fixture
async def run(
    slack: FakeSlack, discord: FakeDiscord, tmp_path: Path, time: FakeClock
) -> AsyncIterator[Both]:
    async with both(slack, discord, tmp_path / "coplan.db", clock=time) as made:
        yield made


async def nobody_free(_: str) -> None:
    """Nobody has a timetable here."""


async def to(run: Both, time: FakeClock, when: str) -> None:
    """Move the clock, with all that is due on the way."""
    await HouseClock(time=time, service=lambda: run.house.service, free=nobody_free).to(when)
    await run.settle()


async def chooses(run: Both, there: DiscordUser, where: str) -> None:
    """Choose where reminders come, in Discord."""
    await there.command("/coplan settings")
    await run.settle()
    await there.clicks("Change")
    there.filling.fill(WHERE, where)
    await there.submits()
    await run.settle()
    assert there.sees(where)


def told(who: SlackUser | DiscordUser, text: str = REMINDER) -> int:
    """Return how many direct messages show the text."""
    return sum(shows(who.lines(message), text) for message in who.direct())  # type: ignore[arg-type]


async def reads_on_discord(run: Both, maya: SlackUser, there: DiscordUser) -> None:
    """Let her be one person on both, use the plan on Discord, and choose reminders there."""
    _, thread = await linked(run, maya, there, '"Rivers" short-form')
    there.goes("planning", thread)
    await there.clicks("My next steps")
    await run.settle()
    await chooses(run, there, ON_DISCORD)


async def test_reminders_come_where_they_are_wanted(
    run: Both, slack: FakeSlack, discord: FakeDiscord, time: FakeClock
) -> None:
    maya, there = slack.user("Maya"), discord.user("maya_reads")
    await reads_on_discord(run, maya, there)
    await to(run, time, "Mon 20:00")
    await to(run, time, "Mon 20:00")
    assert told(maya) == 0
    assert told(there) > 0
    assert told(there, "This week: Rivers") > 0, "the digest, too"
    assert told(maya, "This week: Rivers") == 0
    before = told(there)
    await maya.command("/coplan settings")
    await run.settle()
    await maya.clicks("Change")
    await run.settle()
    maya.filling.fill(WHERE, ON_SLACK)
    await maya.submits()
    await run.settle()
    await to(run, time, "Mon 20:00")
    await to(run, time, "Mon 20:00")
    assert told(there) == before
    assert told(maya, "This week: Rivers") > 0


async def test_who_is_forgotten_there_is_written_to_where_they_are(
    run: Both, slack: FakeSlack, discord: FakeDiscord, time: FakeClock
) -> None:
    maya, there = slack.user("Maya"), discord.user("maya_reads")
    await reads_on_discord(run, maya, there)
    await maya.command("/coplan link")
    await run.settle()
    await maya.clicks("Forget me on Discord")
    await run.settle()
    await maya.command("/coplan settings")
    await run.settle()
    assert maya.sees("In direct messages, the digest with my own part first")
    await to(run, time, "Mon 20:00")
    await to(run, time, "Mon 20:00")
    assert told(there) == 0
    assert told(maya) > 0


async def test_who_cannot_be_written_to_on_one_platform_is_written_to_on_the_other(
    run: Both, slack: FakeSlack, discord: FakeDiscord, time: FakeClock
) -> None:
    """The first reminder is lost to closed messages; its follow-up comes where they are open."""
    maya, there = slack.user("Maya"), discord.user("maya_reads")
    _, thread = await linked(run, maya, there, '"Rivers" @Ben short-form')
    there.goes("planning", thread)
    await there.clicks("My next steps")
    await run.settle()
    maya.me.takes_messages = False
    await to(run, time, "Mon 20:00")
    await to(run, time, "Mon 20:00")
    assert told(maya) == 0
    assert told(there) == 1
    ben = slack.user("Ben")
    await ben.command("/coplan next")
    await run.settle()
    assert not ben.sees("no longer in the chat")
    await there.command("/coplan settings")
    await run.settle()
    assert there.sees(ON_DISCORD)
    discord.guild.members.discard(there.me.id)
    maya.me.takes_messages = True
    await to(run, time, "Mon 20:00")
    await to(run, time, "Mon 20:00")
    assert told(maya, "This week: Rivers") > 0, "and back again, when they left the server"

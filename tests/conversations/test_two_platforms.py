"""Scenario 11: one partnership on Slack and Discord, joined by a code."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.inbound import Clicked, Inbound
from bot.domain.members import Identity, Person
from bot.domain.places import Place, PlaceKind
from bot.ui.actions import action
from bot.ui.replies import FormReply
from tests.support.both_house import Both, both, linked
from tests.support.discord import payloads
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.user import DiscordUser
from tests.support.faults import UNAVAILABLE
from tests.support.slack import payloads as slack_payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Maya")
        made.user("Ben")
        yield made


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        made.user("maya_reads")
        made.user("Li")
        yield made


@pytest.fixture
async def run(slack: FakeSlack, discord: FakeDiscord, tmp_path: Path) -> AsyncIterator[Both]:
    async with both(slack, discord, tmp_path / "coplan.db") as made:
        yield made


@pytest.fixture
def maya(slack: FakeSlack) -> SlackUser:
    return slack.user("Maya")


@pytest.fixture
def there(discord: FakeDiscord) -> DiscordUser:
    """Maya at Discord's client."""
    return discord.user("maya_reads")


async def test_a_field_changed_on_one_side_is_on_the_card_on_the_other(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    root, thread = await linked(run, maya, there)
    there.goes("planning", thread)
    assert there.sees("Rivers")
    assert await there.suggested("/coplan plan", "plan", "riv") == ["Rivers"]
    await there.clicks("My next steps")
    await run.settle()
    await there.clicks("What shall we plan?")
    there.filling.fill("What shall we plan?", "Rivers in our town")
    await there.submits()
    await run.settle()
    assert there.sees("Saved.")
    maya.goes("planning", root)
    await maya.command("/coplan history Rivers")
    await run.settle()
    assert maya.sees("Maya wrote “What shall we plan?”")
    assert not maya.sees("maya_reads")
    await maya.clicks("More…")
    await run.settle()
    await maya.clicks("Rename")
    await run.settle()
    maya.filling.fill(maya.filling.inputs()[0]["label"]["text"], "Rivers and lakes")
    await maya.submits()
    await run.settle()
    assert there.sees("Rivers and lakes"), "the card over there, too"
    assert run.discord.channel("Rivers and lakes").id == thread
    assert run.slack.problems() == []
    assert run.discord.problems() == []


async def test_partners_of_both_platforms(run: Both, maya: SlackUser, there: DiscordUser) -> None:
    _, thread = await linked(run, maya, there)
    there.goes("planning", thread)
    await there.clicks("More…")
    await run.settle()
    await there.clicks("Add a partner")
    await run.settle()
    there.filling.fill(there.filling.inputs()[0][0], "Li")
    await there.submits()
    await run.settle()
    li = run.discord.user("Li")
    li.goes("planning", thread)
    assert li.sees("welcome to “Rivers”")
    li.goes("planning")
    await li.command("/coplan next")
    await run.settle()
    assert li.sees("Rivers")
    who = Identity(platform="discord", user=li.me.id)
    known = await run.house.door.read(run.team, lambda work: work.members.by_identity(who))
    assert known is not None, "Li is a member where the plan lives"
    assert maya.sees("Li"), "and Slack is told"
    assert run.discord.problems() == []


async def test_who_has_plans_on_both_names_any_of_them_wherever_they_are(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    await there.command('/coplan start "Mills" @Li')
    await run.settle()
    _, thread = await linked(run, maya, there)
    for where, title in (("", "rivers"), ("", "mills"), (thread, "mills")):
        there.goes("planning", where)
        await there.command(f'/coplan plan "{title}"', thread=where)
        await run.settle()
        assert there.sees("steps done", within=title.title())
        assert not there.sees("None of your plans")
    await there.command('/coplan plan "Bridges"')
    await run.settle()
    assert there.sees("None of your plans is called “Bridges”.")


async def test_who_has_plans_on_both_sees_all_that_waits_on_either(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    await there.command('/coplan start "Mills" @Li')
    await run.settle()
    _, thread = await linked(run, maya, there)
    for where in ("", thread):
        there.goes("planning", where)
        await there.command("/coplan next", thread=where)
        await run.settle()
        assert there.sees("Mills", within="16 things for you")
        assert there.sees("Rivers", within="16 things for you")
        await there.clicks("12 more")
        await run.settle()
        assert there.sees("Back to the first", within="16 things for you")
    there.goes("planning")
    await there.clicks("Back to the first")
    await run.settle()
    await there.clicks("What shall we plan?")
    await run.settle()
    there.filling.fill("What shall we plan?", "By water")
    await there.submits()
    await run.settle()
    assert there.sees("Saved.")


async def taken_to_slack(run: Both, maya: SlackUser, there: DiscordUser) -> None:
    """Let somebody of Discord make a link code there and use it in Slack."""
    await there.command("/coplan link")
    await run.settle()
    lines = [line for message in there.visible() for line in there.lines(message)]
    found = (re.search(r"/coplan link ([0-9A-Z-]+)", line) for line in lines)
    code = next(each[1] for each in found if each)
    await maya.command(f"/coplan link {code}")
    await run.settle()


async def test_a_plan_of_discord_s_comes_to_slack(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    await there.command('/coplan start "Games" @Li')
    await run.settle()
    await taken_to_slack(run, maya, there)
    assert maya.sees("You are maya_reads here, too")
    card = next(m for m in maya.channel.messages if not m.only_for)
    assert "Games" in " ".join(maya.lines(card))
    maya.goes("planning", card.ts)
    await maya.clicks("More…")
    await run.settle()
    await maya.clicks("Add a partner")
    await run.settle()
    maya.filling.fill(maya.filling.inputs()[0]["label"]["text"], "Ben")
    await maya.submits()
    await run.settle()
    ben = run.slack.user("Ben")
    ben.goes("planning", card.ts)
    assert ben.sees("welcome to “Games”")
    told = [m for m in maya.channel.messages if f"@{ben.me.id}" in m.pings]
    assert told, "Ben is called in Slack, although the plan lives elsewhere"
    await ben.mentions("next", card.ts)
    await run.settle()
    assert ben.sees("Games")
    assert run.slack.problems() == []
    assert run.discord.problems() == []


async def test_a_plan_of_discord_s_gets_its_thread_when_coplan_is_let_into_the_channel(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    bot, channel = run.slack.team.bot.id, maya.channel
    channel.members.discard(bot)
    await there.command('/coplan start "Games"')
    await run.settle()
    await taken_to_slack(run, maya, there)
    assert not [m for m in channel.messages if not m.only_for]
    channel.members.add(bot)
    body = {"type": "member_joined_channel", "channel": channel.id, "user": bot}
    told = slack_payloads.event(run.slack.world, run.slack.team, body)
    await run.slack.transport.deliver("events_api", told)
    await run.settle()
    (card,) = (m for m in channel.messages if not m.only_for)
    assert "Games" in card.text


async def answers(run: Both, there: DiscordUser, thread: str, text: str) -> None:
    """Answer the first question from Discord."""
    there.goes("planning", thread)
    await there.clicks("My next steps")
    await run.settle()
    await there.clicks("What shall we plan?")
    there.filling.fill("What shall we plan?", text)
    await there.submits()
    await run.settle()


async def test_while_slack_is_out_discord_works(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    root, thread = await linked(run, maya, there)
    standing = maya.channel.find(root)
    assert standing is not None
    before = standing.edited
    run.slack.faults.when("*", lambda _: UNAVAILABLE)
    await answers(run, there, thread, "Rivers in our town")
    card = next(m for m in run.discord.channel("planning").messages if m.id == thread)
    assert card.edited, "the card here is up to date"
    assert there.sees("Saved.")
    assert standing.edited == before, "over there it waits"


async def test_while_discord_is_out_slack_works(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    root, _ = await linked(run, maya, there)
    run.discord.faults.when("*", lambda _: UNAVAILABLE)
    maya.goes("planning", root)
    await maya.clicks("My next steps")
    await slack_idle(run)
    await maya.clicks("What shall we plan?")
    await slack_idle(run)
    maya.filling.fill("What shall we plan?", "Rivers in our town")
    card = maya.channel.find(root)
    assert card is not None
    before = card.edited
    await maya.submits()
    await slack_idle(run)
    assert maya.sees("Saved.")
    async with asyncio.timeout(15):  # Discord would be waited for twice as long
        while card.edited == before:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)


async def slack_idle(run: Both) -> None:
    """Wait for what is under way in Slack alone: the other platform may hang."""
    assert run.platforms.slack is not None
    await run.platforms.slack.in_flight.idle()


async def test_a_thread_that_could_not_be_opened_is_opened_when_it_may_be(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    planning = run.discord.channel("planning")
    planning.denied.add(Permission.CREATE_PUBLIC_THREADS)
    await maya.command('/coplan start "Rivers"')
    await run.settle()
    await maya.command("/coplan link")
    await run.settle()
    lines = [line for message in maya.visible() for line in maya.lines(message)]
    found = (re.search(r"/coplan link ([0-9A-Z-]+)", line) for line in lines)
    code = next(each[1] for each in found if each)
    await there.command(f"/coplan link {code}")
    await run.settle()
    assert there.sees("Here Coplan lacks: Create Public Threads.")
    assert not [each for each in run.discord.world.channels.values() if each.is_thread]
    planning.denied.clear()
    told = payloads.channel(run.discord.world, planning)
    run.discord.world.emit("CHANNEL_UPDATE", told, run.discord.guild.id)
    async with asyncio.timeout(30):
        while not [each for each in run.discord.world.channels.values() if each.is_thread]:
            await run.settle()


async def _proposes(there: DiscordUser, thread: str) -> None:
    await there.command("/coplan when", thread=thread)
    await there.clicks("Propose another time…")
    soon = datetime.now(UTC) + timedelta(days=5)  # noqa: TID251 - the house's clock is real
    there.filling.fill("On which day?", str(soon.date()))
    there.filling.fill("From", "16:00")
    there.filling.fill("Until", "16:45")
    await there.submits()


async def test_a_session_is_among_discord_s_events_while_it_and_its_plan_stand_there(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    run.discord.guild.allowed |= {Permission.CREATE_EVENTS}
    events = run.discord.guild.events
    _, thread = await linked(run, maya, there)
    there.goes("planning", thread)
    await _proposes(there, thread)
    await run.settle()
    assert not events, "Ben has not answered"
    await there.command("/coplan plan", thread=thread)
    await there.clicks("More…")
    await there.chooses("Remove a partner…", "Ben")
    await run.settle()
    assert not events, "nobody is left whom to meet"
    await _proposes(there, thread)
    await run.settle()
    assert len(events) == 1, "whoever plans alone agrees with themselves"
    await there.command("/coplan plan", thread=thread)
    await there.clicks("More…")
    await there.clicks("Archive")
    await run.settle()
    assert not events, "nobody plans that any more"
    await there.clicks("Undo")
    await run.settle()
    assert len(events) == 1
    await there.command("/coplan link", thread=thread)
    await there.clicks("Take it away from Discord")
    await run.settle()
    assert not events, "it is no plan of that server's"
    assert run.discord.problems() == []


async def test_who_has_plans_on_both_reads_for_which_their_days_do_not_count(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    await there.command('/coplan start "Mills" @Li')
    await run.settle()
    root, thread = await linked(run, maya, there)
    for where, other in (("", "Rivers"), (thread, "Mills")):
        there.goes("planning", where)
        for words in ("settings", "timetable", "away tomorrow"):
            await there.command(f"/coplan {words}", thread=where)
            await run.settle()
            assert there.sees(f"This does not count for “{other}”: say it in that plan's thread")
    maya.goes("planning", root)
    await maya.command("/coplan settings")
    await run.settle()
    assert maya.sees("This does not count for “Mills”")


async def test_a_reminder_of_the_other_platform_s_plan_is_put_off_where_it_comes(
    run: Both, maya: SlackUser, there: DiscordUser
) -> None:
    await there.command('/coplan start "Mills" @Li')
    await run.settle()
    await linked(run, maya, there)
    who = Identity(platform="discord", user=there.me.id)
    member = await run.house.door.read(run.team, lambda work: work.members.by_identity(who))
    assert member is not None
    inbound = Inbound(
        workspace=run.guild,
        person=Person(identity=who, name="maya_reads"),
        place=Place(platform="discord", kind=PlaceKind.DIRECT, channel="1"),
        what=Clicked(action=action("later.form", member.id, "2026-11-23").encode()),
    )
    assert isinstance(await run.house.router.handle(inbound), FormReply)

"""Places in Discord that are not as usual: forums, archives, locks, what is denied or gone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.discord.workspace import Workspaces
from bot.domain.members import Identity
from bot.domain.places import Place, PlaceKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.cards import Card, Picture, Text
from tests.support.discord import payloads
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.user import DiscordUser
from tests.support.discord.world import Channel, Kind, Message
from tests.support.discord_house import Running, running
from tests.support.faults import Fault

CARD = Card(title="News", summary="News", blocks=(Text(("First",)),))
EDITED = "PATCH /channels/{channel_id}/messages/{message_id}"
LATER = replace(CARD, blocks=(Text(("Second",)),))


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


@pytest.fixture
def ana(fake: FakeDiscord) -> DiscordUser:
    return fake.user("Ana")


def post_of(fake: FakeDiscord, forum: Channel, name: str) -> Channel:
    """Return a post that somebody wrote in a forum."""
    number = fake.world.id()
    made = Channel(
        id=number, name=name, kind=Kind.THREAD, guild=fake.guild.id, parent=forum.id, owner="1"
    )
    fake.world.channels[number] = made
    return made


async def saves(run: Running, who: DiscordUser, answer: str) -> None:
    """Answer the first question of the plan whose card is open."""
    await who.clicks("My next steps")
    await run.settle()
    await who.clicks("What shall we plan?")
    await run.settle()
    who.filling.fill("What shall we plan?", answer)
    await who.submits()
    await run.settle()


def cards(fake: FakeDiscord, where: Channel) -> list[Message]:
    """Return the bot's messages there that everybody sees."""
    mine = fake.world.app.bot.id
    return [m for m in where.messages if m.author == mine and not m.only_for and not m.type]


async def test_in_a_forum_every_plan_has_a_post_whose_first_message_is_its_card(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    forum = fake.world.channel(fake.guild, "projects", Kind.FORUM)
    asked = post_of(fake, forum, "Where shall we start?")
    ana.goes(forum, asked.id)
    await ana.command('/coplan start "Rivers" @Ben', thread=asked.id)
    await run.settle()
    post = fake.channel("Rivers")
    assert (post.parent, post.kind) == (forum.id, Kind.THREAD)
    (card,) = cards(fake, post)
    assert card.id == post.id
    ana.goes(forum, post.id)
    await saves(run, ana, "Rivers in our town")
    assert ana.sees("Saved.")
    assert card.edited, "the card is edited in place"
    await ana.command('/coplan start "Bridges"', thread=asked.id)
    await run.settle()
    assert fake.channel("Bridges").parent == forum.id
    (refused,) = fake.api.refused()
    assert "50008" in refused.outcome, "that it is a forum is learned once"


async def test_what_is_told_in_an_archived_thread_opens_it_again(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    thread = fake.channel("Rivers")
    messenger = await run.discord.messengers.within(run.workspace)
    kind = PlaceKind.THREAD
    place = Place(platform="discord", kind=kind, channel=thread.parent, thread=thread.id)
    message = await messenger.post(place, CARD, "news:1")
    thread.archived = True
    fake.api.made.clear()
    await messenger.edit(message, LATER, "news:1")
    assert not thread.archived
    refused = [each.name for each in fake.api.refused()]
    assert len(refused) == 1, "refused once, opened, edited"
    shown = thread.find(message.message)
    assert shown is not None
    assert shown.edited
    thread.archived = True
    await messenger.post(place, CARD, "news:2")
    assert not thread.archived


async def test_a_locked_thread_is_left_and_the_plan_goes_on(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    thread = fake.channel("Rivers")
    ana.goes("planning", thread.id)
    thread.locked = thread.archived = True
    await ana.clicks("Add…")
    await run.settle()
    await ana.clicks("Decision")
    await run.settle()
    ana.filling.fill("What did you decide?", "We begin at the mill")
    await ana.submits()
    await run.settle()
    assert ana.sees("Saved.") or ana.sees("Seen by")
    await ana.command("/coplan history")
    await run.settle()
    assert ana.sees("We begin at the mill")
    assert ana.troubles == []


async def test_in_a_thread_that_is_unlocked_the_plan_s_card_is_as_it_should_be(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    thread = fake.channel("Rivers")
    ana.goes("planning", thread.id)
    thread.locked = thread.archived = True
    fake.world.emit("THREAD_UPDATE", payloads.channel(fake.world, thread), fake.guild.id)
    await ana.clicks("My next steps")
    await run.settle()
    await ana.clicks("What shall we plan?")
    ana.filling.fill("What shall we plan?", "By water")
    await ana.submits()
    await run.settle()
    edited = fake.api.counts[EDITED]
    thread.locked = thread.archived = False
    for _ in range(2):
        fake.world.emit("THREAD_UPDATE", payloads.channel(fake.world, thread), fake.guild.id)
        await run.settle()
    assert fake.api.counts[EDITED] == edited + 1


async def test_what_is_denied_is_named_to_the_one_who_acts_and_mended_by_allowing_it(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    channel = fake.channel("planning")
    channel.denied |= {Permission.CREATE_PUBLIC_THREADS}
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    assert ana.sees("Here Coplan lacks: Create Public Threads")
    assert cards(fake, channel) == [], "no card stands without its thread"
    assert fake.user("Ben").troubles == []
    channel.denied.clear()
    await ana.command("/coplan plan")
    await run.settle()
    assert not ana.sees("Here Coplan lacks", within="Rivers")
    assert ana.sees("Rivers")


async def test_a_plan_whose_thread_was_deleted_is_still_there(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    thread = fake.channel("Rivers")
    channel = fake.channel("planning")
    channel.messages[:] = [m for m in channel.messages if m.id != thread.id]
    del fake.world.channels[thread.id]
    fake.world.emit("THREAD_DELETE", {"id": thread.id, "guild_id": fake.guild.id}, fake.guild.id)
    ana.goes("planning")
    await ana.command("/coplan plan")
    await run.settle()
    assert ana.sees("Rivers")
    await saves(run, ana, "Rivers in our town")
    assert ana.sees("Saved.")
    assert ana.troubles == []
    await ana.command("/coplan history")
    await run.settle()
    assert ana.sees("Rivers in our town")


async def test_a_person_who_takes_no_messages_and_one_who_left_are_told_apart(
    run: Running, fake: FakeDiscord
) -> None:

    messenger = await run.discord.messengers.within(run.workspace)
    ben = fake.user("Ben").me
    to = Identity(platform="discord", user=ben.id)
    await messenger.direct(to, CARD, "reminder:1")
    ben.takes_messages = False
    with pytest.raises(NotDelivered) as closed:
        await messenger.direct(to, CARD, "reminder:2")
    assert (closed.value.permanent, closed.value.cause) == (True, Cause.CLOSED)
    ben.takes_messages = True
    fake.guild.members.discard(ben.id)
    with pytest.raises(NotDelivered) as left:
        await messenger.direct(to, CARD, "reminder:3")
    assert (left.value.permanent, left.value.cause) == (True, Cause.LEFT)


async def test_in_a_forum_where_every_post_has_a_tag_a_plan_has_one(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    forum = fake.world.channel(fake.guild, "projects", Kind.FORUM)
    asked = post_of(fake, forum, "Where shall we start?")
    forum.tagged = True
    forum.tags = [
        {"id": "5", "name": "staff", "moderated": True},
        {"id": "6", "name": "news", "moderated": False},
        {"id": "7", "name": "more", "moderated": False},
    ]
    await ana.command('/coplan start "Rivers" @Ben', forum, thread=asked.id)
    await run.settle()
    assert fake.channel("Rivers").applied == ["6"]


async def test_where_every_post_has_a_tag_that_only_moderators_give_that_is_said(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    forum = fake.world.channel(fake.guild, "projects", Kind.FORUM)
    asked = post_of(fake, forum, "Where shall we start?")
    forum.tagged, forum.tags = True, [{"id": "5", "name": "staff", "moderated": True}]
    ana.goes(forum, asked.id)
    await ana.command('/coplan start "Rivers" @Ben', thread=asked.id)
    await run.settle()
    [told] = ana.direct()
    assert any("a forum that wants a tag must have one" in line for line in ana.lines(told))
    forum.tags.append({"id": "6", "name": "news", "moderated": False})
    told = payloads.channel(fake.world, forum)
    fake.world.emit("CHANNEL_UPDATE", told, fake.guild.id)
    await run.settle()
    assert fake.channel("Rivers").applied == ["6"]


async def test_a_post_that_lost_its_first_message_hides_no_other(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    """What became of a plan's card is looked for among all newer posts."""
    forum = fake.world.channel(fake.guild, "projects", Kind.FORUM)
    asked = post_of(fake, forum, "Where shall we start?")
    await ana.command('/coplan start "Rivers" @Ben', forum, thread=asked.id)
    await run.settle()
    messenger = await run.discord.messengers.within(run.workspace)
    place = Place(platform="discord", kind=PlaceKind.CHANNEL, channel=forum.id)
    card = await messenger.open_thread(place, "News", CARD, "news:1")
    found = await messenger.find(place, "news:1", datetime.now(UTC) - timedelta(minutes=1))  # noqa: TID251 - Discord's own clock is real
    assert found == card


async def test_what_became_of_a_post_is_known_after_a_restart(
    run: Running, fake: FakeDiscord
) -> None:
    """Nobody remembers then that the channel is a forum, which has no messages of its own."""
    forum = fake.world.channel(fake.guild, "projects", Kind.FORUM)
    messenger = await run.discord.messengers.within(run.workspace)
    place = Place(platform="discord", kind=PlaceKind.CHANNEL, channel=forum.id)
    card = await messenger.open_thread(place, "News", CARD, "news:1")
    restarted = await Workspaces(run.discord.outside).within(run.workspace)
    found = await restarted.find(place, "news:1", datetime.now(UTC) - timedelta(minutes=1))  # noqa: TID251 - as above
    assert found == card


async def test_a_thread_that_could_not_be_renamed_yet_is_renamed_with_the_next_change(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    """Discord lets a thread have two new names in ten minutes."""
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    thread = fake.channel("Rivers")
    ana.goes("planning", thread.id)
    fake.faults.next("PATCH /channels/{channel_id}", Fault(answer="limited", retry_after=2.5))
    await ana.clicks("More…")
    await run.settle()
    await ana.clicks("Rename")
    ana.filling.fill(ana.filling.inputs()[0][0], "Streams")
    await ana.submits()
    await run.settle()
    assert ana.sees("Streams", within="Every act is on record")
    assert thread.name == "Rivers"
    await asyncio.sleep(2.5)
    await saves(run, ana, "Streams in our town")
    assert thread.name == "Streams"


async def test_a_thread_that_is_missing_is_opened_when_the_bot_s_role_may_do_so(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    """As the doctor advises; what becomes of other roles is no business of the bot's."""
    fake.guild.allowed.discard(Permission.CREATE_PUBLIC_THREADS)
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    assert not fake.world.threads(fake.channel("planning").id)
    fake.guild.allowed.add(Permission.CREATE_PUBLIC_THREADS)
    other = payloads.everyone(fake.guild) | {"id": fake.world.id(), "name": "staff"}
    own = other | {"name": "Coplan", "managed": True, "tags": {"bot_id": fake.world.app.bot.id}}
    for role, opened in ((other, 0), (own, 1)):
        told = {"guild_id": fake.guild.id, "role": role}
        fake.world.emit("GUILD_ROLE_UPDATE", told, fake.guild.id)
        await run.settle()
        assert len(fake.world.threads(fake.channel("planning").id)) == opened
    for odd in ({}, {"guild_id": fake.guild.id}, {"guild_id": fake.guild.id, "role": 5}):
        fake.world.emit("GUILD_ROLE_UPDATE", odd, fake.guild.id)
    await run.settle()
    assert (await ana.command("/coplan next")).acknowledged


async def test_a_role_that_the_bot_gets_or_has_may_let_it_open_what_is_missing(
    run: Running, fake: FakeDiscord, ana: DiscordUser
) -> None:
    """Many servers have a role for all bots, which their admins give to a new one."""
    bots, own = fake.world.id(), fake.world.id()
    who = payloads.member(fake.world, fake.guild, fake.world.app.bot) | {"guild_id": fake.guild.id}

    async def opened(event: str, told: dict[str, object]) -> int:
        fake.world.emit(event, {"guild_id": fake.guild.id, **told}, fake.guild.id)
        await run.settle()
        return len(fake.world.threads(fake.channel("planning").id))

    async def denied(title: str) -> None:
        fake.guild.allowed.discard(Permission.CREATE_PUBLIC_THREADS)
        await ana.command(f'/coplan start "{title}" @Ben')
        await run.settle()
        fake.guild.allowed.add(Permission.CREATE_PUBLIC_THREADS)

    await denied("Rivers")
    role = payloads.everyone(fake.guild) | {"id": bots, "name": "bots"}
    assert await opened("GUILD_ROLE_UPDATE", {"role": role}) == 0, "it is not the bot's yet"
    assert await opened("GUILD_MEMBER_UPDATE", who | {"roles": [own, bots]}) == 1
    await denied("Bridges")
    assert await opened("GUILD_MEMBER_UPDATE", who | {"roles": [own, bots], "nick": "Co"}) == 1
    assert await opened("GUILD_ROLE_UPDATE", {"role": role}) == 2


async def test_where_no_files_may_be_attached_a_picture_is_told_in_words(
    run: Running, fake: FakeDiscord
) -> None:
    planning = fake.channel("planning")
    place = Place(platform="discord", kind=PlaceKind.CHANNEL, channel=planning.id)
    drawn = replace(CARD, blocks=(*CARD.blocks, Picture(b"png", "Two of nine steps are done")))
    messenger = await run.discord.messengers.within(run.workspace)
    with_it = await messenger.post(place, drawn, "digest:1")
    planning.denied.add(Permission.ATTACH_FILES)
    without = await messenger.post(place, drawn, "digest:2")
    refused = Fault(answer="error", error="50013", status=403)
    fake.faults.next("PATCH /channels/{channel_id}/messages/{message_id}", refused)
    await messenger.edit(with_it, drawn, "digest:1")
    opened = await messenger.open_thread(place, "Rivers", drawn, "thread:1")
    for each in (with_it, without, opened):
        shown = planning.find(each.message)
        assert shown is not None
        told = str(shown.components)
        assert "First" in told
        assert "Two of nine steps are done" in told
        assert "here Coplan lacks Attach Files" in told
    planning.denied.add(Permission.SEND_MESSAGES)
    with pytest.raises(NotDelivered) as refusal:
        await messenger.post(place, drawn, "digest:3")
    assert refusal.value.cause is Cause.REMOVED


async def test_a_card_that_was_taken_back_lately_gets_its_thread_later(
    run: Running, fake: FakeDiscord
) -> None:
    """Discord may name the one that is gone for a while, as the answer to its nonce."""
    place = Place(platform="discord", kind=PlaceKind.CHANNEL, channel=fake.channel("planning").id)
    gone = Fault(answer="error", error="10008", status=404)
    fake.faults.next("POST /channels/{channel_id}/messages/{message_id}/threads", gone)
    messenger = await run.discord.messengers.within(run.workspace)
    with pytest.raises(OutcomeUnknown):
        await messenger.open_thread(place, "Rivers", CARD, "thread:1")
    assert (await messenger.open_thread(place, "Rivers", CARD, "thread:1")).place.thread

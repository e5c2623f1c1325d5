"""What was said to Coplan while Slack could not reach it counts when it is back, once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.missed import catching_up
from bot.chat.inbound import Inbound, What
from bot.chat.router import Handler
from bot.domain.errors import Unavailable
from bot.ui.pages import problems
from bot.ui.replies import Reply
from tests.support.faults import LIMITED, LOST_BEFORE, UNAVAILABLE
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Channel, Message
from tests.support.slack_house import Running, running
from tests.support.slack_many import serving_many, starts


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ben")
        yield made


@pytest.fixture
def ana(fake: FakeSlack) -> SlackUser:
    return fake.user("Ana")


def unheard(who: SlackUser, text: str, channel: Channel | None = None, thread: str = "") -> None:
    """Let somebody write what Slack has given up delivering."""
    where = channel or who.channel
    typed = who.typed(text)
    who.world.teams[who.team.id].channels[where.id].messages.append(
        Message(ts=who.world.ts(), channel=where.id, user=who.me.id, text=typed, thread=thread)
    )


def called(who: SlackUser, text: str) -> str:
    return f"@{who.team.bot.name} {text}"


def plans(who: SlackUser, channel: Channel | None = None) -> list[str]:
    """Return the titles of the plans' cards."""
    messages = (channel or who.channel).messages
    cards = [message for message in messages if message.metadata and not message.thread]
    return [message.blocks[0]["text"]["text"] for message in cards]


async def until_read(run: Running) -> None:
    """Wait until what was missed has been looked for."""
    name = "coplan-slack-missed"
    async with asyncio.timeout(60):
        while any(task.get_name() == name for task in asyncio.all_tasks()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await run.settle()


async def before(fake: FakeSlack, ana: SlackUser, store: Path) -> str:
    """Let Ana use Coplan here and directly; return the ts of her plan's card."""
    async with running(fake, store) as run:
        await ana.command('/coplan start "Rivers" @Ben')
        await run.settle()
        await ana.clicks("Add…")
        ana.goes_to_app()
        await ana.says('start "Ponds"')
        await run.settle()
        ana.goes("planning")
        (card,) = (m for m in ana.channel.messages if m.metadata)
        return card.ts


async def test_what_was_said_directly_counts_once(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    store = tmp_path / "coplan.db"
    await before(fake, ana, store)
    own = fake.world.open_im(fake.team, ana.me.id)
    unheard(ana, 'start "Hills"', own)
    unheard(ana, "next", own)
    unheard(ana, "good morning", own)
    for _ in range(2):
        async with running(fake, store) as run:
            await until_read(run)
    assert sorted(plans(ana, own)) == ["Hills", "Ponds"]
    told = [message.text for message in own.messages if message.user == fake.team.bot.id]
    assert len([text for text in told if "Started “Hills”" in text]) == 1
    assert not [text for text in told if "for you" in text and "Started" not in text]
    assert plans(ana) == ["Rivers"], "talk in channels is not read"
    assert fake.problems() == []


async def test_where_it_may_read_channels_mentions_in_them_and_in_threads_count(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    fake.team.scopes |= {"channels:history"}
    store = tmp_path / "coplan.db"
    root = await before(fake, ana, store)
    unheard(ana, called(ana, 'start "Hills" @Ben'))
    unheard(ana, called(ana, 'start "Woods" @Ben'), thread=root)
    unheard(ana, 'start "Nothing" @Ben')
    fake.faults.next("conversations.replies", LIMITED)
    async with running(fake, store, http=True) as run:
        await until_read(run)
    assert sorted(plans(ana)) == ["Hills", "Rivers", "Woods"]


async def test_what_cannot_be_read_harms_nothing(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    fake.team.scopes |= {"channels:history"}
    store = tmp_path / "coplan.db"
    await before(fake, ana, store)
    fake.team.scopes -= {"im:history"}
    ana.channel.members.discard(fake.team.bot.id)
    unheard(ana, called(ana, 'start "Hills"'))
    async with running(fake, store) as run:
        await until_read(run)
        assert (await ana.command("/coplan help")).acknowledged
        await run.settle()
    assert plans(ana) == ["Rivers"]


async def test_right_after_an_outage_it_is_read_once_more(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    fake.team.scopes |= {"channels:history"}
    store = tmp_path / "coplan.db"
    await before(fake, ana, store)
    unheard(ana, called(ana, 'start "Hills" @Ben'))
    fake.faults.next("conversations.open", UNAVAILABLE, LOST_BEFORE)
    fake.faults.next("conversations.history", UNAVAILABLE, LOST_BEFORE, UNAVAILABLE)
    async with running(fake, store) as run:
        await until_read(run)
    assert sorted(plans(ana)) == ["Hills", "Rivers"]


class Busy(Handler):
    """A house whose store cannot be written at first."""

    def __init__(self, house: Handler, times: int) -> None:
        self._house = house
        self.times = times

    async def handle(self, inbound: Inbound) -> Reply:
        if self.times:
            self.times -= 1
            return problems.known(Unavailable(reason="the disk is full"))
        return await self._house.handle(inbound)

    def changes(self, what: What) -> bool:
        return self._house.changes(what)


async def test_what_the_store_does_not_take_at_first_counts_when_it_does(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    store = tmp_path / "coplan.db"
    await before(fake, ana, store)
    own = fake.world.open_im(fake.team, ana.me.id)
    async with running(fake, store) as run:
        await until_read(run)
        for title in ("Hills", "Woods"):
            unheard(ana, f'start "{title}"', own)
        busy = Busy(run.house.router, 3)
        app = run.slack.app(busy, run.house.tally)
        async with catching_up(app, run.slack.missed(busy)) as look:
            look()
            await until_read(run)
        assert busy.times == 0
    assert sorted(plans(ana, own)) == ["Hills", "Ponds", "Woods"]


async def test_whoever_answers_with_the_same_page_for_ever_is_asked_twice(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    store = tmp_path / "coplan.db"
    await before(fake, ana, store)
    more = {"response_metadata": {"next_cursor": "0"}}
    fake.api.shaped = lambda method, body: body | (more if method.endswith("history") else {})
    async with running(fake, store) as run:
        await until_read(run)
    assert fake.api.counts["conversations.history"] == 2


async def test_each_workspace_that_has_installed_it_is_looked_through(
    fake: FakeSlack, tmp_path: Path
) -> None:
    trust = fake.world.enterprise("Trust")
    async with serving_many(fake, tmp_path) as many:
        north = many.workspace("north", fake.world.team("north", trust))
        south = many.workspace("south")
        await many.browser.installs(enterprise=trust)
        await many.browser.installs(south.team)
        people = [each.user("Eve") for each in (north, south)]
        for eve in people:
            eve.fake.user("Ben")
            await starts(many.run, eve)
            await eve.clicks("Add…")
            await many.run.settle()
    own = [fake.world.open_im(eve.team, eve.me.id) for eve in people]
    for eve, channel in zip(people, own, strict=True):
        unheard(eve, 'start "Hills"', channel)
    async with serving_many(fake, tmp_path) as many:
        await until_read(many.run)
        assert [len(await many.plans(eve.team)) for eve in people] == [2, 2]
    assert [plans(eve, channel) for eve, channel in zip(people, own, strict=True)] == [
        ["Hills"],
        ["Hills"],
    ]

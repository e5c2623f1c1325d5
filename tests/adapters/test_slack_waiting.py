"""Acts that take longer than Slack waits, answers that it does not take, a disk that is full."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.slack.answering import Answering
from adapters.slack.files import Files
from adapters.slack.home import PAUSE
from adapters.slack.origins import Origin
from adapters.slack.responses import Responses
from bot.domain.ids import MemberId
from bot.ui.cards import Card
from bot.ui.replies import CardReply
from bot.usecases.ports import Work
from tests.runtime.waiting import until
from tests.support.faults import LIMITED, LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Fault
from tests.support.full_disk import filled, small_disk
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp, encoded, sign
from tests.support.slack.user import SlackUser
from tests.support.slack_house import Running, running

NEXT = "things for you"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ben")
        yield made


@pytest.fixture
def ana(fake: FakeSlack) -> SlackUser:
    return fake.user("Ana")


@pytest.fixture
async def run(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


@asynccontextmanager
async def busy(run: Running) -> AsyncIterator[None]:
    """Let the store be busy with something else until the block ends."""
    begun, over = threading.Event(), threading.Event()

    def unit(_: Work) -> None:
        begun.set()
        over.wait(60)

    task = asyncio.create_task(run.house.door.write(run.workspace, unit))
    await asyncio.to_thread(begun.wait)
    try:
        yield
    finally:
        over.set()
        await task
    await run.settle()


def told(who: SlackUser) -> list[str]:
    """Return what only this person was shown in the channel, in its order."""
    return [message.text for message in who.channel.messages if message.only_for == who.me.id]


async def test_whatever_takes_long_is_acknowledged_and_says_so_where_it_was_done(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    ben, cy, dee = (fake.user(name) for name in ("Ben", "Cy", "Dee"))
    await ana.command('/coplan start "Rivers" @Ben @Cy')
    await dee.command("/coplan start")
    await run.settle()
    await cy.opens_home()
    await run.settle()
    await cy.clicks_at_home("More…")
    await run.settle()
    dee.filling.fill("What are you planning?", "Woods")
    before = len(told(ana)), len(told(ben))
    async with busy(run):
        acts = (
            ana.command('/coplan start "Hills" @Ben'),
            ben.clicks("When are we free?"),
            cy.clicks("Archive"),
            dee.submits(),
        )
        answers = await asyncio.gather(*acts)
        assert [each.acknowledged for each in answers if each] == [True] * 4
        assert min(each.took for each in answers if each) < 2.5
        still = "Still working on it: the answer comes as soon as it is done."
        await until(lambda: len(told(ana)) > before[0] and len(told(ben)) > before[1])
        assert told(ana)[before[0] :] == told(ben)[before[1] :] == [still]
        for who in (cy, dee):
            await until(lambda who=who: "Still working on it" in "\n".join(who.modal_lines()))  # type: ignore[misc]
        await dee.closes()
    assert "Started “Hills”" in told(ana)[-1]
    assert len(told(ben)) == before[1] + 2
    assert "Still working on it" not in "\n".join(cy.modal_lines())
    assert "Started “Woods”" in told(dee)[-1], "its window was closed: it stands in the channel"
    fake.api.made[:] = [each for each in fake.api.made if each.outcome != "not_found"]


async def test_what_is_wrong_with_a_form_that_took_long_is_told_in_it_again(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    await ana.command("/coplan when")
    await run.settle()
    await ana.clicks("Propose another time…")
    await run.settle()
    for purpose, closes in (("Agree on the essay", False), ("Agree on the essay now", True)):
        answers = {"On which day?": "2026-01-12", "From": "10:00", "Until": "10:45"}
        for label, answer in (answers | {"What for?": purpose}).items():
            ana.filling.fill(label, answer)
        async with busy(run):
            await ana.submits()
            assert "Still working on it" in "\n".join(ana.modal_lines())
            if closes:
                await ana.closes()
        if not closes:
            assert ana.filling.answer("What for?") == purpose
            assert ana.filling.answer("From") == "10:00"
            assert "That time is over already" in "\n".join(ana.modal_lines())
    assert "That time is over already" in told(ana)[-1]
    assert "Agree on the essay now" in str(ana)
    fake.api.made[:] = [each for each in fake.api.made if each.outcome != "not_found"]


@pytest.mark.parametrize("words", ["start", "away"])
async def test_words_that_ask_for_a_form_lead_to_it(
    run: Running, ana: SlackUser, words: str
) -> None:
    """Slack opens a form for a click alone."""
    await ana.mentions(words)
    await run.settle()
    await ana.clicks("Open the form")
    await run.settle()
    assert ana.modal is not None
    await ana.closes()
    ana.goes_to_app()
    await ana.says(words)
    await run.settle()
    await ana.clicks("Open the form")
    await run.settle()
    assert ana.modal is not None


async def test_a_form_that_slack_does_not_open_is_one_click_away(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    fake.faults.next("views.open", LIMITED, Fault(answer="error", error="trigger_expired"))
    await ana.command("/coplan start")
    await run.settle()
    assert ana.modal is None
    await ana.clicks("Open the form")
    await run.settle()
    assert ana.modal is None
    await ana.clicks("Open the form")
    await run.settle()
    assert ana.modal is not None


@pytest.mark.parametrize("way", ["response_url", "chat.postEphemeral"])
async def test_an_answer_that_slack_does_not_take_yet_comes_a_moment_later(
    run: Running, fake: FakeSlack, ana: SlackUser, way: str
) -> None:
    limited = Fault(answer="status", status=429) if way == "response_url" else LIMITED
    fake.faults.next(way, limited, limited)
    if way == "response_url":
        await ana.command("/coplan help")
    else:
        await ana.mentions("help")
    await run.settle()
    assert [text.startswith("Plan together") or "start" in text for text in told(ana)] == [True]
    assert ana.direct() == []


async def shown(run: Running, who: SlackUser, *, public: bool) -> list[str]:
    """Answer with a card, and return what the person sees of it in the channel."""

    async def users_of(_: Iterable[MemberId]) -> Mapping[MemberId, str]:
        return {}

    client = run.slack.client
    answering = Answering(
        client=client,
        files=Files(client=client, scopes=frozenset()),
        responses=Responses(client),
        users_of=users_of,
        again=0.01,
    )
    reply = CardReply(card=Card(title="Rivers", summary="Saved."), public=public)
    await answering.show(Origin(channel=who.channel.id), who.me.id, reply)
    return [message.text for message in who.channel.messages if message.text == "Saved."]


@pytest.mark.parametrize("fault", [LOST_BEFORE, UNAVAILABLE])
async def test_an_answer_for_one_alone_is_given_again_where_it_may_be_lost(
    run: Running, fake: FakeSlack, ana: SlackUser, fault: Fault
) -> None:
    fake.faults.next("chat.postEphemeral", fault)
    assert await shown(run, ana, public=False) == ["Saved."]


async def test_an_answer_for_all_is_not(run: Running, fake: FakeSlack, ana: SlackUser) -> None:
    fake.faults.next("chat.postMessage", LOST_AFTER)
    assert await shown(run, ana, public=True) == ["Saved."]


async def test_what_cannot_be_stored_comes_again_and_is_told_in_the_end(
    fake: FakeSlack, ana: SlackUser, tmp_path: Path
) -> None:
    """Acknowledged is what is stored, or what whoever said it knows not to be."""
    with small_disk(tmp_path / "disk", 2_000) as disk:
        async with running(fake, disk / "coplan.db", http=True) as run:
            rivers, hills = (mention(ana, f'start "{name}" @Ben') for name in ("Rivers", "Hills"))
            with filled(disk):
                assert await posted(fake, rivers) == 503
                await run.slack.in_flight.idle()
                assert told(ana) == []
                await posted(fake, hills, retry="3")
                await run.slack.in_flight.idle()
                assert ["cannot reach its database" in text for text in told(ana)] == [True]
            assert await posted(fake, rivers, retry="1") == 200
            await run.settle()
            assert "Started “Rivers”" in told(ana)[-1]
            assert len([m for m in ana.channel.messages if m.metadata]) == 1


def mention(who: SlackUser, text: str) -> bytes:
    fake = who.fake
    inner = {
        "type": "app_mention",
        "user": who.me.id,
        "text": f"<@{fake.team.bot.id}> {who.typed(text)}",
        "ts": fake.world.ts(),
        "channel": who.channel.id,
    }
    return encoded("events_api", payloads.event(fake.world, fake.team, inner))[0]


async def posted(fake: FakeSlack, body: bytes, retry: str = "") -> int:
    """Post an event, for the first time or again; return how it was answered."""
    assert isinstance(fake.transport, SignedHttp)
    headers = {"Content-Type": "application/json", **sign(fake.world.app.signing_secret, body)}
    if retry:
        headers |= {"X-Slack-Retry-Num": retry, "X-Slack-Retry-Reason": "http_timeout"}
    return (await fake.transport.post(body, headers))[0]


async def test_a_home_tab_that_slack_put_off_covers_no_newer_one(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    fake.faults.next("views.publish", Fault(answer="limited", retry_after=3))
    await ana.opens_home()
    await asyncio.sleep(PAUSE)
    await ana.command('/coplan start "Rivers"')
    await ana.opens_home()
    await run.settle()
    assert "What shall we plan?" in "\n".join(ana.home_lines())

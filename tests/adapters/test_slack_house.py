"""The house in Slack as people use it, over Socket Mode and HTTP: Bolt against the fake."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.files import MAY_NOT_SEND, MISSING
from adapters.slack.origins import identity
from tests.support.examples import IN_CI
from tests.support.faults import UNAVAILABLE
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


@pytest.fixture(params=["socket", "http"] if IN_CI else ["socket"])
async def run(
    fake: FakeSlack, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Running]:
    http = request.param == "http"
    async with running(fake, tmp_path / "coplan.db", http=http) as made:
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
    (bookmark,) = ana.channel.bookmarks
    assert (bookmark["title"], root.replace(".", "") in bookmark["link"]) == ("Rivers", True)


async def test_words_to_the_bot_in_a_thread_and_alone_with_it(
    run: Running, ana: SlackUser, ben: SlackUser
) -> None:
    root = await started(run, ana)
    ben.goes("planning", root)
    await ben.mentions("next", root)
    await run.settle()
    assert ben.sees("Only visible to you", within="for you")
    shown = [m for m in ben.visible() if m.only_for == ben.me.id]
    assert shown[-1].thread == root, "the answer comes where it was asked"
    ben.goes_to_app()
    await ben.says("plan")
    await run.settle()
    assert ben.sees("Rivers")
    assert not ben.sees("Only visible to you"), "nobody else is there"
    await ben.clicks("My next steps")
    await run.settle()
    await ben.clicks("What do you know well that helps here?")
    await run.settle()
    ben.filling.fill("What do you know well that helps here?", "Maps")
    await ben.submits()
    await run.settle()
    assert ben.sees("Saved.")


async def test_an_answer_that_cannot_be_taken_is_said_below_its_question(
    run: Running, ana: SlackUser
) -> None:
    root = await started(run, ana)
    ana.goes("planning", root)
    await ana.clicks("Add…")
    await run.settle()
    await ana.clicks("Responsibility")
    await run.settle()
    labels = [block["label"]["text"] for block in ana.filling.inputs()]
    ana.filling.fill(labels[0], "Books")
    ana.filling.fill(labels[1], "Together")
    ana.filling.fill(labels[2], "2001-01-01")
    await ana.submits()
    assert ana.modal is not None
    assert list(ana.filling.errors) == [ana.filling.inputs()[2]["block_id"]]
    ana.filling.fill(labels[2], "2031-01-01")
    await ana.submits()
    await run.settle()
    assert ana.modal is None
    assert ana.sees("Seen by")


async def test_the_home_tab_is_where_one_can_work(run: Running, ana: SlackUser) -> None:
    await started(run, ana)
    await ana.opens_home()
    await run.settle()
    who = identity(ana.me.id)
    seen = await run.house.door.read(run.workspace, lambda w: w.members.by_identity(who))
    assert seen is not None
    assert not seen.reachable, "looking is no click: reminders stay in the thread"
    lines = "\n".join(ana.home_lines())
    assert "What shall we plan?" in lines
    assert "Rivers" in lines
    await ana.clicks_at_home("What shall we plan?")
    await run.settle()
    ana.filling.fill("What shall we plan?", "Rivers in our town")
    await ana.submits()
    await run.settle()
    assert "Saved." in "\n".join(ana.modal_lines()), "the answer stands where the form was"
    await ana.opens_home()
    await run.settle()
    assert "What shall we plan?" not in "\n".join(ana.home_lines())


async def test_a_timetable_is_uploaded_in_a_form_and_in_a_message(
    run: Running, ana: SlackUser
) -> None:
    week = b"day,period,subject\nMonday,1,Science\nTuesday,2,Science\n"
    ana.goes_to_app()
    await ana.says("timetable", [("week.csv", week)])
    await run.settle()
    assert ana.sees("Science"), str(ana)
    await ana.command("/coplan settings")
    await run.settle()
    await ana.clicks("Add a template")
    await run.settle()
    label = ana.filling.inputs()[0]["label"]["text"]
    ana.filling.attach(label, ana.file("bad.yaml", b"title: [no"))
    await ana.submits()
    await run.settle()
    assert "line 1" in "\n".join(ana.modal_lines()), "a bad file is told of below the question"


async def test_an_export_goes_to_the_one_who_asked(
    run: Running, ana: SlackUser, ben: SlackUser
) -> None:
    await started(run, ana)
    await ana.command("/coplan export")
    await run.settle()
    assert ana.sees("direct messages", within="Rivers"), str(ana)
    assert any(file.name.endswith(".json") for m in ana.direct() for file in m.files)
    assert not any(m.files for m in ben.visible())


async def test_what_is_delivered_twice_takes_effect_once(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    await started(run, ana)
    root = ana.channel.messages[-1].ts
    fake.sockets.again = 1.0
    ana.goes("planning", root)
    await asyncio.gather(*(ana.mentions(f'start "Plan {n}" @Ben') for n in range(5)))
    await run.settle()
    told = [m for m in ana.visible() if m.only_for and "Started" in m.text]
    assert len(told) == 6
    plans = [m for m in ana.channel.messages if m.metadata]
    assert len(plans) == 6


async def test_a_plan_is_started_from_anywhere(run: Running, ana: SlackUser) -> None:
    for channel in ("planning", ""):
        await ana.shortcut("start.form")
        await run.settle()
        ana.filling.fill("What are you planning?", f"Rivers {channel}")
        if channel:
            ana.filling.fill("With whom?", "Ben")
            ana.filling.fill("In which channel?", channel)
        await ana.submits()
        await run.settle()
    assert ana.modal is not None
    assert "Started" in "\n".join(ana.modal_lines()), "where no channel is, the answer is a modal"
    cards = [m for m in ana.channel.messages if m.metadata]
    assert ["Rivers planning" in m.text for m in cards] == [True]
    assert ana.sees("Only visible to you", within="Started")
    await ana.closes()
    ana.goes_to_app()
    assert ana.sees("0 of 9 steps done")
    await ana.clicks("My next steps")
    await run.settle()
    await ana.clicks("What shall we plan?")
    await run.settle()
    ana.filling.fill("What shall we plan?", "A day at the river")
    await ana.submits()
    await run.settle()
    (card,) = (m for m in ana.direct() if m.metadata)
    assert card.edited, "a card in a direct conversation is edited, too"


async def test_partners_hear_that_somebodys_account_was_deactivated(
    run: Running, fake: FakeSlack, ana: SlackUser, ben: SlackUser
) -> None:
    await started(run, ana)
    stranger = fake.user("Cy")
    for who, gone in ((ben, False), (stranger, True), (ben, True), (ben, True)):
        who.me.deleted = gone
        body = {"type": "user_change", "user": {"id": who.me.id, "deleted": gone}}
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
        await ana.command("/coplan next")
        await run.settle()
        told = ana.sees("One of the partners of “Rivers” is no longer in the chat.")
        assert bool(told) == ben.me.deleted
    await ana.command("/coplan next")
    await run.settle()
    answers = [m.text for m in ana.channel.messages if "no longer in the chat" in m.text]
    assert len(answers) == 1, "once"


async def test_a_zone_counts_from_when_slack_tells_of_it(
    run: Running, fake: FakeSlack, ana: SlackUser, ben: SlackUser
) -> None:
    await started(run, ana)
    await ben.command("/coplan settings Asia/Tokyo")
    stranger = fake.user("Cy")
    for user in (ana.me, ben.me, stranger.me):
        user.zone = "America/Lima"
        body = {"type": "user_change", "user": {"id": user.id, "tz": "what was before"}}
        await fake.transport.deliver("events_api", payloads.event(fake.world, fake.team, body))
    here = run.workspace
    found = await run.house.door.read(here, lambda work: work.members.all())
    assert {one.identity.user: one.zone for one in found} == {
        ana.me.id: "America/Lima",
        ben.me.id: "Asia/Tokyo",
    }


async def test_a_form_that_takes_long_has_a_modal_in_time(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    await started(run, ana)
    cy, here = fake.user("Cy"), run.workspace
    over = threading.Event()
    busy = asyncio.create_task(run.house.door.write(here, lambda _: over.wait(60)))
    begun = asyncio.create_task(cy.command("/coplan start"))
    async with asyncio.timeout(30):  # later than in time Slack opens none
        while "Still working on it" not in "\n".join(cy.modal_lines()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(busy, begun)
    await run.settle()
    cy.filling.fill("What are you planning?", "Lakes")
    await cy.submits()
    await run.settle()
    assert cy.modal is None


async def test_people_have_names_although_slack_does_not_tell(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    fake.faults.every("users.info", 1, UNAVAILABLE)
    root = await started(run, ana, 'start "Rivers"')
    card = ana.channel.find(root)
    assert card is not None
    assert "ana: What shall we plan?" in card.text, "her user name is better than an id"
    fake.faults.clear()


async def test_an_export_from_the_home_tab_comes_as_a_message(run: Running, ana: SlackUser) -> None:
    await started(run, ana)
    await ana.opens_home()
    await run.settle()
    await ana.clicks_at_home("More…")
    await run.settle()
    await ana.clicks("Export")
    await run.settle()
    assert "direct messages" in "\n".join(ana.modal_lines())
    assert any(file.name.endswith(".json") for m in ana.direct() for file in m.files)


async def test_an_exported_plan_is_imported_from_the_home_tab_into_a_channel(
    run: Running, ana: SlackUser
) -> None:
    await started(run, ana)
    await ana.command("/coplan export")
    await run.settle()
    exported = next(f for m in ana.direct() for f in m.files if f.name.endswith(".json"))
    await ana.opens_home()
    await run.settle()
    await ana.clicks_at_home("Import a plan")
    await run.settle()
    asked = "The exported plan (JSON)"
    ana.filling.attach(asked, ana.file("broken.json", b"{}"))
    await ana.submits()
    await run.settle()
    assert "not a plan exported by Coplan" in "\n".join(ana.modal_lines())
    ana.filling.attach(asked, ana.file("rivers.json", exported.content or b""))
    ana.filling.fill("In which channel?", "planning")
    await ana.submits()
    await run.settle()
    assert ana.modal is None
    assert len([m for m in ana.channel.messages if m.metadata]) == 2


async def test_who_wanted_files_that_slack_does_not_take_is_told_so(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    await started(run, ana)
    fake.faults.every("files.getUploadURLExternal", 1, UNAVAILABLE)
    await ana.command("/coplan export")
    await run.settle()
    assert not any(m.files for m in ana.direct())
    assert ana.direct()[-1].text == MISSING
    fake.faults.clear()


async def test_what_coplan_may_not_do_with_files_is_said(fake: FakeSlack, tmp_path: Path) -> None:
    fake.team.scopes -= {"files:read", "files:write"}
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        await started(run, ana)
        await ana.command("/coplan export")
        await run.settle()
        assert ana.direct()[-1].text == MAY_NOT_SEND
        ana.goes_to_app()
        await ana.says("timetable", [("week.csv", b"A, P1, Science")])
        await run.settle()
        assert "may not read files" in ana.direct()[-1].text
        await ana.opens_home()
        await run.settle()
        await ana.clicks_at_home("Add a template")
        await run.settle()
        ana.filling.attach("Template file (YAML)", ana.file("own.yaml", b"key: own"))
        await ana.submits()
        await run.settle()
        assert "may not read files" in "\n".join(ana.modal_lines())


async def test_a_command_where_the_bot_is_not_is_answered_there(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    between = fake.world.channel(fake.team, "ana-and-ben")
    between.id = between.id.replace("C", "D", 1)
    fake.team.channels[between.id] = between
    between.members.discard(fake.team.bot.id)
    await ana.command("/coplan help", between)
    await run.settle()
    assert ana.sees("Only visible to you", within="What Coplan does")
    fake.api.made[:] = [each for each in fake.api.made if each.outcome != "not_in_channel"]

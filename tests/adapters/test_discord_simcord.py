"""Coplan under SimCord: what somebody else's Discord takes and shows."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord

from tests.support.simcord_house import Simulated, simulated, told
from tests.support.slack.fake import fake_slack


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[Simulated]:
    async with simulated(tmp_path / "coplan.db") as made:
        yield made


async def test_a_plan_is_started_and_its_first_step_walked(sim: Simulated) -> None:
    ana, ben = sim.member("Ana"), sim.member("Ben")
    started = await sim.says(ana, "start", title="Rivers", partner=ben)
    assert started.ephemeral
    assert "Started “Rivers” with Ben" in told(started.response)
    thread = sim.thread("Rivers")
    (card,) = [m for m in sim.channel.history() if m.id == thread.id]
    assert "Develop the form" in told(card)
    assert card.pinned
    opened = await sim.clicks(ana, started.response, "What shall we plan?")
    assert opened.modal is not None
    assert opened.modal["title"] == "Develop the form"
    saved = await sim.submits(ana, opened, text="Rivers *in* our <@1> town @everyone")
    assert "Saved. Seen by you and Ben." in told(saved.response)
    (edited,) = [m for m in sim.channel.history() if m.id == thread.id]
    assert edited.edited_at is not None, "the card is edited in place"
    waiting = await sim.says(ben, "next", thread)
    assert "for you" in told(waiting.response)
    assert all(not m.mention_everyone for m in [*sim.channel.history(), *thread.history()])


async def test_a_verb_alone_opens_its_form_with_the_people_chosen(sim: Simulated) -> None:
    ana, ben = sim.member("Ana"), sim.member("Ben")
    opened = await sim.says(ana, "start", partner=ben)
    done = await sim.submits(ana, opened, title="Bridges", partners=[ben])
    assert "Started “Bridges” with Ben" in told(done.response)
    from_menu = await ana.context_menu(sim.channel, "Plan with", ben)
    await sim.settle()
    assert from_menu.modal is not None


async def test_what_is_wrong_comes_back_with_the_form(sim: Simulated) -> None:
    ana, ben = sim.member("Ana"), sim.member("Ben")
    await sim.says(ana, "start", title="Rivers", partner=ben)
    opened = await sim.says(ana, "settings")
    opened = await sim.clicks(ana, opened.response, "Time zone")
    wrong = await sim.submits(ana, opened, zone="Nowhere/Town")
    assert "That did not work" in told(wrong.response)
    again = await sim.clicks(ana, wrong.response, "Correct it")
    assert again.modal is not None
    zone = next(p for p in again.modal["components"] if p.get("label") == "Time zone")
    assert zone["component"]["value"] == "Nowhere/Town"
    assert zone["description"].startswith("⚠ ")
    mended = await sim.submits(ana, again, zone="Europe/London")
    assert "Europe/London" in told(mended.response)


async def test_a_message_is_added_to_a_plan(sim: Simulated) -> None:
    ana, ben = sim.member("Ana"), sim.member("Ben")
    await sim.says(ana, "start", title="Rivers", partner=ben)
    message = await ben.send(sim.channel, "Herons nest by the *old* mill")
    shown = await ana.context_menu(sim.channel, "Add to plan", message)
    await sim.settle()
    added = await sim.submits(ana, shown, kind=["resource"])
    assert "Ben is credited for the words" in told(added.response)
    history = await sim.says(ana, "history")
    assert "Herons nest by the *old* mill" in told(history.response)


async def test_suggestions_while_typing(sim: Simulated) -> None:
    ana = sim.member("Ana")
    await sim.says(ana, "start", title="Rivers")
    await sim.says(ana, "start", title="Bridges")
    names = [one["name"] for one in await ana.autocomplete(sim.channel, "coplan plan", "plan", "r")]
    assert names[0] == "Rivers"
    zones = await ana.autocomplete(sim.channel, "coplan settings", "timezone", "berlin")
    assert [one["name"] for one in zones] == ["Europe/Berlin"]


async def test_files_both_ways(sim: Simulated) -> None:
    ana = sim.member("Ana")
    await sim.says(ana, "start", title="Rivers")
    exported = await sim.says(ana, "export")
    assert exported.response is not None
    endings = {each.filename.rsplit(".", 1)[-1] for each in exported.response.attachments}
    assert endings == {"md", "html", "json"}


async def test_words_by_mention_and_directly(sim: Simulated) -> None:
    ana = sim.member("Ana")
    await sim.says(ana, "start", title="Rivers")
    bot = sim.env.bot.user
    assert bot is not None
    await ana.send(sim.channel, f"<@{bot.id}> next")
    await sim.settle()
    direct = ana.user.dm_channel.history()
    assert "for you" in told(direct[-1]), "what is for one alone comes directly"
    await ana.send_dm("plan")
    await sim.settle()
    assert "Rivers" in told(ana.user.dm_channel.history()[-1])


async def test_buttons_and_forms_outlive_a_restart(sim: Simulated) -> None:
    ana = sim.member("Ana")
    started = await sim.says(ana, "start", title="Rivers")
    await sim.restart()
    opened = await sim.clicks(ana, started.response, "What shall we plan?")
    await sim.restart()
    saved = await sim.submits(ana, opened, text="Rivers in our town")
    assert "Saved." in told(saved.response)


async def test_11_one_plan_and_one_person_on_two_platforms(tmp_path: Path) -> None:
    async with fake_slack() as slack:
        maya = slack.user("Maya")
        slack.user("Ben")
        async with simulated(tmp_path / "both.db", fake=slack) as sim:
            there = sim.member("maya_reads")
            await maya.command('/coplan start "Rivers" @Ben')
            await sim.settle()
            await maya.command("/coplan link")
            await sim.settle()
            code = re.search(r"/coplan link ([0-9A-Z-]+)", str(maya))
            assert code is not None
            linked = await sim.says(there, "link", code=code[1])
            assert "You are Maya here, too" in told(linked.response)
            waiting = await sim.says(there, "next", sim.thread("Rivers"))
            opened = await sim.clicks(there, waiting.response, "What shall we plan?")
            saved = await sim.submits(there, opened, text="Rivers in our town")
            assert "Saved. Seen by you and Ben." in told(saved.response)
            await maya.command("/coplan history")
            await sim.settle()
            assert maya.sees("Maya wrote “What shall we plan?”")
            assert not maya.sees("maya_reads")
            root = next(m for m in maya.channel.messages if not m.only_for)
            maya.goes("planning", root.ts)
            await maya.clicks("More…")
            await sim.settle()
            await maya.clicks("Rename")
            await sim.settle()
            maya.filling.fill(maya.filling.inputs()[0]["label"]["text"], "Rivers and lakes")
            await maya.submits()
            await sim.settle()
            (card,) = [
                m for m in sim.channel.history() if m.id == sim.thread("Rivers and lakes").id
            ]
            assert "Rivers and lakes" in told(card)
        assert slack.problems() == []


async def test_an_unknown_command_is_simcords_to_refuse(sim: Simulated) -> None:
    ana = sim.member("Ana")
    with pytest.raises(simcord.SetupError):
        await ana.slash(sim.channel, "coplan frobnicate")

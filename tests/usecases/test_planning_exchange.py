"""Plans as files, out and in; templates of one's own."""

import pytest

from bot.chat.inbound import Upload
from bot.domain.ids import PlanId
from bot.ui.actions import action
from tests.support.clicking import Bot, Hand, card, failed, form, summary, wrong


@pytest.fixture
async def plan(ana: Hand, ben: Hand) -> PlanId:
    return await ana.starts("Rivers", ben)


async def saves(hand: Hand, plan: PlanId, field: str, text: str) -> None:
    await hand.submits(action("field.save", plan, "form", field, "0"), text=text)


async def test_the_export_holds_three_files(ana: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "A river")
    shown = card(await ana.says("export"))
    assert [file.name for file in shown.files] == ["rivers.md", "rivers.html", "rivers.json"]
    assert all(b"A river" in file.content for file in shown.files)


async def test_an_exported_plan_comes_back(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "A river")
    files = {file.name: file.content for file in card(await ana.says("export")).files}
    sent = {"file": (Upload(name="r.json", content=files["rivers.json"]),)}
    opened = form(await ana.clicks("import.form"))
    assert "Started “Rivers”" in summary(await ana.submits(opened.action, files=sent))
    came = bot.read(lambda w: w.plans.of_member(ana.member.id))[-1]
    assert came.id != plan
    assert came.answers == bot.plan(plan).answers
    assert set(came.members) == {ana.member.id, ben.member.id}
    eve = bot.person("Eve")
    assert "Started “Rivers”" in summary(await eve.submits(opened.action, files=sent))
    assert wrong(await ana.submits(opened.action))["file"]
    broken = {"file": (Upload(name="r.json", content=b"{}"),)}
    assert failed(await ana.submits(opened.action, files=broken))


async def test_a_template_of_ones_own(bot: Bot, ana: Hand) -> None:
    opened = form(await ana.clicks("template.form"))
    text = "key: own\ntitle: Our own\nsteps:\n- {key: a, title: A, fields: [{key: b, label: B}]}\n"
    added = await ana.submits(opened.action, text=text)
    assert "“Our own” is there, with 1 step." in summary(added)
    offered = form(await ana.presses(added, "Start a plan"))
    options = offered.inputs[2].options  # type: ignore[union-attr]
    assert options[0].label == "Our own"
    plan = await ana.starts("Rivers", template="own")
    assert bot.plan(plan).template.title == "Our own"
    assert wrong(await ana.submits(opened.action))["text"]
    assert failed(await ana.submits(opened.action, text="key: [a, b"))

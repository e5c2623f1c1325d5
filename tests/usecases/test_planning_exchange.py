"""Plans as files, out and in; templates of one's own."""

import json
from typing import Any

from bot.chat.inbound import Upload
from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.imported import from_file
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.turns import waiting
from bot.ui.actions import action
from bot.ui.pages.planning.steps import label
from tests.support.clicking import Bot, Hand, card, form, summary, wrong


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
    said = summary(await ana.submits(opened.action, files=sent))
    assert "Imported “Rivers” with 2 entries of its log. You are its only partner." in said
    assert "On record by name only: Ben." in said
    came = bot.read(lambda w: w.plans.of_member(ana.member.id))[-1]
    assert came.id != plan
    assert came.answers == bot.plan(plan).answers
    assert came.members == (ana.member.id,)
    assert [p.id for p in bot.read(lambda w: w.plans.of_member(ben.member.id))] == [plan]
    eve = bot.person("Eve")
    assert "Imported “Rivers”" in summary(await eve.submits(opened.action, files=sent))
    assert wrong(await ana.submits(opened.action))["file"]
    broken = {"file": (Upload(name="r.json", content=b"{}"),)}
    assert "not a plan exported" in wrong(await ana.submits(opened.action, files=broken))["file"]


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
    assert "is not YAML" in wrong(await ana.submits(opened.action, text="key: [a, b"))["text"]
    sent = {"file": (Upload(name="own.yaml", content=b"key: [a, b"),)}
    told = wrong(await ana.submits(opened.action, files=sent, text="not read"))
    assert "own.yaml, line 1" in told["file"], "below what it is about"


async def brought_in(bot: Bot, hand: Hand, content: bytes) -> PlanId:
    sent = {"file": (Upload(name="r.json", content=content),)}
    assert "Imported" in summary(await hand.submits("import.save", files=sent))
    return bot.read(lambda w: w.plans.of_member(hand.member.id))[-1].id


async def exported(hand: Hand, plan: PlanId) -> dict[str, Any]:
    files = {f.name: f.content for f in card(await hand.clicks("export", plan)).files}
    found: dict[str, Any] = json.loads(next(c for n, c in files.items() if n.endswith("json")))
    return found


async def test_a_file_speaks_for_nobody(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "A river")
    duty = action("duty.save", plan)
    await ana.submits(duty, text="Book the bus", owner=ben.member.id, due="")
    await ana.clicks(action("step.hand", plan, "form"), ben.member.id)
    document = await exported(ana, plan)
    cara = bot.person("Cara")
    await cara.clicks("next")
    came = bot.plan(await brought_in(bot, cara, json.dumps(document).encode()))
    assert came.members == (cara.member.id,)
    real = {hand.member.id for hand in (ana, ben)}
    assert not real & {p.member for p in came.partners}
    assert not real & {e.act.by for e in bot.log(came.id)}
    assert {"Book the bus (to do)", "For which class or group?"} <= waits(came, cara)
    people = bot.read(lambda w: w.members.get(p.member for p in came.partners))
    others = [m for m in people.values() if m.id != cara.member.id]
    assert {(m.name, m.identity.platform) for m in others} == {("Ana", "import"), ("Ben", "import")}
    kinds = [e.act.kind for e in bot.log(came.id)][-2:]
    assert kinds == [ActKind.PLAN_IMPORTED, ActKind.PARTNER_ADDED]
    assert [from_file(e) for e in bot.log(came.id)][-3:] == [True, False, False]
    markdown = card(await cara.clicks("export", came.id)).files[0].content.decode()
    assert "Ana (says the file)" in markdown
    assert "Cara (says the file)" not in markdown


def waits(plan: Plan, hand: Hand) -> set[str]:
    return {label(plan, thing) for thing in waiting(plan, hand.member.id)}


async def test_what_came_in_goes_out_as_it_came(bot: Bot, ana: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "A river")
    first = await exported(ana, plan)
    second = await exported(ana, await brought_in(bot, ana, json.dumps(first).encode()))
    third = await exported(ana, await brought_in(bot, ana, json.dumps(second).encode()))
    assert rest(first) == rest(second) == rest(third)
    logs = [[e["kind"] for e in one["log"]] for one in (first, second, third)]
    assert logs[1] == [*logs[0], "plan_imported"]
    assert logs[2] == [*logs[1], "plan_imported"]
    assert third["log"][: len(second["log"])] == second["log"]


def rest(document: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if k not in {"exported_at", "log"}}


async def test_somebody_else_takes_up_a_closed_plan(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", template="short-form")
    await ana.clicks(action("plan.finish", plan, "anyway"))
    document = json.dumps(await exported(ana, plan)).encode()
    came = bot.plan(await brought_in(bot, ben, document))
    assert (came.state, came.members) == (PlanState.FINISHED, (ben.member.id,))
    await ben.clicks(action("plan.reopen", came.id))
    assert bot.plan(came.id).state is PlanState.ACTIVE


async def test_a_plan_with_partners_is_not_imported_where_one_person_sees_it(
    ana: Hand, plan: PlanId
) -> None:
    content = json.dumps(await exported(ana, plan)).encode()
    direct = Place(platform="playground", kind=PlaceKind.DIRECT, channel="dm.ana")
    sent = {"file": (Upload(name="r.json", content=content),)}
    told = summary(await ana.at(direct).submits("import.save", files=sent))
    assert "A plan with partners lives in a channel" in told

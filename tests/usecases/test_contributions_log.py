"""Who wrote what, when, before and after; outside work; remarks on entries."""

from bot.chat.inbound import Upload
from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.ui.actions import action
from tests.support.clicking import (
    Bot,
    Hand,
    buttons,
    card,
    failed,
    form,
    menus,
    summary,
    wrong,
)


async def test_a_field_s_history_has_before_and_after(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    route = ("field.save", plan, "form", "idea")
    await ana.submits(action(*route, "0"), text="A river")
    await ben.submits(action(*route, "1"), text="A long river")
    await ana.submits(action("decision.save", plan), text="We go")
    shown = await ana.clicks(action("hist", plan, "form", "idea"))
    told = str(card(shown).blocks)
    assert card(shown).title == "History: What shall we plan?"
    assert "before: A river" in told
    assert "A long river" in told
    assert "We go" not in told
    assert "We go" not in str(card(await ana.clicks(action("hist", plan, "form"))).blocks)
    thread = Place(platform="playground", kind=PlaceKind.THREAD, channel="staff", thread="t1")
    bot.write(lambda w: w.plans.set_card(plan, MessageRef(place=thread, message="t1")))
    here = ana.at(thread)
    for words in ("idea", "What shall we plan?"):
        assert card(await here.says(f"history {words}")).title == "History: What shall we plan?"
    assert card(await here.says("history Develop the form")).title == "History: Develop the form"
    for who in (here, ana):
        reply = await who.says("history what shall we PLAN")
        assert card(reply).title == "History: What shall we plan?", "a part of its name is enough"
    assert failed(await ana.says("history what")), "it is in the names of several"
    assert card(await here.says("history")).title == "History: Rivers"
    named = card(await ana.clicks(action("history", plan, "", "what SHALL we plan?")))
    assert named.title == "History: What shall we plan?"
    assert failed(await ana.clicks(action("history", plan, "", "what")))
    assert failed(await here.says("history nothing of the kind"))
    assert card(await ana.says("history rivers")).title == "History: Rivers"


async def test_a_long_history_has_pages(ana: Hand, plan: PlanId) -> None:
    for number in range(20):
        await ana.submits(action("decision.save", plan), text=f"Decision {number}")
    page = await ana.says("history")
    assert "Decision 19" in str(page)
    assert "Decision 5'" not in str(page)
    older = await ana.presses(await ana.presses(page, "Older"), "Older")
    assert "started" in str(older)
    assert all(b.label != "Older entries" for b in buttons(card(older)))
    empty = await ana.clicks(action("hist", plan, "form", "idea"))
    assert "Nothing has been written here yet." in str(card(empty).blocks)


async def test_remarks_on_an_entry(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await ana.submits(action("decision.save", plan), text="We go")
    page = await ben.says("history")
    entry = await ben.chooses(page, "Ana wrote down a decision")
    noted = await ben.fills(await ben.presses(entry, "Add a note"), text="By bus")
    assert not failed(noted)
    disputed = await ben.fills(await ben.presses(entry, "Dispute"), text="We said: by train")
    assert "Both the entry and your words stand" in summary(disputed)
    assert not menus(card(entry)), "credit is for one's own"
    own = await ana.chooses(await ana.says("history Rivers"), "Ana wrote down a decision")
    assert "Credited." in summary(await ana.chooses(own, "Ben"))
    assert "text" in wrong(await ben.submits(action("note.save", plan, "2"), text=" "))
    for route in ("note.save", "dispute.save"):
        assert failed(await ben.submits(action(route, plan, "99"), text="x"))
    assert failed(await ben.clicks(action("credit", plan, "2"), ana.member.id))
    assert failed(await ana.clicks(action("credit", plan, "2"), ana.member.id))
    assert failed(await ana.clicks(action("entry.pick", plan), "99"))
    kinds = [entry.act.kind for entry in bot.log(plan)]
    assert kinds[2:] == [ActKind.ANNOTATED, ActKind.DISPUTED, ActKind.CREDITED]
    for number in range(1, len(kinds) + 1):
        assert not failed(await ana.clicks(action("entry.pick", plan), str(number)))


async def test_outside_work_in_two_taps(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    kinds = await ana.says("log")
    bands = await ana.presses(kinds, buttons(card(kinds))[0].label)
    logged = await ana.presses(bands, "Ben")
    assert "Logged. Ben is asked to confirm it." in summary(logged)
    item = bot.plan(plan).outside[0].id
    shown = await ben.clicks(action("out.show", plan, item))
    assert "Ben, was it so?" in summary(shown)
    assert "Confirmed. Thank you." in summary(await ben.presses(shown, "Yes"))
    assert "Nothing changed" in summary(await ben.presses(shown, "Yes"))
    assert "Confirmed." in summary(await ana.clicks(action("out.show", plan, item)))
    assert failed(await ana.clicks(action("out.yes", plan, item)))
    assert failed(await ana.clicks(action("out.show", plan, "none")))
    assert failed(await ana.clicks(action("out.log", plan, "talk", "0-5", ana.member.id)))
    assert failed(await ana.clicks(action("out.kind", plan, "nonsense")))
    assert failed(await ana.clicks(action("out.log", plan, "talk", "a day", ben.member.id)))


async def test_outside_work_with_everything(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    opened = form(await ana.presses(await ana.says("log"), "With a link"))
    answers = {"kind": "talk", "band": "0-5", "partner": ben.member.id}
    sent = {"file": (Upload(name="notes/a.txt", content=b"hello"),)}
    await ana.submits(opened.action, note="https://example.org/x", files=sent, **answers)
    work = bot.plan(plan).outside[0]
    assert (work.link, work.note) == ("https://example.org/x", "")
    await ana.submits(opened.action, note="see https://example.org/x", **answers)
    assert bot.plan(plan).outside[1].note == "see https://example.org/x"
    entry = await ben.clicks(action("entry.pick", plan), "2")
    file = card(await ben.presses(entry, "Get the file")).files[0]
    assert (file.name, file.content) == ("notes-a.txt", b"hello")
    assert failed(await ben.clicks(action("out.file", plan, "none")))


async def test_outside_work_alone_or_in_a_crowd(bot: Bot, ana: Hand) -> None:
    plan = await ana.starts("Alone")
    assert "nobody could confirm" in summary(await ana.says("log"))
    for old in (action("out.kind", plan, "talk"), action("out.form", plan)):
        assert "nobody could confirm" in summary(await ana.clicks(old)), "the partner has left"
    crowd = tuple(bot.person(f"P{n}").person for n in range(6))
    await ana.submits(action("partner.add", plan), people={"partners": crowd})
    bands = await ana.clicks(action("out.kind", plan, "talk"))
    assert form(await ana.presses(bands, "With somebody else")).title == "Outside work"

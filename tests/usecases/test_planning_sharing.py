"""“Add to plan”: a message becomes one of the acts there are, on record and undoable."""

from datetime import timedelta

import pytest

from bot.chat.inbound import Shared
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.ui.actions import action
from bot.ui.cards import Text
from bot.ui.deliveries import Post
from bot.ui.forms import Form, SelectInput, TextInput
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Mention, plain
from tests.support.clicking import Bot, Hand, button, card, failed, form, summary, wrong
from tests.ui.test_pages_limits import within

LINK = "https://school.slack.com/archives/C1/p1700000000000100"
THREAD = Place(platform="playground", kind=PlaceKind.THREAD, channel="staff", thread="t1")


def asked(opened: Form, key: str) -> TextInput | SelectInput | None:
    """Return the question of that key, or None."""
    found = next((one for one in opened.inputs if one.key == key), None)
    assert found is None or isinstance(found, TextInput | SelectInput)
    return found


def initial(opened: Form, key: str) -> str:
    found = asked(opened, key)
    assert found is not None
    return found.initial


def labels(opened: Form, key: str) -> list[str]:
    found = asked(opened, key)
    assert isinstance(found, SelectInput)
    return [option.label for option in found.options]


def acts(bot: Bot, plan: PlanId) -> list[Act]:
    return [entry.act for entry in bot.log(plan)]


def threaded(bot: Bot, plan: PlanId) -> None:
    """Let the plan's card stand in a thread, and everything so far be told."""
    bot.told()
    bot.write(lambda w: w.plans.set_card(plan, MessageRef(place=THREAD, message="t1")))


def told(bot: Bot) -> list[str]:
    """Return what the thread gets to read from now on, but for the card."""
    bot.clock.set(bot.clock.now() + timedelta(minutes=5))
    return [
        plain(block.spans)
        for one in bot.told()
        if isinstance(one, Post)
        for block in one.card.blocks
        if isinstance(block, Text)
    ]


async def adds(hand: Hand, opened: Reply, kind: str, **more: str) -> Reply:
    """Send the form as it stands, but for what is given."""
    shown = form(opened)
    given = {one.key: initial(shown, one.key) for one in shown.inputs}
    return await hand.fills(opened, **{**given, "kind": kind, **more})


async def test_ones_own_words_as_a_decision(bot: Bot, ana: Hand, plan: PlanId) -> None:
    opened = await ana.picks("We meet at *noon*", ana, LINK)
    shown = form(opened)
    assert (shown.title, initial(shown, "text")) == ("Add to plan", "We meet at *noon*")
    assert asked(shown, "plan") is None, "there is only one plan"
    assert shown.note.startswith("Goes into “Rivers”. Seen by you and Ben; ")
    assert "credited" not in shown.note
    reply = await adds(ana, opened, "decision")
    assert "The message is a decision now." in str(card(reply).blocks)
    assert isinstance(reply, CardReply)
    assert not reply.replaces, "the message itself stays as it is"
    entry = bot.log(plan)[-1]
    assert (entry.act.kind, entry.act.after) == (ActKind.DECIDED, "We meet at *noon*")
    assert entry.act.detail == {"link": LINK}
    assert entry.source.message, "the platform's id of the message is on record"
    entries = await ana.clicks(action("entry.pick", plan), str(entry.number))
    assert LINK in str(card(entries).blocks)
    await ana.presses(reply, "Undo")
    assert bot.plan(plan).decisions == ()
    assert acts(bot, plan)[-1].kind is ActKind.UNDONE


async def test_a_partners_words_are_credited_and_they_are_told(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    threaded(bot, plan)
    opened = await ana.picks("The museum is free on Tuesdays", ben, LINK)
    assert initial(form(opened), "text") == "The museum is free on Tuesdays"
    assert form(opened).note.endswith(" Ben is credited for the words.")
    reply = await adds(ana, opened, "decision")
    assert "Ben is credited for the words." in str(card(reply).blocks)
    assert summary(reply) == "Saved. Seen by you and Ben."
    made, credit = acts(bot, plan)[-2:]
    assert (made.kind, made.by) == (ActKind.DECIDED, ana.member.id)
    assert (credit.kind, credit.member_about) == (ActKind.CREDITED, ben.member.id)
    assert credit.entry == bot.log(plan)[-2].number
    assert told(bot) == ["Ben, Ana credited you for “Ana wrote down a decision”."]
    await ana.presses(reply, "Undo")
    assert bot.plan(plan).decisions == ()


async def test_a_comment_is_told_once_with_its_words_and_whose_they_are(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    threaded(bot, plan)
    opened = await ana.picks("Have a look at the map", ben)
    assert "A comment on “Develop the form”" in labels(form(opened), "kind")
    reply = await adds(ana, opened, "comment:form")
    assert "a comment on “Develop the form” now. Ben" in str(card(reply).blocks)
    assert "everybody who can read the plan's thread" in summary(reply)
    bot.clock.set(bot.clock.now() + timedelta(minutes=5))
    (news,) = [one.card for one in bot.told() if isinstance(one, Post)]
    (says,) = [block for block in news.blocks if isinstance(block, Text)]
    assert plain(says.spans) == "Ana commented on “Develop the form” with what Ben wrote:"
    assert any(isinstance(span, Mention) and span.ping for span in says.spans)
    assert "Have a look at the map" in str(news.blocks)


async def test_what_was_taken_back_at_once_is_not_told(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    threaded(bot, plan)
    for kind in ("comment:form", "decision"):
        reply = await adds(ana, await ana.picks("Wrong message", ben), kind)
        await ana.presses(reply, "Undo")
    assert all("took back" in one for one in told(bot))


async def test_of_somebody_else_the_name_stands_before_the_words(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    cy = bot.person("Cy")
    await cy.clicks("next")  # known here, but no partner
    for author in (cy, bot.person("Dee\x00  Doe")):
        opened = await ana.picks("Take the bus", author)
        name = " ".join(author.person.name.replace("\x00", "").split())
        assert initial(form(opened), "text") == f"{name}: Take the bus"
        assert "credited" not in form(opened).note
        await adds(ana, opened, "decision")
    assert ActKind.CREDITED not in {one.kind for one in acts(bot, plan)}
    assert bot.read(lambda w: [m.name for m in w.members.all()]) == ["Ana", "Ben", "Cy"]


async def test_words_of_an_app_have_no_author(ana: Hand, plan: PlanId) -> None:
    opened = await ana.picks("Build passed")
    assert initial(form(opened), "text") == "Build passed"
    assert not failed(await adds(ana, opened, "responsibility"))
    assert plan


async def test_a_resource_holds_the_link(bot: Bot, ana: Hand, plan: PlanId) -> None:
    await adds(ana, await ana.picks("", ana, LINK, ("map.pdf", "", "list \n1.csv")), "resource")
    (resource,) = bot.plan(plan).resources
    assert (resource.title, resource.link) == ("map.pdf, list 1.csv", LINK)
    assert acts(bot, plan)[-1].detail == {}


async def test_words_and_files_are_both_there(ana: Hand, plan: PlanId) -> None:
    opened = await ana.picks("For Monday", ana, files=("map.pdf",))
    assert initial(form(opened), "text") == "For Monday\n(map.pdf)"
    assert plan


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\ud800", "\u200b\u2060"])
async def test_nothing_in_it(bot: Bot, ana: Hand, plan: PlanId, text: str) -> None:
    before = bot.log(plan)
    reply = await ana.picks(text, ana, LINK)
    assert failed(reply)
    assert "no words and no file in this message" in summary(reply)
    assert bot.log(plan) == before


@pytest.mark.parametrize(("length", "shortened"), [(1000, False), (1001, True), (40_000, True)])
async def test_too_long_is_shortened_and_said(
    ana: Hand, plan: PlanId, length: int, shortened: bool
) -> None:
    opened = await ana.picks("x" * length, ana)
    question = asked(form(opened), "text")
    assert question is not None
    assert question.hint == (f"Shortened: of {length:,} characters, 1,000 fit." * shortened)
    assert len(question.initial) == 1000
    assert question.initial.endswith("…") is shortened
    assert not failed(await adds(ana, opened, "decision"))
    within(opened)
    assert plan


async def test_no_plan_yet_offers_to_start_one(ana: Hand) -> None:
    reply = await ana.picks("We meet at noon", ana)
    assert card(reply).title == "No plan yet"
    assert form(await ana.presses(reply, "Start a plan")).title == "Start a plan"


async def test_a_plan_that_is_finished_takes_nothing(bot: Bot, ana: Hand, plan: PlanId) -> None:
    opened = await ana.picks("We meet at noon", ana)
    await ana.clicks(action("plan.finish", plan, "anyway"))
    before = bot.everything()
    assert "“Rivers” is finished" in summary(await ana.picks("We meet at noon", ana))
    late = await adds(ana, opened, "decision")
    assert "“Rivers” is finished" in wrong(late)[""]
    assert bot.everything() == before


async def test_of_several_plans_the_one_of_the_thread_is_chosen_already(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    second = await ana.starts("Towns", ben)
    opened = await ana.picks("We meet at noon", ana)
    assert labels(form(opened), "plan") == ["Towns", "Rivers"]
    assert initial(form(opened), "plan") == "", "nothing is taken for granted"
    assert wrong(await adds(ana, opened, "decision")) == {"plan": "Choose the plan."}
    threaded(bot, plan)
    there = await ana.at(THREAD).picks("We meet at noon", ana)
    assert labels(form(there), "plan") == ["Rivers", "Towns"]
    assert initial(form(there), "plan") == plan
    assert form(there).note.startswith("Seen by the partners of the plan; ")
    await adds(ana, there, "decision")
    await adds(ana, there, "comment:form", plan=second)
    assert [d.text for d in bot.plan(plan).decisions] == ["We meet at noon"]
    assert [c.step for c in bot.plan(second).comments] == ["form"]


async def test_in_another_plans_thread_it_is_asked_where_it_goes(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    foreign = await ben.starts("Towns")
    threaded(bot, foreign)
    opened = await ana.at(THREAD).picks("We meet at noon", ben)
    assert labels(form(opened), "plan") == ["Rivers"]
    assert initial(form(opened), "plan") == ""
    assert plan


async def test_credit_where_the_author_is_a_partner_of_the_plan_chosen(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    alone = await ana.starts("Alone")
    opened = await ana.picks("Take the bus", ben)
    assert initial(form(opened), "text") == "Ben: Take the bus", "not credited in every plan"
    await adds(ana, opened, "decision", plan=plan)
    await adds(ana, opened, "decision", plan=alone)
    assert acts(bot, plan)[-1].kind is ActKind.CREDITED
    assert acts(bot, alone)[-1].kind is ActKind.DECIDED


async def test_plans_of_several_templates_name_no_steps(bot: Bot, ana: Hand, plan: PlanId) -> None:
    short = await ana.starts("Short", template="short-form")
    opened = await ana.picks("A thought", ana)
    assert labels(form(opened), "kind")[3:] == ["A comment on its first step that is not done"]
    for one in (plan, short):
        assert not failed(await adds(ana, opened, "comment", plan=one))
        assert bot.plan(one).comments[0].step == bot.plan(one).template.steps[0].key


async def test_many_plans(bot: Bot, ana: Hand) -> None:
    plans = [await ana.starts(f"Plan {number}") for number in range(27)]
    opened = await ana.picks("A thought", ana)
    question = asked(form(opened), "plan")
    assert question is not None
    assert len(labels(form(opened), "plan")) == 25
    assert question.hint.startswith("The 25 newest; ")
    threaded(bot, plans[0])
    there = await ana.at(THREAD).picks("A thought", ana)
    assert initial(form(there), "plan") == plans[0], "the thread's own is never left out"
    within(opened)


async def test_all_that_is_wrong_is_said_at_once_below_its_question(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    opened = await ana.picks("A map", ana)
    before = bot.everything()
    reply = await adds(ana, opened, "resource", text="x" * 201, link="slack")
    assert wrong(reply) == {
        "text": "The resource has 201 characters; at most 200 fit. Shorten it.",
        "link": "Not a web address: it should begin with https://",
    }
    assert list(wrong(await adds(ana, opened, "decision", text=" "))) == ["text"]
    assert list(wrong(await adds(ana, opened, ""))) == ["kind"]
    assert list(wrong(await adds(ana, opened, "novel"))) == ["kind"]
    assert "no longer part" in wrong(await adds(ana, opened, "comment:gone"))[""]
    assert bot.everything() == before
    assert plan


async def test_nobody_adds_to_a_plan_of_others(bot: Bot, ana: Hand, ben: Hand) -> None:
    theirs = await ben.starts("Towns")
    await ana.starts("Rivers")
    reply = await ana.submits(action("message.save", theirs, ""), kind="decision", text="Mine")
    assert "There is no such plan here" in wrong(reply)[""]
    assert bot.plan(theirs).decisions == ()


async def test_a_made_up_author_is_not_credited(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    for author in ("nobody", ana.member.id, bot.person("Cy").person.identity.user):
        form_of = action("message.save", plan, author)
        assert not failed(await ana.submits(form_of, kind="decision", text="Words"))
    assert ActKind.CREDITED not in {one.kind for one in acts(bot, plan)}
    assert ben


async def test_the_same_form_twice_takes_effect_once(bot: Bot, ana: Hand, plan: PlanId) -> None:
    route = action("message.save", plan, "")
    for _ in range(2):
        await ana.submits(route, kind="decision", text="We go", key="view:1")
    assert len(bot.plan(plan).decisions) == 1


async def test_a_message_is_needed(ana: Hand, plan: PlanId) -> None:
    assert "older message" in summary(await ana.clicks(action("message.form", plan)))
    other = Shared(action="plan.show", text="A thought", author=None)
    assert "older message" in summary(await ana.does(other))


async def test_ones_first_words_with_the_bot(bot: Bot) -> None:
    reply = await bot.person("Eve").picks("A thought")
    assert card(reply).title == "No plan yet"
    assert button(reply, "Start a plan")

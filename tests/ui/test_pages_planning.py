"""The pages of planning: what they say and offer, and that everything can be reached."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import PlanId
from bot.domain.places import MessageRef, Place
from bot.ui.actions import action
from bot.ui.cards import Appointment, Card
from bot.ui.deliveries import OpenThread, Post
from bot.ui.replies import CardReply
from tests.support.clicking import Bot, Hand, buttons, card, menus, summary, wrong
from tests.ui.test_pages_limits import within


def labels(shown: Card) -> list[str]:
    return [b.label for b in buttons(shown)]


async def duties(hand: Hand, plan: PlanId, count: int) -> None:
    for number in range(count):
        text = f"Duty {number}"
        await hand.submits(action("duty.save", plan), text=text, owner="together", due="")


async def test_everything_that_waits_can_be_reached(ana: Hand) -> None:
    plan = await ana.starts("Rivers", template="short-form")
    await duties(ana, plan, 12)
    for first in (await ana.says("next"), await ana.clicks(action("plan.next", plan))):
        assert labels(card(first))[-1] == "9 more"
        seen, page = set(labels(card(first))), first
        for _ in range(3):
            page = await ana.presses(page, button_with(page, " more"))
            within(page)
            seen |= set(labels(card(page)))
        assert seen >= {f"Mark as done: Duty {number}" for number in range(12)}
        assert not any(label.endswith(" more") for label in labels(card(page)))
        back = await ana.presses(page, "Back to the first")
        assert labels(card(back)) == labels(card(first))


def button_with(page: object, words: str) -> str:
    return next(label for label in labels(card(page)) if words in label)  # type: ignore[arg-type]


async def test_five_things_need_no_second_page(ana: Hand) -> None:
    plan = await ana.starts("Rivers", template="short-form")
    await duties(ana, plan, 4)
    assert not any("more" in label for label in labels(card(await ana.says("next"))))


async def test_a_page_beyond_the_end_is_the_last(ana: Hand) -> None:
    plan = await ana.starts("Rivers", template="short-form")
    await duties(ana, plan, 6)
    page = card(await ana.clicks(action("next.more", "", "400")))
    assert labels(page) == [*(f"Mark as done: Duty {at}" for at in (3, 4, 5)), "Back to the first"]


async def test_what_one_click_does_for_two_steps_stands_once(ana: Hand) -> None:
    step = (
        "- {{key: {0}, title: {0}, needs: [{{kind: minutes}}], "
        "fields: [{{key: x, label: X, by: role, role: scribe}}]}}\n"
    )
    text = f"key: twice\ntitle: Twice\nsteps:\n{step.format('a')}{step.format('b')}"
    added = await ana.submits("template.save", text=text)
    assert "“Twice” is there" in summary(added)
    await ana.starts("Rivers", template="twice")
    shown = card(await ana.says("next"))
    actions = [b.action.encode() for b in buttons(shown)]
    assert len(actions) == len(set(actions)) == 2
    assert "Add the minutes of a session" in labels(shown)


async def test_a_responsibility_is_done_from_the_menu_of_items(ana: Hand) -> None:
    plan = await ana.starts("Rivers")
    await duties(ana, plan, 2)
    page = await ana.clicks(action("plan.add", plan))
    assert "Done." in summary(await ana.chooses(page, "Duty 1"))
    again = card(await ana.clicks(action("plan.add", plan)))
    assert [o.label for menu in menus(again) for o in menu.options] == ["Duty 0"]


async def test_public_cards_name_dates_and_private_pages_say_tomorrow(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await ana.starts("Rivers", ben, template="short-form")
    await ana.submits(action("step.duesave", plan, "plan"), due="tomorrow")
    public = next(t.card for t in bot.told() if isinstance(t, OpenThread))
    assert "due Tue 24 Nov" in str(public.blocks)
    assert "tomorrow" not in str(public.blocks)
    assert "due tomorrow" in str(card(await ana.says("plan")).blocks)


async def test_a_comment_is_told_in_the_thread_with_its_words(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await ana.starts("Rivers", ben)
    thread = next(t for t in bot.told() if isinstance(t, OpenThread))
    place = thread.channel
    bot.write(lambda w: w.plans.set_card(plan, message_in(place)))
    said = await ana.submits(
        action("comment.save", plan, "form"), text="Too long, I think", field="idea"
    )
    told = [t.card for t in bot.told() if isinstance(t, Post)]
    assert any(
        "Ana commented on “What shall we plan?”: Too long, I think" in one.summary for one in told
    )
    await ana.presses(said, "Undo")
    bot.clock.set(bot.clock.now() + timedelta(minutes=5))
    assert "Too long" not in str(bot.told()), "taken back before it was sent: nothing to say"


async def test_a_dispute_is_told_with_the_act_it_is_about_and_nothing_of_its_texts(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await ana.starts("Rivers", ben)
    thread = next(t for t in bot.told() if isinstance(t, OpenThread))
    bot.write(lambda w: w.plans.set_card(plan, message_in(thread.channel)))
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="A river")
    bot.told()
    bot.clock.set(bot.clock.now() + timedelta(days=1))
    await ben.submits(action("dispute.save", plan, "2"), text="that was mine")
    (told,) = [t.card for t in bot.told() if isinstance(t, Post)]
    spoken = "“Ana wrote \u2018What shall we plan?\u2019”"
    assert told.summary == (
        f"Rivers: Ben disputed {spoken}, of Mon 23 Nov, 09:00 (Europe/Berlin). "
        "Both stand in the history."
    )
    assert "A river" not in str(told)
    assert "that was mine" not in str(told)
    entry = card(await ana.presses(CardReply(card=told), "Look at the entry"))
    assert "A river" in str(entry.blocks)
    assert "that was mine" in str(entry.blocks)


def message_in(place: Place) -> MessageRef:
    return MessageRef(place=place, message="m1")


async def test_the_newest_challenge_is_shown_and_the_others_are_one_choice_away(
    bot: Bot, ana: Hand
) -> None:
    plan = await ana.starts("Rivers")
    for number in range(3):
        text = f"{number} " + "x" * 990
        await ana.submits(action("challenge.save", plan), kind="other", text=text)
    newest = bot.plan(plan).challenges[-1].id
    for number in range(8):
        text = f"{number} " + "y" * 990
        await ana.submits(action("remedy.save", plan, newest), text=text)
    page = await ana.clicks(action("challenges", plan))
    within(page)
    assert "2 xxx" in str(card(page).blocks[0])
    assert "Tried before: 2 more remedies" in str(card(page).blocks)
    first = await ana.chooses(page, "Something else · 0")
    within(first)
    assert "0 xxx" in str(card(first).blocks)


async def test_an_agreed_session_and_one_whose_time_passed(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    start = int((bot.clock.now() + timedelta(hours=1)).timestamp())
    await ana.submits(action("session.save", plan, str(start), str(start + 60)), purpose="Go")
    showing = action("session.show", plan, bot.plan(plan).sessions[0].id)
    assert labels(card(await ben.clicks(showing))) == ["I can come", "I cannot", "Other times"]
    bot.clock.set(bot.clock.now() + timedelta(days=1))
    assert labels(card(await ben.clicks(showing))) == ["Other times"]


async def test_a_session_is_an_appointment_once_all_have_accepted_and_until_it_begins(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await ana.starts("Rivers", ben)
    start = int((bot.clock.now() + timedelta(hours=1)).timestamp())
    save = action("session.save", plan, str(start), str(start + 60))
    await ana.submits(save, purpose="Go", medium="Library")
    session = bot.plan(plan).sessions[0]
    showing = action("session.show", plan, session.id)
    assert card(await ben.clicks(showing)).appointment is None
    await ben.clicks(action("session.yes", plan, session.id))
    agreed = Appointment(title="Go (Rivers)", start=session.start, end=session.end, where="Library")
    assert card(await ben.clicks(showing)).appointment == agreed
    bot.clock.set(session.start)
    assert card(await ben.clicks(showing)).appointment is None


async def test_items_are_asked_for_with_an_article(ana: Hand) -> None:
    plan = await ana.starts("Rivers")
    await ana.clicks(action("plan.next", plan))
    texts: set[str] = set()
    page = await ana.says("next")
    while True:
        texts |= set(labels(card(page)))
        if not any(label.endswith(" more") for label in labels(card(page))):
            break
        page = await ana.presses(page, button_with(page, " more"))
    assert {"Add a resource", "Add a responsibility", "Propose a session"} & texts
    assert not {"Add resource", "Add responsibility"} & texts


async def test_a_session_s_plain_words_say_when_and_in_which_zone(bot: Bot, ana: Hand) -> None:
    plan = await ana.starts("Rivers", bot.person("Eve", zone="America/New_York"))
    start = int((bot.clock.now() + timedelta(hours=1)).timestamp())
    await ana.submits(action("session.save", plan, str(start), str(start + 1800)), purpose="Go")
    thread = next(t for t in bot.told() if isinstance(t, OpenThread))
    bot.write(lambda w: w.plans.set_card(plan, message_in(thread.channel)))
    bot.clock.set(bot.clock.now() + timedelta(minutes=5))
    (told,) = [t.card for t in bot.told() if isinstance(t, Post)]
    words = "Rivers: session Go, Mon 23 Nov, 10:00–10:30 (Europe/Berlin)."
    assert told.summary.startswith(words)
    eve = bot.person("Eve", zone="America/New_York")
    shown = card(await eve.clicks(action("session.show", plan, bot.plan(plan).sessions[0].id)))
    assert "Mon 23 Nov, 04:00–04:30 (America/New_York)" in shown.summary


async def test_on_the_card_a_responsibility_reads_as_open(ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben, template="short-form")
    owner = ben.member.id
    await ana.submits(action("duty.save", plan), text="Book the lab", owner=owner, due="today")
    for number, field in enumerate(("what", "whom", "when", "who", "know")):
        await ana.submits(action("field.save", plan, "plan", field, "0"), text=f"T{number}")
    shown = card(await ben.clicks(action("plan.show", plan)))
    assert "Done:" not in str(shown)
    waits = card(await ben.says("next"))
    assert "Mark as done: Book the lab" in labels(waits)
    assert "Book the lab (to do)" in f"{shown} {waits}"


async def test_a_role_is_asked_for_and_not_claimed(bot: Bot, ana: Hand, ben: Hand) -> None:
    cara = bot.person("Cara")
    plan = await ana.starts("Rivers", ben, template="handy-5")
    await ana.clicks(action("role.take", plan, "teacher"))
    await ana.submits(action("partner.add", plan), people={"partners": (cara.person,)})
    shown = card(await cara.clicks(action("plan.show", plan)))
    assert "I am the" not in str(shown)
    page = await cara.clicks(action("role.pick", plan))
    within(page)
    assert card(page).title == "Which role is yours?"
    assert "The teacher: Ana" in str(card(page).blocks)
    assert "The librarian: nobody yet" in str(card(page).blocks)
    assert "Saved." in summary(await cara.presses(page, "I am the librarian"))
    assert bot.plan(plan).partner(cara.member.id).role == "librarian"  # type: ignore[union-attr]


async def test_who_lacks_a_role_is_asked_which(ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben, template="handy-5")
    page, seen = await ana.clicks(action("plan.next", plan)), set[str]()
    while True:
        seen |= set(labels(card(page)))
        more = [label for label in labels(card(page)) if label.endswith(" more")]
        if not more:
            break
        page = await ana.presses(page, more[0])
    assert "Which role is yours?" in seen
    assert not any(label.startswith("I am the") for label in seen)


async def test_all_missing_answers_about_a_responsibility_are_marked_at_once(ana: Hand) -> None:
    plan = await ana.starts("Rivers")
    said = await ana.submits(action("duty.save", plan), text="", owner="", due="31 February")
    assert set(wrong(said)) == {"text", "owner", "due"}


async def test_a_start_promises_a_thread_and_does_not_claim_that_it_stands(
    bot: Bot, ana: Hand
) -> None:
    first = await ana.says('start "Rivers"')
    assert summary(first).endswith("Its card follows once its own thread is open.")
    assert "let it in" not in summary(await ana.says('start "Lakes"')), "it may be on its way"
    bot.clock.move(minutes=2)
    elsewhere = ana.at(replace(ana.place, channel="elsewhere"))
    said = summary(await ana.says('start "Hills"'))
    assert "look whether Coplan is in this channel, and let it in if it is not" in said
    assert "let it in" not in summary(await elsewhere.says('start "Dunes"'))

"""Planning as partners do it: each act, its answer, its entry, and what it is refused for."""

from datetime import date, timedelta

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.planning.changes import wording
from bot.domain.planning.plan import PlanState
from bot.ui.actions import action
from bot.ui.replies import Reply
from tests.support.clicking import (
    NINE,
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


async def saves(hand: Hand, plan: PlanId, field: str, text: str, base: int = 0) -> Reply:
    return await hand.submits(action("field.save", plan, "form", field, str(base)), text=text)


def kinds(bot: Bot, plan: PlanId) -> list[str]:
    return [entry.act.kind for entry in bot.log(plan)]


async def test_start_with_a_form_and_without_partners(bot: Bot, ana: Hand) -> None:
    opened = await ana.says("start")
    reply = await ana.fills(opened, title="Rivers", template="handy-5")
    assert "with nobody yet" in summary(reply)
    (plan,) = bot.read(lambda w: w.plans.of_member(ana.member.id))
    assert plan.template.key == "handy-5"


async def test_start_names_the_templates_it_knows(ana: Hand) -> None:
    reply = await ana.says('start "Rivers" ten-step')
    assert "There is no template called “ten-step”." in summary(reply)
    assert NINE in summary(reply)


async def test_start_with_too_many(bot: Bot, ana: Hand) -> None:
    crowd = tuple(bot.person(f"P{n}").person for n in range(20))
    reply = await ana.submits("start.save", title="Rivers", people={"partners": crowd})
    assert "With you those are 21 people" in summary(reply)
    assert not bot.read(lambda w: w.plans.of_member(ana.member.id))


async def test_the_due_dates_follow_the_plain_week(bot: Bot, plan: PlanId) -> None:
    dues = [state.due for state in bot.plan(plan).steps if state.due]
    assert dues == sorted(dues)
    assert all(due.isoweekday() <= 5 for due in dues)


async def test_a_start_on_a_saturday_counts_from_monday(bot: Bot, ana: Hand, ben: Hand) -> None:
    bot.clock.set(bot.clock.now() + timedelta(days=5))
    plan = await ana.starts("Rivers", ben)
    assert bot.plan(plan).steps[0].due == date(2026, 12, 7)


async def test_the_same_partners_here_are_the_same_partnership(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    second = await ben.starts("Towns", ana)
    alone = await ana.starts("Alone")
    found = [bot.plan(one).partnership for one in (plan, second, alone)]
    assert found[0] == found[1] != found[2]


async def test_two_who_saved_at_once_choose(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "A river")
    conflict = await saves(ben, plan, "idea", "A lake")
    assert "Ana saved this while you were writing" in summary(conflict)
    assert {b.label for b in buttons(card(conflict))} == {"Keep both", "Keep mine", "Keep Ana's"}
    kept = await ben.presses(conflict, "Keep Ana's")
    assert "Nothing changed" in summary(kept)
    await ben.presses(conflict, "Keep both")
    assert "Nothing changed" in summary(await ben.presses(conflict, "Keep both"))
    (answer,) = bot.plan(plan).answers.values()
    assert answer.text == "A river\n\nA lake"
    stale = await ben.presses(conflict, "Keep mine")
    assert "You saved this in another window" in summary(stale)
    assert failed(await ana.presses(conflict, "Keep mine")), "the choice is Ben's"
    assert kinds(bot, plan).count(ActKind.ANSWER_ASIDE) == 1
    await ben.presses(stale, "Keep mine")
    (answer,) = bot.plan(plan).answers.values()
    assert answer.text == "A lake"


async def test_the_other_text_was_undone_meanwhile(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    saved = await saves(ana, plan, "idea", "A river")
    conflict = await saves(ben, plan, "idea", "A lake")
    await ana.presses(saved, "Undo")
    await ben.presses(conflict, "Keep both")
    (answer,) = bot.plan(plan).answers.values()
    assert answer.text == "A lake"


async def test_a_form_holds_what_stands(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "A river")
    opened = form(await ben.clicks(action("field.open", plan, "form", "idea")))
    assert opened.inputs[0].initial == "A river"  # type: ignore[union-attr]
    assert opened.note.startswith("Last saved by Ana.")
    again = await ana.clicks(action("plan.copy", plan))
    copy = bot.read(lambda w: w.plans.of_member(ana.member.id))[-1]
    assert copy.title == "Rivers (again)"
    assert "Started" in summary(again)
    earlier = form(await ana.clicks(action("field.open", copy.id, "form", "idea")))
    assert earlier.inputs[0].initial == "A river"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "told"), [("", "is empty"), ("x" * 10_000, "at most 3,000 fit"), (" \x00 ", "empty")]
)
async def test_texts_that_do_not_fit(
    bot: Bot, ana: Hand, plan: PlanId, text: str, told: str
) -> None:
    before = bot.everything()
    assert told in wrong(await saves(ana, plan, "idea", text))["text"]
    assert bot.everything() == before


async def test_an_answer_after_the_due_date_counts_and_is_marked(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    bot.clock.move(days=30)
    reply = await saves(ana, plan, "idea", "Late")
    assert "It came after the due date; it counts all the same." in summary(reply)
    assert "late" in bot.log(plan)[-1].act.detail


async def test_a_step_is_handed_on_signed_reopened_and_closed(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    for field in ("idea", "class", "when"):
        await saves(ana, plan, field, "A text")
    step = await ben.clicks(action("step.show", plan, "form"))
    handed = await ana.chooses(step, "Ben")
    assert "Handed on." in summary(handed)
    reopened = await ben.presses(await ben.clicks(action("step.show", plan, "form")), "Open it")
    assert "Open again" in summary(reopened)
    closed = await ben.presses(await ben.clicks(action("step.show", plan, "form")), "Close this")
    assert "Closed." in summary(closed)
    assert bot.plan(plan).step("form").turn == ben.member.id  # type: ignore[union-attr]
    assert failed(await ben.clicks(action("step.reopen", plan, "challenges")))
    nothing = action("step.sign", plan, "partners", wording(bot.plan(plan), "partners"))
    assert failed(await ben.clicks(nothing))


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24 December", date(2026, 12, 24)),
        ("January 7", date(2027, 1, 7)),
        ("7 jan 2028", date(2028, 1, 7)),
        ("today", date(2026, 11, 23)),
        ("Tomorrow", date(2026, 11, 24)),
        ("Tuesday", date(2026, 11, 24)),
        ("", None),
    ],
)
async def test_a_date_is_moved_as_it_is_typed(
    bot: Bot, ana: Hand, plan: PlanId, typed: str, due: date | None
) -> None:
    assert form(await ana.clicks(action("step.due", plan, "form"))).title
    moved = await ana.submits(action("step.duesave", plan, "form"), due=typed)
    assert "Date moved." in summary(moved)
    assert bot.plan(plan).step("form").due == due  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["31 February", "soon", "2026-13-01", "5 Foo", "32.1."])
async def test_a_date_that_does_not_exist(ana: Hand, plan: PlanId, typed: str) -> None:
    told = wrong(await ana.submits(action("step.duesave", plan, "form"), due=typed))["due"]
    assert "There is no" in told or "is not a date" in told


async def test_partners_come_go_and_come_back(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    rosa = bot.person("Rosa")
    added = await ana.submits(
        action("partner.add", plan), people={"partners": (rosa.person, ben.person)}
    )
    assert summary(added).startswith("Added.")
    assert set(bot.read(lambda w: w.partnerships.get(bot.plan(plan).partnership)).members) == {  # type: ignore[union-attr]
        hand.member.id for hand in (ana, ben, rosa)
    }
    more = await ana.clicks(action("plan.more", plan))
    removed = await ana.chooses(more, "Rosa")
    assert "Removed. What they did stays on record." in summary(removed)
    assert failed(await rosa.clicks(action("plan.show", plan)))
    await ana.presses(removed, "Undo")
    assert not failed(await rosa.clicks(action("plan.show", plan)))
    await rosa.clicks(action("plan.leave", plan))
    await ben.clicks(action("plan.leave", plan))
    assert "You are the last partner" in summary(await ana.clicks(action("plan.leave", plan)))


async def test_nobody_chosen_as_a_partner_changes_nothing(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    reply = await ana.submits(action("partner.add", plan))
    assert "an app cannot plan with you" in wrong(reply)["partners"]
    assert kinds(bot, plan) == [ActKind.PLAN_STARTED]


async def test_a_role_is_taken(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Read on", ben, template="coplan-coteach-coassess")
    roles = bot.plan(plan).template.roles
    if roles:
        more = await ana.clicks(action("plan.more", plan))
        await ana.presses(more, f"I am the {roles[0]}")
        assert bot.plan(plan).partner(ana.member.id).role == roles[0]  # type: ignore[union-attr]
    assert failed(await ana.clicks(action("role.take", plan, "astronaut")))


async def test_a_plan_lives(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    renamed = await ana.fills(await ana.clicks(action("plan.rename", plan)), title="Streams")
    assert "Renamed." in summary(renamed)
    asked = await ana.clicks(action("plan.finish", plan))
    assert "still open" in summary(asked)
    done = await ana.presses(asked, "Finish anyway")
    assert "Finished." in summary(done)
    assert "finished, so nothing was saved" in summary(await saves(ben, plan, "idea", "Too late"))
    closed = await ben.clicks(action("plan.show", plan))
    await ben.presses(closed, "Reopen the plan")
    assert bot.plan(plan).state is PlanState.ACTIVE
    assert "Archived." in summary(await ben.clicks(action("plan.archive", plan)))
    assert "Nothing changed" in summary(await ben.clicks(action("plan.archive", plan)))
    assert "You have no open plan here" in summary(await ana.says("next"))


async def test_a_challenge_and_its_remedies(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    shown = await ana.submits(action("challenge.save", plan), kind="time", text="")
    assert card(shown).title == "Challenges"
    challenge = bot.plan(plan).challenges[0].id
    closing = action("challenge.close", plan, challenge)
    assert "only after at least one remedy" in summary(await ana.clicks(closing))
    tried = await ana.chooses(shown, "Start small")
    assert not failed(tried)
    assert failed(await ana.clicks(action("remedy.try", plan, challenge), "99"))
    assert failed(await ana.clicks(action("remedy.try", plan, "none"), "0"))
    own = await ben.fills(await ben.presses(shown, "Another remedy"), text="Ask for help")
    assert not failed(own)
    page = await ben.clicks(action("challenges", plan))
    await ben.presses(page, "Close it")
    assert bot.plan(plan).challenges[0].closed_at is not None
    assert "No challenge is open" in str(card(await ben.clicks(action("challenges", plan))).blocks)
    assert len(bot.plan(plan).responsibilities) == 2


async def test_who_does_what(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    duty = action("duty.save", plan)
    await ana.submits(duty, text="Book the bus", owner=ben.member.id, due="Friday")
    await ana.submits(duty, text="Tell the parents", owner="together", due="")
    assert wrong(await ana.submits(duty, text="x", owner="nobody"))["owner"]
    assert wrong(await ana.submits(duty, text="x", due="31 February"))["due"]
    first, second = bot.plan(plan).responsibilities
    assert (first.owner, second.owner) == (ben.member.id, None)
    assert "Done." in summary(await ben.clicks(action("duty.done", plan, first.id)))
    assert "Nothing changed" in summary(await ana.clicks(action("duty.done", plan, first.id)))
    menu = await ana.clicks(action("plan.add", plan))
    assert "Tell the parents" in str(card(menu).blocks)


@pytest.mark.parametrize(
    ("minutes", "fine"), [("45", True), ("0", False), ("601", False), ("x", False), ("", False)]
)
async def test_minutes(bot: Bot, ana: Hand, plan: PlanId, minutes: str, *, fine: bool) -> None:
    reply = await ana.submits(action("minutes.save", plan), minutes=minutes, text="Quick")
    assert failed(reply) is not fine
    assert len(bot.plan(plan).minutes) == fine


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x", "https://a b", "x" * 600])
async def test_a_link_that_is_none(ana: Hand, plan: PlanId, link: str) -> None:
    reply = await ana.submits(action("resource.save", plan), title="A map", link=link)
    assert "link" in wrong(reply)


async def test_comments_stand_with_their_field(bot: Bot, ana: Hand, plan: PlanId) -> None:
    comment = action("comment.save", plan, "form")
    assert not failed(await ana.submits(comment, text="Good", field="idea"))
    assert failed(await ana.submits(comment, text="Good", field="nothing"))
    assert bot.plan(plan).comments[0].field == "idea"
    assert "💬 Ana: Good" in str(card(await ana.clicks(action("step.show", plan, "form"))).blocks)


async def test_a_session_is_proposed_and_answered(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    when = await ana.clicks(action("when", plan))
    opened = await ana.presses(when, "Propose")
    proposed = await ana.fills(opened, purpose="Agree on it", medium="phone")
    assert "Proposed." in summary(proposed)
    session = bot.plan(plan).sessions[0]
    shown = await ben.clicks(action("session.show", plan, session.id))
    assert "who can come?" in summary(shown)
    assert "Accepted." in summary(await ben.presses(shown, "I can come"))
    agreed = await ana.clicks(action("session.show", plan, session.id))
    assert "Agreed." in summary(agreed)
    assert "Declined." in summary(await ben.presses(shown, "I cannot"))
    assert failed(await ben.clicks(action("session.yes", plan, "none")))


async def test_a_session_in_the_past_or_far_away(ana: Hand, plan: PlanId) -> None:
    past = action("session.save", plan, "1000000000", "1000003600")
    assert "That time is over already." in summary(await ana.submits(past, purpose="x"))
    backwards = action("session.save", plan, "1795509900", "1795507200")
    assert failed(await ana.submits(backwards, purpose="x"))
    far = action("session.save", plan, "99999999999", "99999999999")
    assert failed(await ana.submits(far, purpose="x"))


async def test_everything_is_undone_once(bot: Bot, ana: Hand, plan: PlanId) -> None:
    reply = await ana.submits(action("decision.save", plan), text="We go")
    undone = await ana.presses(reply, "Undo")
    assert "Undone: it is as it was before." in summary(undone)
    assert not bot.plan(plan).decisions
    before = len(bot.log(plan))
    again = await ana.presses(reply, "Undo")
    assert failed(again) or "Nothing changed" in summary(again)
    assert len(bot.log(plan)) == before
    assert failed(await ana.clicks(action("undo", plan, "999")))


async def test_which_plan_is_meant(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    assert card(await ana.says("plan")).title == "Rivers"
    await ana.starts("Rivers and towns", ben)
    asked = await ana.says("plan")
    assert card(asked).title == "Your plans"
    assert summary(asked) == "Your plans: Rivers and towns, Rivers"
    assert card(await ana.says("history")).title == "Which plan?"
    assert card(await ana.chooses(asked, "Rivers and")).title == "Rivers and towns"
    assert card(await ana.says("plan rivers")).title == "Rivers"
    assert card(await ana.says("plan Towns")).title == "Rivers and towns"
    assert card(await ana.says("plan ri")).title == "Which plan?"
    assert failed(await ana.says("plan volcano"))
    thread = Place(platform="playground", kind=PlaceKind.THREAD, channel="staff", thread="t1")
    bot.write(lambda w: w.plans.set_card(plan, MessageRef(place=thread, message="t1")))
    assert card(await ana.at(thread).says("plan")).title == "Rivers"
    assert menus(card(asked))


async def test_next_sorts_by_due_date(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await ana.submits(action("duty.save", plan), text="Now", owner=ana.member.id, due="today")
    shown = await ana.says("next")
    assert "First: Now (to do) (Rivers, due today)" in summary(shown)
    alone = await ben.clicks(action("plan.next", plan))
    assert "for you" in card(alone).title
    for state in bot.plan(plan).steps:
        await ana.clicks(action("step.hand", plan, state.key), ana.member.id)
    for key in ("expertise", "strengths", "growth"):
        await ben.submits(action("field.save", plan, "partners", key, "0"), text="x")
    await ben.submits(action("field.save", plan, "session", "times", "0"), text="x")
    later = card(await ben.clicks("next"))
    assert later.title

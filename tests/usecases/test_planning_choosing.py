"""What two people see of one text: signing what was read, choosing between two texts."""

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.planning.plan import AnswerKey
from bot.ui.actions import action
from bot.ui.replies import Reply
from tests.support.clicking import Bot, Hand, button, buttons, card, form, summary

FIELDS = ("what", "whom", "when", "who", "know")


@pytest.fixture
async def short(ana: Hand, ben: Hand) -> PlanId:
    """Return a plan whose one step waits for Ben's sign-off."""
    plan = await ana.starts("Rivers", ben, template="short-form")
    for field in FIELDS:
        await saves(ana, plan, field, f"First {field}")
    return plan


async def saves(
    hand: Hand, plan: PlanId, field: str, text: str, base: int = 0, step: str = "plan"
) -> Reply:
    return await hand.submits(action("field.save", plan, step, field, str(base)), text=text)


def standing(bot: Bot, plan: PlanId, field: str, step: str = "plan") -> tuple[str, int]:
    answer = bot.plan(plan).answers[AnswerKey(step=step, field=field)]
    return answer.text, answer.revision


async def test_an_old_button_signs_nothing_that_was_not_read(
    bot: Bot, ana: Hand, ben: Hand, short: PlanId
) -> None:
    read = await ben.clicks(action("step.show", short, "plan"))
    await saves(ana, short, "who", "Ben does everything", standing(bot, short, "who")[1])
    now = await ben.presses(read, "Sign off")
    assert summary(now).startswith("Nothing is signed yet: this step has changed since you opened")
    assert "Ben does everything" in str(card(now).blocks)
    assert bot.plan(short).steps[0].signed == ()
    old = await ben.clicks(action("step.sign", short, "plan"))
    assert "Nothing is signed yet" in summary(old), "a button of before there were fingerprints"
    assert "Signed off." in summary(await ben.presses(now, "Sign off"))
    assert bot.plan(short).steps[0].signed == (ben.member.id,)


async def test_a_closed_plan_is_not_signed(ana: Hand, ben: Hand, short: PlanId) -> None:
    await ana.clicks(action("plan.archive", short))
    assert "is archived" in summary(await ben.clicks(action("step.sign", short, "plan")))


async def test_a_form_opened_on_a_text_that_was_undone_is_stale(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    cara = bot.person("Cara")
    await ana.submits(action("partner.add", plan), people={"partners": (cara.person,)})
    saved = await saves(ana, plan, "idea", "A text of Ana", step="form")
    opened = await ben.clicks(action("field.open", plan, "form", "idea"))
    await ana.presses(saved, "Undo")
    await saves(cara, plan, "idea", "Cara's text", step="form")
    told = await ben.fills(opened, text="Ben's text")
    assert "Cara saved this while you were writing" in summary(told)
    assert standing(bot, plan, "idea", "form")[0] == "Cara's text"


async def test_changes_are_counted_as_the_log_tells(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await ana.submits(action("decision.save", plan), text="We go")
    await saves(ana, plan, "idea", "One", step="form")
    step = action("step.show", plan, "form")
    assert "change" not in str(card(await ben.clicks(step)).blocks)
    await saves(ana, plan, "idea", "Two", standing(bot, plan, "idea", "form")[1], step="form")
    assert "1 change" in str(card(await ben.clicks(step)).blocks)
    markdown = card(await ana.clicks("export", plan)).files[0].content.decode()
    assert "revision 2" in markdown


async def test_both_stay_both_however_often_it_is_clicked(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await saves(ana, plan, "idea", "Theirs", step="form")
    asked = await saves(ben, plan, "idea", "Mine", step="form")
    assert "Saved." in summary(await ben.presses(asked, "Keep both"))
    entries = len(bot.log(plan))
    assert "Nothing changed" in summary(await ben.presses(asked, "Keep both"))
    assert standing(bot, plan, "idea", "form")[0] == "Theirs\n\nMine"
    assert len(bot.log(plan)) == entries


async def test_a_third_text_meanwhile_is_shown_before_anything_is_joined(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await saves(ana, plan, "idea", "Theirs", step="form")
    asked = await saves(ben, plan, "idea", "Mine", step="form")
    await saves(ana, plan, "idea", "Newer", standing(bot, plan, "idea", "form")[1], step="form")
    again = await ben.presses(asked, "Keep both")
    assert "Ana saved this while you were writing" in summary(again)
    await ben.presses(again, "Keep both")
    assert standing(bot, plan, "idea", "form")[0] == "Newer\n\nMine"
    kinds = [entry.act.kind for entry in bot.log(plan)]
    assert kinds.count(ActKind.ANSWER_ASIDE) == 1


async def test_both_together_do_not_fit(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await saves(ana, plan, "idea", "t" * 2000, step="form")
    asked = await saves(ben, plan, "idea", "m" * 2000, step="form")
    told = await ben.presses(asked, "Keep both")
    assert "Both texts together do not fit." in summary(told)
    assert "4,002 characters; at most 3,000 fit" in summary(told)
    assert [b.label for b in buttons(card(told))] == ["Keep mine", "Keep Ana's", "Open the form"]
    opened = form(await ben.clicks(button(told, "Open the form").action))
    assert opened.inputs[0].initial == "t" * 2000  # type: ignore[union-attr]
    assert "Saved." in summary(await ben.presses(told, "Keep mine"))
    assert standing(bot, plan, "idea", "form")[0] == "m" * 2000

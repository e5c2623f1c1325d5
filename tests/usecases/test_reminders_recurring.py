"""The verb `remind`: whose reminders, what is answered, what the log holds, and the way back."""

from datetime import timedelta

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.reminders.recurring import RecurringReminder
from bot.domain.reminders.schedule import ReminderKind
from bot.ui.actions import action
from bot.ui.deliveries import Post
from bot.usecases.reminders.recurring import MOST
from tests.support.clicking import (
    Bot,
    Hand,
    button,
    buttons,
    card,
    failed,
    form,
    leads,
    menus,
    summary,
    wrong,
)
from tests.support.teaching_team import CARD
from tests.ui.test_pages_limits import within

WORDS = "remind Sundays 18:00: post your notes"
LONG_WHEN = "every 2 weeks on Mon, Tue, Wed, Thu, Fri and Sat 18:00 (Africa/Porto-Novo)"


def own(bot: Bot, plan: PlanId) -> list[RecurringReminder]:
    home = bot.plan(plan).partnership
    return bot.read(lambda work: work.recurring.of_partnership(home))


def is_due(bot: Bot, reminder: RecurringReminder) -> bool:
    row = bot.read(lambda work: work.reminders.of(ReminderKind.RECURRING, reminder.id))
    return row is not None and row.due_at is not None


async def test_it_is_read_back_logged_and_told(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    told = summary(await ana.says(WORDS))
    assert told.startswith("Set up. post your notes every Sunday at 18:00; next: Sun 29 Nov, 18:00")
    assert "then Sun 6 Dec, 18:00. Seen by you and Ben, and by everybody who can read" in told
    act = bot.log(plan)[-1].act
    assert (act.kind, act.after) == (
        ActKind.REMINDER_ADDED,
        "every Sunday at 18:00 (Europe/Berlin): post your notes",
    )
    bot.write(lambda work: work.plans.set_card(plan, CARD))
    news = [one.card.summary for one in bot.told() if isinstance(one, Post)]
    assert f"Rivers: Ana set up a reminder: {act.after}." in news
    assert "post your notes every Sunday at 18:00" in summary(await ben.says("remind"))


async def test_somebody_in_another_zone_is_told_whose_time_it_is(bot: Bot, ana: Hand) -> None:
    noah = bot.person("Noah", zone="America/New_York")
    await noah.clicks("next")
    await ana.starts("Rivers", noah)
    await ana.says(WORDS)
    told = summary(await noah.says("remind"))
    assert "every Sunday at 18:00 (Europe/Berlin); next: Sun 29 Nov, 12:00" in told
    opened = form(await noah.presses(await noah.says("remind"), "Change"))
    assert opened.inputs[0].initial == "every Sunday at 18:00 (Europe/Berlin)"  # type: ignore[union-attr]
    assert "Times are those of America/New_York unless you name another." in opened.note


async def test_which_plan_is_asked_and_what_was_typed_is_kept(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    rivers = await ana.starts("Rivers", ben)
    lakes = await ana.starts("Lakes", bot.person("Cem"))
    asked = await ana.says(WORDS)
    assert summary(asked) == "Which plan? Lakes, Rivers"
    assert own(bot, rivers) == own(bot, lakes) == []
    told = summary(await ana.chooses(asked, "Rivers"))
    assert told.startswith("Set up.")
    assert [one.text for one in own(bot, rivers)] == ["post your notes"]
    again = await ana.chooses(asked, "Lakes")
    assert failed(again), "what was typed is used once"
    assert own(bot, lakes) == []


async def test_plans_of_one_partnership_share_their_reminders(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    rivers, lakes = await ana.starts("Rivers", ben), await ana.starts("Lakes", ben)
    assert summary(await ana.says(WORDS)).startswith("Set up.")
    assert own(bot, rivers) == own(bot, lakes) != []
    assert bot.log(lakes)[-1].act.kind is ActKind.REMINDER_ADDED, "in the newest plan's log"


async def test_setting_up_changing_and_stopping_are_taken_back(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await ana.starts("Rivers", ben)
    set_up = await ana.says(WORDS)
    [first] = own(bot, plan)
    opened = form(await ben.presses(await ben.says("remind"), "Change"))
    changed = await ben.submits(opened.action, when="weekdays 8:00", text="look at the list")
    assert "look at the list on weekdays at 08:00" in summary(changed)
    assert failed(await ana.presses(set_up, "Undo")), "it was changed since"
    assert "Undone: it is as it was before." in summary(await ben.presses(changed, "Undo"))
    [back] = own(bot, plan)
    assert (back.rule, back.text) == (first.rule, first.text)
    assert is_due(bot, back)
    assert failed(await ben.presses(changed, "Undo")), "once"

    stopped = await ben.presses(await ben.says("remind"), "Stop")
    assert summary(stopped).startswith("Stopped. It comes no more.")
    assert own(bot, plan) == []
    assert not is_due(bot, first)
    again = await ana.clicks(action("remind.stop", plan, first.id))
    assert "stopped already" in summary(again)
    await ben.presses(stopped, "Undo")
    assert is_due(bot, own(bot, plan)[0])
    assert [entry.act.kind for entry in bot.log(plan)][-5:] == [
        ActKind.REMINDER_ADDED,
        ActKind.REMINDER_CHANGED,
        ActKind.UNDONE,
        ActKind.REMINDER_STOPPED,
        ActKind.UNDONE,
    ]

    fresh = await ana.says("remind daily 9:00: drink water")
    await ana.presses(fresh, "Undo")
    assert [one.text for one in own(bot, plan)] == ["post your notes"]


async def test_two_who_change_it_at_once(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.says(WORDS)
    listed = await ana.says("remind")
    hers, his = [form(await hand.presses(listed, "Change")) for hand in (ana, ben)]
    assert not failed(await ana.submits(hers.action, when="Mondays 9:00", text="post"))
    told = wrong(await ben.submits(his.action, when="Tuesdays 9:00", text="post"))
    assert "Somebody changed it meanwhile, to every Monday at 09:00: “post”." in told[""]
    [standing] = own(bot, plan)
    assert standing.revision == 2


async def test_what_stays_the_same_leaves_no_trace(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.says("remind every second Friday 8:30 bring the rubric")
    before, entries = own(bot, plan), len(bot.log(plan))
    bot.clock.set(bot.clock.now() + timedelta(days=40))
    opened = form(await ana.presses(await ana.says("remind"), "Change"))
    same = {one.key: one.initial for one in opened.inputs}  # type: ignore[union-attr]
    assert "Nothing changed" in summary(await ana.submits(opened.action, **same))  # type: ignore[arg-type]
    assert (own(bot, plan), len(bot.log(plan))) == (before, entries)


async def test_a_form_says_what_is_wrong_and_changes_nothing(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await ana.starts("Rivers", ben)
    opened = form(await ana.presses(await ana.says("remind"), "Add one"))
    before = bot.everything()
    assert (
        "no time of the day"
        in wrong(await ana.submits(opened.action, when="Sundays 25:00", text="x"))["when"]
    )
    for text, says in (("  ", "is empty"), ("x" * 501, "at most 500 fit")):
        assert (
            says in wrong(await ana.submits(opened.action, when="Sundays 18:00", text=text))["text"]
        )
    bot.clear_inbox()
    assert bot.everything() == {**before, "inbox": []}
    assert not failed(await ana.submits(opened.action, when="Sundays 18:00", text="post"))
    assert own(bot, plan)[0].text == "post"


async def test_a_closed_plan_takes_none(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.clicks(action("plan.finish", plan, "anyway"))
    told = summary(await ana.says(WORDS))
    assert "is finished, so nothing was saved" in told
    assert own(bot, plan) == []


async def test_those_of_a_closed_plan_rest(ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.says(WORDS)
    await ana.clicks(action("plan.archive", plan))
    told = summary(await ana.clicks(action("remind", plan)))
    assert "these rest; they go on when one is reopened: post your notes every Sunday" in told
    assert "next:" not in told
    await ana.clicks(action("plan.reopen", plan))
    assert "next: Sun 29 Nov, 18:00" in summary(await ana.clicks(action("remind", plan)))


async def test_as_many_as_fit_into_one_card(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    for number in range(MOST):
        assert not failed(await ana.says(f"remind {LONG_WHEN} {number}{'x' * 400}"))
        within(await ana.says("remind"))
    assert "more do not fit" in summary(await ana.says(WORDS))
    listed = await ana.says("remind")
    assert [menu.placeholder for menu in menus(card(listed))] == ["Change one", "Stop one"]
    await ana.chooses(listed, "3xxx")  # the first of the two menus
    stop = next(lead for lead in leads(listed) if lead.action.startswith("remind.stop"))
    await ana.does(stop)
    assert len(own(bot, plan)) == MOST - 1


async def test_they_go_with_the_plan_when_a_partner_joins(bot: Bot, ana: Hand, ben: Hand) -> None:
    rivers, lakes = await ana.starts("Rivers", ben), await ana.starts("Lakes", ben)
    await ana.clicks(action("remind.new", rivers))
    for plan, text in ((rivers, "of rivers"), (lakes, "of lakes")):
        await ana.submits(action("remind.save", plan), when="Sundays 18:00", text=text)
    cem = bot.person("Cem")
    await ana.submits(action("partner.add", rivers), people={"partners": (cem.person,)})
    assert [one.text for one in own(bot, rivers)] == ["of rivers"]
    assert [one.text for one in own(bot, lakes)] == ["of lakes"]
    [moved] = own(bot, rivers)
    assert not failed(await cem.clicks(action("remind.stop", rivers, moved.id)))
    # Lakes is the last active plan of the two: what is left goes with it.
    await ana.clicks(action("plan.finish", rivers, "anyway"))
    await ana.submits(action("partner.add", lakes), people={"partners": (cem.person,)})
    assert [one.text for one in own(bot, lakes)] == ["of lakes"]


async def test_nobody_undoes_for_partners_they_left(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.says(WORDS)
    stopped = await ben.presses(await ben.says("remind"), "Stop")
    await ben.clicks(action("plan.leave", plan))
    assert failed(await ben.presses(stopped, "Undo"))
    assert own(bot, plan) == []


async def test_a_reminder_that_is_none(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    told = summary(await ana.clicks(action("remind.stop", plan, "nothing")))
    assert "That reminder is no longer part of the plan “Rivers”." in told
    assert bot.rows()["recurring_reminders"] == 0


async def test_without_a_plan_one_is_to_be_started(ana: Hand) -> None:
    assert "You have no plan here yet." in summary(await ana.says("remind"))
    reply = await ana.says(WORDS)
    assert [one.label for one in buttons(card(reply))] == ["Start a plan"]
    assert button(reply, "Start")

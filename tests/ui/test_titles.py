"""Plans of one title can be told apart wherever they are named, and only then is more said."""

from datetime import timedelta

import pytest

from bot.ui.actions import action
from bot.ui.limits import OPTION_LABEL
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.replies import Reply
from tests.support.clicking import Bot, Hand, button, buttons, card, menus, summary
from tests.ui.test_pages_limits import within


def offered(reply: Reply) -> list[str]:
    """Return what the menu "Which plan?" offers."""
    (menu,) = menus(card(reply))
    return [option.label for option in menu.options]


VERBS = ("plan", "log", "when", "history", "export")


@pytest.mark.parametrize("verb", VERBS)
async def test_other_partners_tell_two_plans_apart(
    bot: Bot, ana: Hand, ben: Hand, verb: str
) -> None:
    await ana.starts("Beta", ben)
    await ana.starts("Beta", bot.person("Rosa"))
    await ana.starts("Gamma", ben)
    shown = await ana.says(verb)
    assert offered(shown) == ["Gamma", "Beta (with Rosa)", "Beta (with Ben)"]
    assert "Beta (with Rosa)" in summary(shown)


async def test_the_date_does_where_the_partners_are_the_same(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await ana.starts("Beta", ben)
    bot.clock.set(bot.clock.now() + timedelta(days=1))
    await ana.starts("beta ", ben)
    assert offered(await ana.says("plan")) == ["beta (since Tue 24 Nov)", "Beta (since Mon 23 Nov)"]


async def test_the_time_does_where_the_day_is_the_same_and_then_their_order(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await ana.starts("Beta", ben)
    bot.clock.set(bot.clock.now() + timedelta(minutes=6))
    await ana.starts("Beta", ben)
    assert offered(await ana.says("plan")) == [
        "Beta (since Mon 23 Nov, 09:06)",
        "Beta (since Mon 23 Nov, 09:00)",
    ]
    await ana.starts("Beta", ben)
    assert len(set(offered(await ana.says("plan")))) == 3


async def test_partners_and_dates_together(bot: Bot, ana: Hand, ben: Hand) -> None:
    rosa = bot.person("Rosa")
    await ana.starts("Beta", ben)
    await ana.starts("Beta", rosa)
    bot.clock.set(bot.clock.now() + timedelta(days=1))
    await ana.starts("Beta", ben)
    assert offered(await ana.says("plan")) == [
        "Beta (with Ben, since Tue 24 Nov)",
        "Beta (with Rosa, since Mon 23 Nov)",
        "Beta (with Ben, since Mon 23 Nov)",
    ]


async def test_long_titles_that_differ_only_where_they_are_cut(bot: Bot, ana: Hand) -> None:
    others = [bot.person(f"{name} with a name of forty letters in it") for name in ("Ben", "Rosa")]
    for number, other in enumerate(others):
        await ana.starts("x" * 100 + str(number), other)
    labels = offered(await ana.says("plan"))
    assert len(set(labels)) == 2
    assert all(len(label) <= OPTION_LABEL for label in labels)
    assert "(with Ben" in labels[1]


async def test_what_waits_names_plans_of_one_title_apart(bot: Bot, ana: Hand, ben: Hand) -> None:
    await ana.starts("Beta", ben)
    await ana.starts("Beta", bot.person("Rosa"))
    shown = await ana.says("next")
    within(shown)
    assert "Beta (with Ben)" in str(card(shown).blocks)
    assert "Beta (with Rosa)" in str(card(shown).blocks)


async def test_what_waits_names_one_plan_by_its_title_alone(ana: Hand, ben: Hand) -> None:
    await ana.starts("Beta", ben)
    assert "Beta (" not in str(card(await ana.says("next")).blocks)


async def test_the_digest_s_picture_names_them_apart(bot: Bot, ana: Hand, ben: Hand) -> None:
    await ana.starts("Beta", ben)
    bot.clock.set(bot.clock.now() + timedelta(days=1))
    await ana.starts("Beta", ben)
    shown = str(card(await ana.says("digest")).blocks)
    assert "Beta (since Mon 23 Nov)" in shown
    assert "Beta (since Tue 24 Nov)" in shown


async def test_without_names_the_start_tells(bot: Bot, ana: Hand, ben: Hand) -> None:
    plans = [bot.plan(await ana.starts("Beta", ben)), bot.plan(await ana.starts("Beta"))]
    told = told_apart(plans, Reader(zone="UTC"))
    assert len(set(told.values())) == 2
    assert all("somebody" not in one for one in told.values())


async def test_a_second_plan_of_one_title_says_so_and_can_be_undone(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    first = await ana.starts("Beta", ben)
    again = await ana.says('start "beta"', bot.person("Rosa").person)
    assert "Started “beta” with Rosa" in summary(again)
    told = "You have a running plan of that title already: Beta (with Ben)."
    assert told in summary(again)
    await ana.presses(again, "Undo")
    shown = await ana.says("plan")
    assert [b.action.args[0] for b in buttons(card(shown)) if b.label == "My next steps"] == [first]


async def test_a_plan_of_another_title_says_nothing_of_it(ana: Hand, ben: Hand) -> None:
    first = await ana.starts("Beta", ben)
    await ana.clicks(action("plan.archive", first))
    assert "already" not in summary(await ana.says('start "Beta"', ben.person))
    assert "already" not in summary(await ana.says('start "Gamma"', ben.person))


async def test_in_a_plan_s_own_thread_its_title_means_it(bot: Bot, ana: Hand, ben: Hand) -> None:
    from tests.ui.test_audience import in_thread  # noqa: PLC0415 - a helper of another page

    plan = await in_thread(bot, ana, ben)
    other = await ana.starts("Rivers", bot.person("Rosa"))
    card_at = bot.read(lambda work: work.plans.card(plan))
    assert card_at is not None
    inside = ana.at(card_at.place)
    for said in ("plan Rivers", 'plan "rivers"', "plan riv", "plan"):
        assert button(await inside.says(said), "My next steps").action.args == (plan,)
    await ana.clicks(action("plan.archive", plan))
    assert button(await inside.says("plan Rivers"), "My next steps").action.args == (other,)

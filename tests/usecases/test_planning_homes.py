"""Where plans live, and with whom: partnerships, direct conversations, copies."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.runtime.returning import followed
from bot.ui.actions import action
from bot.ui.deliveries import OpenThread, Post
from tests.support.clicking import Bot, Hand, button, failed, form, summary, wrong


def home(bot: Bot, plan: PlanId) -> set[MemberId]:
    found = bot.read(lambda w: w.partnerships.get(bot.plan(plan).partnership))
    assert found is not None
    return set(found.members)


def direct(hand: Hand) -> Hand:
    place = Place(platform="playground", kind=PlaceKind.DIRECT, channel=f"dm.{hand.person.name}")
    return hand.at(place)


@pytest.fixture
def cara(bot: Bot) -> Hand:
    return bot.person("Cara")


async def test_a_plan_is_in_the_partnership_of_exactly_its_members(
    bot: Bot, ana: Hand, ben: Hand, cara: Hand
) -> None:
    one, two = await ana.starts("One", ben), await ana.starts("Two", ben)
    pair = bot.plan(two).partnership
    added = await ana.submits(action("partner.add", one), people={"partners": (cara.person,)})
    assert home(bot, one) == set(bot.plan(one).members)
    assert len(home(bot, one)) == 3
    assert bot.plan(two).partnership == pair
    assert len(home(bot, two)) == 2, "another plan's partnership is never changed"
    await ana.presses(added, "Undo")
    assert bot.plan(one).partnership == pair, "one pair in one place has one digest"
    left = await ben.clicks(action("plan.leave", one))
    assert home(bot, one) == {ana.member.id}
    await ben.presses(left, "Undo")
    assert bot.plan(one).partnership == pair
    assert bot.plan(await ana.starts("Three", ben)).partnership == pair


@pytest.mark.parametrize("opened", [False, True])
async def test_where_a_plan_stands_beside_its_home_follows_its_channel_s_id(
    bot: Bot, ana: Hand, ben: Hand, *, opened: bool
) -> None:
    plan = await ana.starts("Rivers", ben)
    place = Place(platform="slack", kind=PlaceKind.THREAD, channel="G1", thread="t1")
    bot.write(lambda w: w.plans.link(plan, place))
    if opened:
        bot.write(lambda w: w.plans.set_card(plan, MessageRef(place=place, message="t1"), "slack"))
    for other in (WorkspaceId("slack:T1"), WorkspaceId("slack:T2")):  # it is shared: both hear it
        await followed(bot.door, other, "slack", "G1", "C1")
    there = replace(place, channel="C1")
    assert bot.read(lambda w: w.plans.place_on(plan, "slack")) == there
    card = bot.read(lambda w: w.plans.card(plan, "slack"))
    assert card == (MessageRef(place=there, message="t1") if opened else None)


async def test_a_plan_of_a_direct_conversation_moves_to_the_channel(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    alone = direct(ana)
    said = summary(await alone.says('start "Solo" short-form'))
    assert "Its card stands here, where only you see it." in said
    (plan,) = bot.read(lambda w: w.plans.of_member(ana.member.id))
    (posted,) = bot.told()
    assert isinstance(posted, Post)
    bot.write(lambda w: w.plans.set_card(plan.id, MessageRef(place=alone.place, message="m1")))

    adding = action("partner.add", plan.id)
    refused = summary(await alone.submits(adding, people={"partners": (ben.person,)}))
    assert "In a channel that all of you are in, say “plan”, then “More…”" in refused
    assert bot.plan(plan.id).members == (ana.member.id,)

    shown = await ana.says("plan Solo")
    more = await ana.presses(shown, "More…")
    opened = await ana.presses(more, "Add a partner")
    bot.clock.set(bot.clock.now() + timedelta(minutes=5))
    added = await ana.submits(form(opened).action, people={"partners": (ben.person,)})
    assert summary(added).startswith("Added.")
    partnership = bot.read(lambda w: w.partnerships.get(bot.plan(plan.id).partnership))
    assert partnership is not None
    assert (partnership.place.kind, partnership.place.channel) == (PlaceKind.CHANNEL, "staff")
    threads = [one for one in bot.told() if isinstance(one, OpenThread)]
    assert {(one.plan, one.channel.channel) for one in threads} == {(plan.id, "staff")}
    thread = replace(partnership.place, kind=PlaceKind.THREAD, thread="t1")
    bot.write(lambda w: w.plans.set_card(plan.id, MessageRef(place=thread, message="t1")))
    bot.clock.set(bot.clock.now() + timedelta(minutes=2))
    told = [one for one in bot.told() if isinstance(one, Post)]
    (welcome,) = (one for one in told if "welcome" in str(one.card))
    assert welcome.place == thread


async def test_nobody_added_moves_nothing(bot: Bot, ana: Hand) -> None:
    await direct(ana).says('start "Solo"')
    (plan,) = bot.read(lambda w: w.plans.of_member(ana.member.id))
    reply = await ana.submits(action("partner.add", plan.id))
    assert set(wrong(reply)) == {"partners"}
    assert bot.plan(plan.id) == plan


async def test_a_copy_opens_nothing_of_its_origin_to_others(
    bot: Bot, ana: Hand, ben: Hand, cara: Hand
) -> None:
    plan = await ana.starts("Rivers", ben)
    await ben.submits(action("field.save", plan, "form", "idea", "0"), text="A secret of Ben")
    await ana.clicks(action("plan.copy", plan))
    copy = bot.read(lambda w: w.plans.of_member(ana.member.id))[-1].id
    await ana.submits(action("partner.add", copy), people={"partners": (cara.person, ben.person)})
    opening = action("field.open", copy, "form", "idea")
    await ben.clicks(action("plan.leave", plan))
    seen = [form(await hand.clicks(opening)).inputs[0].initial for hand in (ana, ben, cara)]  # type: ignore[union-attr]
    assert seen == ["A secret of Ben", "A secret of Ben", ""]


@pytest.mark.parametrize("name", ["short form", "Short Form", "SHORT-FORM", " short  form "])
async def test_a_template_by_its_key_or_title(bot: Bot, ana: Hand, name: str) -> None:
    assert bot.plan(await ana.starts("Rivers", template=name)).template.key == "short-form"


async def test_a_session_that_was_held_asks_for_its_minutes(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben, template="short-form")
    start = int((bot.clock.now() + timedelta(hours=1)).timestamp())
    proposing = action("session.save", plan, str(start), str(start + 1800))
    await ana.submits(proposing, purpose="Agree", medium="")
    await ben.clicks(action("session.yes", plan, bot.plan(plan).sessions[0].id))
    bot.clock.set(bot.clock.now() + timedelta(hours=2))
    opened = await ana.clicks(button(await ana.says("next"), "Add the minutes of “Agree”").action)
    assert "Saved." in summary(await ana.fills(opened, minutes="25"))
    assert bot.plan(plan).minutes[0].session == bot.plan(plan).sessions[0].id
    assert "minutes" not in summary(await ana.says("next"))


async def test_a_session_whose_time_passed_waits_on_nobody(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben, template="short-form")
    start = int((bot.clock.now() + timedelta(hours=1)).timestamp())
    proposing = action("session.save", plan, str(start), str(start + 1800))
    await ana.submits(proposing, purpose="Agree", medium="")
    session = bot.plan(plan).sessions[0].id
    assert "Answer the proposed session" in str(await ben.says("next"))
    bot.clock.set(bot.clock.now() + timedelta(days=60))
    assert "Answer the proposed session" not in str(await ben.says("next"))
    late = await ben.clicks(action("session.yes", plan, session))
    assert failed(late)
    assert "time has passed" in summary(late)
    shown = await ben.clicks(action("session.show", plan, session))
    assert "Its time passed before all had accepted." in summary(shown)

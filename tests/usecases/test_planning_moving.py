"""A plan goes on in another channel: from there, by whoever is its partner."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.notices import NoticeKind
from bot.domain.reminders.undelivered import Cause, Undelivered
from bot.ui.actions import action
from bot.ui.deliveries import OpenThread
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import deleted
from tests.support.clicking import Bot, Hand, failed, summary

ROOM = Place(platform="playground", kind=PlaceKind.CHANNEL, channel="room")
THREAD = Place(platform="playground", kind=PlaceKind.THREAD, channel="staff", thread="t1")
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
MOVE = "Move it here"


@pytest.fixture
async def plan(bot: Bot, ana: Hand, ben: Hand) -> PlanId:
    """Return a plan whose thread is open, with a reminder of the partners' own."""
    made = await ana.starts("Rivers", ben)
    bot.write(lambda work: work.plans.set_card(made, MessageRef(place=THREAD, message="t1")))
    assert not failed(await ana.says("remind Sundays 18:00: post your notes"))
    return made


async def more(hand: Hand, plan: PlanId) -> str:
    return str(await hand.clicks(action("plan.more", plan)))


def channel(bot: Bot, plan: PlanId) -> str:
    home = bot.read(lambda work: work.partnerships.get(bot.plan(plan).partnership))
    assert home is not None
    return home.place.channel


async def test_it_is_offered_where_the_plan_does_not_stand_and_only_in_need(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    elsewhere = ana.at(ROOM)
    direct = ana.at(Place(platform="playground", kind=PlaceKind.DIRECT, channel="dm.ana"))
    healthy = await more(elsewhere, plan)
    assert MOVE not in healthy, "nothing is wrong with its channel"
    assert "is on record, and can be undone" in healthy
    bot.write(lambda work: deleted(work, bot.plan(plan)))
    offered = await more(elsewhere, plan)
    assert MOVE in offered
    assert "is on record and, but for its thread, can be undone" in offered
    assert MOVE not in await more(ana, plan)
    assert MOVE not in await more(direct, plan)
    assert MOVE not in await more(ana.at(replace(ROOM, platform="slack")), plan)


async def test_in_its_channel_it_gets_a_new_thread_where_its_own_is_gone(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    gone = Undelivered(
        member=ana.member.id, about=plan, kind=NoticeKind.NEWS, cause=Cause.GONE, at=AT
    )
    bot.write(lambda work: work.undelivered.note(gone))
    assert "Open its thread anew" in await more(ana, plan)
    home = bot.plan(plan).partnership
    assert not failed(await ana.clicks(action("plan.move", plan)))
    assert bot.plan(plan).partnership == home
    assert bot.read(lambda work: work.plans.card(plan)) is None
    assert any(isinstance(one, OpenThread) for one in bot.told())
    assert "anew" not in await more(ana, plan)


async def test_it_goes_on_there_with_all_that_is_in_it(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    bot.write(lambda work: deleted(work, bot.plan(plan)))
    before = bot.plan(plan)
    said = summary(await ben.at(ROOM).clicks(action("plan.move", plan)))
    assert "It goes on in this channel, in a new thread." in said
    assert "deleted" not in said
    after = bot.plan(plan)
    assert channel(bot, plan) == "room"
    assert (after.steps, after.members) == (before.steps, before.members)
    (own,) = bot.read(lambda work: work.recurring.of_partnership(after.partnership))
    assert own.plan == plan
    last = bot.read(lambda work: work.log.of_plan(plan))[-1]
    assert (last.act.kind, last.act.by) == (ActKind.PLAN_MOVED, ben.member.id)
    threads = [one for one in bot.told() if isinstance(one, OpenThread)]
    assert {(one.plan, one.channel.channel) for one in threads} == {(plan, "room")}
    assert "deleted" not in summary(await ana.says("next")), "it is mended"


async def test_where_it_cannot_go_is_said(bot: Bot, ana: Hand, plan: PlanId) -> None:
    direct = ana.at(Place(platform="playground", kind=PlaceKind.DIRECT, channel="dm.ana"))
    other = ana.at(replace(ROOM, platform="slack"))
    for hand, why in (
        (ana, "That plan lives in this channel."),
        (direct, "A plan with partners lives in a channel"),
        (other, "That plan lives on another platform."),
    ):
        before = bot.everything()
        reply = await hand.clicks(action("plan.move", plan))
        assert failed(reply)
        assert why in summary(reply)
        assert bot.everything() == before
    eve = bot.person("Eve")
    assert failed(await eve.at(ROOM).clicks(action("plan.move", plan)))
    assert channel(bot, plan) == "staff"


async def test_beside_its_home_it_goes_to_another_channel_there(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    old = Place(platform="slack", kind=PlaceKind.THREAD, channel="C1", thread="t9")

    def brought(work: Work) -> None:
        work.plans.save(replace(bot.plan(plan), linked=("slack",)))
        work.plans.link(plan, old)
        work.plans.set_card(plan, MessageRef(place=old, message="t9"), "slack")

    bot.write(brought)
    there = replace(ROOM, platform="slack", channel="C2")
    assert MOVE not in await more(ana.at(old), plan)
    assert MOVE in await more(ana.at(there), plan)
    assert not failed(await ana.at(there).clicks(action("plan.move", plan)))
    assert bot.read(lambda work: work.plans.place_on(plan, "slack")) == there
    assert bot.read(lambda work: work.plans.card(plan, "slack")) is None, "its thread opens there"
    assert channel(bot, plan) == "staff"
    threads = [one for one in bot.told() if isinstance(one, OpenThread)]
    assert there in {one.channel for one in threads}

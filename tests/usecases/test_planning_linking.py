"""One partnership on two platforms: a code joins the people and the places."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.members import Identity, Person
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.notices import NoticeKind
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.timetable import Timetable
from bot.main import COMPOSERS
from bot.runtime.ticking import tick
from bot.ui.deliveries import Post, Unfinished
from bot.ui.replies import CardReply
from bot.usecases.linking import VALID
from storage.tables import outbox
from tests.support.clicking import HERE, Bot, Hand, card, failed, summary

SEALED = "what only a key opens"
GUILD = WorkspaceId("discord:G1")
CHANNEL = Place(platform="discord", kind=PlaceKind.CHANNEL, channel="c1")
OF_A_THREAD = {NoticeKind.RECURRING, NoticeKind.DIGEST}
THREAD = Place(platform="discord", kind=PlaceKind.THREAD, channel="c1", thread="t1")


def on_discord(bot: Bot, name: str, place: Place = CHANNEL) -> Hand:
    identity = Identity(platform="discord", user=f"d-{name}")
    person = Person(identity=identity, name=f"{name}_gamer")
    return Hand(bot=bot, person=person, workspace=GUILD, place=place)


async def code_of(who: Hand) -> str:
    reply = await who.says("link")
    assert isinstance(reply, CardReply), reply
    found = re.search(r"is ([0-9A-Z-]+)\.", reply.card.summary)
    assert found, reply.card.summary
    return found[1]


@pytest.fixture
async def plan(bot: Bot, ana: Hand) -> PlanId:
    await ana.says('start "Rivers"', bot.person("Ben").person)
    (found,) = bot.read(lambda work: work.plans.of_member(ana.member.id))
    return found.id


def opened(bot: Bot, plan: PlanId, place: Place = THREAD) -> None:
    """Take note that the plan's thread there was opened."""
    card = MessageRef(place=place, message="m1")
    bot.write(lambda work: work.plans.set_card(plan, card, "discord"))


def notices(bot: Bot, plan: PlanId) -> set[tuple[str, str, int]]:
    """Return what waits to be told of the plan: its kind, the platform, the entry it is about."""
    query = sa.select(outbox).where(outbox.c.plan == plan)
    with bot.writer.connect() as connection:
        rows = connection.execute(query).all()
    return {(row.kind, row.on_platform, row.entry or 0) for row in rows}


async def test_a_code_joins_two_people_and_two_places(bot: Bot, ana: Hand, plan: PlanId) -> None:
    there = on_discord(bot, "ana")
    reply = await there.says(f"link {await code_of(ana)}")
    assert not failed(reply), summary(reply)
    assert "You are Ana here, too" in summary(reply)
    after = bot.plan(plan)
    assert after.linked == ("discord",)
    assert bot.read(lambda work: work.plans.place_on(plan, "discord")) == CHANNEL
    (act,) = [
        e.act
        for e in bot.read(lambda work: work.log.of_plan(plan))
        if e.act.kind is ActKind.PLAN_LINKED
    ]
    assert act.by == ana.member.id
    assert ("plan_thread", "discord", 0) in notices(bot, plan)
    assert bot.read(lambda w: w.members.by_identity(there.person.identity), GUILD) is None


async def test_what_is_done_there_counts_for_the_same_person(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    there = on_discord(bot, "ana")
    await there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    inside = there.at(THREAD)
    assert "Rivers" in summary(await inside.says("plan"))
    saved = await there.submits(f"plan.renamed|{plan}", title="Rivers and lakes")
    assert not failed(saved), summary(saved)
    assert bot.plan(plan).title == "Rivers and lakes"
    last = bot.read(lambda work: work.log.of_plan(plan))[-1]
    assert (last.act.by, last.source.platform) == (ana.member.id, "discord")
    assert ana.member.name == "Ana", "a name elsewhere does not take the place of one's own"
    told = notices(bot, plan)
    assert {("news", "", last.number), ("news", "discord", last.number)} <= told
    assert {("plan_card", "", 0), ("plan_card", "discord", 0)} <= told


async def test_somebody_of_the_other_platform_becomes_a_partner(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    there = on_discord(bot, "ana")
    await there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    li = on_discord(bot, "li")
    await there.submits(f"partner.add|{plan}", people={"partners": (li.person,)})
    known = bot.read(lambda work: work.members.by_identity(li.person.identity))
    assert known is not None
    assert bot.plan(plan).partner(known.id) is not None
    assert "Rivers" in summary(await li.says("next")), "wherever they say it"
    assert "Rivers" in summary(await li.at(THREAD).says("plan"))
    assert bot.read(lambda work: work.members.users("discord", bot.plan(plan).members)) == {
        ana.member.id: "d-ana",
        known.id: "d-li",
    }


async def test_one_s_days_are_those_of_the_plan_s_home(bot: Bot, ana: Hand, plan: PlanId) -> None:
    there = on_discord(bot, "ana")
    await there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    for hand in (there, there.at(THREAD)):
        await hand.submits("tt.hourssave", hours="weekdays 16:00-18:00")
        assert "16:00" in summary(await hand.says("timetable"))
        assert "16:00" in summary(await ana.says("timetable"))
        await hand.clicks("tt.tap|0")
        await hand.says("settings Asia/Tokyo")
        assert ana.member.zone == "Asia/Tokyo"
    known = bot.read(lambda w: w.members.by_identity(there.person.identity), GUILD)
    assert known is None, "nobody has two sets of days by accident"


@pytest.mark.usefixtures("plan")
async def test_a_code_is_good_once_and_not_for_long(bot: Bot, ana: Hand) -> None:
    before = bot.everything()
    assert "not known" in summary(await on_discord(bot, "eve").says("link AAAAA-BBBBB"))
    assert bot.everything() == before
    code = await code_of(ana)
    assert code.replace("-", "").casefold() not in str(bot.everything())
    bot.clock.set(bot.clock.now() + VALID + timedelta(seconds=1))
    before = bot.everything()
    assert failed(await on_discord(bot, "eve").says(f"link {code}"))
    assert bot.everything() == before
    old, code = code, await code_of(ana)
    newest = await code_of(ana)
    assert failed(await on_discord(bot, "eve").says(f"link {code}")), "a newer one ends it"
    typed = newest.lower().replace("-", " ")
    assert not failed(await on_discord(bot, "ana").says(f"link Code:{typed}"))
    assert failed(await on_discord(bot, "eve").says(f"link {newest}")), "used"
    mistyped = await on_discord(bot, "eve").says(f"link code: {newest}X")
    assert "That code is not known" in summary(mistyped), "and no plan is called so"
    assert failed(await on_discord(bot, "eve").says(f"link {old}"))


async def test_a_code_used_in_a_direct_message_says_that_the_plan_has_no_thread(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    alone = replace(CHANNEL, kind=PlaceKind.DIRECT)
    there = on_discord(bot, "ana", alone)
    reply = await there.says(f"link {await code_of(ana)}")
    assert "“Rivers” has no thread on Discord yet" in summary(reply)
    assert bot.plan(plan).linked == ()
    await there.at(CHANNEL).says(f"link {await code_of(ana)}")
    assert bot.plan(plan).linked == ("discord",), "as it was told"


async def test_a_code_said_where_it_was_made_stays_good(bot: Bot, ana: Hand, plan: PlanId) -> None:
    code = await code_of(ana)
    before = bot.everything()
    reply = await ana.says(f"link {code}")
    assert failed(reply)
    assert "for another platform" in summary(reply)
    assert bot.everything() == before
    assert not failed(await on_discord(bot, "ana").says(f"link {code}"))
    assert bot.plan(plan).linked == ("discord",)


async def test_a_member_has_one_account_on_a_platform(bot: Bot, ana: Hand, plan: PlanId) -> None:
    """Two could not both be written to, and whoever has somebody's code is not them by that."""
    code, there, eve = await code_of(ana), on_discord(bot, "ana"), on_discord(bot, "eve")
    at_home = await bot.person("Ben").says(f"link {code}")
    assert "it is for another platform" in summary(at_home)
    assert not failed(await there.says(f"link {code}")), "the code is still good"
    opened(bot, plan)
    code = await code_of(ana)
    before = bot.everything()
    assert "Ana is known on Discord already, by another account" in summary(
        await eve.says(f"link {code}")
    )
    assert bot.everything() == before
    await there.at(THREAD).clicks("link.forget|discord")
    assert not failed(await eve.says(f"link {code}"))


async def test_where_no_thread_could_be_opened_another_channel_takes_its_place(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    there = on_discord(bot, "ana")
    await there.says(f"link {await code_of(ana)}")
    elsewhere = replace(CHANNEL, channel="c2")
    reply = await there.at(elsewhere).says(f"link {await code_of(ana)}")
    assert "gets its thread here" in summary(reply)
    assert bot.read(lambda work: work.plans.place_on(plan, "discord")) == elsewhere
    acts = [each.act.kind for each in bot.read(lambda work: work.log.of_plan(plan))]
    assert acts[-2:] == [ActKind.PLAN_LINKED, ActKind.PARTNER_LINKED], "whoever uses one is named"
    opened(bot, plan)
    again = await there.at(CHANNEL).says(f"link {await code_of(ana)}")
    assert "stands on Discord already" in summary(again)


async def test_two_members_do_not_become_one(bot: Bot, ana: Hand, plan: PlanId) -> None:
    there, li = on_discord(bot, "ana"), on_discord(bot, "li")
    await there.says(f"link {await code_of(ana)}")
    await there.submits(f"partner.add|{plan}", people={"partners": (li.person,)})
    code = await code_of(bot.person("Ben"))
    before = bot.everything()
    reply = await li.says(f"link {code}")
    assert failed(reply)
    told = " ".join(summary(reply).split())
    assert "you are li_gamer, with plans: “Rivers”" in told
    assert "add Ben as a partner, then “Leave”" in told
    assert bot.everything() == before
    # What it says to do leads there.
    opened(bot, plan)
    ben = bot.person("Ben")
    assert not failed(await li.submits(f"partner.add|{plan}", people={"partners": (ben.person,)}))
    assert not failed(await li.clicks(f"plan.leave|{plan}"))
    assert not failed(await li.says(f"link {await code_of(ben)}"))
    known = bot.read(lambda work: work.members.by_identity(li.person.identity))
    assert known is not None
    assert known.id == ben.member.id


async def test_who_is_known_on_two_platforms_is_told_how_to_become_another(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    there, ben = on_discord(bot, "ana"), bot.person("Ben")
    await there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    reply = await there.says(f"link {await code_of(ben)}")
    assert failed(reply)
    assert "choose “Forget me on Discord”, and use a new code of Ben's" in summary(reply)
    await there.at(THREAD).clicks("link.forget|discord")
    assert not failed(await there.says(f"link {await code_of(ben)}"))
    known = bot.read(lambda work: work.members.by_identity(there.person.identity))
    assert known is not None
    assert known.id == ben.member.id


async def test_who_only_looked_in_before_becomes_the_member(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    ana_there = on_discord(bot, "ana")
    await ana_there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    ben, there = bot.person("Ben"), on_discord(bot, "ben", THREAD)
    assert failed(await there.clicks(f"plan.next|{plan}"))
    await ana_there.submits(f"partner.add|{plan}", people={"partners": (there.person,)})
    stub = bot.read(lambda work: work.members.by_identity(there.person.identity))
    assert stub is not None
    bot.write(lambda work: work.times.save_timetable(stub.id, Timetable()))
    bot.write(lambda work: work.times.keep_source(stub.id, Source(secret=SEALED)))
    gone = await ana_there.clicks(f"partner.remove|{plan}", stub.id)
    assert not failed(gone), summary(gone)
    reply = await there.says(f"link {await code_of(ben)}")
    assert not failed(reply), summary(reply)
    known = bot.read(lambda work: work.members.by_identity(there.person.identity))
    assert known is not None
    assert known.id == ben.member.id
    assert not failed(await there.clicks(f"plan.next|{plan}"))
    assert bot.read(lambda work: work.times.source(stub.id)) is None, "nobody could forget it"


async def test_who_is_no_partner_does_nothing_over_there(bot: Bot, ana: Hand, plan: PlanId) -> None:
    await on_discord(bot, "ana").says(f"link {await code_of(ana)}")
    opened(bot, plan)
    eve = on_discord(bot, "eve", THREAD)
    await eve.says("noschool tomorrow")
    await eve.says("settings Asia/Tokyo")
    await eve.submits("school.save", closures="24 Dec 2026")
    assert bot.read(lambda work: work.members.by_identity(eve.person.identity)) is None
    assert bot.read(lambda work: work.times.calendar()) is None


async def test_a_second_code_joins_people_only(bot: Bot, ana: Hand, plan: PlanId) -> None:
    ben = bot.person("Ben")
    await on_discord(bot, "ana").says(f"link {await code_of(ana)}")
    opened(bot, plan)
    elsewhere = replace(CHANNEL, channel="c2")
    reply = await on_discord(bot, "ben", elsewhere).says(f"link {await code_of(ben)}")
    assert "stands on Discord already" in summary(reply)
    assert bot.read(lambda work: work.plans.place_on(plan, "discord")) == THREAD
    known = bot.read(lambda w: w.members.by_identity(on_discord(bot, "ben").person.identity))
    assert known is not None
    assert known.id == ben.member.id
    last = bot.read(lambda work: work.log.of_plan(plan))[-1]
    assert (last.act.kind, last.act.by) == (ActKind.PARTNER_LINKED, ben.member.id)
    assert {on for kind, on, n in notices(bot, plan) if (kind, n) == ("news", last.number)} == {
        "",
        "discord",
    }, "whoever asked for the code hears that it was used"


async def test_in_another_plan_s_thread_it_goes_to_the_channel(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    eve = on_discord(bot, "eve")
    await eve.says('start "Theirs"')
    (theirs,) = bot.read(lambda w: w.plans.of_member(eve.member.id), GUILD)
    card = MessageRef(place=THREAD, message="t1")
    bot.write(lambda work: work.plans.set_card(theirs.id, card), GUILD)
    await on_discord(bot, "ana", THREAD).says(f"link {await code_of(ana)}")
    assert bot.read(lambda work: work.plans.place_on(plan, "discord")) == CHANNEL
    assert "Theirs" in summary(await eve.at(THREAD).says("plan"))


async def test_a_plan_is_taken_away_again(bot: Bot, ana: Hand, plan: PlanId) -> None:
    there = on_discord(bot, "ana")
    await there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    shown = card(await ana.says("link"))
    assert "Take it away from Discord" in str(shown)
    await ana.clicks(f"link.off|{plan}|discord")
    assert bot.plan(plan).linked == ()
    assert bot.read(lambda work: work.plans.card(plan, "discord")) is None
    await ana.submits(f"plan.renamed|{plan}", title="Lakes")
    last = bot.plan(plan).entries
    assert {on for _, on, entry in notices(bot, plan) if entry == last} == {""}


async def test_who_used_a_code_is_forgotten_again(bot: Bot, ana: Hand, plan: PlanId) -> None:
    there = on_discord(bot, "ana")
    await there.says(f"link {await code_of(ana)}")
    opened(bot, plan)
    assert "Forget me on Discord" in str(card(await ana.says("link")))
    assert "not known on Discord" in summary(await ana.clicks("link.forget|discord"))
    assert failed(await there.clicks(f"plan.next|{plan}"))
    assert failed(await there.at(THREAD).clicks(f"plan.next|{plan}"))
    assert failed(await ana.clicks("link.forget|discord"))
    assert bot.plan(plan).linked == ("discord",), "the plan stays where it is"
    await there.says(f"link {await code_of(ana)}")
    assert "not known on Discord" in summary(await there.at(THREAD).clicks("link.forget|discord"))


async def test_a_plan_for_one_alone_is_seen_where_it_is_brought(bot: Bot, ana: Hand) -> None:
    alone = ana.at(Place(platform="playground", kind=PlaceKind.DIRECT, channel="ana"))
    await alone.says('start "Mine"')
    (mine,) = bot.read(lambda work: work.plans.of_member(ana.member.id))
    bot.write(lambda w: w.plans.set_card(mine.id, MessageRef(place=alone.place, message="m")))
    renamed = await alone.submits(f"plan.renamed|{mine.id}", title="Mine alone")
    assert "everybody" not in summary(renamed)
    await on_discord(bot, "ana").says(f"link {await code_of(alone)}")
    renamed = await alone.submits(f"plan.renamed|{mine.id}", title="Mine, and seen")
    assert "everybody who can read the plan's thread" in summary(renamed)


async def test_plans_of_one_s_own_elsewhere_stay_where_they_are(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    there = on_discord(bot, "ana")
    await there.says('start "Games"')
    await there.says(f"link {await code_of(ana)}")
    assert "Games" in summary(await there.says("plan"))
    opened(bot, plan)
    assert "Rivers" in summary(await there.at(THREAD).says("plan"))
    assert HERE != GUILD


async def test_a_reminder_of_the_partners_own_comes_on_both(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    await on_discord(bot, "ana").says(f"link {await code_of(ana)}")
    opened(bot, plan)
    here = MessageRef(place=replace(ana.place, kind=PlaceKind.THREAD, thread="r"), message="r")
    bot.write(lambda work: work.plans.set_card(plan, here))
    await ana.says("remind Sundays 18:00: post your notes")
    posted: dict[tuple[str, str], Place] = {}
    for _ in range(8 * 24):
        bot.clock.set(bot.clock.now() + timedelta(hours=1))
        await tick(bot.door, bot.clock)
        leased = bot.write(lambda w: w.everywhere.lease(w.now, w.now + timedelta(days=9), 100))
        for one in leased:
            if one.notice.member or one.notice.kind not in OF_A_THREAD:
                continue
            compose = COMPOSERS[one.notice.kind]
            composed = bot.read(lambda work, o=one, c=compose: c(work, o))
            if isinstance(composed, Unfinished):
                composed = composed.finish()
            if isinstance(composed, Post):
                posted[one.notice.kind, one.notice.on] = composed.place
    assert posted == {
        ("recurring", ""): here.place,
        ("recurring", "discord"): THREAD,
        ("digest", ""): here.place,
    }, "nobody of Discord alone reads the digest in the thread"

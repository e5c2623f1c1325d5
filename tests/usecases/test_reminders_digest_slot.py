"""When the digest comes: a default that follows what the members tell, and what they choose."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot
from bot.domain.reminders.schedule import ReminderKind
from bot.ui.actions import action
from bot.usecases.reminders.claiming import claim
from tests.support.clicking import Bot, Hand, card, failed, form, summary, wrong
from tests.ui.test_pages_limits import within

MONDAY_AT_EIGHT = DigestSlot(weekday=0, at=time(8), zone="Europe/Berlin")


def slot(bot: Bot, plan: PlanId) -> DigestSlot:
    home = bot.read(lambda work: work.partnerships.get(bot.plan(plan).partnership))
    assert home is not None
    return home.digest


def next_at(bot: Bot, plan: PlanId) -> datetime | None:
    subject = bot.plan(plan).partnership
    row = bot.read(lambda work: work.reminders.of(ReminderKind.DIGEST, subject))
    assert row is not None
    return row.due_at


async def test_monday_at_the_start_of_work_until_all_told_their_times(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    assert slot(bot, plan) == MONDAY_AT_EIGHT
    await ana.submits("tt.hourssave", hours="Wednesdays 15:00-16:00")
    assert slot(bot, plan) == MONDAY_AT_EIGHT
    await ben.submits("tt.hourssave", hours="Wednesdays 15:30-17:00")
    assert slot(bot, plan) == DigestSlot(weekday=2, at=time(15, 30), zone="Europe/Berlin")
    assert next_at(bot, plan) == datetime(2026, 11, 25, 14, 30, tzinfo=UTC)


async def test_any_partner_chooses_and_it_stays(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    opened = await ben.presses(await ben.says("digest"), "Change when it comes")
    within(opened)
    assert form(opened).inputs[0].initial == "0"  # type: ignore[union-attr]
    assert form(opened).inputs[1].initial == time(8)  # type: ignore[union-attr]
    saved = await ben.fills(opened, weekday="4", at="14:15")
    within(saved)
    assert "every Friday at 14:15. The next one: Fri 27 Nov, 14:15." in summary(saved)
    chosen = DigestSlot(weekday=4, at=time(14, 15), zone="Europe/Berlin", chosen=True)
    assert slot(bot, plan) == chosen
    assert next_at(bot, plan) == datetime(2026, 11, 27, 13, 15, tzinfo=UTC)
    for hand in (ana, ben):
        await hand.submits("tt.hourssave", hours="Wednesdays 15:00-16:00")
    assert slot(bot, plan) == chosen
    shown = str(card(await ana.says("digest")).blocks)
    assert "Change when it comes" in shown


async def test_another_slot_on_the_day_it_came_counts_from_the_next_week(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    home, later = bot.plan(plan).partnership, datetime(2026, 12, 7, 8, tzinfo=UTC)
    at = next_at(bot, plan)
    assert at is not None
    bot.clock.set(at)
    digest = bot.read(lambda work: work.reminders.of(ReminderKind.DIGEST, home))
    assert digest is not None
    assert bot.write(lambda work: claim(work, digest.id))
    saved = await ana.submits(action("digest.save", plan), weekday="0", at="9")
    assert "every Monday at 09:00. The next one: Mon 7 Dec, 09:00." in summary(saved)
    assert next_at(bot, plan) == later


async def test_what_was_due_when_another_slot_is_chosen_comes(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    home = bot.plan(plan).partnership
    at = next_at(bot, plan)
    assert at is not None
    bot.clock.set(at + timedelta(minutes=20))  # nothing ran at its time
    saved = await ana.submits(action("digest.save", plan), weekday="6", at="9")
    assert "every Sunday at 09:00. The next one: Sun 6 Dec, 09:00." in summary(saved)
    leased = bot.write(lambda w: w.everywhere.lease(w.now, w.now + timedelta(minutes=1), 99))
    digests = {one.notice.key: one.first_due_at for one in leased if "digest" in one.notice.key}
    assert digests == {
        f"digest:{home}:2026-11-30{to}": at
        for to in ("", *(f":{member}" for member in bot.plan(plan).members))
    }


async def test_another_slot_later_on_the_day_that_was_due_brings_no_second_one(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    at = next_at(bot, plan)
    assert at is not None
    bot.clock.set(at + timedelta(minutes=20))
    saved = await ana.submits(action("digest.save", plan), weekday="0", at="12")
    assert "The next one: Mon 7 Dec, 12:00." in summary(saved)


async def test_a_week_without_news_may_be_silent(bot: Bot, ana: Hand, plan: PlanId) -> None:
    await ana.submits(action("digest.save", plan), weekday="4", at="9", silent="yes")
    assert slot(bot, plan).silent
    await ana.submits("tt.hourssave", hours="Wednesdays 15:00-16:00")
    assert slot(bot, plan).silent
    await ana.submits(action("digest.save", plan), weekday="4", at="9", silent="no")
    assert not slot(bot, plan).silent


async def test_it_is_shown_and_chosen_on_ones_own_clock(bot: Bot, ana: Hand, plan: PlanId) -> None:
    eve = bot.person("Eve", zone="America/New_York")
    await ana.submits(action("partner.add", plan), people={"partners": (eve.person,)})
    opened = form(await eve.clicks(action("digest.form", plan)))
    assert [one.initial for one in opened.inputs] == ["0", time(2), "no"]  # type: ignore[union-attr]
    await eve.submits(opened.action, weekday="1", at="9")
    assert slot(bot, plan).zone == "America/New_York"
    again = form(await ana.clicks(action("digest.form", plan)))
    assert [one.initial for one in again.inputs] == ["1", time(15), "no"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("weekday", "7"),
        ("weekday", ""),
        ("at", "25:00"),
        ("at", "soon"),
        ("at", "2:30"),
        ("at", ""),
    ],
)
async def test_what_is_no_slot(bot: Bot, ana: Hand, plan: PlanId, key: str, given: str) -> None:
    answers = {"weekday": "1", "at": "8:30", key: given}
    before = bot.everything()
    assert key in wrong(await ana.submits(action("digest.save", plan), **answers))
    assert bot.everything() == before


async def test_strangers_choose_nothing(bot: Bot, plan: PlanId) -> None:
    for eve in (bot.person("Eve"), bot.person("Ana", WorkspaceId("elsewhere"))):
        assert failed(await eve.submits(action("digest.save", plan), weekday="1", at="8:30"))
    assert slot(bot, plan) == MONDAY_AT_EIGHT


WEDNESDAYS = {"ana": "Wednesdays 15:00-17:00", "eve": "Wednesdays 16:00-17:00"}


@pytest.fixture
async def eve(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> Hand:
    """Return somebody with fewer times than Ana and Ben, who is no partner yet."""
    for hand in (ana, ben):
        await hand.submits("tt.hourssave", hours=WEDNESDAYS["ana"])
    eve = bot.person("Eve")
    await eve.submits("tt.hourssave", hours=WEDNESDAYS["eve"])
    assert slot(bot, plan) == DigestSlot(weekday=2, at=time(15), zone="Europe/Berlin")
    return eve


async def joins(ana: Hand, plan: PlanId, person: Hand) -> None:
    await ana.submits(action("partner.add", plan), people={"partners": (person.person,)})


async def goes(ana: Hand, plan: PlanId, person: Hand) -> None:
    await ana.clicks(action("partner.remove", plan), person.member.id)


async def test_a_default_follows_the_partners(bot: Bot, ana: Hand, eve: Hand, plan: PlanId) -> None:
    await joins(ana, plan, eve)
    assert slot(bot, plan) == DigestSlot(weekday=2, at=time(16), zone="Europe/Berlin")
    assert next_at(bot, plan) == datetime(2026, 11, 25, 15, tzinfo=UTC)
    await joins(ana, plan, bot.person("Cem"))  # who told no times
    assert slot(bot, plan) == MONDAY_AT_EIGHT
    await goes(ana, plan, bot.person("Cem"))
    await goes(ana, plan, eve)
    assert slot(bot, plan) == DigestSlot(weekday=2, at=time(15), zone="Europe/Berlin")
    assert next_at(bot, plan) == datetime(2026, 11, 25, 14, tzinfo=UTC)


async def test_what_was_chosen_stays_when_partners_come_and_go(
    bot: Bot, ana: Hand, ben: Hand, eve: Hand, plan: PlanId
) -> None:
    await joins(ana, plan, eve)
    await eve.submits(action("digest.save", plan), weekday="4", at="14:15")
    chosen = DigestSlot(weekday=4, at=time(14, 15), zone="Europe/Berlin", chosen=True)
    for change in (joins, goes):
        await change(ana, plan, bot.person("Cem"))
        assert slot(bot, plan) == chosen
    await goes(ana, plan, eve)  # Ana and Ben had a default of their own
    assert bot.plan(plan).members == (ana.member.id, ben.member.id)
    assert slot(bot, plan) == chosen
    assert next_at(bot, plan) == datetime(2026, 11, 27, 13, 15, tzinfo=UTC)


async def test_two_who_chose_keep_theirs(bot: Bot, ana: Hand, eve: Hand, plan: PlanId) -> None:
    await ana.submits(action("digest.save", plan), weekday="1", at="9:00")
    await joins(ana, plan, eve)
    await eve.submits(action("digest.save", plan), weekday="4", at="14:15")
    await goes(ana, plan, eve)
    assert (slot(bot, plan).weekday, slot(bot, plan).chosen) == (1, True)


async def test_what_one_chose_alone_goes_with_the_plan_to_its_channel(bot: Bot, ana: Hand) -> None:
    direct = ana.at(Place(platform="playground", kind=PlaceKind.DIRECT, channel="dm.ana"))
    plan = await direct.starts("Alone")
    await direct.submits(action("digest.save", plan), weekday="4", at="14:15")
    await joins(ana, plan, bot.person("Cem"))
    assert len(bot.plan(plan).members) == 2
    assert (slot(bot, plan).weekday, slot(bot, plan).chosen) == (4, True)

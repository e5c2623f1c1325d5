"""Later: a reminder is put off by its reader, and comes again once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from bot.domain.ids import PlanId
from bot.domain.reminders.schedule import ReminderKind
from bot.ui.actions import action
from bot.ui.cards import Card
from bot.ui.deliveries import Direct
from bot.ui.replies import CardReply, Reply
from bot.usecases.reminders.claiming import claim
from storage.tables import outbox
from tests.support.clicking import (
    Bot,
    Hand,
    button,
    buttons,
    card,
    failed,
    summary,
    wrong,
)
from tests.support.teaching_team import CARD
from tests.ui.test_pages_limits import within

DUE = datetime(2026, 11, 30, 8, tzinfo=UTC)


def ticks(bot: Bot) -> list[Card]:
    """Claim what is due, and return Ben's reminders; everything in the outbox counts as sent."""
    for _, one in bot.read(lambda work: work.everywhere.due(bot.clock.now(), 99)):
        bot.write(lambda work, one=one: claim(work, one))  # type: ignore[misc]
    found = [c for c in bot.told() if isinstance(c, Direct) and c.identity.user == "ben"]
    with bot.writer.begin() as connection:
        leased = update(outbox).where(outbox.c.state == "leased")
        connection.execute(leased.values(state="sent", lease_until=None))
    return [one.card for one in found if "This comes next for you" in one.card.summary]


def due(hand: Hand) -> datetime | None:
    row = hand.bot.read(lambda work: work.reminders.of(ReminderKind.MEMBER, hand.member.id))
    return row.due_at if row else None


@pytest.fixture
async def reminded(bot: Bot, ben: Hand, plan: PlanId) -> Reply:
    """Return Ben's reminder of the thirtieth, in working hours."""
    bot.write(lambda work: work.plans.set_card(plan, CARD))
    ticks(bot)
    assert due(ben) == DUE
    bot.clock.set(DUE)
    [sent] = ticks(bot)
    within(CardReply(card=sent))
    return CardReply(card=sent)


def labels(reply: Reply) -> list[str]:
    return [one.label for one in buttons(card(reply))]


async def test_the_reminder_offers_four_ways(reminded: Reply) -> None:
    offered = labels(reminded)
    for label in (
        "Later: my next free period",
        "Later: tomorrow",
        "Later: on a date…",
        "Waiting on my partner",
    ):
        assert label in offered


async def test_tomorrow(bot: Bot, ben: Hand, reminded: Reply) -> None:
    bot.clock.move(minutes=30)
    reply = await ben.presses(reminded, "Later: tomorrow")
    within(reply)
    assert "“Identify partners”: again Tue 1 Dec, 09:00, if it still waits." in summary(reply)
    assert due(ben) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    bot.clock.set(datetime(2026, 12, 1, 8, tzinfo=UTC))
    [again] = ticks(bot)
    assert "You asked to hear of this again now." in again.summary
    assert due(ben) == datetime(2026, 12, 2, 8, tzinfo=UTC), "the follow-up, not on the same day"
    assert labels(CardReply(card=again))[-1] == "Waiting on my partner", (
        "and it can be put off anew"
    )


async def test_the_next_free_period_is_not_the_one_that_runs(ben: Hand, reminded: Reply) -> None:
    await ben.submits("tt.hourssave", hours="weekdays 09:00-10:00; weekdays 14:00-15:00")
    reply = await ben.presses(reminded, "Later: my next free period")
    assert "again Mon 30 Nov, 14:00" in summary(reply)


async def test_a_date(ben: Hand, reminded: Reply) -> None:
    asked = await ben.presses(reminded, "Later: on a date…")
    within(asked)
    for bad in ("31 February", "2026-11-01", "29 November", "2029-01-01", "", "soon"):
        assert "day" in wrong(await ben.fills(asked, day=bad)), bad
    assert due(ben) == datetime(2026, 12, 1, 8, tzinfo=UTC), "nothing was changed"
    reply = await ben.fills(asked, day="2026-12-05")
    assert "again Mon 7 Dec, 09:00" in summary(reply), "the fifth is a Saturday"
    undone = await ben.presses(reply, "Undo")
    assert "Taken back" in summary(undone)
    assert due(ben) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert failed(await ben.presses(reply, "Undo"))


async def test_today_is_later_than_now(ben: Hand, reminded: Reply) -> None:
    await ben.submits("tt.hourssave", hours="weekdays 09:00-10:00; weekdays 14:00-15:00")
    asked = await ben.presses(reminded, "Later: on a date…")
    assert "again Mon 30 Nov, 14:00" in summary(await ben.fills(asked, day="2026-11-30"))


async def test_undo_brings_back_what_stood_before(bot: Bot, ben: Hand, reminded: Reply) -> None:
    await ben.presses(reminded, "Waiting on my partner")
    before = bot.read(lambda work: work.snoozes.of(ben.member.id))
    second = await ben.presses(reminded, "Later: tomorrow")
    assert bot.read(lambda work: work.snoozes.of(ben.member.id)) != before
    await ben.presses(second, "Undo")
    assert bot.read(lambda work: work.snoozes.of(ben.member.id)) == before


async def test_waiting_on_my_partner(
    bot: Bot, ana: Hand, ben: Hand, reminded: Reply, plan: PlanId
) -> None:
    reply = await ben.presses(reminded, "Waiting on my partner")
    within(reply)
    assert "again in your next free period after a partner has acted" in summary(reply)
    shown = card(await ben.says("next"))
    texts = [s for b in shown.blocks for s in getattr(b, "spans", ()) if isinstance(s, str)]
    held = [at for at, text in enumerate(texts) if "waiting on your partner" in text]
    more = await ben.clicks(action("next.more", "", "99"))
    assert held or "waiting on your partner" in str(card(more)), "last, not gone"
    assert "Identify partners" not in summary(await ben.says("next"))
    mine = await ana.says("next")
    assert "Ben waits for you in “Identify partners”" in str(card(mine))
    assert "Ben waits for a partner in" in str(card(await ana.says("digest")))
    bot.clock.set(datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert all("Identify partners" not in one.summary for one in ticks(bot))
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="Another step")
    assert "waits for you" in str(card(await ana.says("next"))), "that was another step"
    await ana.submits(action("field.save", plan, "partners", "expertise", "0"), text="Maps")
    assert "waits for you" not in str(card(await ana.says("next")))
    bot.clock.move(minutes=6)
    [again] = [one for one in ticks(bot) if "Identify partners" in one.summary]
    assert "This comes next for you" in again.summary


async def test_what_is_done_meanwhile_is_said(
    bot: Bot, ben: Hand, reminded: Reply, plan: PlanId
) -> None:
    for field in ("expertise", "strengths", "growth"):
        saved = await ben.submits(action("field.save", plan, "partners", field, "0"), text="Maps")
        assert not failed(saved)
    reply = await ben.presses(reminded, "Later: tomorrow")
    assert "of that message waits no longer" in summary(reply)
    put = bot.read(lambda work: work.snoozes.of(ben.member.id))
    assert not any("partners" in key for key in put)


async def test_it_is_its_reader_s_alone_and_old_buttons_are_known(
    bot: Bot, ana: Hand, ben: Hand, reminded: Reply
) -> None:
    tomorrow = button(reminded, "Later: tomorrow").action
    assert "somebody else's" in summary(await ana.clicks(tomorrow))
    assert failed(await ben.clicks(action("later.next", ben.member.id, "1999-01-01")))
    await ben.submits("settings.save", nudges="off", days="1", quiet_from="20", quiet_until="7")
    assert "Your reminders are off" in summary(await ben.clicks(tomorrow))
    assert bot.read(lambda work: work.snoozes.of(ben.member.id)) == {}


async def test_what_was_put_off_after_the_claim_is_not_said_before_its_time(
    bot: Bot, ben: Hand, reminded: Reply
) -> None:
    follow_up = due(ben)
    assert follow_up is not None
    bot.clock.set(follow_up)
    due_now = bot.read(lambda work: work.everywhere.due(follow_up, 99))
    for _, one in due_now:
        bot.write(lambda work, one=one: claim(work, one))  # type: ignore[misc]
    await ben.presses(reminded, "Later: tomorrow")
    told = [c for c in bot.told() if isinstance(c, Direct) and c.identity.user == "ben"]
    assert not any("Identify partners" in one.card.summary for one in told)

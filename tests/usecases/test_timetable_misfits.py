"""Timetables that the school's calendar has left behind: asked before, told after, never free."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.costs import Cost
from bot.ui.replies import CardReply, Reply
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.timetable.free import next_free
from tests.support.clicking import Bot, Hand, button, buttons, card, failed, form, summary
from tests.ui.test_pages_limits import within
from tests.usecases.test_timetable_school import BELLS, MINE, calendar, gives, rotation

WITHOUT_P2 = BELLS.replace("P2 08:50-09:35\n", "")
UNTIL = "2027-06-18"
TOLD = "Your timetable no longer fits the school's calendar: paste it again."


@pytest.fixture
async def cara(bot: Bot) -> Hand:
    hand = bot.person("Cara")
    await hand.clicks("next")
    return hand


async def asks_for(hand: Hand, bells: str = WITHOUT_P2) -> Reply:
    """Save bell schedules by their form."""
    opened = form(await hand.clicks("school.bells"))
    reply = await hand.submits(opened.action, bells=bells, until=UNTIL)
    assert isinstance(reply, CardReply)
    within(reply)
    return reply


async def drops_p2(hand: Hand) -> None:
    await hand.presses(await asks_for(hand), "Save them")


async def test_bells_that_drop_a_period_say_whose_timetables_use_it(
    bot: Bot, ana: Hand, ben: Hand, cara: Hand
) -> None:
    await rotation(ana)
    for hand in (ana, ben, cara):
        await gives(hand)
    await ana.starts("Rivers", ben)
    stood = calendar(bot)
    asked = await asks_for(ana)
    assert "3 timetables no longer fit these bell schedules. They have no P2." in summary(asked)
    assert "It concerns you, Ben and 1 other member." in summary(asked), "Cara is no partner"
    assert calendar(bot) == stood, "not before the yes"
    kept = await ana.presses(asked, "Keep the bell schedules")
    assert card(kept).title == "School calendar"
    assert calendar(bot) == stood


async def test_after_the_yes_nothing_is_deleted(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    asked = await asks_for(ben)
    assert "It concerns 1 other member." in summary(asked)
    assert failed(await ana.presses(asked, "Save them")), "it was Ben who gave the bells"
    rows = bot.everything()["timetables"]
    await ben.presses(asked, "Save them: 1 timetable no longer fits")
    assert calendar(bot).bells.names == ("P1", "P3")
    assert bot.everything()["timetables"] == rows
    assert failed(await ben.presses(asked, "Save them")), "it is done"
    assert not failed(await asks_for(ben, BELLS))
    assert TOLD not in str(await ana.says("timetable")), "it fits again"


@pytest.mark.parametrize("bells", [BELLS.replace("08:00", "08:10"), f"{BELLS}\nP4 11:00-11:45"])
async def test_bells_that_drop_nothing_are_saved_at_once(bot: Bot, ana: Hand, bells: str) -> None:
    await rotation(ana)
    await gives(ana)
    await asks_for(ana, bells)
    assert len(calendar(bot).bells.names) >= 3
    assert not [row for row in bot.everything()["drafts"] if "bells" in row]


async def test_a_timetable_that_fits_no_more_is_not_lost_again(ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    await drops_p2(ana)
    shown = await asks_for(ben, "P1 08:00-08:45\nP9 12:00-12:45")
    assert card(shown).title == "School calendar", "nobody loses anything by this change"


async def test_more_who_lose_periods_than_were_agreed_to_ask_again(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await rotation(ana)
    await gives(ana)
    asked = await asks_for(ana)
    await gives(ben)
    again = await ana.presses(asked, "Save them: 1 timetable no longer fits")
    assert button(again, "Save them: 2 timetables no longer fit")
    assert "P2" in calendar(bot).bells.names


async def test_a_yes_to_a_calendar_that_has_changed_saves_nothing(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await rotation(ana)
    await gives(ana)
    bells = await asks_for(ana)
    year = form(await ben.clicks("school.new"))
    filled = {"days": "C, D", "first": "2026-08-24", "until": UNTIL, "zone": "Europe/Berlin"}
    new = await ben.submits(year.action, bells=BELLS, **filled)
    within(new)
    await asks_for(ben, f"{BELLS}\nP4 11:00-11:45")
    stood = calendar(bot)
    for hand, asked, yes in ((ana, bells, "Save them"), (ben, new, "Start it")):
        reply = await hand.presses(asked, yes)
        assert failed(reply)
        assert "changed the school's calendar meanwhile" in summary(reply)
    assert calendar(bot) == stood


async def test_a_misfit_does_not_count_as_free_time(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    before = bot.read(lambda work: next_free(work, ana.member.id))
    assert before is not None
    assert before.period
    await drops_p2(ben)
    found = bot.read(lambda work: next_free(work, ana.member.id))
    assert found is not None
    assert (found.period, found.cost) == (None, Cost.OWN_HOURS), "working hours"
    seen = bot.read(lambda work: availabilities(work, [ana.member.id])[ana.member.id])
    assert seen.timetable is not None
    assert placeable(seen).timetable is None


async def test_reminders_move_to_working_hours(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    await ana.starts("Rivers", ben)
    assert time(8) <= next_reminder(bot, ana) < time(8, 45), "in P1"
    await drops_p2(ben)
    assert next_reminder(bot, ana) == time(9)


def next_reminder(bot: Bot, hand: Hand) -> time:
    """Return at what time of their day the member is next reminded."""
    row = bot.read(lambda work: work.reminders.of(ReminderKind.MEMBER, hand.member.id))
    assert row is not None
    assert row.due_at is not None
    return row.due_at.astimezone(ZoneInfo(hand.member.zone)).time()


async def test_their_member_is_told_where_they_look(ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    await gives(ben)
    for page in ("timetable", "settings", "when"):
        assert TOLD not in str(await ana.says(page, *([ben.person] if page == "when" else [])))
    await drops_p2(ana)
    for page in ("timetable", "settings", "when"):
        reply = await ana.says(page, *([ben.person] if page == "when" else []))
        within(reply)
        assert str(card(reply).blocks).count(TOLD) == 1, page
        assert len([b for b in buttons(card(reply)) if b.label == "Paste it again"]) == 1
        assert form(await ana.presses(reply, "Paste it again")).title == "Your timetable"
    blocks = str(card(await ana.says("when", ben.person)).blocks)
    assert "the timetable of Ben" in blocks
    assert "No timetable yet" not in blocks


async def test_pasting_or_tapping_it_again_mends_it(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    await gives(ben)
    await drops_p2(ana)
    await gives(ana, MINE.replace("P2", "P3"))
    assert TOLD not in str(await ana.says("timetable"))
    back = await ben.presses(await ben.clicks("tt.tap"), "That is my week")
    assert "I read 1 lesson" in summary(back), "the lesson in P2 has no place any more"
    await ben.presses(back, "Yes, save it")
    assert TOLD not in str(await ben.says("timetable"))
    saved = bot.read(lambda work: work.times.timetables((ben.member.id,)))[ben.member.id]
    assert list(saved.cells) == [("A", "P1")]

"""Split lunches in the school's own calendar: typed, shown, and in everybody's free time."""

import pytest

from tests.support.clicking import Bot, Hand, button, card, failed, form, summary, wrong
from tests.ui.test_pages_limits import within

SPLIT = """P3 10:30-11:25
4A 11:30-12:10
Lunch A 11:30-12:00 (break)
4B 12:00-12:40
Lunch B 12:10-12:40 (break)
P5 12:45-13:30"""
WEEK = "Mon, Tue, Wed, Thu, Fri"
SCHOOL = {"first": "2026-08-24", "until": "2027-06-18", "zone": "Europe/Berlin"}


@pytest.fixture
async def split(ana: Hand) -> None:
    saved = await ana.submits("school.newsave", days=WEEK, bells=SPLIT, **SCHOOL)
    assert not failed(saved)
    assert "At the same time: Lunch A, 4A, 4B and Lunch B." in str(card(saved).blocks)
    within(saved)


async def gives(hand: Hand, *periods: str) -> None:
    """Give a timetable with lessons in those periods of every weekday."""
    rows = [f"{day},{period},Bio" for day in WEEK.split(", ") for period in periods]
    read = await hand.submits("tt.read", text="\n".join(["day,period,subject", *rows]))
    assert card(read).title == "Is this your week?", summary(read)
    assert "saved" in summary(await hand.clicks("tt.save"))


@pytest.mark.usefixtures("split")
async def test_when_knows_who_has_which_lunch(bot: Bot, ana: Hand, ben: Hand) -> None:
    cara = bot.person("Cara")
    await gives(ana, "P3", "4A", "P5")
    await gives(ben, "P3", "4B", "P5")
    await gives(cara, "P3", "P5")
    apart = await ana.says("when", ben.person)
    assert card(apart).title == "No common time"
    none = await ana.says("when", cara.person)
    assert card(none).title == "No common time"
    assert "11:30–12:10 (4A)" in str(card(none).blocks), "Cara alone has time then"
    bells = "P3 10:30-11:25\n4A 11:30-12:10\n4B 12:00-12:40 (overlaps)\nP5 12:45-13:30"
    assert not failed(await ana.submits("school.bellsave", bells=bells, until="2027-06-18"))
    found = str(card(await ana.says("when", cara.person)).blocks)
    assert "12:10" in found
    assert "12:40" in found
    assert "11:30" not in found


@pytest.mark.usefixtures("split")
async def test_the_form_shows_what_it_takes(ana: Hand) -> None:
    (bells, *_) = form(await ana.clicks("school.bells")).inputs
    assert getattr(bells, "initial", "") == SPLIT


async def test_a_slip_is_refused_and_the_way_to_mean_it_is_told(ana: Hand) -> None:
    bells = "P1 08:00-08:45\nP2 08:30-09:15"
    refused = await ana.submits("school.newsave", days=WEEK, bells=bells, **SCHOOL)
    assert "P2 08:30-09:15 (overlaps)" in wrong(refused)["bells"]
    meant = await ana.submits("school.newsave", days=WEEK, bells=f"{bells} (overlaps)", **SCHOOL)
    assert "At the same time: P1 and P2." in str(card(meant).blocks)
    assert button(meant, "Bell schedules")


async def test_lunches_that_are_not_called_breaks_are_asked_about(ana: Hand) -> None:
    plain = SPLIT.replace(" (break)", "")
    saved = await ana.submits("school.newsave", days=WEEK, bells=plain, **SCHOOL)
    within(saved)
    told = str(card(saved).blocks)
    assert "Lunch A and Lunch B look like breaks and count as time to plan in" in told
    saved = await ana.submits("school.bellsave", bells=SPLIT, until="2027-06-18")
    assert "look like breaks" not in str(card(saved).blocks)


@pytest.mark.usefixtures("split")
async def test_lessons_at_the_same_time_are_asked_about(ana: Hand) -> None:
    rows = "day,period,subject\nMon,4A,Bio\nMon,4B,Art\nTue,4A,Bio\nTue,P5,Art"
    read = await ana.submits("tt.read", text=rows)
    within(read)
    told = str(card(read).blocks)
    assert "There are lessons at the same time: Mon 4A and 4B. Is it right?" in told
    assert not failed(await ana.clicks("tt.save"))

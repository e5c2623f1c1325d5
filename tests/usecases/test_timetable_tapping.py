"""The tap grid writes into a draft, by places and not by names."""

from bot.domain.timetable.timetable import Use
from bot.ui.actions import action
from tests.support.clicking import Bot, Hand, button, buttons, card, failed, summary
from tests.ui.test_pages_limits import within

MANY = "\n".join(f"Period number {n} of a school" for n in range(23))
SCHOOL = {"first": "2026-08-24", "until": "2027-06-18", "zone": "Europe/Berlin"}


async def school(hand: Hand, bells: str) -> None:
    reply = await hand.submits("school.newsave", days="A, B", bells=bells, **SCHOOL)
    assert not failed(reply), reply


async def test_a_second_click_does_not_move_a_cell_on_twice(ana: Hand) -> None:
    await school(ana, "P1 08:00-08:45\nLunch 08:45-09:00 (break)\nP2 09:00-09:45")
    day = await ana.clicks("tt.tap")
    assert [b.label for b in buttons(card(day))][:2] == ["P1: free", "P2: free"]
    once = button(day, "P1").action
    await ana.clicks(once)
    assert button(await ana.clicks(once), "P1").label == "P1: lesson"


async def test_weekly_hours_stay_until_the_week_is_saved(bot: Bot, ana: Hand) -> None:
    await school(ana, "P1 08:00-08:45")
    await ana.submits("tt.hourssave", hours="weekdays after 16:00")
    before = bot.everything()["timetables"]
    day = await ana.presses(await ana.clicks("tt.tap"), "P1")
    back = await ana.presses(day, "That is my week")
    assert bot.everything()["timetables"] == before
    await ana.presses(back, "Yes, save it")
    assert bot.everything()["timetables"] != before


async def test_many_periods_have_pages_and_those_of_other_days_too(ana: Hand) -> None:
    await school(ana, f"{MANY}\n\n[late: Wed]\nAssembly 10:00-10:30")
    day = await ana.clicks("tt.tap")
    within(day)
    more = await ana.presses(day, "More periods")
    within(more)
    labels = [b.label for b in buttons(card(more))]
    assert labels[:2] == [
        "Period number 20 of a school: free",
        "Period number 21 of a school: free",
    ]
    tapped = await ana.presses(more, "Assembly")
    assert button(tapped, "Assembly").label == "Assembly: lesson"
    assert button(await ana.presses(tapped, "More periods"), "Period number 0")


async def test_a_grid_that_is_no_more_is_a_stale_button(bot: Bot, ana: Hand) -> None:
    await school(ana, "P1 08:00-08:45\nP2 09:00-09:45")
    old = button(await ana.clicks("tt.tap"), "P2").action
    mark = old.args[0]
    stale = [
        action("tt.cell", mark, "0", "9", "free"),
        action("tt.cell", mark, "9", "0", "free"),
        action("tt.tap", mark, "9"),
        action("tt.tap", mark, "0", "9"),
        action("tt.cell", "A", "P1"),
        action("tt.tap", "Monday"),
    ]
    await ana.submits("school.bellsave", bells="P2 08:00-08:45", until="2027-06-18")
    for one in (*stale, old):
        assert card(await ana.clicks(one)).title == "A newer card is there", one
    assert not bot.everything()["drafts"]


async def test_an_empty_week_and_a_pasted_one_can_be_saved_by_tapping(bot: Bot, ana: Hand) -> None:
    assert "I do not know the school's days" in summary(await ana.clicks("tt.week"))
    await school(ana, "P1 08:00-08:45\nP2 09:00-09:45")
    back = await ana.clicks("tt.week")
    assert "I read 0 lessons on A and B" in summary(back)
    back = await ana.submits("tt.read", text="day,period,subject\nA,P1,Bio\n")
    tapped = await ana.presses(await ana.presses(back, "Correct it"), "P2")
    await ana.presses(await ana.presses(tapped, "That is my week"), "Yes, save it")
    saved = bot.read(lambda w: w.times.timetables((ana.member.id,)))[ana.member.id]
    assert saved.cell("A", "P1").what == "Bio"
    assert saved.cell("A", "P2").use is Use.LESSON

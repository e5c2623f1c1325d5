"""A member's own timetable: pasted, tapped, in words; the school's calendar; when all are free."""

from datetime import date

import pytest

from bot.domain.timetable.timetable import Use
from bot.ui.actions import action
from bot.ui.cards import Table
from bot.usecases.timetable.free import next_free
from tests.support.clicking import Bot, Hand, button, card, failed, form, menus, summary, wrong

WEEK = "day,period,subject\nMon,P1,Bio\nTue,P2,Prep\nWed,P3,Bio\nThu,P1,Bio\nFri,P2,Art\n"
BELLS = "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:55-10:40"
SCHOOL = {
    "first": "2026-08-24",
    "until": "2027-06-18",
    "bells": BELLS,
    "zone": "Europe/Berlin",
    "weekdays": ("0", "1", "2", "3", "4"),
}


async def school(hand: Hand, days: str = "Mon, Tue, Wed, Thu, Fri", **other: str) -> object:
    answers: dict[str, str | tuple[str, ...]] = {**SCHOOL, **other}
    return await hand.submits("school.newsave", days=days, **answers)


async def test_a_pasted_table_is_read_back_asked_about_and_saved(bot: Bot, ana: Hand) -> None:
    opened = form(await ana.presses(await ana.says("timetable"), "Paste"))
    back = await ana.submits(opened.action, text=WEEK, person="")
    assert "I read 5 lessons" in summary(back)
    assert failed(await ana.clicks("tt.save")), "nobody said when its days are"
    asked = form(await ana.presses(back, "Say when school is"))
    assert "P1" in asked.inputs[2].initial  # type: ignore[union-attr]
    lacking = await ana.submits(asked.action, **{**SCHOOL, "bells": "P1 08:00-08:45"})
    assert "P2, P3" in wrong(lacking)["bells"]
    assert wrong(await ana.submits(asked.action, **{**SCHOOL, "bells": "P1"}))
    assert wrong(await ana.submits(asked.action, **{**SCHOOL, "first": "31 February"}))["first"]
    assert wrong(await ana.submits(asked.action, **{**SCHOOL, "until": "2020-01-01"}))
    assert wrong(await ana.submits(asked.action, **{**SCHOOL, "zone": "Mars/Base"}))
    back = await ana.submits(asked.action, **SCHOOL)
    assert not failed(back), back
    prep = await ana.chooses(back, "Prep")
    assert "I read 4 lessons" in summary(prep)
    assert form(await ana.presses(prep, "Change when school is")).title == "When is school?"
    saved = await ana.presses(prep, "Yes, save it")
    assert "Your times are saved." in summary(saved)
    assert "saved already" in summary(await ana.clicks("tt.save"))
    times = bot.read(lambda w: w.times.timetables((ana.member.id,)))[ana.member.id]
    assert times.cell("Tue", "P2").use is Use.PLANNING
    own = card(await ana.says("timetable"))
    assert any(isinstance(block, Table) for block in own.blocks)
    assert "Your next free period" in str(own.blocks)


async def test_several_people_in_one_table(ana: Hand) -> None:
    await school(ana)
    rows = "".join(f"Teacher {n},Mon,P1,Bio\n" for n in range(30))
    asked = await ana.submits("tt.read", text=f"teacher,day,period,subject\n{rows}")
    assert "The table holds 30 people. Which one are you?" in summary(asked)
    assert failed(await ana.clicks("tt.school")), "it is not settled who it is"
    assert failed(await ana.clicks("tt.who", "Nobody"))
    assert menus(card(asked))
    assert form(await ana.presses(asked, "Paste it again")).title == "Your timetable"
    assert "of Teacher 7" in summary(await ana.clicks("tt.who", "Teacher 7"))
    named = await ana.submits(
        "tt.read", text=f"teacher,day,period,subject\n{rows}", person=" teacher  8 "
    )
    assert "of Teacher 8" in summary(named)


@pytest.mark.parametrize("text", ["", "   ", "nonsense", "day,period\n"])
async def test_a_table_that_is_none(bot: Bot, ana: Hand, text: str) -> None:
    before = bot.everything()["drafts"]
    assert failed(await ana.submits("tt.read", text=text))
    assert bot.everything()["drafts"] == before


async def test_the_tap_grid(bot: Bot, ana: Hand) -> None:
    nothing = await ana.clicks("tt.tap")
    assert "I do not know the school's days" in summary(nothing)
    await school(ana)
    day = await ana.clicks("tt.tap")
    assert card(day).title == "Day Mon"
    for use in ("lesson", "planning", "duty", "absent", "free"):
        day = await ana.presses(day, "P1")
        assert button(day, "P1").label == f"P1: {use}"
    assert card(await ana.presses(day, "Next")).title == "Day Tue"
    assert not bot.read(lambda w: w.times.timetables((ana.member.id,))), "nothing is saved yet"
    day = await ana.presses(day, "P2")
    back = await ana.presses(day, "That is my week")
    assert "I read 1 lesson on Mon" in summary(back)
    assert button(await ana.presses(back, "Correct"), "P2").label == "P2: lesson"
    assert "Your times are saved" in summary(await ana.presses(back, "Yes, save it"))
    saved = bot.read(lambda w: w.times.timetables((ana.member.id,)))[ana.member.id]
    assert saved.cell("Mon", "P2").use is Use.LESSON


async def test_weekly_hours_in_words(ana: Hand) -> None:
    opened = form(await ana.presses(await ana.says("timetable"), "Weekly hours"))
    assert "hours" in wrong(await ana.submits(opened.action, hours="whenever I like"))
    saved = await ana.submits(opened.action, hours="weekdays after 16:00; Sat 10-12")
    assert "Your times are saved." in summary(saved)
    assert "You plan" in str(card(await ana.says("timetable")).blocks)
    again = form(await ana.clicks("tt.hours"))
    assert again.inputs[0].initial  # type: ignore[union-attr]


async def test_hours_in_which_nothing_can_come_are_told_as_such(ana: Hand) -> None:
    saved = await ana.submits("tt.hourssave", hours="Sundays 23:30-24:00")
    assert "no reminder can come" in summary(saved), "they are quiet hours"
    assert "working hours" not in str(card(saved).blocks)


async def test_long_holidays_are_looked_across(bot: Bot, ana: Hand) -> None:
    await school(ana)
    assert not failed(await ana.says("noschool 23 November to 28 February"))
    await ana.submits("tt.read", text=WEEK)
    saved = str(card(await ana.clicks("tt.save")).blocks)
    assert "There is no free period in sight" not in saved
    free = bot.read(lambda work: next_free(work, ana.member.id))
    assert free is not None
    assert free.start.isoformat() == "2027-03-01T07:50:00+00:00", "P2 of the first Monday"


async def test_the_calendar_of_a_rotation(bot: Bot, ana: Hand) -> None:
    assert "I do not know the school's days" in summary(await ana.clicks("school"))
    assert form(await ana.clicks("school.new")).title == "School calendar"
    assert failed(await ana.clicks("school.form"))
    assert wrong(await school(ana, days=" , "))["days"]  # type: ignore[arg-type]
    assert wrong(await school(ana, days="A, A"))  # type: ignore[arg-type]
    shown = await school(ana, days="A, B\nC")
    assert "Days A, B and C" in summary(shown)  # type: ignore[arg-type]
    changed = await ana.submits(
        "school.save",
        closures="2026-12-21 to 2027-01-01 planned Winter\n2026-11-25 unplanned Snow\n24.12. Eve"
        "\n2027-02-01 planned (only Grade 9, 10) Midterm\n2027-02-02 (only 10)",
        labels="2026-11-30 = B\n2026-12-01 = -",
        terms="2026-08-24 to 2026-12-18 Autumn\n2027-01-04 to 2027-06-18",
        planned="skip",
        unplanned="shift",
    )
    assert "5 closures" in summary(changed)
    calendar = bot.read(lambda w: w.times.calendar())
    assert calendar is not None
    assert calendar.label_on(date(2026, 12, 1)) is None
    assert calendar.label_on(date(2026, 11, 30)) == "B"
    assert [c.only for c in calendar.closures] == [(), (), (), ("Grade 9", "10"), ("10",)]
    assert [c.name for c in calendar.closures[3:]] == ["Midterm", ""]
    assert calendar.label_on(date(2027, 2, 1)) is not None
    filled = form(await ana.clicks("school.form"))
    given = {one.key: str(getattr(one, "initial", "")) for one in filled.inputs}
    again = await ana.submits(filled.action, **given)
    assert not failed(again), again
    assert bot.read(lambda w: w.times.calendar()) == calendar


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("closures", "31 February"),
        ("closures", "2026-12-24 to never"),
        ("closures", "2026-12-24 to 2026-12-01"),
        ("labels", "2026-11-30"),
        ("labels", "2026-11-30 ="),
        ("labels", "soon = A"),
        ("labels", "2026-11-30 = Nope"),
        ("terms", "2027-12-18 to 2026-08-24 x"),
    ],
)
async def test_lines_that_cannot_be_used_change_nothing(
    bot: Bot, ana: Hand, key: str, typed: str
) -> None:
    await school(ana, days="A, B")
    before = bot.everything()["calendars"]
    answers = {"closures": "", "labels": "", "terms": "", "planned": "shift", "unplanned": "shift"}
    reply = await ana.submits("school.save", **{**answers, key: typed})
    assert failed(reply), reply
    assert bot.everything()["calendars"] == before


async def test_when_all_are_free(bot: Bot, ana: Hand, ben: Hand) -> None:
    assert "I do not know yet whom you plan with." in summary(await ana.says("when"))
    named = await ana.says("when", ben.person)
    assert "No timetable yet of you and Ben" in str(card(named).blocks)
    plan = await ana.starts("Rivers", ben)
    await ana.submits("tt.hourssave", hours="Mon 8-9")
    await ben.submits("tt.hourssave", hours="Tue 8-9")
    none = await ana.clicks(action("when", plan))
    assert card(none).title == "No common time"
    assert "Plan apart in time instead" in str(card(none).blocks)
    await ben.submits("tt.hourssave", hours="Mon 8-9")
    assert "common slot" in summary(await ana.says("when"))
    await ana.starts("Towns", ben)
    assert (
        button(await ana.says("when", ben.person), "Propose").label == "Propose Mon 30 Nov, 08:00"
    )
    assert card(await ana.says("when")).title == "Which plan?"
    assert bot.plan(plan).title == "Rivers"

"""A school's year from a file, in the chat."""

from datetime import date

from bot.chat.inbound import Upload
from bot.domain.timetable.timetable import Cell, Timetable, Use
from tests.support.clicking import Bot, Hand, failed, form, summary, wrong
from tests.usecases.test_timetable_own import school

YEAR = """
cycle: [A, B]
first_date: 2026-08-31
first_label: A
until: 2027-06-18
school_weekdays: [0, 1, 2, 3, 4]
closures: [{from: 2026-12-21, to: 2027-01-01, kind: planned, name: Winter}]
policy: {planned: shift}
"""
BELLS = "bells: |\n  P1 08:00-08:45\n  P2 08:50-09:35\nzone: America/New_York\n"


async def test_a_calendar_comes_from_a_file_or_pasted(bot: Bot, ana: Hand) -> None:
    await ana.says("help")
    told = wrong(await ana.submits("school.yearsave", text=YEAR, anyway="no"))
    assert "clock times" in told["file"], "nobody has told the periods yet"
    file = (Upload(name="year.yaml", content=(YEAR + BELLS).encode()),)
    saved = await ana.submits("school.yearsave", files={"file": file}, anyway="no")
    assert "Days A and B" in summary(saved)
    calendar = bot.read(lambda work: work.times.calendar())
    assert calendar is not None
    assert (calendar.zone, calendar.bells.names) == ("America/New_York", ("P1", "P2"))
    assert calendar.label_on(date(2026, 12, 21)) is None
    asked = form(await ana.presses(await ana.clicks("school"), "Calendar from a file"))
    again = await ana.submits(asked.action, text=YEAR.replace("first_label: A", "first_label: B"))
    assert not failed(again), "what the file does not tell stays as it is"
    changed = bot.read(lambda work: work.times.calendar())
    assert changed is not None
    assert (changed.zone, changed.bells) == (calendar.zone, calendar.bells)
    assert changed.label_on(date(2026, 8, 31)) == "B"
    await ana.presses(again, "Undo")
    assert bot.read(lambda work: work.times.calendar()) == calendar


async def test_what_is_wrong_with_a_file_changes_nothing(bot: Bot, ana: Hand) -> None:
    await school(ana, days="A, B, C")
    before = bot.read(lambda work: work.times.calendar())
    assert failed(await ana.submits("school.yearsave", text="cycle: [A", anyway="no"))
    assert wrong(await ana.submits("school.yearsave", text=" ", anyway="no"))["text"]
    lesson = Timetable(cells={("C", "P1"): Cell(use=Use.LESSON)})
    bot.write(lambda work: work.times.save_timetable(ana.member.id, lesson))
    told = wrong(await ana.submits("school.yearsave", text=YEAR, anyway="no"))["anyway"]
    assert told == "1 timetable does not fit it any more: it has no C. Nothing is changed yet."
    assert bot.read(lambda work: work.times.calendar()) == before
    assert not failed(await ana.submits("school.yearsave", text=YEAR, anyway="yes"))
    assert bot.read(lambda work: work.times.calendar()) != before

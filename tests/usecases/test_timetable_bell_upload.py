"""Files given for the school's calendar: bell schedules, and calendars of whole days."""

from datetime import date, time

import pytest

from bot.chat.inbound import Upload
from tests.support.clicking import Bot, Hand, failed, summary, wrong
from tests.ui.test_pages_limits import within

TEXT = """* closed # Holiday
* odd
8:00 {P1}
8:45 Passing to {P2}
8:50 {P2}
9:35 Free
* late
9:00 {P1}
9:30 {P2}
10:00 Free
* Default Week
Mon odd
Tue odd
Wed late
Thu odd
Fri odd
Sat closed
* Special Days
11/11/2019 unheard-of # long ago
11/26/2026-11/27/2026 closed # Thanksgiving
12/02/2026 odd
06/01/2027-08/20/2027 closed # Summer
"""
YEAR = {"first": "2026-08-24", "until": "2027-06-18", "zone": "America/New_York"}


async def school(hand: Hand) -> None:
    bells = "P1 08:00-08:45\nP2 08:50-09:35"
    made = await hand.submits("school.newsave", days="Mon, Tue, Wed, Thu, Fri", bells=bells, **YEAR)
    assert not failed(made)


@pytest.mark.parametrize("as_file", [True, False])
async def test_bells_and_closures_within_the_year(bot: Bot, ana: Hand, as_file: bool) -> None:
    await school(ana)
    file = {"file": (Upload(name="x.bell", content=TEXT.encode("utf-8-sig")),)} if as_file else {}
    text = {} if as_file else {"text": TEXT}
    saved = await ana.submits("school.yearsave", files=file, anyway="no", **text)
    assert not failed(saved)
    within(saved)
    calendar = bot.read(lambda work: work.times.calendar())
    assert calendar is not None
    assert [(c.start, c.end, c.name) for c in calendar.closures] == [
        (date(2026, 11, 26), date(2026, 11, 27), "Thanksgiving"),
        (date(2027, 6, 1), date(2027, 6, 18), "Summer"),
    ]
    starts = [
        calendar.bells.schedule_on(date(2026, 12, day), None).in_order()[0].start
        for day in (1, 2, 9)
    ]
    assert starts == [time(8), time(8), time(9)]
    assert calendar.cycle == ("Mon", "Tue", "Wed", "Thu", "Fri")

    again = await ana.submits("school.yearsave", files=file, anyway="no", **text)
    assert not failed(again)
    assert bot.read(lambda work: work.times.calendar()) == calendar


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT.replace("11/11/2019", "11/11/2026"), "“unheard-of”"),
        (TEXT.replace("Wed late", "Wed never"), "“never”"),
        (TEXT.replace("8:00 {P1}", "8:00"), "“8:00” is no time and name"),
        (TEXT[TEXT.index("* Default") :], "not their bell schedules"),
        (TEXT[: TEXT.index("* Default")], "on which weekdays"),
    ],
)
async def test_what_is_wrong_changes_nothing(bot: Bot, ana: Hand, text: str, words: str) -> None:
    await school(ana)
    before = bot.read(lambda work: work.times.calendar())
    refused = await ana.submits("school.yearsave", text=text, anyway="yes")
    assert words in (str(wrong(refused)) if failed(refused) else summary(refused))
    assert bot.read(lambda work: work.times.calendar()) == before


async def test_a_school_has_to_say_first_when_its_year_is(ana: Hand) -> None:
    refused = await ana.submits("school.yearsave", text=TEXT, anyway="no")
    assert "when the school year begins" in str(wrong(refused))


def event(first: str, title: str, last: str = "") -> str:
    end = f"DTEND;VALUE=DATE:{last}\n" if last else ""
    return f"BEGIN:VEVENT\nDTSTART;VALUE=DATE:{first}\n{end}SUMMARY:{title}\nEND:VEVENT\n"


ICS = (
    "BEGIN:VCALENDAR\n"
    + event("20261126", "Thanksgiving Recess - District Closed", "20261128")
    + event("20261202", "Early Dismissal for All")
    + event("20261205", "Saturday - Schools Closed")
    + event("20261224", "Winter Recess — Schools Closed")
    + "END:VCALENDAR\n"
)


async def test_what_a_calendar_of_whole_days_calls_closed_is_a_suggestion(
    bot: Bot, ana: Hand
) -> None:
    await school(ana)
    before = bot.read(lambda work: work.times.calendar())
    asked = await ana.submits("school.yearsave", text=ICS, anyway="no")
    assert "3 days that the file calls closed are school days by your calendar" in summary(asked)
    within(asked)
    assert bot.read(lambda work: work.times.calendar()) == before
    await ana.presses(asked, "Close 3 days")
    calendar = bot.read(lambda work: work.times.calendar())
    assert calendar is not None
    assert calendar.closed_on(date(2026, 11, 27))
    assert calendar.closed_on(date(2026, 12, 24))
    assert not calendar.closed_on(date(2026, 12, 2))
    again = await ana.submits("school.yearsave", text=ICS, anyway="no")
    assert summary(again) == "All days that the file calls closed are closed already."


async def test_a_calendar_of_lessons_is_no_school_year(ana: Hand) -> None:
    await school(ana)
    lessons = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261123T080000\nDTEND:20261123T084500\n"
        "RRULE:FREQ=WEEKLY;COUNT=9\nSUMMARY:Art\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    refused = await ana.submits("school.yearsave", text=lessons, anyway="no")
    assert "holds lessons with clock times" in summary(refused)
    nothing = f"BEGIN:VCALENDAR\n{event('20261202', 'Unity Day')}END:VCALENDAR\n"
    refused = await ana.submits("school.yearsave", text=nothing, anyway="no")
    assert "called closed" in str(wrong(refused))

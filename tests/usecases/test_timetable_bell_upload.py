"""Bell-schedule text given for the school's calendar: bells and closures of its dates."""

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

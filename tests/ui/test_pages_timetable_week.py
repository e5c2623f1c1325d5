"""The largest week there can be fits into a message of every platform."""

from datetime import date

from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.ui.pages.timetable.reading import back_page, school_form
from bot.ui.pages.timetable.week import week_table
from bot.usecases.timetable.drafts import Draft
from bot.usecases.timetable.understanding import ReadBack
from tests.ui.test_pages_limits import within

DAYS = tuple(f"{n} {'day' * 12}" for n in range(10))
PERIODS = tuple(f"{n} {'period' * 6}" for n in range(40))
FULL = Timetable(
    cells={(d, p): Cell(use=Use.LESSON, what="A long subject " * 3) for d in DAYS for p in PERIODS}
)


def test_the_largest_week_fits() -> None:
    draft = Draft(days=DAYS, periods=PERIODS, people={"": FULL})
    back = ReadBack(
        draft=draft, calendar=None, standing=None, today=date(2026, 11, 23), zone="Europe/Berlin"
    )
    within(back_page(back))
    within(school_form(back))


def test_a_small_week_keeps_its_words() -> None:
    small = Timetable(cells={("A", "P1"): Cell(use=Use.DUTY, what="Yard")})
    assert week_table(small, ("A",), ("P1",), {"P1": "08:00"}).rows == (("P1 08:00", "duty: Yard"),)

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.timetable.bell_text import parse_bells
from bot.domain.timetable.fitting import fits, gone
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use

CALENDAR = SchoolCalendar(
    zone="Europe/Berlin",
    cycle=("A", "B"),
    first_date=date(2026, 8, 24),
    first_label="A",
    until=date(2027, 6, 18),
    bells=parse_bells("P1 08:00-08:45\nP2 08:50-09:35\n[late: Wed]\nP3 10:00-10:40", ("A", "B")),
)
LESSON = Cell(use=Use.LESSON)


def timetable(*places: str) -> Timetable:
    """Return lessons at places such as "A P1"."""
    return Timetable(cells={(place[0], place[2:]): LESSON for place in places})


@pytest.mark.parametrize(
    ("places", "lacking"),
    [
        ((), ()),
        (("A P1", "B P2", "A P3"), ()),
        (("C P1", "A P1"), ("C",)),
        (("A P9", "B P9", "B P8"), ("P9", "P8")),
        (("A P9", "C P1", "C P9"), ("C", "P9")),
    ],
)
def test_what_the_calendar_lacks_is_named_once_days_first(
    places: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    assert gone(timetable(*places), CALENDAR) == lacking
    assert fits(timetable(*places), CALENDAR) == (not lacking)


def test_a_calendar_that_has_it_all_again_fits_again() -> None:
    mine = timetable("A P3")
    shorter = replace(CALENDAR, bells=parse_bells("P1\nP2", CALENDAR.cycle))
    assert not fits(mine, shorter)
    assert fits(mine, replace(shorter, bells=CALENDAR.bells))

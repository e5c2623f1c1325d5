"""Weeks as schools in many countries write them: days across, periods down, remarks below."""

import pytest

from adapters.files.table import read_table
from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import times_in
from bot.domain.timetable.weekdays import LONG, weekday_of

WEEK = "{head}\n{one};Ma;;Ge;;\n{two};;Ma;;Ge;\n"


@pytest.mark.parametrize(
    ("head", "one", "two"),
    [
        ("Урок;Понедельник;Вторник;Среда;Четверг;Пятница", "1 урок", "2 урок"),
        ("Ώρα;Δευτέρα;Τρίτη;Τετάρτη;Πέμπτη;Παρασκευή", "1η", "2η"),
        ("Sat;Ponedjeljak;Utorak;Srijeda;Četvrtak;Petak", "1.", "2."),
        ("時限;月;火;水;木;金", "1時限", "2時限"),
        ("节次;星期一;星期二;星期三;星期四;星期五", "第一节", "第二节"),
        ("교시;월요일;화요일;수요일;목요일;금요일", "1교시", "2교시 (10:00~10:50)"),
        ("Tund;Esmaspäev;Teisipäev;Kolmapäev;Neljapäev;Reede", "1", "2"),
    ],
)
def test_weeks_in_other_languages_and_scripts(head: str, one: str, two: str) -> None:
    grid = read_table(WEEK.format(head=head, one=one, two=two).encode())
    assert grid.days == tuple(head.split(";")[1:])
    assert [weekday_of(day) for day in grid.days] == [0, 1, 2, 3, 4]
    assert grid.lessons[""] == {(0, 0), (2, 0), (1, 1), (3, 1)}


@pytest.mark.parametrize(
    "head", ["שעה;ראשון;שני;שלישי;רביעי;חמישי", "الحصة;الأحد;الاثنين;الثلاثاء;الأربعاء;الخميس"]
)
def test_weeks_that_begin_on_sunday(head: str) -> None:
    grid = read_table(WEEK.format(head=head, one="7:00-7:45", two="7:50-8:35").encode())
    assert [weekday_of(day) for day in grid.days] == [6, 0, 1, 2, 3]


@pytest.mark.parametrize(
    "head",
    [
        "ma;di;wo;do;vr",
        "Ma;Ti;Ke;To;Pe",
        "lu;ma;me;je;ve",
        "L;M;X;J;V",
        "M;T;W;Th;F",
        "M;T;W;T;F",
        "Po;Út;St;Čt;Pá",
        "Mon 31/08;Tue 01/09;Wed 02/09;Thu 03/09;Fri 04/09",
    ],
)
def test_short_days_are_clear_as_a_whole_week_and_what_was_assumed_is_told(head: str) -> None:
    grid = read_table(WEEK.format(head=f"Period;{head}", one="1", two="2").encode())
    assert grid.days == LONG[:5]
    assert grid.notes == (
        f"The days {head.replace(';', ', ')} were read as {', '.join(LONG[:5])} of every week.",
    )


def test_two_weeks_of_dates_are_no_week() -> None:
    with pytest.raises(InvalidInput, match="no column for the day"):
        read_table(b"Period;Mon 31/08;Mon 07/09\n1;Ma;\n2;;Ma\n")


def test_two_weeks_side_by_side_and_cycle_days_over_lettered_periods() -> None:
    weeks = read_table(b"Period;Mon A;Tue A;Mon B;Tue (week B)\n1;Ma;;;Ge\n2;;Ma;;\n")
    assert weeks.days == ("Mon A", "Tue A", "Mon B", "Tue (week B)")
    cycle = read_table(b"Period;Day 1;Day 2;Day 3\nA;Ma;;Ge\nB;;Ma;\n")
    assert (cycle.days, cycle.periods) == (("Day 1", "Day 2", "Day 3"), ("A", "B"))
    turned = read_table(b"Day;A;B\nDay 1;Ma;\nDay 2;;Ma\n")
    assert (turned.days, turned.periods) == (("Day 1", "Day 2"), ("A", "B"))


def test_remarks_below_the_table_are_left_out_and_told() -> None:
    grid = read_table(
        b"Period;Mon;Tue\nP1;Ma;\nP2;;Ge\nLunch;;\n;;\nNB: hall in December;;\n* = cover;;\n"
    )
    assert grid.periods == ("P1", "P2", "Lunch")
    told = "“NB: hall in December * = cover”"
    assert grid.notes == (f"What stands below the table was left out: {told}.",)


@pytest.mark.parametrize("dash", ["~", "\u301c", "\uff5e"])
def test_ranges_with_a_wave(dash: str) -> None:
    assert times_in(f"1교시 (09:00{dash}09:50)") == (540, 590)

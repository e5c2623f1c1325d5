"""The timetable of a whole staff: a row for each teacher, a column for each lesson."""

from io import BytesIO

import openpyxl
import pytest

from adapters.files.table import read_table
from adapters.files.workbook import read_workbook
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid


def read(*lines: str) -> Grid:
    return read_table("\n".join(lines).encode())


TEACHERS = ("Kim,7a,,7b,", '"Lee, Ann",,8c,,', "Diaz,,,,")


@pytest.mark.parametrize(
    "headings",
    [
        ("Teacher,Mon 1,Mon 2,Tue 1,Tue 2",),
        (",Mon1,Mon2,Tue1,Tue2,",),
        ("Name,Mon-1,Mon-2,Tue-1,Tue-2",),
        (",Mon,,Tue,", "Teacher,1,2,1,2"),
        ("Teacher,Mon,Mon,Tue,Tue", ",1,2,1,2"),
        ("Staff timetable 2026", ",Mon,,Tue,", "Teacher,1,2,1,2"),
    ],
)
def test_days_and_periods_in_one_row_or_in_two(headings: tuple[str, ...]) -> None:
    grid = read(*headings, *TEACHERS)
    assert (grid.days, grid.periods) == (("Mon", "Tue"), ("1", "2"))
    assert grid.lessons == {"Kim": {(0, 0), (1, 0)}, "Lee, Ann": {(0, 1)}, "Diaz": set()}
    assert grid.what["Kim"] == {(0, 0): "7a", (1, 0): "7b"}


def test_short_days_are_clear_together() -> None:
    days = ("ma", "di", "wo", "do", "vr")
    grid = read(
        ",".join(["", *(f"{day} {n}" for day in days for n in (1, 2))]), "Kim,7a,,,,,,,,,7b"
    )
    assert grid.days == ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    assert grid.lessons == {"Kim": {(0, 0), (4, 1)}}


def test_in_a_workbook_with_joined_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Teacher", "Mon", None, "Tue", None], [None, 1, 2, 1, 2], ["Kim", "7a", "", "7b"]):
        sheet.append(row)
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        sheet.merge_cells(area)
    data = BytesIO()
    book.save(data)
    grid = read_workbook(data.getvalue())
    assert (grid.days, grid.periods) == (("Mon", "Tue"), ("1", "2"))
    assert grid.lessons == {"Kim": {(0, 0), (1, 0)}}


@pytest.mark.parametrize(
    ("line", "what"),
    [("kim ,,7a,,", "Line 3: “kim” stands twice"), ("Lee,,,,,7a", "Line 3 has more")],
)
def test_what_is_not_clear_is_refused(line: str, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        read("Teacher,Mon 1,Mon 2,Tue 1,Tue 2", "kim,7a,,,", line)


def test_one_persons_two_weeks_are_no_overview() -> None:
    grid = read("Period,Mon 1,Mon 2,Tue 1,Tue 2", "1,Ma,,En,", "2,,Ma,,")
    assert grid.days == ("Mon 1", "Mon 2", "Tue 1", "Tue 2")
    assert grid.lessons == {"": {(0, 0), (2, 0), (1, 1)}}

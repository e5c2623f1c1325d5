"""Lists of lessons as schools write them: what is not plain in them is told, asked or refused."""

import pytest

from adapters.files.table import read_table
from bot.domain.errors import InvalidInput


def test_days_and_periods_by_two_names_are_one() -> None:
    grid = read_table(
        b"Teacher,Day,Period,Subject\nAnn,Mon,1,Ma\nBob,Monday,01,Ge\nAnn,mon,2,Ma\n"
        b"Bob,Day 2,2,Ge\n"
    )
    assert (grid.days, grid.periods) == (("Mon", "Day 2"), ("1", "2"))
    assert grid.lessons == {"Ann": {(0, 0), (0, 1)}, "Bob": {(0, 0), (1, 1)}}


@pytest.mark.parametrize("days", ["MWF", "TTh", "MTWThF", "Mon/Wed", "Mon and Wed", "Mo, Mi"])
def test_several_days_in_one_cell_are_no_day_of_a_cycle(days: str) -> None:
    with pytest.raises(InvalidInput, match=r"Line 3: .* are several days"):
        read_table(f'Teacher,Day,Period\nAnn,Mon,1\nBob,"{days}",1\n'.encode())


def test_several_periods_in_one_cell_are_all_of_them() -> None:
    grid = read_table(
        "Teacher,Day,Period\nAnn,Mon,1-2\nBob,Mon,4\nBob,Mon,1\nBob,Mon,2–3\n".encode()
    )
    assert grid.periods == ("1", "2", "4", "3")
    assert grid.lessons == {"Ann": {(0, 0), (0, 1)}, "Bob": {(0, 2), (0, 0), (0, 1), (0, 3)}}
    hours = read_table(b"Teacher,Day,Period\nAnn,Mon,8-9\nBob,Mon,9-10\n")
    assert hours.periods == ("8-9", "9-10"), "these are hours of the clock"


def test_several_people_in_one_cell() -> None:
    grid = read_table(
        b'Day,Period,Subject,Teacher\nMon,1,Ma,Kim/Lee\nMon,2,Ma,Kim\nTue,1,Ma,"Lee, Kim"\n'
        b'Tue,2,Ge,Lee; Park\nTue,3,Ge,Lee\nTue,3,Bio,Moe & Noe\nTue,4,Bio,"Kim, J"\n'
    )
    assert set(grid.lessons) == {"Kim", "Lee", "Park", "Moe & Noe", "Kim, J"}
    assert grid.lessons["Kim"] == {(0, 0), (0, 1), (1, 0)}
    assert grid.notes == (
        "Read as several people, each with the lesson: “Kim/Lee”; “Lee, Kim”; “Lee; Park”.",
        "Read as one person each: “Moe & Noe”. If they are several, write + between them.",
    )


def test_a_column_that_says_in_which_weeks_is_told() -> None:
    grid = read_table(b"Week,Day,Period,Teacher\nA,Mon,1,Ann\nB,Mon,1,Bob\n")
    assert grid.lessons["Ann"] == {(0, 0)}
    assert grid.notes == (
        "The column “Week” (A, B) was not read: what is not always there counts as if it were.",
    )
    some = read_table(b"Lehrer;Tag;Stunde;Woche\nMEI;Mo;1;A\nMEI;Mo;2;\n")
    assert some.notes
    assert not read_table(b"Week,Day,Period,Teacher\nA,Mon,1,Ann\nA,Mon,2,Bob\n").notes


def test_people_as_columns_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no column for the teacher or the subject; it has Kim"):
        read_table(b"Day,Period,Kim,Lee\nMon,1,7A,\nMon,2,,8B\n")


def test_rows_without_a_subject_are_told() -> None:
    grid = read_table(b"Day,Period,Subject\nMon,1,Ma\nMon,2,\n")
    assert grid.lessons[""] == {(0, 0), (0, 1)}
    assert grid.notes == ("Rows that name no subject count as lessons: 1, first line 3.",)
    assert not read_table(b"Day,Period,Subject\nMon,1,\nMon,2,\n").notes


def test_fets_table_with_headings_that_are_known_by_half() -> None:
    lessons = ["1,Пн,1,7,Физика,Иванова,,12", "2,Пн,1,8,Физика,Петрова,,14"]
    grid = read_table(
        "\n".join(["№,День,Час,Классы,Предмет,Учителя,Метки,Кабинет", *lessons]).encode()
    )
    assert grid.lessons == {"Иванова": {(0, 0)}, "Петрова": {(0, 0)}}
    assert any("as a table of FET" in note for note in grid.notes)


def test_one_persons_numbered_list_is_none_of_fets() -> None:
    lessons = ["1,Mon,1,7,Physics,Lab,North,2", "2,Mon,2,8,Physics,Lab,North,2"]
    grid = read_table("\n".join(["No,Day,Period,Year,Subject,Room,House,Floor", *lessons]).encode())
    assert grid.lessons == {"": {(0, 0), (0, 1)}}

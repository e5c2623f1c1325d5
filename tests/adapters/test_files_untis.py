import pytest

from adapters.files.recognising import Format, format_of, recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.marking import not_busy

ROWS = (
    '7;"4c";"Brown, J";"Fö-3";"R1";2;1;;\r\n'
    '7;"4d";"Brown, J";"Fö-3";"R1";2;1;;\r\n'
    '7;"4c";"Änne";"Fö-3";"";2;1;;\r\n'
    '8;"";"Änne";"";"";1;4;;\r\n'
    '9;"4c";"";"Bio";"";3;5;;\r\n'
)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_rows_of_each_class_and_teacher(separator: str, encoding: str) -> None:
    data = ROWS.replace(";", separator).encode(encoding)
    assert format_of(data) is Format.UNTIS
    grid = recognise(data)
    assert grid.days == ("1", "2", "3")
    assert grid.periods == ("1", "2", "3", "4", "5")
    assert grid.lessons == {"Brown, J": {(1, 0)}, "Änne": {(1, 0), (0, 3)}}
    assert grid.what == {"Brown, J": {(1, 0): "Fö-3"}, "Änne": {(1, 0): "Fö-3"}}
    assert grid.notes == ()


def test_days_that_are_no_numbers_are_no_table_of_fet() -> None:
    rows = "".join(f'{at};"5{at % 2}";"Joh";"Bio";"";Mo;{at};;\n' for at in range(1, 9))
    with pytest.raises(InvalidInput, match="no column for the day"):
        recognise(rows.encode())


def test_old_programs_end_a_file_with_a_sign() -> None:
    assert recognise(ROWS.encode("cp1252") + b"\x1a") == recognise(ROWS.encode("cp1252"))


def test_periods_may_begin_with_0_and_lessons_may_have_no_place() -> None:
    grid = recognise(
        (ROWS + '1;"";"Kim";"";"";1;0\n2;"";"Kim";"";"";;\n3;"";"X";"";"";0;0\n').encode()
    )
    assert grid.periods == ("0", "1", "2", "3", "4", "5")
    assert grid.lessons["Kim"] == {(0, 0)}
    assert "X" not in grid.lessons
    assert grid.notes == ("Rows without a day or a period, left out: 2.",)


def test_subjects_that_have_no_place_yet_are_subjects() -> None:
    untis = recognise((ROWS + '2;"";"Kim";"Duty";"";;\n').encode())
    table = recognise(b"Teacher,Day,Period,Subject\nKim,,,Duty\nAna,Mon,1,Art\n")
    for grid in (untis, table):
        assert "Duty" in grid.subjects
        assert not_busy(grid, ["duty"]).lessons == grid.lessons


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ROWS * 9 + '1;"";"Kim";"";"";Mon;1\n', "Line 46: “Mon” is no number of a day"),
        (ROWS * 9 + '1;"";"Kim";"";"";1;99\n', "“99” is no number of a period"),
        (ROWS * 9 + '1;"";"Kim";"";"";1\n', "“1” is no number of a day"),
        ('1;"";"Kim";"";"";;\n', "No lesson of this Untis file"),
    ],
)
def test_bad_rows(rows: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as problem:
        recognise(rows.encode())
    assert problem.value.remedy


def test_a_table_that_is_none_of_untis() -> None:
    assert format_of(b"Teacher,Day,Period\nAna,Mon,1\n") is Format.TABLE
    assert format_of(b"Ana,Mon,1\nBen,Tue,2\n") is Format.TABLE
    cut = b"Teacher,Day,Period,Subject\n" + b'Ana,Mon,1,"a\nb"\n' * 9_000
    assert format_of(cut) is Format.TABLE
    assert len(recognise(cut).lessons["Ana"]) == 1

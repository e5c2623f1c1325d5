"""Tables of which one line is wrong: the message names the line and what stands there."""

import io
import zipfile

import pytest

from adapters.files.table import read_table
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import find_teacher


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("Mon, P1, Art\nFunday, P2, Bio\nTue, P1, Art\n", "Line 2: “Funday” is no day of the week"),
        ("Funday, P1, Art\n", "Line 1: “Funday” is no day of the week"),
        ("Ana, Mon, P1\nAna, Funday, P2\n", "Line 2: “Funday” is no day"),
        ("Mon, P1, Art\nMon, whenever, Bio\nTue, P1, Art\n", "Line 2: “whenever” is no period"),
        ("Mon, P1, Art\nTue\nWed, P1, Bio\n", "Line 2 has 1 cells"),
        ("Mon, P1, Art\nTue, P1, Bio, 3, 4\nWed, P1, Bio\n", "Line 2 has 5 cells"),
        ("Period\tMon\tFunday\tWed\n1\tArt\t\tBio\n", "Line 1: “Funday” is no day"),
        ("\tP1\tP2\nMon\tArt\t\nFunday\t\tBio\nWed\t\tBio\n", "Line 3: “Funday” is no day"),
    ],
)
def test_the_line_and_the_value_are_named(table: str, says: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_table(table.encode())
    assert problem.value.message.startswith(says)
    assert problem.value.remedy


def test_a_bare_line_may_end_before_the_subject() -> None:
    grid = read_table(b"Mon, P1, Art\nTue, P1\n")
    assert grid.lessons[""] == {(0, 0), (1, 0)}


def test_a_column_for_teachers_in_which_nobody_stands() -> None:
    grid = read_table(b"Day,Period,Teachers\nMon,P1\nTue,P1,\n")
    with pytest.raises(InvalidInput, match="Nobody stands in its column for teachers"):
        find_teacher(grid, "Ana")
    alone = read_table(b"Day,Period\nMon,P1\n")
    with pytest.raises(InvalidInput, match="no column for teachers"):
        find_teacher(alone, "Ana")


def test_what_is_packed_has_to_be_unpacked_first() -> None:
    for start in (b"PK\x03\x04", b"\x1f\x8b"):
        with pytest.raises(InvalidInput) as problem:
            read_table(start + b"users.csv")
        assert "Unpack it" in problem.value.remedy


def test_a_spreadsheet_of_libreoffice_is_called_so() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InvalidInput, match="own format") as problem:
        read_table(stream.getvalue())
    assert problem.value.remedy == "Save it as Excel workbook (.xlsx) or CSV (UTF-8) and try again."

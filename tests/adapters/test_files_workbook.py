"""Excel workbooks: what spreadsheet programs write, and what is sent to do harm."""

import contextlib
import io
import zipfile
from datetime import datetime, time
from typing import Any

import openpyxl
import pytest

from adapters.files.recognising import Format, format_of, recognise
from bot.domain.errors import InvalidInput
from tests.support.examples import cases
from tests.support.measured import measured
from tests.support.pace import stretched

LIST = (
    ("Teacher", "Day", "Period", "Subject"),
    ("Ana", "Mon", 1, "Art"),
    ("Ben", "Tue", 2.0, "Bio"),
    ("Ana+Ben", "Tue", 1, "Choir"),
)


def workbook(*sheets: tuple[tuple[Any, ...], ...], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    for at, rows in enumerate(sheets):
        sheet = book.active if at == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook with one of its parts replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return stream.getvalue()


def sheet(body: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_list_of_lessons() -> None:
    data = workbook(LIST)
    assert format_of(data) is Format.WORKBOOK
    grid = recognise(data)
    assert (grid.days, grid.periods) == (("Mon", "Tue"), ("1", "2"))
    assert grid.lessons == {"Ana": {(0, 0), (1, 0)}, "Ben": {(1, 1), (1, 0)}}
    assert grid == recognise(
        "\n".join(",".join(str(c).replace("2.0", "2") for c in row) for row in LIST).encode()
    )


def test_a_week_with_joined_cells_and_times_that_are_times() -> None:
    week = (
        (None, "Monday", "Tuesday"),
        (time(8, 0), "Art", None),
        (datetime(1900, 1, 1, 8, 50), None, "Bio"),  # noqa: DTZ001 - as Excel stores it
    )
    grid = recognise(workbook(week, merge="B2:B3"))
    assert grid.periods == ("08:00", "08:50")
    assert grid.lessons == {"": {(0, 0), (0, 1), (1, 1)}}, "a double period is two periods"


def test_only_the_first_sheet_is_read_and_that_is_told() -> None:
    grid = recognise(workbook((), LIST, (("Notes",),)))
    assert set(grid.lessons) == {"Ana", "Ben"}
    assert grid.notes == ("Only the sheet “Sheet1” was read; the file also has “Sheet2”.",)


WEEK = ((None, "Mon", "Tue"), ("P1", "Art", None), ("P2", None, "Bio"))
OTHER = ((None, "Mon", "Tue"), ("P1", None, "Bio"), ("P2", None, None))


def test_a_sheet_before_the_timetable_is_passed_over_and_told() -> None:
    grid = recognise(workbook((("Our school", "2026"),), LIST))
    assert set(grid.lessons) == {"Ana", "Ben"}
    assert grid.notes == ("Only the sheet “Sheet1” was read; the file also has “Sheet”.",)
    with pytest.raises(InvalidInput, match="no column for the day"):
        recognise(workbook((("Name", "Phone"),), (("Cover", "Page"),)))


def test_sheets_that_are_weeks_are_people() -> None:
    grid = recognise(workbook(WEEK, OTHER))
    assert grid.lessons == {"Sheet": {(0, 0), (1, 1)}, "Sheet1": {(1, 0)}}
    assert grid.what["Sheet1"] == {(1, 0): "Bio"}
    assert grid.notes[-1] == (
        "Each of the 2 sheets was read as the week of the person it is called after."
    )


def titled(*titles: str, hidden: str = "") -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(WEEK, OTHER)))
    for sheet, title in zip(book.worksheets, titles, strict=True):
        sheet.title = title
        sheet.sheet_state = "hidden" if title == hidden else "visible"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_hidden_sheet_is_nobodys_week() -> None:
    grid = recognise(titled("Ana", "last year", hidden="last year"))
    assert grid.lessons == {"": {(0, 0), (1, 1)}}


@pytest.mark.parametrize(
    "titles", [("Week A", "Week B"), ("A-Woche", "B-Woche"), ("Semester 1", "Semester 2")]
)
def test_sheets_called_after_weeks_are_no_people(titles: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match=f"called {titles[0]}, {titles[1]}: these are weeks"):
        recognise(titled(*titles))
    assert set(recognise(titled("Weeks", "Terman")).lessons) == {"Weeks", "Terman"}


def test_weeks_of_different_periods_are_not_mixed() -> None:
    other = ((None, "Mon", "Tue"), ("P1", None, "Bio"))
    grid = recognise(workbook(WEEK, other))
    assert set(grid.lessons) == {""}
    assert grid.notes[-1].startswith("Only the sheet “Sheet” was read")


def test_styles_and_menus_that_nobody_knows_do_not_matter() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    bare = f'<styleSheet xmlns="{main}"/>'.encode()
    assert set(recognise(repacked(workbook(LIST), "xl/styles.xml", bare)).lessons) == {"Ana", "Ben"}
    menus = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    cells = "".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in zip("ABC", ("Mon", "P1", "Art"), strict=True)
    )
    content = sheet(f'<row r="1">{cells}</row>').replace(b"</worksheet>", menus)
    assert recognise(repacked(workbook(()), SHEET, content)).lessons == {"": {(0, 0)}}


def test_a_formula_with_its_result_counts_as_what_it_shows() -> None:
    cells = "".join(
        f'<c r="{column}1" t="str"><f>"x"</f><v>{text}</v></c>'
        for column, text in zip("ABC", ("Mon", "P1", "Art"), strict=True)
    )
    grid = recognise(repacked(workbook(()), SHEET, sheet(f'<row r="1">{cells}</row>')))
    assert grid.lessons == {"": {(0, 0)}}


def bomb() -> bytes:
    return repacked(workbook(LIST), SHEET, sheet(" " * 400_000_000))


def lying_bomb() -> bytes:
    """Unpacks to far more than its directory says."""
    data = repacked(workbook(LIST), SHEET, sheet(" " * 100_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = packed.getinfo(SHEET).file_size
    return data.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))


def entities() -> bytes:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'
    return repacked(workbook(LIST), "xl/sharedStrings.xml", text.encode())


def cells() -> bytes:
    return sheet(("<row>" + "<c><v>1</v></c>" * 1_000 + "</row>") * 1_000)


def many_cells() -> bytes:
    return repacked(workbook(LIST), SHEET, cells())


def far_away() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return repacked(workbook(LIST), SHEET, sheet(far))


def joined_far() -> bytes:
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    content = sheet('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        b"</worksheet>", merged.encode()
    )
    return repacked(workbook(LIST), SHEET, content)


def many_parts() -> bytes:
    stream = io.BytesIO(workbook(LIST))
    with zipfile.ZipFile(stream, "a") as packed:
        for n in range(5_000):
            packed.writestr(f"xl/worksheets/more{n}.xml", b"")
    return stream.getvalue()


def another_name(name: str) -> bytes:
    """Return a workbook whose sheet of too many cells is a part of another name."""
    data = repacked(workbook(LIST), f"xl/{name}", cells())
    for part in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            told = packed.read(part).replace(b"worksheets/sheet1.xml", name.encode())
        data = repacked(data, part, told)
    return data


def several_sheets() -> bytes:
    """Return a workbook whose sheets have too many cells together."""
    data = workbook(*[LIST] * 6)
    for at in range(1, 7):
        content = sheet(("<row>" + "<c><v>1</v></c>" * 300 + "</row>") * 150)
        data = repacked(data, f"xl/worksheets/sheet{at}.xml", content)
    return data


def after_cells(text: str) -> bytes:
    content = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    return repacked(
        workbook(LIST), SHEET, content.replace(b"</worksheet>", f"{text}</worksheet>".encode())
    )


def joined_often() -> bytes:
    return after_cells(
        "<mergeCells>"
        + "".join(f'<mergeCell ref="A{at}:A{at}"/>' for at in range(5, 19_000))
        + "</mergeCells>"
    )


def links() -> bytes:
    return after_cells("<hyperlinks>" + '<hyperlink ref="A1"/>' * 400_000 + "</hyperlinks>")


def styles() -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook(LIST))) as packed:
        told = packed.read("xl/styles.xml")
    return repacked(
        workbook(LIST), "xl/styles.xml", told.replace(b"<cellXfs", b"<xf/>" * 500_000 + b"<cellXfs")
    )


def twice() -> bytes:
    stream = io.BytesIO(workbook(LIST))
    with zipfile.ZipFile(stream, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr(SHEET, sheet("<row/>"))
    return stream.getvalue()


HOSTILE = {
    "a part twice": (twice, "damaged"),
    "bomb": (bomb, "unpacks to"),
    "lying bomb": (lying_bomb, "damaged"),
    "entities": (entities, "entities of its own"),
    "many cells": (many_cells, "more than 100,000 cells"),
    "empty cells": (
        lambda: repacked(workbook(LIST), SHEET, sheet(f"<row>{'<c/>' * 4_000_000}</row>")),
        "more than 700,000 empty cells or styles",
    ),
    "fewer empty cells": (
        lambda: repacked(workbook(), SHEET, sheet(f"<row>{'<c/>' * 690_000}</row>")),
        "empty",
    ),
    "empty rows": (
        lambda: repacked(workbook(LIST), SHEET, sheet("<row/>" * 600_000)),
        "more than 100,000 cells",
    ),
    "cells with a prefix": (
        lambda: repacked(
            workbook(LIST),
            SHEET,
            sheet(f"<x:row>{'<x:c></x:c>' * 900_000}</x:row>").replace(b"xmlns=", b"xmlns:x="),
        ),
        "more than 100,000 cells",
    ),
    "cells in a part of another name": (lambda: another_name("more.bin"), "100,000 cells"),
    "cells of several sheets": (several_sheets, "more than 100,000 cells"),
    "two bytes a letter": (
        lambda: repacked(workbook(LIST), SHEET, cells()[:9_000_000].decode().encode("utf-16")),
        "damaged",
    ),
    "links": (links, "60,000 styles, rules and links"),
    "styles": (styles, "60,000 styles, rules and links"),
    "joined often": (joined_often, "more than 5,000 groups of joined cells"),
    "far away": (far_away, "reaches to row 1,048,576"),
    "joined far": (joined_far, "more than 60,000 joined cells"),
    "many parts": (many_parts, "unpacks to"),
    "formulas": (lambda: workbook((("Day", "Period"), ("Mon", "=1+1"))), "Cell B2 holds a formula"),
    "cut off": (lambda: workbook(LIST)[:3_000], "damaged|zip file"),
    "no timetable": (lambda: workbook((("Name", "Phone"), ("Ana", 5))), "no column for the day"),
    "nothing": (lambda: workbook(()), "empty"),
    "broken XML": (lambda: repacked(workbook(LIST), SHEET, b"<worksheet><row>"), "damaged"),
    "another zip": (
        lambda: repacked(b"PK\x05\x06" + bytes(18), "a.txt", b"hello"),
        "a spreadsheet or zip file",
    ),
}


@pytest.mark.parametrize("kind", cases(list(HOSTILE)))
def test_hostile_workbooks_are_refused_soon_and_in_little_room(kind: str) -> None:
    make, says = HOSTILE[kind]
    found = measured(make())
    assert found.told != "read"
    assert any(part in found.told for part in says.split("|")), found.told
    assert found.seconds < stretched(2)
    assert found.megabytes < 200


def test_cells_that_are_empty_do_not_count() -> None:
    """Some programs write a thousand rows of cells for each sheet, or one at its far end."""
    empty = "".join(
        f'<row r="{at}">'
        + "".join(f'<c r="{column}{at}" s="0"/>' for column in "ABCDEFGH")
        + "</row>"
        for at in (*range(9, 1_000), 1_048_576)
    )
    data = workbook(*[LIST] * 20)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist() if "sheets/" in name}
    for name, content in parts.items():
        filled = content.replace(b"</sheetData>", f"{empty}</sheetData>".encode())
        data = repacked(data, name, filled)
    assert recognise(data).lessons == recognise(workbook(LIST)).lessons


def test_a_large_timetable_is_read() -> None:
    rows = [("Teacher", "Day", "Period", "Subject")]
    rows += [(f"T{n % 80}", f"Day {n % 5 + 1}", f"P{n // 400 + 1}", "Art") for n in range(4_000)]
    assert len(recognise(workbook(tuple(rows))).lessons) == 80


@pytest.mark.parametrize("start", range(0, 6_000, 500))
def test_a_damaged_workbook_is_read_or_refused(start: int) -> None:
    data = workbook(LIST)
    for at in range(start, min(start + 500, len(data)), 41):
        with contextlib.suppress(InvalidInput):  # anything else fails
            recognise(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])

"""Tables that are meant to do harm: one clear sentence, soon, and in little room."""

from collections.abc import Callable

import pytest

from adapters.files.table import read_table
from tests.support.examples import cases
from tests.support.measured import measured
from tests.support.pace import stretched

HEAD = b"Teacher,Day,Period\n"


def people(count: int) -> bytes:
    return HEAD + b"".join(b"T%d,Tue,2\n" % at for at in range(count))


def days(count: int) -> bytes:
    return HEAD + b"".join(b"T,D%d,2\n" % at for at in range(count))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "columns": (lambda: b"a," * 100_000 + b"\n", "Line 1 has 100,001 columns"),
    "columns in many rows": (lambda: (b"a," * 100_000 + b"\n") * 90, "Line 1 has 100,001 columns"),
    "commas": (lambda: b"," * 19_000_000, "Line 1 has 19,000,001 columns"),
    "quote never closed": (
        lambda: HEAD + b'Ana,Mon,"1\n' + b"Ben,Tue,2\n" * 450_000,
        "the row that begins on line 2 are not closed",
    ),
    "first quote never closed": (
        lambda: b'"' + HEAD + b"Ben,Tue,2\n" * 450_000,
        "the row that begins on line 1 are not closed",
    ),
    "quotes": (lambda: b'"' * 19_000_000, "Line 1 has 19,000,000 letters"),
    "pairs of quotes": (lambda: b'"",' * 6_000_000, "Line 1 has 6,000,001 columns"),
    "rows": (lambda: HEAD + b"Ben,Tue,2\n" * 450_000, "more than 100,000 rows"),
    "cells": (
        lambda: HEAD + (b"Ana,Mon,1" + b",ab" * 490 + b"\n") * 13_000,
        "more than 1,200,000 cells",
    ),
    "people": (lambda: people(90_000), "more than 10,000 different teachers"),
    "days": (lambda: days(90_000), "more than 400 different days"),
    "ends of lines": (lambda: b"\n" * 19_000_000, "The file is empty"),
    "one cell": (lambda: HEAD + b"Ana,Mon," + b"x" * 18_000_000, "Line 2 has 18,000,008 letters"),
    "a crowd": (lambda: HEAD + b"A+" * 9_000_000 + b",Mon,1\n", "Line 2 has 18,000,007 letters"),
    "fifty megabytes": (lambda: HEAD * 2_700_000, "larger than 20 MB"),
}


@pytest.mark.parametrize("kind", cases(list(HOSTILE)))
def test_hostile_tables_are_refused_soon_and_in_little_room(kind: str) -> None:
    make, says = HOSTILE[kind]
    found = measured(make())
    assert says in found.told
    assert found.seconds < stretched(2)
    assert found.megabytes < 200


def test_many_subjects_at_one_time_are_read_soon() -> None:
    rows = b"".join(b"Ana,Mon,1,S%d\n" % at for at in range(90_000))
    found = measured(b"Teacher,Day,Period,Subject\n" + rows)
    assert found.told == "read"
    assert found.seconds < stretched(2)
    assert found.megabytes < 200


def test_what_goes_on_for_lines_within_quotes_tells_nothing_of_the_separator() -> None:
    """Of the first line alone a comma would be as likely."""
    grid = read_table(b'"a,, art\n,";Day;Period\n;Mon;1\n')
    assert grid.lessons == {"": {(0, 0)}}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_many_ways_also_within_quotes(end: str) -> None:
    rows = ("Day,Period,What", f'Mon,1,"Art{end}and craft"', "Tue,2,Bio", "")
    grid = read_table(end.join(rows).encode())
    assert grid.lessons == {"": {(0, 0), (1, 1)}}

import csv
import json
from itertools import combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.files.table import read_table
from bot.cli.timetable import app
from bot.domain.timetable.grid import common

SCHOOLS = Path(__file__).parents[2] / ".." / "shared" / "data" / "fet"
FILES = [
    SCHOOLS / school / f"{school}_timetable.csv"
    for school in ("dgs", "fitero", "havana", "hopwood", "khomastura")
]
TABLE = (
    "Teacher,Day,Period,Subject,Kind\n"
    "Ana Ode,Mon,P1,Art,\n"
    "Ana Ode,Mon,P3,Art,\n"
    "[Ben],Mon,P1,Bio,\n"
    ",Mon,P2,,\n"
    ",Mon,P4,,break\n"
    "[Ben],Mon,P5,,absent\n"
    "Full,Mon,P2,,\nFull,Mon,P3,,\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["common", *map(str, args)], env={"COLUMNS": "100"})
    return result.exit_code, result.stdout, result.stderr


def test_json_is_one_document_and_nothing_else(table: Path) -> None:
    code, out, err = run(table, " Ana  Ode", "[Ben]", "--json")
    assert (code, err) == (0, "")
    second = {"day": "Mon", "period": "P2", "day_index": 0, "period_index": 2}
    last = {"day": "Mon", "period": "P5", "day_index": 0, "period_index": 4}
    assert json.loads(out) == {
        "days": ["Mon"],
        "periods": ["P1", "P3", "P2", "P4", "P5"],
        "free": [second, last],
        "available": [
            {**second, "cost": {" Ana  Ode": "stay longer", "[Ben]": "stay much longer"}}
        ],
    }


def test_people_get_a_table(table: Path) -> None:
    code, out, _err = run(table, "Ana Ode", "[Ben]")
    assert code == 0
    assert "[Ben]" in out
    assert "stay longer" in out


def test_letters_that_the_terminal_lacks_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("Teacher,Day,Period\nZoë,Mon,1\nAna,Mon,2\n".encode("cp1252"))
    result = CliRunner(charset="ascii").invoke(app, ["common", str(path), "Zoë"])
    assert result.exit_code == 0
    assert "Zo?" in result.stdout


def test_none_comes_with_the_asynchronous_offer(table: Path) -> None:
    code, out, _err = run(table, "[Ben]", "Ana Ode", "Full")
    assert code == 0
    assert "No period in the whole cycle suits all of them." in out
    assert "[Ben]: Mon, P3" in out
    assert "Ana Ode: Mon, P2" in out


def test_nobody_with_any_time_is_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "busy.csv"
    path.write_text("Teacher,Day,Period\nAna,Mon,1\n", encoding="utf-8")
    assert run(path, "Ana") == (0, "No period in the whole cycle suits all of them.\n", "")


def test_one_name_and_the_same_name_twice(table: Path) -> None:
    once = run(table, "Ana Ode", "--json")
    assert once == run(table, "Ana Ode", "Ana Ode", "--json")
    assert len(json.loads(once[1])["available"]) == 2


@pytest.mark.parametrize(
    ("content", "names", "words"),
    [
        (TABLE.encode(), ["Ana Odd"], "Did you mean “Ana Ode”?"),
        (TABLE.encode(), [], "at least one teacher"),
        (b"", ["Ana"], "empty"),
        (b"\x00\x00", ["Ana"], "binary"),
        (b"x" * 20_000_001, ["Ana"], "20 MB"),
        (b"Teacher,Day\nAna,Mon\n", ["Ana"], "no column for the period"),
        (TABLE.encode(), ["A\nB"], "no teacher “A B”"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, content: bytes, names: list[str], words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    code, out, err = run(path, *names, "--json")
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        code, _out, err = run(path, "Ana")
        assert code == 2
        assert "cannot be read" in err
    assert run()[0] == 2


def test_help() -> None:
    assert run("--help")[0] == 0
    assert CliRunner().invoke(app, ["--help"]).exit_code == 0


Table = dict[tuple[int, int], set[str]]


def naive_table(path: Path) -> tuple[list[str], list[str], Table]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    days: list[str] = []
    periods: list[str] = []
    busy: Table = {}
    for row in rows:
        days += [row["Day"]] * (row["Day"] not in days)
        periods += [row["Hour"]] * (row["Hour"] not in periods)
        at = days.index(row["Day"]), periods.index(row["Hour"])
        busy.setdefault(at, set()).update(row["Teachers"].split("+"))
    return days, periods, busy


def naive_class(lessons: str, at: int) -> str:
    """The class of period ``at`` of a day written as "x..x": by the words of the issue."""
    before, after = lessons[:at], lessons[at + 1 :]
    if "x" in before and "x" in after:
        sides = before.endswith("x") + after.startswith("x")
        return {2: "single gap", 1: "border gap", 0: "big gap"}[sides]
    if "x" in after:
        return "come earlier" if after.startswith("x") else "come much earlier"
    if "x" in before:
        return "stay longer" if before.endswith("x") else "stay much longer"
    return "free day"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_pair_of_every_school_agrees_with_a_second_computation(path: Path) -> None:
    if not path.exists():
        pytest.skip("the data folder is missing: ../shared/data/fet")
    days, periods, busy = naive_table(path)
    grid = read_table(path.read_bytes(), path.name)
    assert (list(grid.days), list(grid.periods)) == (days, periods)
    teachers = sorted({name for names in busy.values() for name in names if name})
    assert sorted(grid.lessons) == teachers
    rows = {
        (name, day): "".join(
            "x" if name in busy.get((day, p), ()) else "." for p in range(len(periods))
        )
        for name in teachers
        for day in range(len(days))
    }
    for pair in combinations(teachers, 2):
        expected = {
            (day, at): {name: naive_class(rows[name, day], at) for name in pair}
            for day in range(len(days))
            for at in range(len(periods))
            if not busy.get((day, at), set()) & set(pair)
        }
        found = common(grid, pair)
        assert list(found.free) == list(expected)
        costs = {at: {n: c.value for n, c in cost.items()} for at, cost in found.available}
        assert costs == expected


def test_what_is_wrong_with_a_file_is_said_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("Teacher,Day,Period\nAna,Mon\n", encoding="utf-8")
    code, out, err = run(file, "Ana")
    assert (code, out) == (2, "")
    assert err.startswith("mine.csv: Line 2 has no period. Fill it in")

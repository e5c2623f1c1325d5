import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files.decoding import LARGEST
from adapters.files.sources import read_source
from adapters.files.table import STATES, read_table
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, common, timetable_of
from bot.domain.timetable.timetable import Use
from tests.support.examples import examples

PLAIN = (
    "Teacher,Day,Period,Subject\n"
    "Zoë Ode,Mon,P1,Biology\n"
    "Ana+Zoë Ode,Tue,P2,Art\n"
    ",Mon,P3,Assembly\n"
    "Ana,Mon,P1,Music\n"
)


def as_pairs(grid: Grid, teacher: str) -> set[tuple[str, str]]:
    return {(grid.days[day], grid.periods[at]) for day, at in grid.lessons[teacher]}


def test_one_row_per_teacher_day_and_period() -> None:
    grid = read_table(PLAIN.encode())
    assert grid.days == ("Mon", "Tue")
    assert grid.periods == ("P1", "P2", "P3")
    assert set(grid.lessons) == {"Ana", "Zoë Ode"}
    assert as_pairs(grid, "Ana") == {("Mon", "P1"), ("Tue", "P2")}
    assert grid.what["Zoë Ode"] == {(0, 0): "Biology", (1, 1): "Art"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le-mark"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends(separator: str, encoding: str, ending: str) -> None:
    text = PLAIN.replace(",", separator).replace("\n", ending)
    data = (
        ("\ufeff" + text).encode("utf-16-be")
        if encoding == "utf-16-le-mark"
        else text.encode(encoding)
    )
    assert read_table(data) == read_table(PLAIN.encode())


def test_fet_quotes_everything_and_has_columns_of_no_interest() -> None:
    text = (
        '\ufeff"Activity Id","Day","Hour","Students Sets","Subject","Teachers","Activity Tags",'
        '"Room","Comments"\n'
        '"1","Day2","Pd6"," 9A","R, ""S""","Ana+Ben","","",""\n'
        '"2","","","9A","Unplaced","Ana","","",""\n'
    )
    grid = read_table(text.encode())
    assert (grid.days, grid.periods) == (("Day2",), ("Pd6",))
    assert grid.what["Ben"] == {(0, 0): 'R, "S"'}


def test_cells_may_hold_separators_and_line_ends_in_quotes() -> None:
    text = 'sep=;\nName;Day;Time;What\n"Brown; J";Mon;P1;"Two\nlines"\n\n;;;\n'
    grid = read_table(text.encode())
    assert as_pairs(grid, "Brown; J") == {("Mon", "P1")}
    single = read_table(b"'Teacher','Day','Period'\n'A, B','Mon','P1'\n")
    assert set(single.lessons) == {"A, B"}


@pytest.mark.parametrize(
    "head",
    [
        "Lehrkraft;Wochentag;Stunde;Fach",
        "Enseignant;Jour;Créneau;Matière",
        "Profesor;Día;Hora;Asignatura",
        "Teacher Name;day;PERIOD;Lesson",
        "Teacher(s);Weekday;Slot;Activity",
        "Docente;Giorno;Ora;Materia",
    ],
)
def test_headings_in_several_languages(head: str) -> None:
    grid = read_table(f"{head}\nAna;Mo;1;Bio\n".encode())
    assert grid.what == {"Ana": {(0, 0): "Bio"}}


def test_a_table_without_teachers_is_one_persons() -> None:
    grid = read_table(b"Day,Period,What\nMon,P1,Art\nMon,P1,Choir\nMon,P1,Art\n")
    assert set(grid.lessons) == {""}
    assert timetable_of(grid, "").cell("Mon", "P1").what == "Art / Choir"


def test_tables_without_headings_when_there_is_no_doubt() -> None:
    grid = read_table(b"Ana\tMon\t3\tArt\nBen\tDay 2\t4th\tArt\n")
    assert as_pairs(grid, "Ben") == {("Day 2", "4th")}
    assert set(read_table(b"Mon;08:00-08:45;Art\n").lessons) == {""}
    assert set(read_table(b"Mon;1\nTue;2\n").lessons) == {""}
    with pytest.raises(InvalidInput, match="Line 1: “somewhen” is no day"):
        read_table(b"Ana;somewhen;3;Art\n")


def test_only_a_column_for_kinds_states_what_is_no_lesson() -> None:
    rows = "".join(f"Ana,Mon,{at},x,{word}\n" for at, word in enumerate(STATES))
    grid = read_table(f"Teacher,Day,Period,What,Kind\n{rows}Ana,Mon,l,planning,Lecture\n".encode())
    ana = timetable_of(grid, "Ana")
    for at, use in enumerate(STATES.values()):
        assert ana.cell("Mon", str(at)).use is use
    assert ana.cell("Mon", "l").use is Use.LESSON
    guessed = read_table(b"Teacher,Day,Period,Subject\nAna,Mon,Brk1,Break\n")
    assert as_pairs(guessed, "Ana") == {("Mon", "Brk1")}


def test_breaks_of_all_and_of_one() -> None:
    grid = read_table(
        b"Teacher,Day,Period,Kind\n,Mon,P1,break\nAna,Mon,P2,BREAK\nAna,Mon,P3,absent\n"
        b"Ben,Mon,P4,lesson\n"
    )
    assert grid.breaks == {(0, 0)}
    assert common(grid, ["Ana", "Ben"]).free == ((0, 2),)
    assert [place for place, _ in common(grid, ["Ana"]).available] == [(0, 3)]


def test_names_that_differ_in_blanks_are_one() -> None:
    grid = read_table("Teacher,Day,Period\nAna  Ode,Mon,1\n Ana\u00a0Ode ,Tue,1\n".encode())
    assert as_pairs(grid, "Ana Ode") == {("Mon", "1"), ("Tue", "1")}


WEEK = "Period\tMon\tTue\n1\tArt\t\nLunch\t\t\n2\t\tBio\n3\t\tBio\n"


@pytest.mark.parametrize(
    ("table", "days", "periods"),
    [
        ("\tPeriod 1\tPeriod 2\nMonday\tMath\t\nTuesday\t\tBio", ("Monday", "Tuesday"), 2),
        ("\tA Day\tB Day\nPeriod 1\tMath\t\nPeriod 2\t\tBio", ("A Day", "B Day"), 2),
        ("\tDay 1\tDay 2\tDay 3\nP1\tMath\t\tBio\nP2\t\tArt\t", ("Day 1", "Day 2", "Day 3"), 2),
    ],
)
def test_a_week_whose_headings_are_counted(table: str, days: tuple[str, ...], periods: int) -> None:
    grid = read_table(table.encode())
    assert grid.days == days
    assert len(grid.periods) == periods
    assert (0, 0) in grid.lessons[""]


def test_a_pasted_week_and_the_week_turned_round() -> None:
    grid = read_table(WEEK.encode())
    assert (grid.days, grid.periods) == (("Mon", "Tue"), ("1", "Lunch", "2", "3"))
    assert as_pairs(grid, "") == {("Mon", "1"), ("Tue", "2"), ("Tue", "3")}
    lines = [line.split("\t") for line in WEEK.splitlines()]
    lines[0][0] = ""
    turned = "\n".join("\t".join(row) for row in zip(*lines, strict=True))
    assert read_table(turned.encode()) == grid
    cycle = read_table(b"Day,Early,Late,\nA,Art,\nB,,Bio\n")
    assert (cycle.days, cycle.periods) == (("A", "B"), ("Early", "Late"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b",,,\n,,,\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x00\x01\x02abc", "binary"),
        (bytes(range(256)), "binary"),
        (b"Teacher\x81,Day\xff", "cannot be read"),
        (b"\xff\xfeT", "cannot be read"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"<?xml version='1.0'?><fet/>", "XML"),
        (b"Teacher,Day\nAna,Mon\n", "no column for the period"),
        (b"Teacher,Hour\nAna,1\n", "no column for the day"),
        (b"hello world", "no column for the day and the period"),
        (b"Teacher,Day,Period\n", "no lessons"),
        (b"Teacher,Day,Period\nAna,Mon\n", "Line 2 has no period"),
        (b"Teacher,Day,Period\nAna,,P1\n", "Line 2 has no day"),
        (b"Teacher,Teacher,Day,Period\nAna,Ben,Mon,1\n", "may both be the teacher"),
        (b'Teacher,Day,Period\nAna,Mon,1\n"Ben,Mon,2\nKim,Mon,3\n', "begins on line 3"),
        (b"Teacher,Day,Period" + b",x" * 100_000 + b"\nAna,Mon,1\n", "100,003 columns"),
        (b"Teacher,Day,Period\nAna,Mon," + b"x" * 200_000, "Line 2 has 200,008 letters"),
        (b"a" * (LARGEST + 1), "20 MB"),
        (b"a\n" * 100_001, "more than 100,000 rows"),
        (b"Teacher,Day,Period\n" + b"".join(b"A,d%d,1\n" % n for n in range(401)), "400 different"),
        (b",A,B\nA,x,\nB,,y\n", "no column"),
        (b"Period,Mon,Mon\n1,x,\n", "“Mon” stands twice"),
        (b"Period,Mon,Tue\n1,x,\n1,x,\n", "“1” stands twice"),
        (b"Period,Mon,Tue\n1,x,,Art\n", "Line 2 has more cells"),
        (b"Period,1,2\n1,x,\n", "no column"),
        (b"Day,Mon,Tue\nMon,x,\nTue,,y\n", "no column"),
        (b"Period,Mon,Tue\nMon,x,\nTue,,y\n", "no column"),
    ],
)
def test_bad_input_gets_one_clear_sentence(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as problem:
        read_table(data, "file.csv")
    assert problem.value.remedy
    assert len(problem.value.message) < 300


@settings(deadline=None, max_examples=examples(200))
@given(
    st.binary(max_size=60)
    | st.text("TeacherDayPeriod,;\t|\n\"'123MonTue", max_size=80).map(
        lambda text: f"Teacher,Day,Period\n{text}".encode()
    )
)
def test_no_bytes_cause_another_error(data: bytes) -> None:
    try:
        grid = read_table(data)
    except InvalidInput:
        return
    for teacher in grid.lessons:
        placed = timetable_of(grid, teacher).cells
        assert {day for day, _ in placed} <= set(grid.days)
        assert {period for _, period in placed} <= set(grid.periods)


@pytest.mark.parametrize(
    "text",
    [
        "| Day | Period | Subject |\n|---|:-:|--:|\n| Mon | 1 | Art |\n| Tue | 2 | |\n",
        "Day | Period | Subject\n--- | --- | ---\nMon | 1 | Art\nTue | 2 |\n",
        "| | Mon | Tue |\n|:--|:-:|--:|\n| 1 | Art | |\n| 2 | | - |\n",
    ],
)
def test_tables_drawn_with_bars(text: str) -> None:
    grid = read_table(text.encode())
    assert (grid.days, grid.periods) == (("Mon", "Tue"), ("1", "2"))
    assert grid.lessons == {"": {(0, 0), (1, 1)}}
    assert grid.what[""][0, 0] == "Art"


@pytest.mark.parametrize(
    "text",
    [
        "My timetable\n\nDay;Period;Subject\nMon;1;Art\nTue;2;Bio\n",
        "My,timetable,\n,,\nDay,Period,Subject\nMon,1,Art\nTue,2,Bio\n",
        "My timetable\t\t\n\tMon\tTue\n1\tArt\t\n2\t\tBio\n",
    ],
)
def test_a_title_above_the_table_is_left_out_and_told(text: str) -> None:
    grid = read_table(text.encode())
    assert (grid.days, grid.periods) == (("Mon", "Tue"), ("1", "2"))
    assert grid.lessons == {"": {(0, 0), (1, 1)}}
    [note] = grid.notes
    assert note.endswith("was left out: “My timetable”.")


def test_a_table_pasted_as_a_block_of_code() -> None:
    for block in ("```\n{}```", "```csv\r\n{}\n```\n", " ```{}``` "):
        assert read_source(block.format("Day,Period\nMon,1\n").encode()).lessons == {"": {(0, 0)}}

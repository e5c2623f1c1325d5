"""``coplan timetable read``, and ``common`` for formats that are no tables."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.timetable import app

FET = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5"><Days_List><Day><Name>Mon</Name></Day><Day><Name>Tue</Name></Day></Days_List>
<Hours_List><Hour><Name>07:30</Name></Hour><Hour><Name>Brk</Name></Hour>
<Hour><Name>09:25</Name></Hour></Hours_List>
<Teachers_List><Teacher><Name>Ana</Name></Teacher><Teacher><Name>Ben</Name></Teacher></Teachers_List>
<Activities_List><Activity><Teacher>Ana</Teacher><Subject>Art</Subject><Duration>1</Duration>
<Id>1</Id></Activity><Activity><Teacher>Ana</Teacher><Teacher>Ben</Teacher>
<Subject>Meeting</Subject><Duration>1</Duration><Id>2</Id></Activity></Activities_List>
<Time_Constraints_List><ConstraintActivityPreferredStartingTime><Activity_Id>1</Activity_Id>
<Preferred_Day>Mon</Preferred_Day><Preferred_Hour>07:30</Preferred_Hour>
</ConstraintActivityPreferredStartingTime><ConstraintActivityPreferredStartingTime>
<Activity_Id>2</Activity_Id><Preferred_Day>Tue</Preferred_Day><Preferred_Hour>09:25</Preferred_Hour>
</ConstraintActivityPreferredStartingTime><ConstraintBreakTimes><Break_Time><Day>Mon</Day>
<Hour>Brk</Hour></Break_Time></ConstraintBreakTimes><ConstraintTeacherNotAvailableTimes>
<Teacher>Ben</Teacher><Not_Available_Time><Day>Tue</Day><Hour>07:30</Hour></Not_Available_Time>
</ConstraintTeacherNotAvailableTimes></Time_Constraints_List></fet>"""
UNTIS = (
    '1;"4a";"Ana";"Art";"";1;1;;\n'
    '2;"4a";"Ana";"Meeting";"";2;3;;\n'
    '2;"4a";"Ben";"Meeting";"";2;3;;\n'
)
BELL = "* regular # Ordinary\n8:00 {P1}\n8:45 Free\n* Default Week\nMon regular\nTue other\n"
ROSTER = "sourcedId,status,role,givenName,familyName\nu1,,teacher,Ana,Ode\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    contents = {"a.fet": FET, "GPU001.TXT": UNTIS, "x.bell": BELL, "users.csv": ROSTER}
    for name, content in contents.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, args)], env={"COLUMNS": "100"})
    return result.exit_code, result.stdout, result.stderr


def free(*args: object) -> list[tuple[str, str]]:
    code, out, _ = run("common", *args, "--json")
    assert code == 0
    return [(one["day"], one["period"]) for one in json.loads(out)["free"]]


def available(*args: object) -> list[tuple[str, str]]:
    code, out, _ = run("common", *args, "--json")
    assert code == 0
    return [(one["day"], one["period"]) for one in json.loads(out)["available"]]


def test_breaks_and_absences_count_where_the_file_states_them(files: Path) -> None:
    asked = (files / "a.fet", "Ana", "Ben")
    assert free(*asked) == [("Mon", "09:25"), ("Tue", "07:30"), ("Tue", "Brk")]
    assert available(*asked) == [("Mon", "09:25"), ("Tue", "Brk")]


def test_constraints_of_another_file_and_subjects_that_are_not_busy(files: Path) -> None:
    asked = (files / "GPU001.TXT", "Ana", "Ben")
    assert free(*asked) == [("1", "2"), ("1", "3"), ("2", "1"), ("2", "2")]
    limited = (*asked, "--constraints", files / "a.fet")
    assert free(*limited) == [("1", "3"), ("2", "1"), ("2", "2")]
    assert available(*limited) == [("1", "3"), ("2", "2")]
    idle = (*limited, "--not-busy", "Meeting")
    assert free(*idle) == [("1", "3"), ("2", "1"), ("2", "2"), ("2", "3")]
    both = (*idle, "--not-busy", "art")
    assert ("1", "1") in free(*both)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--not-busy", "Meting"), "Did you mean “Meeting”?"),
        (("--constraints", "missing.fet"), "cannot be read"),
        (("--constraints", "users.csv"), "users.csv: "),
        (("--constraints", "x.bell"), "x.bell: "),
    ],
)
def test_options_that_cannot_be_used(files: Path, options: tuple[str, str], words: str) -> None:
    option, value = options
    given = files / value if option == "--constraints" else value
    code, out, err = run("common", files / "a.fet", "Ana", option, given)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_what_was_left_out_is_noted_beside_the_answer(files: Path) -> None:
    path = files / "more.txt"
    path.write_text(UNTIS + '3;"";"Ana";"";"";;\n', encoding="utf-8")
    code, out, err = run("common", path, "Ana", "--json")
    assert code == 0
    assert json.loads(out)["days"] == ["1", "2"]
    assert err == "Note: Rows without a day or a period, left out: 1.\n"


def test_read_shows_days_periods_people_and_what_is_unclear(files: Path) -> None:
    code, out, err = run("read", files / "a.fet")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Format: FET",
        "Days (2): Mon, Tue",
        "Periods (3): 07:30 07:30-09:25, Brk, 09:25 09:25-11:20",
        "People (2):",
        "  Ana: 2 periods of lessons",
        "  Ben: 1 periods of lessons, 1 periods absent",
        "Breaks: 1 periods of the cycle",
        "Unclear: When do the periods start and end (Brk)?",
        "Unclear: Only starts of periods are told: does each last until the next one starts?",
        "Unclear: Is “Meeting” a meeting, so that nobody is busy with a lesson?",
    ]


def test_read_as_json(files: Path) -> None:
    code, out, _ = run("read", files / "a.fet", "--json")
    document = json.loads(out)
    assert (code, document["format"], document["kind"]) == (0, "FET", "timetables")
    ana, ben = document["people"]
    assert [one["what"] for one in ana["lessons"]] == ["Art", "Meeting"]
    assert ben["absent"] == [{"day": "Tue", "period": "07:30", "day_index": 1, "period_index": 0}]
    assert document["breaks"][0]["period"] == "Brk"
    assert document["subjects"] == [
        {"name": "Art", "perhaps": None},
        {"name": "Meeting", "perhaps": "meeting"},
    ]


def test_read_bells_and_rosters(files: Path) -> None:
    _, out, _ = run("read", files / "x.bell")
    assert out.splitlines() == [
        "Format: bell-schedule text",
        "Ordinary (regular): P1 08:00-08:45",
        "Week: Mon regular, Tue other",
        "Note: Nothing describes the kind of day “other”.",
        "Unclear: What is “other”: no bell schedule?",
    ]
    document = json.loads(run("read", files / "x.bell", "--json")[1])
    assert document["schedules"][0]["periods"] == [
        {"name": "P1", "start": "08:00", "end": "08:45", "break": False}
    ]
    _, out, _ = run("read", files / "users.csv")
    assert "People: 1" in out
    assert "no day pattern" in out
    document = json.loads(run("read", files / "users.csv", "--json")[1])
    assert document["people"] == [{"id": "u1", "name": "Ana Ode", "role": "teacher"}]
    code, _, err = run("common", files / "users.csv", "Ana Ode")
    assert code == 2
    assert "no day pattern" in err


def test_read_refuses_in_one_line(files: Path) -> None:
    bad = files / "bad.xml"
    bad.write_text("<!DOCTYPE fet [<!ENTITY a 'b'>]><fet>&a;</fet>", encoding="utf-8")
    code, out, err = run("read", bad)
    assert (code, out) == (2, "")
    assert err.startswith("bad.xml: This XML declares a document type")
    assert err.count("\n") == 1
    assert run("read", files / "none.xml")[0] == 2


YEAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261123
DTEND;VALUE=DATE:20261128
SUMMARY:Thanksgiving Recess - District Closed
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260907
SUMMARY:Labor Day - Early Dismissal
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260824
SUMMARY:Unity Day
END:VEVENT
END:VCALENDAR
"""


def test_read_a_year_of_whole_days(files: Path) -> None:
    path = files / "year.ics"
    path.write_text(YEAR.replace("\n", "\r\n"), encoding="utf-8")
    code, out, _ = run("read", path)
    assert code == 0
    assert out.splitlines() == [
        "Format: iCalendar",
        "2026-08-24: Unity Day",
        "2026-09-07: Labor Day - Early Dismissal",
        "2026-11-23 to 2026-11-27: Thanksgiving Recess - District Closed",
        "Unclear: Is “Labor Day - Early Dismissal” on 2026-09-07 a day on which school ends early?",
        "Unclear: Is “Thanksgiving Recess - District Closed” on 2026-11-23 a closure?",
    ]
    kinds = [one["perhaps"] for one in json.loads(run("read", path, "--json")[1])["days"]]
    assert kinds == [None, "early dismissal", "closed"]
    code, _, err = run("common", path, "Ana")
    assert code == 2
    assert "only whole days" in err

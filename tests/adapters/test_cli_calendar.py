import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files.school_year import read_school_year
from tests.cli.running import Ran, here
from tests.support.examples import examples

YEAR = """
cycle: [A, B]
first_date: 2026-08-31
first_label: A
until: 2026-09-11
school_weekdays: [0, 1, 2, 3, 4]
closures:
  - {date: 2026-09-02, kind: planned}
  - {from: 2026-09-04, to: 2026-09-07, kind: unplanned, name: Snow}
policy: {planned: shift, unplanned: skip}
labels: {2026-09-10: B, 2026-09-12: A}
"""
DAYS = {
    "2026-08-31": "A",
    "2026-09-01": "B",
    "2026-09-02": None,
    "2026-09-03": "A",
    "2026-09-04": None,
    "2026-09-05": None,
    "2026-09-06": None,
    "2026-09-07": None,
    "2026-09-08": "B",
    "2026-09-09": "A",
    "2026-09-10": "B",
    "2026-09-11": "A",
}


def days(tmp_path: Path, text: str, *options: str) -> Ran:
    (tmp_path / "year.yaml").write_text(text, encoding="utf-8")
    return here("calendar", "days", "year.yaml", *options, "--json", cwd=tmp_path)


def told(tmp_path: Path, text: str, *options: str) -> dict[str, str | None]:
    ran = days(tmp_path, text, *options)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, str | None] = json.loads(ran.out)
    return found


def test_every_date_has_its_label_or_null(tmp_path: Path) -> None:
    assert told(tmp_path, YEAR) == DAYS
    assert list(told(tmp_path, YEAR)) == list(DAYS)


def test_from_and_to_may_lie_outside_the_calendar(tmp_path: Path) -> None:
    found = told(tmp_path, YEAR, "--from", "2026-08-30", "--to", "2026-09-01")
    assert found == {"2026-08-30": None, "2026-08-31": "A", "2026-09-01": "B"}
    assert told(tmp_path, YEAR, "--from", "2026-09-11", "--to", "2026-09-13") == {
        "2026-09-11": "A",
        "2026-09-12": "A",
        "2026-09-13": None,
    }


def test_json_is_read_too_also_where_it_is_no_yaml(tmp_path: Path) -> None:
    tree = {
        "cycle": [1, 2, "03"],
        "first_date": "2026-08-31",
        "first_label": 1,
        "until": "2026-09-04",
        "school_weekdays": [0, 1, 2, 3, 4],
        "labels": {"2026-09-03": 1, "2026-09-04": None},
    }
    wanted = dict(zip(list(DAYS)[:5], ("1", "2", "03", "1", None), strict=True))
    assert told(tmp_path, json.dumps(tree)) == wanted
    tabbed = json.dumps(tree, indent="\t").replace("/", "\\/").replace("08", "\\u0030\\u0038")
    assert told(tmp_path, tabbed) == wanted
    assert told(tmp_path, yaml.safe_dump(tree)) == wanted


def test_flow_style_is_read_and_json_with_a_key_twice_is_not(tmp_path: Path) -> None:
    flow = "{cycle: [A, B], first_date: 2026-08-31, first_label: A, until: 2026-09-01,\n"
    assert told(tmp_path, flow + "school_weekdays: [0, 1]}") == {
        "2026-08-31": "A",
        "2026-09-01": "B",
    }
    assert "is there twice" in days(tmp_path, '{"cycle": ["A"], "cycle": ["B"]}').one_line


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    year = YEAR.replace("[A, B]", "[On, 010]").replace(": A", ": On").replace(": B", ": 010")
    assert told(tmp_path, year) == {
        day: {"A": "On", "B": "010", None: None}[label] for day, label in DAYS.items()
    }


def test_without_json_people_get_a_line_a_day(tmp_path: Path) -> None:
    (tmp_path / "year.yaml").write_text(YEAR, encoding="utf-8")
    ran = here("calendar", "days", "year.yaml", "--to", "2026-09-02", cwd=tmp_path)
    assert ran.out == "2026-08-31 Mon  A\n2026-09-01 Tue  B\n2026-09-02 Wed  -\n"


def test_some_groups_only(tmp_path: Path) -> None:
    some = YEAR.replace("date: 2026-09-02,", "date: 2026-09-02, only: [Grade 9,  8],")
    whole = told(tmp_path, some)
    assert list(whole.values())[:4] == ["A", "B", "A", "B"]
    ninth = told(tmp_path, some, "--group", "grade  9")
    assert ninth == {**whole, "2026-09-02": None}
    assert told(tmp_path, some, "--group", "8", "--group", "Grade 9") == ninth
    assert "The groups are: 8, Grade 9." in days(tmp_path, some, "--group", "7").one_line


def test_zone_terms_bells_and_early_dismissal_may_be_told() -> None:
    more = YEAR + (
        "name: A school\nzone: America/New_York\n"
        "terms:\n  - {name: Autumn, from: 2026-08-31, to: 2026-09-09}\n"
        'dismissals: {2026-09-01: "11:05"}\n'
        "bells: |\n  P1 10:00-11:00\n  P2 11:00-12:00\n  P3 12:00-13:00\n"
        "  [until 10:30: 2026-09-08]\n"
    )
    calendar = read_school_year(more.encode(), "year.yaml")
    assert calendar.zone == "America/New_York"
    assert calendar.label_on(date(2026, 9, 11)) is None
    lengths = {
        day: [p.seconds[1] - p.seconds[0] for p in calendar.bells.schedule_on(day, "A").periods]
        for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 8))
    }
    assert list(lengths.values()) == [[3600] * 3, [3600, 300], [1800]]


@pytest.mark.parametrize(
    ("wrong", "by", "words"),
    [
        ("cycle: [A, B]", "", "cycle: is missing"),
        ("cycle: [A, B]", "cycle: [A, A]", "different names"),
        ("cycle: [A, B]", "cycle: []", "1 to 10 days"),
        ("cycle: [A, B]", "cycle: A", "cycle: must be a list"),
        ("[A, B]", f"[{', '.join('ABCDEFGHIJK')}]", "at most 10"),
        ("first_label: A", "first_label: Z", "no day “Z”"),
        ("2026-08-31", "31.8.2026", "line 3, first_date: must be a date"),
        ("until: 2026-09-11", "until: 2026-02-30", "line 5, until: must be a date"),
        ("until: 2026-09-11", "until: 2026-08-01", "before it begins"),
        ("until: 2026-09-11", "until: 2126-08-01", "too long"),
        ("[0, 1, 2, 3, 4]", "[1, 7]", "between 0 and 6"),
        ("[0, 1, 2, 3, 4]", "[0, 0]", "weekdays are not clear"),
        ("kind: planned", "kind: holiday", "closures[0].kind: must be one of"),
        (
            "kind: planned",
            "kind: planned, only: [4B (AM)]",
            "closures[0].only[0]: The group “4B (AM)” has a “(” in its name",
        ),
        ("date: 2026-09-02, ", "", "either a date, or from and to"),
        ("to: 2026-09-07, ", "", "both from and to"),
        ("to: 2026-09-07", "to: 2026-09-01", "before it begins"),
        ("closures:", "clossures:", "did you mean closures?"),
        ("policy: {planned: shift, unplanned: skip}", "", "policy: planned must say"),
        ("unplanned: skip", "unplanned: skip, planed: skip", "did you mean planned?"),
        (", unplanned: skip", "", "policy: unplanned must say shift or skip"),
        ("unplanned: skip", "unplanned: stay", "must be one of shift, skip"),
        ("2026-09-10: B", "2026-09-10: Z", "no day “Z”"),
        ("2026-09-10: B", "2026-9-10: B, 2026-09-10: A", "twice"),
        ("2026-09-10: B", "tomorrow: B", "must be a date"),
        ("2026-09-10: B", "2026-09-10: [B]", "must be text"),
        ("labels: {", "labels: [{", "line 1"),
        (
            "labels: {2026-09-10: B, 2026-09-12: A}",
            "labels: [B]",
            "labels: must have dates as keys",
        ),
        ("labels: {", "dismissals: {2026-09-01: noon}\nlabels: {", "must be a time such as 13:05"),
        (
            "labels: {",
            "terms: [{name: x, from: 2026-09-02, to: 2026-09-01}]\nlabels: {",
            "terms[0]",
        ),
        ("cycle: [A, B]", "cycle: &a [A, *a]", "aliases"),
        ("cycle: [A, B]", "cycle: " + "[" * 3000, "nested"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, wrong: str, by: str, words: str) -> None:
    assert wrong in YEAR
    line = days(tmp_path, YEAR.replace(wrong, by, 1)).one_line
    assert words in line or words == "line 1"
    assert line.startswith("year.yaml, line ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "soon"), "--from: “soon” is no date."),
        (("--from", "2026-09-02", "--to", "2026-09-01"), "comes before the first"),
        (("--to", "9999-12-31"), "too long"),
    ],
)
def test_wrong_dates_are_refused(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    assert words in days(tmp_path, YEAR, *options).one_line


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in here("calendar", "days", "none.yaml", cwd=tmp_path).one_line
    assert "is empty" in days(tmp_path, "").one_line
    assert "at most 256 KiB" in days(tmp_path, "#" * 300_000).one_line
    assert "must have keys" in days(tmp_path, "[1, 2]").one_line
    (tmp_path / "year.yaml").write_bytes(b"cycle: \xff\xfe")
    assert "UTF-8" in here("calendar", "days", "year.yaml", cwd=tmp_path).one_line


@st.composite
def years(draw: st.DrawFn) -> dict[str, Any]:
    """Any calendar of the format, as plain values."""
    cycle = draw(st.lists(st.sampled_from("ABCDEFGHIJ"), min_size=1, max_size=10, unique=True))
    first = draw(st.dates(date(2024, 1, 1), date(2027, 1, 1)))
    length = draw(st.integers(0, 80))
    near = st.integers(-5, length + 5).map(lambda n: first + timedelta(days=n))
    closures = []
    for start in draw(st.lists(near, max_size=6)):
        end = start + timedelta(days=draw(st.integers(0, 9)))
        span = {"date": start.isoformat()}
        if end > start or draw(st.booleans()):
            span = {"from": start.isoformat(), "to": end.isoformat()}
        closures.append({**span, "kind": draw(st.sampled_from(["planned", "unplanned"]))})
    policy = st.sampled_from(["shift", "skip"])
    tree: dict[str, Any] = {
        "cycle": cycle,
        "first_date": first.isoformat(),
        "first_label": draw(st.sampled_from(cycle)),
        "until": (first + timedelta(days=length)).isoformat(),
        "school_weekdays": draw(st.lists(st.integers(0, 6), min_size=1, unique=True)),
        "policy": {"planned": draw(policy), "unplanned": draw(policy)},
    }
    if closures or draw(st.booleans()):
        tree["closures"] = closures
    if draw(st.booleans()):
        label = st.one_of(st.sampled_from(cycle), st.none())
        tree["labels"] = {day.isoformat(): draw(label) for day in draw(st.lists(near, max_size=5))}
    return tree


def day_by_day(tree: dict[str, Any]) -> dict[date, str | None]:
    """Return the labels, worked out the plain way: one day after another."""
    day, until = date.fromisoformat(tree["first_date"]), date.fromisoformat(tree["until"])
    coming, found = tree["first_label"], {}
    while day <= until:
        kinds = {
            closure["kind"]
            for closure in tree.get("closures", [])
            if closure.get("date", closure.get("from"))
            <= day.isoformat()
            <= closure.get("date", closure.get("to"))
        }
        kind = "planned" if "planned" in kinds else "unplanned" if kinds else None
        found[day] = None
        if day.weekday() in tree["school_weekdays"]:
            if kind is None:
                found[day] = coming
            if kind is None or tree["policy"][kind] == "skip":
                coming = tree["cycle"][(tree["cycle"].index(coming) + 1) % len(tree["cycle"])]
        day += timedelta(days=1)
    for named, label in tree.get("labels", {}).items():
        found[date.fromisoformat(named)] = label
    return found


@settings(max_examples=examples(400), deadline=None)
@given(tree=years(), as_yaml=st.booleans())
def test_any_calendar_equals_a_reckoning_day_by_day(tree: dict[str, Any], *, as_yaml: bool) -> None:
    text = yaml.safe_dump(tree) if as_yaml else json.dumps(tree)
    calendar = read_school_year(text.encode(), "year.yaml")
    start, end = calendar.first_date - timedelta(days=9), calendar.until + timedelta(days=9)
    wanted = day_by_day(tree)
    for day, label in calendar.labels_between(start, end).items():
        assert label == wanted.get(day), day


def test_holidays_are_a_suggestion(tmp_path: Path) -> None:
    year = YEAR.replace("until: 2026-09-11", "until: 2026-12-31")
    (tmp_path / "year.yaml").write_text(year, encoding="utf-8")
    ran = here("calendar", "holidays", "year.yaml", "us", "--json", cwd=tmp_path)
    found = json.loads(ran.out)
    assert (found["2026-11-26"], found["2026-12-25"]) == ("Thanksgiving Day", "Christmas Day")
    assert "2026-09-07" not in found, "closed already"
    ran = here("calendar", "holidays", "year.yaml", "DE", "--region", "BY", cwd=tmp_path)
    assert "2026-12-25 Fri  Christmas Day\n" in ran.out
    assert "No country" in here("calendar", "holidays", "year.yaml", "ZZ", cwd=tmp_path).one_line

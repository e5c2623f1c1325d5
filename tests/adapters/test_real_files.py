"""Every timetable file of the data folder, and what they say about one another."""

import csv
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from adapters.files.fet import read_fet_limits
from adapters.files.recognising import Reading, format_of, read, recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import BellBook, bells_in, closures_in, joined
from bot.domain.timetable.grid import Grid, common
from bot.domain.timetable.limits import limited
from bot.domain.timetable.roster import Roster
from bot.domain.timetable.year_days import YearDays

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
SCHOOLS = ("dgs", "fitero", "havana", "hopwood", "khomastura")
ASC = {"dgs": "dgs_windows-1252.xml", "havana": "havana.xml", "khomastura": "khomastura.xml"}
Slots = dict[str, dict[tuple[str, str], str]]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The data folder is missing: ../shared/data"
)


def grid_of(*parts: str) -> Grid:
    path = DATA.joinpath(*parts)
    return recognise(path.read_bytes(), path.name)


def slots(grid: Grid, *, number: bool = False) -> Slots:
    """Everybody's lessons by day and period, in words, or in numbers from 0."""
    return {
        teacher: {
            (str(day), str(at)) if number else (grid.days[day], grid.periods[at]): grid.what[
                teacher
            ].get((day, at), "")
            for day, at in places
        }
        for teacher, places in grid.lessons.items()
        if places
    }


@pytest.mark.parametrize("school", SCHOOLS)
def test_the_three_files_of_fet_agree_slot_by_slot(school: str) -> None:
    solved = grid_of("fet", school, f"{school}_solved.fet")
    teachers = grid_of("fet", school, f"{school}_teachers.xml")
    table = grid_of("fet", school, f"{school}_timetable.csv")
    assert slots(solved) == slots(teachers) == slots(table)
    assert (solved.days, solved.periods) == (teachers.days, teachers.periods)
    assert set(solved.lessons) == set(teachers.lessons) >= set(table.lessons)
    assert solved.notes == ()


@pytest.mark.parametrize("school", ASC)
def test_asc_agrees_with_fet(school: str) -> None:
    asc = grid_of("asc", ASC[school])
    solved = grid_of("fet", school, f"{school}_solved.fet")
    assert asc.days == solved.days
    assert asc.periods == tuple(str(at) for at in range(1, len(solved.periods) + 1))
    assert [asc.titles[name] for name in asc.periods] == list(solved.periods)
    assert slots(asc, number=True) == slots(solved, number=True)
    assert set(asc.lessons) == set(solved.lessons)


def test_untis_agrees_with_fet() -> None:
    untis, solved = grid_of("untis", "dgs_GPU001.TXT"), grid_of("fet", "dgs", "dgs_solved.fet")
    assert (untis.days, untis.periods) == (tuple("12345"), tuple("123456"))
    assert slots(untis, number=True) == slots(solved, number=True)


@pytest.mark.parametrize("school", SCHOOLS)
def test_the_constraints_give_every_file_the_same_breaks_and_absences(school: str) -> None:
    limits = read_fet_limits((DATA / "fet" / school / f"{school}.fet").read_bytes())
    solved = grid_of("fet", school, f"{school}_solved.fet")
    others = [
        grid_of("fet", school, f"{school}_teachers.xml"),
        *([grid_of("asc", ASC[school])] if school in ASC else []),
        *([grid_of("untis", "dgs_GPU001.TXT")] if school == "dgs" else []),
    ]
    for other in others:
        both = limited(other, limits)
        assert both.breaks == solved.breaks
        assert both.notes == ()
        assert {t: p for t, p in solved.absences.items() if t in both.lessons} == both.absences


@dataclass
class Naive:
    """A file read a second way: days, periods, who is busy, absent, and when there is a break."""

    days: list[str]
    periods: list[str]
    busy: dict[str, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    absent: dict[str, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    breaks: set[tuple[int, int]] = field(default_factory=set)


def naive_fet(path: Path) -> Naive:
    root = ET.parse(path).getroot()  # noqa: S314 - our own data
    days = [name.text or "" for name in root.findall("Days_List/Day/Name")]
    hours = [name.text or "" for name in root.findall("Hours_List/Hour/Name")]
    found = Naive(days, hours)
    for name in root.findall("Teachers_List/Teacher/Name"):
        found.busy[folded(name)] |= set()
    at = {
        one.findtext("Activity_Id"): (
            days.index(one.findtext("Preferred_Day") or ""),
            hours.index(one.findtext("Preferred_Hour") or ""),
        )
        for one in root.iter("ConstraintActivityPreferredStartingTime")
    }
    for one in root.findall("Activities_List/Activity"):
        day, hour = at[one.findtext("Id")]
        taken = {(day, hour + more) for more in range(int(one.findtext("Duration") or 1))}
        for teacher in one.findall("Teacher"):
            found.busy[folded(teacher)] |= taken
    found.breaks = naive_times(root, "Break_Time", days, hours)
    for limit in root.iter("ConstraintTeacherNotAvailableTimes"):
        teacher = limit.find("Teacher")
        assert teacher is not None
        found.absent[folded(teacher)] |= naive_times(limit, "Not_Available_Time", days, hours)
    return found


def folded(name: ET.Element) -> str:
    return " ".join((name.text or "").split())


def naive_times(
    root: ET.Element, tag: str, days: list[str], hours: list[str]
) -> set[tuple[int, int]]:
    return {
        (days.index(one.findtext("Day") or ""), hours.index(one.findtext("Hour") or ""))
        for one in root.iter(tag)
    }


def naive_asc(path: Path) -> Naive:
    root = ET.parse(path).getroot()  # noqa: S314 - our own data
    periods = [str(p.get("period")) for p in root.iter("period")]
    days = {
        str(d.get("days")).index("1"): str(d.get("name"))
        for d in root.iter("daysdef")
        if "," not in str(d.get("days")) and str(d.get("days")).count("1") == 1
    }
    found = Naive([days[at] for at in sorted(days)], periods)
    names = {t.get("id"): " ".join(str(t.get("name")).split()) for t in root.iter("teacher")}
    for name in names.values():
        found.busy[name] |= set()
    lessons = {one.get("id"): one for one in root.iter("lesson")}
    for card in root.iter("card"):
        lesson = lessons[card.get("lessonid")]
        first = periods.index(str(card.get("period")))
        for teacher in filter(None, str(lesson.get("teacherids")).split(",")):
            for day, digit in enumerate(str(card.get("days"))):
                for more in range(int(str(lesson.get("periodspercard"))) * (digit == "1")):
                    found.busy[names[teacher]].add((day, first + more))
    return found


def naive_untis(path: Path) -> Naive:
    rows = list(csv.reader(path.read_text("cp1252").splitlines(), delimiter=";"))
    found = Naive(
        [str(n) for n in range(1, max(int(row[5]) for row in rows) + 1)],
        [str(n) for n in range(1, max(int(row[6]) for row in rows) + 1)],
    )
    for row in rows:
        if row[2]:
            found.busy[row[2]].add((int(row[5]) - 1, int(row[6]) - 1))
    return found


def naive_class(lessons: str, at: int) -> str:
    """The class of period ``at`` of a day written as "x..x"."""
    before, after = lessons[:at], lessons[at + 1 :]
    if "x" in before and "x" in after:
        sides = before.endswith("x") + after.startswith("x")
        return {2: "single gap", 1: "border gap", 0: "big gap"}[sides]
    if "x" in after:
        return "come earlier" if after.startswith("x") else "come much earlier"
    if "x" in before:
        return "stay longer" if before.endswith("x") else "stay much longer"
    return "free day"


FILES = [
    *((("fet", school, f"{school}_solved.fet"), naive_fet) for school in SCHOOLS),
    *((("asc", name), naive_asc) for name in ASC.values()),
    (("untis", "GPU001_real_pseudonymised.TXT"), naive_untis),
    (("untis", "dgs_GPU001.TXT"), naive_untis),
]


@pytest.mark.parametrize(("parts", "second"), FILES, ids=[parts[-1] for parts, _ in FILES])
def test_common_slots_of_every_pair_agree_with_a_second_way(
    parts: tuple[str, ...], second: Callable[[Path], Naive]
) -> None:
    grid, naive = grid_of(*parts), second(DATA.joinpath(*parts))
    assert (list(grid.days), list(grid.periods)) == (naive.days, naive.periods)
    assert set(grid.lessons) == set(naive.busy)
    rows = {
        (name, day): "".join("x" if (day, p) in busy else "." for p in range(len(naive.periods)))
        for name, busy in naive.busy.items()
        for day in range(len(naive.days))
    }
    for pair in combinations(sorted(naive.busy), 2):
        found = common(grid, pair)
        expected = naive_free(naive, pair)
        assert list(found.free) == expected
        costs = {at: {n: c.value for n, c in cost.items()} for at, cost in found.available}
        assert costs == {
            (day, at): {name: naive_class(rows[name, day], at) for name in pair}
            for day, at in expected
            if not any((day, at) in naive.absent.get(name, ()) for name in pair)
        }


def naive_free(naive: Naive, pair: Iterable[str]) -> list[tuple[int, int]]:
    return [
        (day, at)
        for day in range(len(naive.days))
        for at in range(len(naive.periods))
        if (day, at) not in naive.breaks and not any((day, at) in naive.busy[name] for name in pair)
    ]


def every_file() -> list[Path]:
    """Return all files of timetables and calendars; about.json and LICENSE are none."""
    folders = ("fet", "asc", "untis", "bell", "ics", "oneroster", "xhstt")
    found = (path for folder in folders for path in (DATA / folder).rglob("*"))
    return sorted(p for p in found if p.is_file() and p.suffix not in {".json", ""})


REASONS = {
    "fet": "not solved",
    "oneroster": "holds no people, classes or terms",
    "xhstt": "timetables of them",
}


def test_every_file_is_read_or_refused_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    rows, refused = [], defaultdict(list)
    for path in every_file():
        where = path.relative_to(DATA)
        try:
            kind = format_of(path.read_bytes(), path.name)
            rows.append((str(where), kind.value, in_short(read(path.read_bytes(), path.name))))
        except InvalidInput as problem:
            rows.append((str(where), "refused", problem.message))
            refused[where.parts[0]].append(problem.message)
    with capsys.disabled():
        print()
        for file, kind_of, told in rows:
            print(f"{file:52} {kind_of:26} {told[:110]}")
    assert len(rows) > 70
    for folder, reason in REASONS.items():
        assert refused[folder]
        assert all(reason in message for message in refused[folder])
    assert not refused["asc"] + refused["untis"] + refused["bell"]


def in_short(found: Reading) -> str:
    match found:
        case Grid():
            lessons = sum(map(len, found.lessons.values()))
            size = f"{len(found.days)} days x {len(found.periods)} periods"
            return (
                f"{size}, {len(found.lessons)} people, {lessons} lessons; {len(found.notes)} notes"
            )
        case BellBook():
            week = f"{len(found.schedules)} schedules, {len(found.week)} weekdays"
            return f"{week}, {len(found.special)} special days; {len(found.notes)} notes"
        case YearDays():
            return f"{len(found.days)} whole days of the year; {len(found.notes)} notes"
        case Roster():
            people = f"{len(found.people)} people, {len(found.classes)} classes"
            return f"{people}, {len(found.terms)} terms, {len(found.enrolments)} enrolments"


@pytest.mark.parametrize("number", [1, 3])
def test_one_solution_of_an_archive_has_all_lessons_of_the_school(number: int) -> None:
    path = DATA / "xhstt" / f"BrazilInstance{number}_with_solutions.xml"
    root = ET.parse(path).getroot()  # noqa: S314 - our own data
    groups = root.find("SolutionGroups")
    assert groups is not None
    for group in list(groups)[1:]:
        groups.remove(group)
    grid = recognise(ET.tostring(root))
    wanted: dict[str, int] = defaultdict(int)
    for event in root.iterfind("Instances/Instance/Events/Event"):
        for one in event.iterfind("Resources/Resource"):
            wanted[str(one.get("Reference"))] += int(event.findtext("Duration") or 0)
    assert {t: len(p) for t, p in grid.lessons.items()} == {t: wanted[t] for t in grid.lessons}
    assert len(grid.lessons) > 5
    assert not grid.clashes


BELLS = sorted(path.name for path in DATA.glob("bell/*") if path.is_dir())


@pytest.mark.parametrize("school", BELLS)
def test_bell_schedules_have_every_period_that_their_school_names(school: str) -> None:
    """Read a second way: each line's name, from its time to the next line's."""
    folder = DATA / "bell" / school
    book = read(folder.joinpath("schedules.bell").read_bytes())
    assert isinstance(book, BellBook)
    text = folder.joinpath("schedules.bell").read_text("utf-8-sig")
    for part in text.replace("\r", "").split("* ")[1:]:
        head, *lines = [line.strip() for line in part.splitlines() if line.strip()]
        kind = " ".join(head.split("#")[0].split())
        if kind not in book.schedules:
            assert kind in book.closed or any(kind in note for note in book.notes)
            continue
        times = [(line.split(" ", 1)[0].zfill(5), line.split(" ", 1)[1]) for line in lines]
        spans = {
            (start, end)
            for (start, name), (end, _) in pairwise(times)
            if "{" in name and not name.casefold().startswith(("pas", "walk"))
        }
        periods = book.schedules[kind].in_order()
        assert spans <= {(f"{p.start:%H:%M}", f"{p.end:%H:%M}") for p in periods}
        assert len(periods) <= len(lines)


@pytest.mark.parametrize("school", BELLS)
def test_every_date_of_a_school_has_the_bells_that_its_calendar_says(school: str) -> None:
    schedules, calendar = (
        read(DATA.joinpath("bell", school, f"{name}.bell").read_bytes())
        for name in ("schedules", "calendar")
    )
    assert isinstance(schedules, BellBook)
    assert isinstance(calendar, BellBook)
    book = joined(schedules, calendar)
    if set(book.unknown) & set(book.week.values()):
        with pytest.raises(InvalidInput, match="No bell schedule describes"):
            bells_in(book)
        return
    bells, closed = bells_in(book), closures_in(book)
    first = min((one.first for one in book.special), default=date(2026, 8, 1))
    for day in (first + timedelta(days=at) for at in range(500)):
        kind = book.kind_on(day)
        if kind in book.schedules:
            assert bells.schedule_on(day, None).name == kind
        special = [one for one in book.special if one.first <= day <= one.last]
        shut = any(one.start <= day <= one.end for one in closed)
        assert shut == any(one.kind in book.closed for one in special)

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.errors import InvalidInput
from bot.domain.timetable.doubts import break_periods, clock_of, halves, likely_uses, questions
from bot.domain.timetable.grid import Grid, common
from bot.domain.timetable.limits import Limits, limited
from bot.domain.timetable.marking import Likely, likely, not_busy

GRID = Grid(
    days=("Mon", "Tue"),
    periods=("1", "2", "3"),
    lessons={
        "Ana": frozenset({(0, 0), (0, 1), (1, 1), (1, 2)}),
        "Ben": frozenset({(0, 0)}),
    },
    duties={"Ben": frozenset({(1, 0)})},
    what={
        "Ana": {(0, 0): "Staff  Meeting", (0, 1): "Art / Staff Meeting", (1, 1): "Art"},
        "Ben": {(0, 0): "STAFF MEETING", (1, 0): "Guardia"},
    },
    clashes={"Ana": {(0, 1): ("Art", "Staff Meeting")}},
    subjects=frozenset({"Art", "Staff  Meeting", "Guardia", "Never taught"}),
)


def test_subjects_that_are_no_lessons_leave_people_free() -> None:
    marked = not_busy(GRID, ["staff meeting", "Guardia"])
    assert marked.lessons == {"Ana": {(0, 1), (1, 1), (1, 2)}, "Ben": frozenset()}
    assert marked.busy("Ben") == frozenset()
    both = not_busy(GRID, ["Staff Meeting", "Art"])
    assert both.lessons["Ana"] == {(1, 2)}, "a lesson of no subject stays a lesson"
    assert not_busy(GRID, []) == GRID
    assert not_busy(GRID, ["Never taught"]).lessons == GRID.lessons
    costs = dict(common(marked, ["Ana"]).available)
    assert costs[0, 0]["Ana"].value == "come earlier"


@pytest.mark.parametrize(
    ("subject", "remedy"),
    [("Staf Meeting", "Did you mean “Staff Meeting”?"), ("Zzz", "It has for example “Art” or")],
)
def test_a_subject_that_is_none_is_refused_with_the_near_ones(subject: str, remedy: str) -> None:
    with pytest.raises(InvalidInput, match=f"no subject “{subject}”") as problem:
        not_busy(GRID, [subject])
    assert problem.value.remedy.startswith(remedy)
    with pytest.raises(InvalidInput) as problem:
        not_busy(Grid(days=(), periods=(), lessons={}), ["Art"])
    assert problem.value.remedy == "It names no subjects at all."


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("frei", Likely.NOTHING),
        ("(FREE)", Likely.NOTHING),
        ("---", Likely.NOTHING),
        ("–", Likely.NOTHING),
        ("n/a", Likely.NOTHING),
        ("No school", Likely.NOTHING),
        ("окно", Likely.NOTHING),
        ("空き", Likely.NOTHING),
        ("공강", Likely.NOTHING),
        ("7", None),
        ("Free Writing", None),
        ("Freie Arbeit", None),
        ("점심", Likely.BREAK),
        ("الفسحة", Likely.BREAK),
        ("StaffMeeting", Likely.MEETING),
        ("Besprechung", Likely.MEETING),
        ("Lehrerkonferenz", Likely.MEETING),
        ("Pausenaufsicht", Likely.DUTY),
        ("Reunión", Likely.MEETING),
        ("PLC-2", Likely.MEETING),
        ("Breakfast club", Likely.BREAK),
        ("RECREO", Likely.BREAK),
        ("Mittag", Likely.BREAK),
        ("Prep", Likely.PREPARATION),
        ("PPA time", Likely.PREPARATION),
        ("GUARDIA", Likely.DUTY),
        ("Hospi-Fle", Likely.OBSERVATION),
        ("Art", None),
        ("Preparatory Maths", None),
        ("", None),
        ("7B", None),
    ],
)
def test_what_a_subject_may_be(subject: str, kind: Likely | None) -> None:
    assert likely(subject) is kind


LIMITS = Limits(
    days=("Monday", "Tuesday"),
    periods=("P1", "P2", "P3"),
    breaks=frozenset({("Monday", "P2"), ("Tuesday", "P9")}),
    absences={"Ana": frozenset({("Tuesday", "P1")}), "Nobody": frozenset({("Monday", "P1")})},
)


def grid(days: tuple[str, ...], periods: tuple[str, ...], **more: dict[str, str]) -> Grid:
    people = {"Ana": frozenset({(0, 0)}), "Ben": frozenset({(1, 0)})}
    return Grid(days=days, periods=periods, lessons=people, **more)  # type: ignore[arg-type]


def test_limits_match_days_and_periods_by_name_title_or_number() -> None:
    named = limited(grid(("Tuesday", "Monday"), ("P2", "P1")), LIMITS)
    assert (named.breaks, named.absences) == ({(1, 0)}, {"Ana": {(0, 1)}})
    titles = {"0": "P1", "1": "P2", "2": "P3"}
    titled = limited(grid(("Monday", "Tuesday"), ("0", "1", "2"), titles=titles), LIMITS)
    assert (titled.breaks, titled.absences) == ({(0, 1)}, {"Ana": {(1, 0)}})
    numbered = limited(grid(("1", "2"), ("1", "2", "3")), LIMITS)
    assert numbered.breaks == {(0, 1)}
    from_0 = limited(grid(("1", "2"), ("0", "1", "2")), LIMITS)
    assert from_0.breaks == {(0, 1)}


def test_teachers_whom_the_constraints_do_not_know_are_told() -> None:
    named = limited(grid(("Monday", "Tuesday"), ("P1",)), LIMITS)
    assert named.notes == (
        "Not in the file of constraints, so nothing is known of their absences: Ben.",
    )
    known = replace(LIMITS, teachers=frozenset({"Ana", "Ben"}))
    assert limited(grid(("Monday", "Tuesday"), ("P1",)), known).notes == ()


def test_limits_of_another_school_are_refused() -> None:
    with pytest.raises(InvalidInput, match="days of the two files are different: Monday, Tuesday"):
        limited(grid(("Lunes", "Martes"), ("P1",)), LIMITS)
    with pytest.raises(InvalidInput, match="periods of the two files"):
        limited(grid(("Monday", "Tuesday"), ("Early",)), LIMITS)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("Sunday morning", "Sunday afternoon", "Mon morning", "Mon afternoon"), True),
        (("Lundi matin", "Lundi après-midi"), True),
        (("Mo Vormittag", "Mo Nachmittag"), True),
        (("الأحد صباحا", "الأحد مساء"), True),
        (("الأحد - الفترة الصباحية", "الأحد - الفترة المسائية"), True),
        (("Dim_matin", "Dim_soir", "Lun_matin", "Lun_soir"), True),
        (("Matin Lundi", "Après midi Lundi"), True),
        (("Mon a.m.", "Mon p.m.", "Sat a.m."), True),
        (("D1 AM", "D2 AM", "D3 AM"), False),
        (("Mon", "Tue"), False),
        (("Mon am", "Tue"), False),
    ],
)
def test_half_days_written_as_days(days: tuple[str, ...], found: bool) -> None:
    assert halves(days) is found
    asked = questions(Grid(days=days, periods=(), lessons={}))
    assert any("half-days" in question for question in asked) is found


def test_what_is_unclear_is_asked() -> None:
    asked = questions(
        Grid(
            days=("1", "2"),
            periods=("1", "2", "3"),
            lessons={"Ana": frozenset({(0, 0)})},
            what={"Ana": {(0, 0): "Meeting"}},
            subjects=frozenset({"Meeting", "Lunch duty"}),
            titles={"1": "07:30", "2": "Brk", "3": "08:25"},
        )
    )
    assert asked == (
        "Which days of the week, or of your cycle, are 1, 2?",
        "When do the periods start and end (2)?",
        "Only starts of periods are told: does each last until the next one starts?",
        "Is the period “Brk” a break, in which nobody plans?",
        "Is “Meeting” a meeting, so that nobody is busy with a lesson?",
    )
    cycle = Grid(days=("Day1",), periods=("08:00-08:45",), lessons={})
    assert questions(cycle) == (
        "Do the days (Day1) rotate, or does each belong to a day of the week?",
    )
    assert questions(Grid(days=("Mon",), periods=("8:00-8:45",), lessons={})) == ()
    assert likely_uses(GRID) == {"Guardia": Likely.DUTY, "Staff  Meeting": Likely.MEETING}


def test_clock_times_stand_in_names_in_titles_or_apart() -> None:
    told = Grid(
        days=("Mon",),
        periods=("9.30 - 11.00", "2", "x"),
        lessons={},
        titles={"2": "Pd2 (11:15-12:45)"},
        clock={"x": (time(13), time(14))},
    )
    assert clock_of(told) == {
        "9.30 - 11.00": (time(9, 30), time(11)),
        "2": (time(11, 15), time(12, 45)),
        "x": (time(13), time(14)),
    }


def test_breaks_are_periods_without_lessons_stated_or_called_so() -> None:
    named = Grid(
        days=("Mon", "Tue"),
        periods=("1", "RECREO", "Lunch", "4"),
        lessons={"Ana": frozenset({(0, 0), (1, 2)})},
        titles={"4": "Pause"},
    )
    assert break_periods(named) == ("RECREO", "4")
    stated = replace(named, breaks=frozenset({(0, 3), (1, 3), (0, 1)}))
    assert break_periods(stated) == ("4",)

"""Time around school for those who chose it, and libraries with fixed and flexible classes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.ids import MemberId
from bot.domain.members import Around, Library, LibraryMode, Preferences, QuietHours
from bot.domain.timetable.availability import Availability, free_periods
from bot.domain.timetable.bell_text import parse_bells
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.library import fixed_classes
from bot.domain.timetable.opening import Hindrance, one_change
from bot.domain.timetable.school import SchoolCalendar, weekday_calendar
from bot.domain.timetable.slots import common_slots
from bot.domain.timetable.timetable import FREE, Cell, Timetable, Use, without_use

MONDAY = date(2026, 9, 7)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
BELLS = "P1 08:00-09:00\nP2 09:00-10:00\nP3 10:00-11:00\n[until 9:30: 2026-09-09]"
CALENDAR: SchoolCalendar = weekday_calendar(
    zone="UTC",
    names=DAYS,
    first_date=MONDAY,
    until=date(2026, 11, 6),
    bells=parse_bells(BELLS, DAYS),
)
START = datetime.combine(MONDAY, time(), UTC)
MAYA, BEN = MemberId("maya"), MemberId("ben")


def teacher(rows: dict[str, str], **preferences: object) -> Availability:
    """Return somebody whose days are written as "a b c": subjects, "-" for free, "/" absent."""
    cells = {
        (day, f"P{at}"): Cell(use=Use.ABSENT) if word == "/" else Cell(use=Use.LESSON, what=word)
        for day, row in rows.items()
        for at, word in enumerate(row.split(), 1)
        if word != "-"
    }
    chosen = Preferences(**preferences)  # type: ignore[arg-type]
    return Availability(
        zone="UTC", calendar=CALENDAR, timetable=Timetable(cells=cells), preferences=chosen
    )


def free(one: Availability, day: int) -> list[str]:
    start = START + timedelta(days=day)
    found = free_periods(one, start, start + timedelta(days=1))
    return [f"{f.period} {f.start:%H:%M}-{f.end:%H:%M} {f.cost.value}" for f in found]


BUSY = dict.fromkeys(DAYS, "a b c")
AROUND = Around(before=30, after=45)


def test_nobody_is_asked_outside_school_unless_they_chose_it() -> None:
    assert free(teacher(BUSY), 0) == []
    assert free(teacher(BUSY, around=Around(after=45)), 0) == ["None 11:00-11:45 stay longer"]
    assert free(teacher(BUSY, around=AROUND), 0) == [
        "None 07:30-08:00 come earlier",
        "None 11:00-11:45 stay longer",
    ]


def test_around_school_costs_what_a_period_there_would() -> None:
    late = teacher({"Mon": "- - c", "Tue": "- - -", "Thu": "/ b c", "Fri": "a b /"}, around=AROUND)
    assert free(late, 0) == [
        "None 07:30-08:00 come much earlier",
        "P1 08:00-09:00 come much earlier",
        "P2 09:00-10:00 come earlier",
        "None 11:00-11:45 stay longer",
    ]
    assert len(free(late, 1)) == 5
    assert all(one.endswith("free day") for one in free(late, 1))
    assert free(late, 3) == ["None 11:00-11:45 stay longer"], "absent in the morning"
    assert free(late, 4) == ["None 07:30-08:00 come earlier"], "absent at the end"
    assert free(late, 5) == [], "no school"


def test_after_an_early_dismissal_school_is_over_earlier() -> None:
    assert free(teacher(BUSY, around=AROUND), 2)[-1] == "None 09:30-10:15 stay longer"


def test_quiet_hours_hold_around_school_too() -> None:
    quiet = QuietHours(start=time(11, 20), end=time(7, 40))
    assert free(teacher(BUSY, around=AROUND, quiet=quiet), 0) == [
        "None 07:40-08:00 come earlier",
        "None 11:00-11:20 stay longer",
    ]


def test_two_who_stay_longer_share_that_time() -> None:
    people = {
        MAYA: teacher(BUSY, around=AROUND),
        BEN: teacher(BUSY, around=Around(after=20)),
    }
    slots = common_slots(people, START, START + timedelta(days=1))
    assert [(s.start.time(), s.end.time()) for s in slots] == [(time(11), time(11, 20))]
    assert set(slots[0].costs.values()) == {Cost.STAY_LONGER}
    del people[BEN]
    assert not common_slots({**people, BEN: teacher(BUSY)}, START, START + timedelta(days=1))


@pytest.mark.parametrize(
    ("library", "found"),
    [
        (Library(), [0, 0, 0]),
        (Library(mode=LibraryMode.FIXED, weekdays=(1,), months=(10,)), [0, 0, 0]),
        (Library(mode=LibraryMode.MIXED, weekdays=(1,)), [3, 0, 0]),
        (Library(mode=LibraryMode.MIXED, months=(10,)), [0, 0, 3]),
        (Library(mode=LibraryMode.FLEXIBLE), [3, 3, 3]),
    ],
)
def test_fixed_classes_hold_unless_the_library_is_flexible(
    library: Library, found: list[int]
) -> None:
    maya = teacher(BUSY, library=library)
    tuesday_in_october = (date(2026, 10, 6) - MONDAY).days
    assert [len(free(maya, day)) for day in (0, 1, tuesday_in_october)] == found
    together = common_slots({MAYA: maya, BEN: teacher({})}, START, START + timedelta(days=1))
    assert len(together) == found[0]


def test_the_fixed_class_that_is_why() -> None:
    maya = teacher({"Mon": "4B 4B x", "Tue": "4A - -"}, library=Library(mode=LibraryMode.FIXED))
    ben = teacher({"Mon": "- - y", "Tue": "- y y", **dict.fromkeys(DAYS[2:], "y y y")})
    end = START + timedelta(days=7)
    people = {MAYA: maya, BEN: ben}
    assert common_slots(people, START, end) == []
    found = fixed_classes(people, MAYA, START, end)
    assert [(one.what, len(one.slots)) for one in found] == [("4B", 2), ("4A", 1)]
    assert fixed_classes(people, BEN, START, end) == ()
    assert fixed_classes({MAYA: replace(maya, preferences=Preferences()), BEN: ben},
                         MAYA, START, end) == ()  # fmt: skip
    change = one_change(people, START, end)
    assert change is not None
    assert (change.member, change.what, change.subject) == (MAYA, Hindrance.LESSON, "4B")


def test_a_class_that_takes_nothing_is_not_why() -> None:
    maya = teacher({"Mon": "4B - -"}, library=Library(mode=LibraryMode.MIXED, weekdays=(5,)))
    ben = teacher({"Mon": "y - -", **dict.fromkeys(DAYS[1:], "y y y")})
    assert fixed_classes({MAYA: maya, BEN: ben}, MAYA, START, START + timedelta(days=7)) == ()


def test_without_one_use_single_dates_go_too() -> None:
    lesson, duty = Cell(use=Use.LESSON), Cell(use=Use.DUTY)
    whole = Timetable(
        cells={("Mon", "P1"): lesson, ("Mon", "P2"): duty},
        dated={MONDAY: {"P1": duty, "P2": lesson, "P3": FREE}},
    )
    rest = without_use(whole, Use.LESSON)
    assert rest.cells == {("Mon", "P2"): duty}
    assert rest.dated == {MONDAY: {"P1": duty, "P2": FREE, "P3": FREE}}

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.errors import InvalidInput
from bot.domain.timetable.availability import Availability, free_periods
from bot.domain.timetable.bell_text import parse_bells, render_bells
from bot.domain.timetable.bells import Period, dismissed
from bot.domain.timetable.groups import for_groups, groups_of
from bot.domain.timetable.school import Closure, ClosureKind, SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use

TEXT = "P1 08:00-09:00\nP2 09:10-10:10\nP3 10:20-11:20"
CYCLE = ("A", "B")
MONDAY = date(2026, 9, 7)
CALENDAR = SchoolCalendar(
    zone="UTC",
    cycle=CYCLE,
    first_date=MONDAY,
    first_label="A",
    until=MONDAY + timedelta(days=25),
    bells=parse_bells(f"{TEXT}\n[until 9:30: 2026-09-08, 2026-09-09]", CYCLE),
)


def free_on(calendar: SchoolCalendar, day: date) -> list[str]:
    ana = Availability(
        zone="UTC", calendar=calendar, timetable=Timetable(cells={("A", "P1"): Cell(use=Use.DUTY)})
    )
    start = datetime.combine(day, time(), UTC)
    found = free_periods(ana, start, start + timedelta(days=1))
    return [f"{one.period} {one.start:%H:%M}-{one.end:%H:%M}" for one in found]


def test_after_an_early_dismissal_there_is_no_period() -> None:
    whole = ["P1 08:00-09:00", "P2 09:10-10:10", "P3 10:20-11:20"]
    assert free_on(CALENDAR, MONDAY) == whole[1:]
    assert free_on(CALENDAR, date(2026, 9, 8)) == ["P1 08:00-09:00", "P2 09:10-09:30"]
    assert free_on(CALENDAR, date(2026, 9, 9)) == ["P2 09:10-09:30"]
    assert free_on(CALENDAR, date(2026, 9, 10)) == whole


def test_a_dismissal_between_periods_cuts_none() -> None:
    schedule = CALENDAR.bells.schedules["regular"]
    assert dismissed(schedule, time(9)).periods == schedule.periods[:1]
    assert dismissed(schedule, time(11, 20)).periods == schedule.periods
    untimed = replace(schedule, periods=(Period(name="P1"),))
    assert dismissed(untimed, time(9)).periods == untimed.periods


def test_dismissals_survive_being_written() -> None:
    written = render_bells(CALENDAR.bells)
    assert written.endswith("[until 09:30: 2026-09-08, 2026-09-09]")
    assert parse_bells(written, CYCLE) == CALENDAR.bells


@pytest.mark.parametrize("head", ["[until 25:00: 2026-09-08]", "[until 9:30: ]"])
def test_a_dismissal_needs_a_time_and_dates(head: str) -> None:
    with pytest.raises(InvalidInput, match="when school ends early"):
        parse_bells(f"{TEXT}\n{head}", CYCLE)


def test_what_is_closed_for_some_stays_open_for_the_others() -> None:
    days = {"start": MONDAY, "end": MONDAY + timedelta(days=1)}
    some = Closure(**days, kind=ClosureKind.UNPLANNED, only=("Grade 9", "Grade 10"))
    ninth = Closure(start=MONDAY + timedelta(days=2), end=MONDAY + timedelta(days=40),
                    kind=ClosureKind.PLANNED, only=("grade  9",))  # fmt: skip
    calendar = replace(CALENDAR, closures=(some, ninth))
    assert groups_of(calendar) == ("Grade 10", "Grade 9", "grade 9")
    assert calendar.labels_between(MONDAY, calendar.until) == CALENDAR.labels_between(
        MONDAY, calendar.until
    )
    assert not calendar.closed_on(MONDAY)
    assert calendar.due_on(MONDAY) == MONDAY
    both = for_groups(calendar, ["Grade 9", "GRADE 10"])
    off = [day for day, label in both.labels_between(MONDAY, MONDAY + timedelta(days=3)).items()
           if label is None]  # fmt: skip
    assert off == [MONDAY, MONDAY + timedelta(days=1)]
    assert both.closed_on(MONDAY)
    assert for_groups(calendar, ["Grade 9"]).label_on(calendar.until) is None
    assert for_groups(calendar, []) is calendar
    assert for_groups(calendar, ["grade 9", "GRADE  10"]) is both, "one for all of those groups"
    assert for_groups(calendar, ["Grade 9", "Grade 1"]) is calendar, "Grade 1 always has school"


SOME = f"""{TEXT}

[assembly: 2026-09-07 (only Grade 9, Grade 10)]
P1 08:30-09:00
P2 09:10-10:10

[until 09:30: 2026-09-08 (only Grade 9), 2026-09-09]

[until 10:30: 2026-09-08 (only Grade 10), 2026-09-09 (only Grade 9)]"""


def test_other_bells_for_some_groups_survive_being_written() -> None:
    bells = parse_bells(SOME, CYCLE)
    assert render_bells(bells) == SOME
    assert [(one.day.day, one.only, one.schedule, one.until) for one in bells.partly] == [
        (7, ("Grade 9", "Grade 10"), "assembly", None),
        (8, ("Grade 9",), None, time(9, 30)),
        (8, ("Grade 10",), None, time(10, 30)),
        (9, ("Grade 9",), None, time(10, 30)),
    ]
    with pytest.raises(InvalidInput, match="no date"):
        parse_bells(f"{TEXT}\n[until 9:30: Wed (only Grade 9)]", CYCLE)
    with pytest.raises(InvalidInput, match="no bell schedule called “other”"):
        replace(bells, partly=(replace(bells.partly[0], schedule="other"),))


def test_other_bells_hold_where_all_ones_groups_have_them() -> None:
    calendar = replace(CALENDAR, bells=parse_bells(SOME, CYCLE))
    assert groups_of(calendar) == ("Grade 10", "Grade 9")
    monday, tuesday = MONDAY, MONDAY + timedelta(days=1)
    ninth, tenth = for_groups(calendar, ["grade 9"]), for_groups(calendar, ["Grade 10"])
    both, other = for_groups(calendar, ["Grade 9", "Grade 10"]), for_groups(calendar, ["Grade 1"])
    some = for_groups(calendar, ["Grade 9", "Grade 1"])
    assert free_on(ninth, monday) == free_on(both, monday) == ["P2 09:10-10:10"]
    for whole in (calendar, other, some):
        assert free_on(whole, monday) == ["P2 09:10-10:10", "P3 10:20-11:20"]
        assert len(free_on(whole, tuesday)) == 3
    assert free_on(ninth, tuesday)[-1] == "P2 09:10-09:30"
    assert free_on(tenth, tuesday)[-1] == "P3 10:20-10:30"
    assert free_on(both, tuesday) == free_on(tenth, tuesday), "the later end is theirs"
    assert free_on(ninth, MONDAY + timedelta(days=2)) == ["P2 09:10-09:30"], (
        "everybody's is earlier"
    )
    closed = Closure(start=tuesday, end=tuesday, kind=ClosureKind.PLANNED, only=("Grade 10",))
    calendar = replace(calendar, closures=(closed,))
    both = for_groups(calendar, ["Grade 9", "Grade 10"])
    assert free_on(both, tuesday)[-1] == "P2 09:10-09:30", "only Grade 9 has school"
    assert both.label_on(tuesday) == "B"

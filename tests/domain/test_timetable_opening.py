"""The one change that opens a common slot: the easiest there is, and none where none does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.ids import MemberId
from bot.domain.members import Preferences, QuietHours
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.bells import Bells
from bot.domain.timetable.opening import Hindrance, one_change
from bot.domain.timetable.period_lines import parse_bell_schedule
from bot.domain.timetable.school import SchoolCalendar, weekday_calendar
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import parse_weekly_hours

ANA, BEN, CARA = MemberId("a"), MemberId("b"), MemberId("c")
MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def calendar(bells: str = "1 08:00-09:00\n2 09:00-10:00") -> SchoolCalendar:
    schedule = parse_bell_schedule(bells)
    return weekday_calendar(
        zone="UTC",
        names=DAYS,
        first_date=date(2026, 11, 2),
        until=date(2027, 6, 1),
        bells=Bells(schedules={schedule.name: schedule}, default=schedule.name),
        school_weekdays=(0, 1, 2, 3, 4),
    )


def teaches(school: SchoolCalendar, **uses: Use) -> Availability:
    """Return somebody with lessons everywhere but for the uses given by day and period: Mon1."""
    cells = {
        (day, name): Cell(use=uses.get(f"{day}{name}", Use.LESSON))
        for day in DAYS
        for name in school.bells.names
    }
    return Availability(zone="UTC", calendar=school, timetable=Timetable(cells=cells))


def change(**people: Availability) -> tuple[MemberId | None, Hindrance, str] | None:
    found = one_change(
        {MemberId(name): one for name, one in people.items()}, MONDAY, MONDAY + timedelta(days=14)
    )
    return found and (found.member, found.what, f"{found.slot.start:%a %H:%M}")


def test_a_duty_is_moved_before_a_lesson() -> None:
    school = calendar()
    ana, ben = teaches(school, Mon1=Use.FREE, Tue2=Use.FREE), teaches(school, Tue2=Use.DUTY)
    assert change(a=ana, b=ben) == (BEN, Hindrance.DUTY, "Tue 09:00")


def test_a_lesson_where_nothing_else_does() -> None:
    school = calendar()
    assert change(a=teaches(school, Mon1=Use.FREE), b=teaches(school)) == (
        BEN,
        Hindrance.LESSON,
        "Mon 08:00",
    )


def test_a_break_of_all_comes_first() -> None:
    school = calendar("1 08:00-09:00\nBrk 09:00-09:20 (break)\n2 09:20-10:00")
    both = teaches(school, **{f"{day}Brk": Use.FREE for day in DAYS}, Mon2=Use.DUTY)
    assert change(a=both, b=both) == (None, Hindrance.BREAK, "Mon 09:00")


def test_quiet_hours_own_days_absence_and_hours_given() -> None:
    hours = parse_weekly_hours
    ana = Availability(zone="UTC", hours=hours("Mon 20:00-22:00"))
    eve = Availability(zone="UTC", hours=hours("Mon 20:00-21:00"))
    assert change(a=ana, b=eve) is None, "the quiet hours of two people are two changes"
    owl = replace(ana, preferences=Preferences(quiet=QuietHours(start=time(23), end=time(7))))
    assert change(a=owl, b=ana) == (BEN, Hindrance.QUIET, "Mon 20:00")
    morning = Availability(zone="UTC", hours=hours("Sat 9:00-12:00"))
    weekdays = replace(morning, preferences=Preferences(days=(1, 2)))
    assert change(a=morning, b=weekdays) == (BEN, Hindrance.DAYS, "Sat 09:00")
    away = replace(morning, away=(Absence(first=date(2026, 11, 1), last=date(2026, 12, 31)),))
    assert change(a=morning, b=away) == (BEN, Hindrance.AWAY, "Sat 09:00")
    monday = Availability(zone="UTC", hours=hours("Mon 9:00-12:00"))
    tuesday = Availability(zone="UTC", hours=hours("Tue 9:00-12:00"))
    assert change(a=monday, b=tuesday) == (ANA, Hindrance.HOURS, "Tue 09:00")


def test_two_changes_are_not_one() -> None:
    school = calendar()
    free, busy = teaches(school, Mon1=Use.FREE), teaches(school)
    assert change(a=free, b=busy, c=busy) is None
    assert change(a=free, b=free, c=busy) == (CARA, Hindrance.LESSON, "Mon 08:00")

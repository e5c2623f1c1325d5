"""Public holidays that a school's calendar does not know yet."""

from collections.abc import Mapping
from datetime import date

from bot.domain.timetable.school import Closure, ClosureKind, SchoolCalendar


def suggested(calendar: SchoolCalendar, holidays: Mapping[date, str]) -> tuple[Closure, ...]:
    """Return the holidays on which the calendar has school, as planned closures, by date.

    A date with a label of its own stays: somebody said that there is school.
    """
    return tuple(
        Closure(start=day, end=day, kind=ClosureKind.PLANNED, name=name)
        for day, name in sorted(holidays.items())
        if calendar.label_on(day) is not None and day not in calendar.labels
    )

"""Days on which only some groups of the school have none: classes, grades, school levels.

The calendar of the whole school goes on then, and so does its cycle; who teaches such a group has
a calendar of their own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.school import SchoolCalendar


def groups_of(calendar: SchoolCalendar) -> tuple[str, ...]:
    """Return the groups that closures name, each once, in order."""
    names = {fold_name(name) for closure in calendar.closures for name in closure.only}
    return tuple(sorted(names))


def for_groups(calendar: SchoolCalendar, groups: Iterable[str]) -> SchoolCalendar:
    """Return the calendar of somebody who belongs to ``groups``, all of them.

    They have no school where it is closed for each of the groups; the days keep the labels of the
    whole school. ``InvalidInput`` for a group that no closure names.
    """
    known = {name.casefold() for name in groups_of(calendar)}
    wanted = {fold_name(name).casefold(): name for name in groups}
    for key, name in wanted.items():
        if key not in known:
            raise InvalidInput(
                what=f"No closed day is for “{name}” alone.",
                remedy="The groups are: " + (", ".join(groups_of(calendar)) or "none") + ".",
            )
    if not wanted:
        return calendar
    off = [_days_off(calendar, key) for key in wanted]
    shared = set.intersection(*off)
    return replace(calendar, labels={**calendar.labels, **dict.fromkeys(sorted(shared))})


def _days_off(calendar: SchoolCalendar, group: str) -> set[date]:
    """Return the dates within the calendar on which ``group`` alone is off."""
    return {
        day
        for closure in calendar.closures
        if group in {fold_name(name).casefold() for name in closure.only}
        for first in [max(closure.start, calendar.first_date)]
        for day in (
            first + timedelta(days=at)
            for at in range((min(closure.end, calendar.until) - first).days + 1)
        )
        if day not in calendar.labels
    }

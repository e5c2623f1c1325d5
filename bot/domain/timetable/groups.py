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
    whole school. A group that no closure names always has school. The calendar remembers it, so
    that all of the same groups share one.
    """
    wanted = tuple(sorted({fold_name(name).casefold() for name in groups}))
    if not wanted:
        return calendar
    key = f"groups {wanted}"
    if key not in calendar.memo:
        shared = set.intersection(*(_days_off(calendar, group) for group in wanted))
        labels = {**calendar.labels, **dict.fromkeys(sorted(shared))}
        calendar.memo[key] = replace(calendar, labels=labels) if shared else calendar
    found: SchoolCalendar = calendar.memo[key]
    return found


def known_groups(calendar: SchoolCalendar, groups: Iterable[str]) -> tuple[str, ...]:
    """Return ``groups``; ``InvalidInput`` for one that no closure names."""
    named = tuple(groups)
    known = {name.casefold() for name in groups_of(calendar)}
    for name in named:
        if fold_name(name).casefold() not in known:
            raise InvalidInput(
                what=f"No closed day is for “{name}” alone.",
                remedy="The groups are: " + (", ".join(groups_of(calendar)) or "none") + ".",
            )
    return named


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

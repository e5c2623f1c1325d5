"""Days on which some groups of the school have none, or other bells: classes, grades, levels.

The calendar of the whole school goes on then, and so does its cycle; who teaches such a group has
a calendar of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bells import LONGEST_NAME, Bells, Partly
from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.school import SchoolCalendar

_SIGNS = frozenset("()[],;")
"""With these groups are written behind dates, and told from one another."""


def check_group(name: str) -> None:
    """Raise InvalidInput for a group that is too long, or could not be written behind a date."""
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            what=f"“{name[:LONGEST_NAME]}…” is too long for a group of the school.",
            remedy="Write groups as under “My groups”, with commas between them.",
        )
    if sign := next((one for one in name if one in _SIGNS), None):
        raise InvalidInput(
            what=f"The group “{name}” has a “{sign}” in its name.",
            remedy="Write it without that sign, here and under “My groups”.",
        )


def groups_of(calendar: SchoolCalendar) -> tuple[str, ...]:
    """Return the groups that closures and bells name, each once, in order."""
    named = [one.only for one in calendar.closures] + [one.only for one in calendar.bells.partly]
    return tuple(sorted({fold_name(name) for names in named for name in names}))


def for_groups(calendar: SchoolCalendar, groups: Iterable[str]) -> SchoolCalendar:
    """Return the calendar of somebody who belongs to ``groups``, all of them.

    They have no school where it is closed for each of the groups, and other bells where those of
    the groups that have school all have them; the days keep the labels of the whole school. A group
    that nothing names always has school, and the school's bells. The calendar remembers it, so that
    all of the same groups share one.
    """
    wanted = tuple(sorted({_folded(name) for name in groups}))
    if not wanted:
        return calendar
    key = f"groups {wanted}"
    if key not in calendar.memo:
        off = {group: _days_off(calendar, group) for group in wanted}
        shared = set.intersection(*off.values())
        bells = _bells_of(calendar.bells, off)
        labels = {**calendar.labels, **dict.fromkeys(sorted(shared))}
        changed = bool(shared) or bells is not calendar.bells
        calendar.memo[key] = replace(calendar, labels=labels, bells=bells) if changed else calendar
    found: SchoolCalendar = calendar.memo[key]
    return found


def known_groups(calendar: SchoolCalendar, groups: Iterable[str]) -> tuple[str, ...]:
    """Return ``groups``; ``InvalidInput`` for one that nothing names."""
    named = tuple(groups)
    known = {name.casefold() for name in groups_of(calendar)}
    for name in named:
        if _folded(name) not in known:
            raise InvalidInput(
                what=f"No closed day and no other bells are for “{name}” alone.",
                remedy="The groups are: " + (", ".join(groups_of(calendar)) or "none") + ".",
            )
    return named


def _days_off(calendar: SchoolCalendar, group: str) -> set[date]:
    """Return the dates within the calendar on which ``group`` alone is off."""
    return {
        day
        for closure in calendar.closures
        if group in map(_folded, closure.only)
        for first in [max(closure.start, calendar.first_date)]
        for day in (
            first + timedelta(days=at)
            for at in range((min(closure.end, calendar.until) - first).days + 1)
        )
        if day not in calendar.labels
    }


def _bells_of(bells: Bells, off: Mapping[str, set[date]]) -> Bells:
    """Return the bells of somebody who teaches the groups that ``off`` tells the free days of."""
    mine = [one for one in bells.partly if off.keys() & set(map(_folded, one.only))]
    by_date, dismissals = dict(bells.by_date), dict(bells.dismissals)
    for day in sorted({one.day for one in mine}):
        open_ = [group for group in off if day not in off[group]]
        told = [[one for one in mine if one.day == day and _names(one, group)] for group in open_]
        schedules = {next((o.schedule for o in some if o.schedule), None) for some in told}
        ends = [max((o.until for o in some if o.until), default=None) for some in told]
        if len(schedules) == 1 and (name := schedules.pop()) is not None:
            by_date[day] = name
        known = [end for end in ends if end is not None]
        if known and len(known) == len(ends):
            dismissals[day] = min(max(known), dismissals.get(day, time.max))
    if (by_date, dismissals) == (bells.by_date, bells.dismissals):
        return bells
    return replace(bells, by_date=by_date, dismissals=dismissals)


def _names(one: Partly, group: str) -> bool:
    return group in map(_folded, one.only)


def _folded(name: str) -> str:
    return fold_name(name).casefold()

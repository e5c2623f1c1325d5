"""The one change that would give people a common slot: who would have to be free when they are not.

Only one thing is ever changed, the easiest first: a break can be shared, a duty swapped, one's own
hours and days are one's own to set, a lesson has to be covered by somebody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from bot.domain.ids import MemberId
from bot.domain.members import QuietHours
from bot.domain.timetable.availability import Availability, spans
from bot.domain.timetable.instants import seconds_of
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.slots import CommonSlot, common_slots
from bot.domain.timetable.timetable import Use, without_use


class Hindrance(StrEnum):
    """What stands in the way, from the easiest to the hardest to move."""

    BREAK = "break"
    DUTY = "duty"
    HOURS = "hours"
    QUIET = "quiet hours"
    DAYS = "days"
    AWAY = "away"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """If ``member`` were free at ``slot``, so would be all; ``what`` stands in the way now.

    ``member`` is None for a break in which all of them could meet. ``subject`` is what stands in
    the timetable there, for a lesson or duty.
    """

    member: MemberId | None
    slot: CommonSlot
    what: Hindrance
    subject: str = ""


def one_change(
    people: Mapping[MemberId, Availability], start: datetime, end: datetime
) -> Opening | None:
    """Return the easiest change that opens a common slot between two instants (aware), or None.

    Meant for people without any. InvalidInput as in ``common_slots``.
    """
    opened: dict[int, SchoolCalendar] = {}
    in_breaks = common_slots({m: _no_break(a, opened) for m, a in people.items()}, start, end)
    if in_breaks:
        return Opening(member=None, slot=in_breaks[0], what=Hindrance.BREAK)
    hopeful = [
        member
        for member in people
        if common_slots({m: a for m, a in people.items() if m != member}, start, end)
    ]
    for what, without in _WITHOUT.items():
        for member in hopeful:
            changed = without(people[member])
            if changed == people[member]:
                continue
            slots = common_slots({**people, member: changed}, start, end)
            if slots:
                subject = subject_at(people[member], changed, slots[0].start)
                return Opening(member=member, slot=slots[0], what=what, subject=subject)
    return None


def subject_at(one: Availability, opened: Availability, at: datetime) -> str:
    """Return what stands in somebody's timetable at an instant at which they are free ``opened``.

    Empty where nothing does, or where it is no period of theirs.
    """
    start = seconds_of(at)
    span = next(spans(opened, start, start + 1), None)
    if span is None or span.label is None or span.period is None or one.timetable is None:
        return ""
    return one.timetable.cell(span.label, span.period).what


def _no_break(one: Availability, opened: dict[int, SchoolCalendar]) -> Availability:
    """Return the availability with the school's breaks and one's own as ordinary free periods.

    ``opened`` holds the calendars without breaks, by the identity of those with them: people of
    one school go on having one.
    """
    calendar = one.at_school
    if calendar is None:
        return one
    if id(calendar) not in opened:
        schedules = {
            name: replace(day, periods=tuple(replace(p, is_break=False) for p in day.periods))
            for name, day in calendar.bells.schedules.items()
        }
        opened[id(calendar)] = replace(calendar, bells=replace(calendar.bells, schedules=schedules))
    return replace(_without_use(one, Use.BREAK), calendar=opened[id(calendar)])


def _no_hours(one: Availability) -> Availability:
    """Return the availability in working hours instead of the hours that the member gave."""
    return one if one.timetable is not None else replace(one, hours=None)


def _no_duty(one: Availability) -> Availability:
    return _without_use(one, Use.DUTY)


def _no_quiet(one: Availability) -> Availability:
    never = QuietHours(start=time(), end=time())
    return replace(one, preferences=replace(one.preferences, quiet=never))


def _all_days(one: Availability) -> Availability:
    return replace(one, preferences=replace(one.preferences, days=(1, 2, 3, 4, 5, 6, 7)))


def _not_away(one: Availability) -> Availability:
    return replace(one, away=())


def _no_lesson(one: Availability) -> Availability:
    return _without_use(one, Use.LESSON)


def _without_use(one: Availability, use: Use) -> Availability:
    if one.timetable is None:
        return one
    return replace(one, timetable=without_use(one.timetable, use))


_WITHOUT: Mapping[Hindrance, Callable[[Availability], Availability]] = {
    Hindrance.DUTY: _no_duty,
    Hindrance.HOURS: _no_hours,
    Hindrance.QUIET: _no_quiet,
    Hindrance.DAYS: _all_days,
    Hindrance.AWAY: _not_away,
    Hindrance.LESSON: _no_lesson,
}

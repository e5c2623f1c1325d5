"""When members are free: what storage holds about them, put together."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.ids import MemberId
from bot.domain.members import Member, Nudges
from bot.domain.reminders.free_times import next_free
from bot.domain.timetable.availability import Availability, has_times
from bot.domain.timetable.fitting import fits
from bot.domain.timetable.groups import for_groups
from bot.domain.timetable.school import SchoolCalendar
from bot.usecases.ports import Work


def availabilities(work: Work, members: Iterable[MemberId]) -> dict[MemberId, Availability]:
    """Return the availability of each of the members who exist, in the given order.

    One query a table, however many members, and one a school. A timetable without a school
    calendar has no dates and is left out.
    """
    people = work.members.get(members)
    calendars = {member: _calendar(work, one) for member, one in people.items()}
    placed = [member for member, calendar in calendars.items() if calendar is not None]
    timetables = work.times.timetables(placed) if placed else {}
    without = [member for member in people if member not in timetables]
    hours = work.times.hours(without) if without else {}
    away = work.absent.of(people)
    return {
        member: Availability(
            zone=one.zone,
            calendar=calendars[member],
            timetable=timetables.get(member),
            hours=hours.get(member),
            preferences=one.preferences,
            away=away.get(member, ()),
        )
        for member, one in people.items()
    }


def _calendar(work: Work, member: Member) -> SchoolCalendar | None:
    """Return the calendar of the member's school as it is for their groups, None without one."""
    calendar = work.times.calendar(member.preferences.school)
    groups = member.preferences.groups
    return for_groups(calendar, groups) if calendar is not None and groups else calendar


def placeable(availability: Availability) -> Availability:
    """Return the availability without a timetable that cannot be placed on the school's days.

    It no longer fits the school's calendar, or its periods have no clock times yet: its member is
    reminded in working hours until they give a new one, or somebody gives the bell schedule.
    """
    if is_misfit(availability) or not has_times(availability):
        return replace(availability, timetable=None)
    return availability


def is_unreachable(work: Work, member: Member) -> bool:
    """Tell whether the member wants reminders, and leaves no time in which any could come."""
    if member.preferences.nudges is Nudges.OFF:
        return False
    told = availabilities(work, (member.id,))[member.id]
    return next_free(placeable(told), work.now) is None


def is_misfit(availability: Availability) -> bool:
    """Tell whether the member's timetable no longer fits the school's calendar."""
    timetable, calendar = availability.timetable, availability.calendar
    return timetable is not None and calendar is not None and not fits(timetable, calendar)

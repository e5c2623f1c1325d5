"""Show a member's own timetable, and tap it in cell by cell."""

from dataclasses import dataclass

from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable, tap
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan
from bot.usecases.timetable.free import next_free


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTimes:
    """What the member told about their time; all None for somebody new."""

    timetable: Timetable | None
    hours: WeeklyHours | None
    calendar: SchoolCalendar | None
    free: FreePeriod | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Show one cycle day as buttons; ``period`` moves that cell on first, where it is given."""

    label: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TapView:
    """One day of the tap grid."""

    label: str
    timetable: Timetable
    calendar: SchoolCalendar


def own_times(work: Work, actor: Actor, _: None) -> OwnTimes:
    """Return what the member told about their time."""
    return OwnTimes(
        timetable=work.times.timetables((actor.id,)).get(actor.id),
        hours=work.times.hours((actor.id,)).get(actor.id),
        calendar=work.times.calendar(),
        free=next_free(work, actor.id),
        zone=actor.member.zone,
    )


def tap_cell(work: Work, actor: Actor, command: Tap) -> TapView | None:
    """Move a cell on (free, lesson, planning, duty, absent, free), saved at once.

    None while nobody has said yet which days and periods the school has.
    """
    calendar = work.times.calendar()
    if calendar is None:
        return None
    label = command.label if command.label in calendar.cycle else calendar.cycle[0]
    timetable = work.times.timetables((actor.id,)).get(actor.id, Timetable())
    if command.period:
        timetable = tap(timetable, label, command.period)
        work.times.save_timetable(actor.id, timetable)
        replan(work, (actor.id,))
    return TapView(label=label, timetable=timetable, calendar=calendar)

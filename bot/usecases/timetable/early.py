"""School ends early on a day: everybody's, or that of some groups alone."""

from dataclasses import dataclass, replace
from datetime import date, time

from bot.domain import errors
from bot.domain.timetable.bells import Bells, Partly
from bot.domain.timetable.groups import for_groups
from bot.domain.timetable.school import SchoolCalendar
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import fitting
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.said_days import SaidDays


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsEarly:
    """School ends at ``early`` on ``days``, for the groups ``only`` if there are any."""

    saved: CalendarSaved
    days: tuple[date, ...]
    early: time
    only: tuple[str, ...]
    reason: str


def end_early(
    work: Work, actor: Actor, calendar: SchoolCalendar, said: SaidDays, early: time
) -> EndsEarly:
    """Let school end at ``early`` on the days said; ``InvalidInput`` when nothing changes by it."""
    closure = said.closure
    theirs = for_groups(calendar, closure.only)
    dates = theirs.labels_between(closure.start, closure.end)
    days = tuple(day for day in dates if _cut(theirs, day, early))
    if not days:
        raise errors.InvalidInput(
            what=f"There is no school after {early:%H:%M} then anyway.",
            remedy="“School calendar” shows the school days and their clock times.",
        )
    changed = replace(calendar, bells=_with(calendar.bells, days, early, closure.only))
    return EndsEarly(
        saved=save_calendar(work, actor, changed),
        days=days,
        early=early,
        only=closure.only,
        reason=closure.name,
    )


def _cut(calendar: SchoolCalendar, day: date, early: time) -> bool:
    """Tell whether a day ends later than that; ``InvalidInput`` if it does not begin before."""
    label = calendar.label_on(day)
    if label is None:
        return False
    periods = [p for p in calendar.bells.schedule_on(day, label).in_order() if p.timed]
    if not periods:
        raise errors.InvalidInput(
            what="The school's periods have no clock times yet.",
            remedy="Add them under “School calendar”, “Bell schedules”.",
        )
    at = (early.hour * 60 + early.minute) * 60
    if at <= min(period.seconds[0] for period in periods):
        raise errors.InvalidInput(
            what=f"School does not begin before {early:%H:%M} on {day}.",
            remedy=f"To close it the whole day say: noschool {day}",
        )
    return at < max(period.seconds[1] for period in periods)


def _with(bells: Bells, days: tuple[date, ...], early: time, only: tuple[str, ...]) -> Bells:
    """Return the bells with an early end on those days, in place of another one."""
    if only:
        kept = (p for p in bells.partly if not (p.until and p.only == only and p.day in days))
        added = (Partly(day=day, only=only, until=early) for day in days)
        changed = replace(bells, partly=(*kept, *added))
    else:
        changed = replace(bells, dismissals={**bells.dismissals, **dict.fromkeys(days, early)})
    try:
        return fitting(changed)
    except errors.FieldErrors:
        raise errors.InvalidInput(
            what="The list of days with other bells is full.",
            remedy="Take out those of past days under “School calendar”, “Bell schedules”.",
        ) from None

"""No school on a day, or on several in a row: a closure, said in one line."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain import errors
from bot.domain.planning.texts import FIELD_LENGTH
from bot.domain.timetable.changes import Days, closed
from bot.domain.timetable.groups import for_groups
from bot.domain.timetable.school import Closure, ClosureKind, ClosurePolicy, SchoolCalendar
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.early import EndsEarly, end_early
from bot.usecases.timetable.lines import joined, lines_of_closures
from bot.usecases.timetable.said_days import NoSchool, read_said
from bot.usecases.timetable.school import known_calendar

AHEAD = timedelta(days=366)
LONGEST = timedelta(days=100)
"""A closure that is longer is a slip, such as "5 to 3 December"; no holidays are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichDay:
    """No day was named; ``today`` is the school's date."""

    today: date


@dataclass(frozen=True, slots=True)
class NoCalendar:
    """There is no school calendar: no day can be closed, for nobody said when school is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Closed: ``days`` are those that were school days, of the groups the closure is for if any.

    ``policy`` is what the school's calendar does with the cycle after a closure of this kind;
    ``back`` the next school day and its label.
    """

    saved: CalendarSaved
    closure: Closure
    days: tuple[Days, ...]
    back: tuple[date, str | None]
    today: date

    @property
    def policy(self) -> ClosurePolicy:
        """Return what becomes of the cycle."""
        calendar = self.saved.calendar
        planned = self.closure.kind is ClosureKind.PLANNED
        return calendar.planned if planned else calendar.unplanned


NoSchoolResult = Closed | EndsEarly | WhichDay | NoCalendar


def close_school(work: Work, actor: Actor, command: NoSchool) -> NoSchoolResult:
    """Close the school on the days named, or from a time on; anybody may, and may undo it.

    ``InvalidInput`` for days that there are not, that lie behind or too far ahead, or on which
    there is no school anyway: nothing is changed then.
    """
    work.times.hold_calendar(actor.school)
    calendar = work.times.calendar(actor.school)
    if calendar is None:
        return NoCalendar()
    today = _today(work, calendar)
    if not command.text.strip():
        return WhichDay(today=today)
    said = read_said(command, today)
    closure = said.closure
    _refuse_far(closure, today)
    if said.early is not None:
        return end_early(work, actor, calendar, said, said.early)
    theirs = for_groups(calendar, closure.only)
    _refuse_needless(theirs, closure)
    changed = _with(calendar, closure)
    back = changed.add_school_days(closure.end + timedelta(days=1), 0)
    days = closed(theirs, for_groups(changed, closure.only))
    if not days:
        raise errors.InvalidInput(
            what=f"{_which(closure).capitalize()} has a day of its own in the school's calendar, "
            "which wins over what is closed for some groups.",
            remedy="Take it out under “School calendar”, “Closures, labels and terms”.",
        )
    return Closed(
        saved=save_calendar(work, actor, changed),
        closure=closure,
        days=days,
        back=(back, changed.label_on(back)),
        today=today,
    )


def close_by_form(work: Work, actor: Actor, command: NoSchool) -> NoSchoolResult:
    """Close the school as ``close_school`` does; what is wrong stands in the form."""
    if not command.text.strip():
        raise errors.FieldErrors({"first": "Give the first closed day."})
    try:
        return close_school(work, actor, command)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"first": str(problem)}) from None


def which_day(work: Work, actor: Actor, _: None) -> WhichDay:
    """Return what the form about closed days starts from; ``InvalidInput`` without a calendar."""
    return WhichDay(today=_today(work, known_calendar(work, actor, None)))


def _today(work: Work, calendar: SchoolCalendar) -> date:
    """Return the school's date."""
    return work.now.astimezone(ZoneInfo(calendar.zone)).date()


def _refuse_far(closure: Closure, today: date) -> None:
    """Raise ``InvalidInput`` for days that are over, too far ahead or too many."""
    if closure.start < today:
        raise errors.InvalidInput(
            what=f"{closure.start} is over, and no reminder of that day can move any more.",
            remedy="A day that was closed can be entered under “School calendar”.",
        )
    if closure.end > today + AHEAD:
        raise errors.InvalidInput(
            what=f"{closure.end} is more than a year ahead.",
            remedy="Enter the holidays of later years under “School calendar”.",
        )
    if closure.end - closure.start > LONGEST:
        raise errors.InvalidInput(
            what=f"From {closure.start} to {closure.end} is longer than any holidays.",
            remedy="Give the first and the last day once more, for example 3 to 5 December.",
        )


def _refuse_needless(calendar: SchoolCalendar, closure: Closure) -> None:
    """Raise ``InvalidInput`` when there is no school on any of the days as it is."""
    labels = calendar.labels_between(closure.start, closure.end)
    if any(label is not None for label in labels.values()):
        return
    which = _which(closure)
    if closure.end < calendar.first_date or closure.start > calendar.until:
        raise errors.InvalidInput(
            what=f"The school's calendar runs from {calendar.first_date} to {calendar.until}; "
            f"it says nothing about {which}.",
            remedy="Start a new school year under “School calendar”, or make this one longer.",
        )
    known = next((c for c in calendar.closures if _covers(c, closure)), None)
    if known is not None:
        name = f" ({known.name})" if known.name else ""
        raise errors.InvalidInput(
            what=f"There is no school on {which} already: it is closed{name}.",
            remedy="No reminder comes then. “School calendar” shows all closed days.",
        )
    raise errors.InvalidInput(
        what=f"There is no school on {which} anyway.",
        remedy="No reminder of the timetable comes then. “School calendar” shows the school days.",
    )


def _covers(known: Closure, wanted: Closure) -> bool:
    theirs = not known.only or (bool(wanted.only) and set(wanted.only) <= set(known.only))
    return theirs and known.start <= wanted.start and wanted.end <= known.end


def _which(closure: Closure) -> str:
    if closure.start == closure.end:
        return f"{closure.start:%A} {closure.start}"
    return f"{closure.start} to {closure.end}"


def _with(calendar: SchoolCalendar, closure: Closure) -> SchoolCalendar:
    """Return the calendar with the closure; a day of its own that one of the dates had is gone."""
    labels = {
        day: label
        for day, label in calendar.labels.items()
        if label is None or closure.only or not closure.start <= day <= closure.end
    }
    changed = replace(calendar, closures=joined((*calendar.closures, closure)), labels=labels)
    if len(lines_of_closures(changed)) > FIELD_LENGTH:
        raise errors.InvalidInput(
            what="The list of closed days is full.",
            remedy="Take out those of past years under “School calendar”, then say it again.",
        )
    return changed

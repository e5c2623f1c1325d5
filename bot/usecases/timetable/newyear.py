"""A calendar of the school from nothing, or in place of the one that stands: a new school year."""

import json
from dataclasses import asdict, dataclass, replace

from bot.domain import errors
from bot.domain.members import Member
from bot.domain.timetable.school import MONDAY_TO_FRIDAY, SchoolCalendar
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import (
    SchoolAnswers,
    answers_from,
    make_calendar,
    mark_of,
    with_dates,
)
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.misfits import Misfit, misfit
from bot.usecases.timetable.school import still_stands

KIND = "newyear"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewYear:
    """What the new calendar is made of; ``mark`` is that of the calendar it was opened on."""

    answers: SchoolAnswers
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the form of a new year starts from."""

    member: Member
    calendar: SchoolCalendar | None


def before_new(work: Work, actor: Actor, _: None) -> Before:
    """Return what the form of a new year starts from."""
    return Before(member=actor.member, calendar=work.times.calendar(actor.school))


def new_calendar(work: Work, actor: Actor, command: NewYear) -> CalendarSaved | Misfit:
    """Make a calendar of the cycle given; it waits for a yes when timetables no longer fit it."""
    work.times.hold_calendar(actor.school)
    standing = work.times.calendar(actor.school)
    if command.mark and command.mark != mark_of(standing):
        now = f"Its days are {', '.join(standing.cycle)} now. " if standing else ""
        says = f"Somebody changed the school's calendar meanwhile. {now}Look at it, then try again."
        raise errors.FieldErrors({"days": says})
    answers = command.answers
    if not answers.days:
        raise errors.FieldErrors({"days": "Name the days of the cycle, for example: A, B"})
    if not answers.weekdays:
        weekdays = standing.school_weekdays if standing else MONDAY_TO_FRIDAY
        answers = replace(answers, weekdays=weekdays)
    made = make_calendar(answers, today(work, actor.member))
    answers = with_dates(answers, made)
    document = {"answers": asdict(answers), "mark": mark_of(standing)}
    work.drafts.put(actor.id, KIND, json.dumps(document).encode())
    return _start(work, actor, made, allowed=0)


def confirm_new(work: Work, actor: Actor, allowed: int) -> CalendarSaved | Misfit:
    """Start the year that waited for a yes, if no more than ``allowed`` timetables do not fit."""
    work.times.hold_calendar(actor.school)
    content = work.drafts.get(actor.id, KIND)
    if content is None:
        raise errors.StaleButton
    document = json.loads(content)
    still_stands(work, actor, document["mark"])
    made = make_calendar(answers_from(document["answers"]), today(work, actor.member))
    return _start(work, actor, made, allowed=allowed)


def _start(
    work: Work, actor: Actor, made: SchoolCalendar, *, allowed: int
) -> CalendarSaved | Misfit:
    lost = misfit(work, actor, made, allowed=allowed)
    if lost is not None:
        return lost
    standing = work.times.calendar(actor.school)
    calendar = made if standing is None else renewed(standing, made)
    work.drafts.drop(actor.id, KIND)
    return save_calendar(work, actor, calendar)


def renewed(standing: SchoolCalendar, made: SchoolCalendar) -> SchoolCalendar:
    """Return the calendar made, with the closures, labels, terms and policies that stand.

    Labels of days that are no longer in the cycle are left out, and terms when none of them lies
    in the new year: there would be no school at all. A week has no policies to hand on.
    """
    terms = standing.terms
    within = any(t.start <= made.until and t.end >= made.first_date for t in terms)
    rotates = not standing.weekly
    return replace(
        made,
        closures=standing.closures,
        labels={d: one for d, one in standing.labels.items() if one is None or one in made.cycle},
        terms=terms if within else (),
        planned=standing.planned if rotates else made.planned,
        unplanned=standing.unplanned if rotates else made.unplanned,
    )

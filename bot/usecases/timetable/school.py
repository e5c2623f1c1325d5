"""The school's calendar: shown, and changed by closures, labels and terms."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.timetable.school import ClosurePolicy, SchoolCalendar
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import mark_of
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.lines import (
    lines_of_closures,
    lines_of_labels,
    lines_of_terms,
    with_lines,
)

_TOLD = 600
"""Characters of what stands now: enough to see what somebody else wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """Closures, labels and terms as typed, one a line, and the two policies.

    ``mark`` is that of the calendar on which the form was opened, empty where that is not known.
    """

    closures: str
    labels: str
    terms: str
    planned: ClosurePolicy
    unplanned: ClosurePolicy
    mark: str = ""


def show_calendar(work: Work, actor: Actor, _: None) -> SchoolCalendar | None:
    """Return the school's calendar, None when there is none yet."""
    return work.times.calendar(actor.school)


def known_calendar(work: Work, actor: Actor, _: None) -> SchoolCalendar:
    """Return the school's calendar; ``InvalidInput`` when there is none yet."""
    calendar = work.times.calendar(actor.school)
    if calendar is None:
        raise errors.InvalidInput(
            what="There is no school calendar here yet.",
            remedy="Say “timetable” and add yours: it asks when the days are.",
        )
    return calendar


def change_closures(work: Work, actor: Actor, command: Closures) -> CalendarSaved:
    """Replace closures, labels, terms and policies of the school's calendar."""
    work.times.hold_calendar(actor.school)
    calendar = known_calendar(work, actor, None)
    now = today(work, actor.member)
    changed = replace(
        with_lines(calendar, command.closures, command.labels, command.terms, now),
        planned=command.planned,
        unplanned=command.unplanned,
    )
    if changed != calendar and changed_meanwhile(command.mark, calendar):
        raise errors.FieldErrors(_differences(calendar, changed))
    return save_calendar(work, actor, changed)


def changed_meanwhile(mark: str, calendar: SchoolCalendar) -> bool:
    """Tell whether a form or question was made for another calendar than the one that stands."""
    return bool(mark) and mark != mark_of(calendar)


def still_stands(work: Work, actor: Actor, mark: str) -> None:
    """Raise ``InvalidInput`` unless the calendar is the one a question was asked about."""
    if mark != mark_of(work.times.calendar(actor.school)):
        raise errors.InvalidInput(
            what="Somebody changed the school's calendar meanwhile, so nothing was saved.",
            remedy="Look at what it says now under “School calendar”, then change it once more.",
        )


def _differences(stands: SchoolCalendar, wanted: SchoolCalendar) -> dict[str, str]:
    """Return what stands now, by the inputs in which the form says something else."""
    name = "Closures, labels and terms"
    inputs = {
        "closures": lines_of_closures,
        "planned": lambda one: f"{one.planned}",
        "unplanned": lambda one: f"{one.unplanned}",
        "labels": lines_of_labels,
        "terms": lines_of_terms,
    }
    return {
        key: meanwhile(name, show(stands))
        for key, show in inputs.items()
        if show(stands) != show(wanted)
    }


def meanwhile(button: str, stands: str) -> str:
    """Return what to do about a form whose calendar says ``stands`` by now."""
    told = stands if len(stands) <= _TOLD else stands[:_TOLD] + "…"
    return (
        f"Somebody changed the calendar meanwhile. It now says: {told or 'nothing'}. "
        f"Copy what you wrote, open “{button}” once more and put it in there."
    )

"""The bell schedules: changed at once, or after a yes when timetables use a period they drop."""

import json
from dataclasses import asdict, dataclass, replace

from bot.domain import errors
from bot.domain.timetable.bell_text import render_bells
from bot.domain.timetable.school import SchoolCalendar
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import bells_of, checked, day_of, mark_of
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.misfits import Misfit, misfit
from bot.usecases.timetable.school import (
    changed_meanwhile,
    known_calendar,
    meanwhile,
    still_stands,
)

KIND = "bells"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Bell schedules as typed, and the calendar's last day.

    ``mark`` is that of the calendar on which the form was opened, empty where that is not known.
    """

    bells: str
    until: str
    mark: str = ""


def change_bells(work: Work, actor: Actor, command: Bells) -> CalendarSaved | Misfit:
    """Replace the bell schedules, and say how long the calendar holds.

    It waits for a yes when timetables would lose periods.
    """
    work.times.hold_calendar(actor.school)
    calendar = known_calendar(work, actor, None)
    changed = _changed(work, actor, calendar, command)
    if changed != calendar and changed_meanwhile(command.mark, calendar):
        stands = f"{render_bells(calendar.bells)}\nuntil {calendar.until}"
        raise errors.FieldErrors({"bells": meanwhile("Bell schedules", stands)})
    # The date as it was understood: "Friday" is another one tomorrow.
    asked = replace(command, until=str(changed.until), mark=mark_of(calendar))
    work.drafts.put(actor.id, KIND, json.dumps(asdict(asked)).encode())
    return _save(work, actor, changed, allowed=0)


def confirm_bells(work: Work, actor: Actor, allowed: int) -> CalendarSaved | Misfit:
    """Save the bells that waited for a yes, if no more than ``allowed`` timetables lose periods."""
    work.times.hold_calendar(actor.school)
    content = work.drafts.get(actor.id, KIND)
    if content is None:
        raise errors.StaleButton
    asked = Bells(**json.loads(content))
    still_stands(work, actor, asked.mark)
    calendar = known_calendar(work, actor, None)
    return _save(work, actor, _changed(work, actor, calendar, asked), allowed=allowed)


def _changed(work: Work, actor: Actor, calendar: SchoolCalendar, command: Bells) -> SchoolCalendar:
    bells = bells_of(command.bells, calendar.cycle)
    until = day_of(command.until, "until", today(work, actor.member))
    return checked("until", lambda: replace(calendar, bells=bells, until=until))


def _save(
    work: Work, actor: Actor, changed: SchoolCalendar, *, allowed: int
) -> CalendarSaved | Misfit:
    lost = misfit(work, actor, changed, allowed=allowed)
    if lost is not None:
        return lost
    work.drafts.drop(actor.id, KIND)
    return save_calendar(work, actor, changed)

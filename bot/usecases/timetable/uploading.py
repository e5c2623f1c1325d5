"""A school's year from a file takes the place of the calendar that stands."""

from dataclasses import dataclass

from bot.domain import errors
from bot.domain.timetable.bell_book import BellBook
from bot.domain.timetable.year_days import YearDays, closed_days
from bot.domain.timetable.year_file import YearFile, completed
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import check_days, checked
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.holidays import Suggested, suggest
from bot.usecases.timetable.lines import require_shown
from bot.usecases.timetable.misfits import misfit


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadYear:
    """What was read; ``anyway``: also when timetables no longer fit the calendar."""

    file: YearFile | BellBook | YearDays
    anyway: bool


def upload_year(work: Work, actor: Actor, command: UploadYear) -> CalendarSaved | Suggested:
    """Save the calendar of the file; ``FieldErrors`` say what keeps it from being saved.

    What a calendar of whole days calls closed is only suggested.
    """
    if isinstance(command.file, YearDays):
        days = closed_days(command.file)
        if not days:
            raise errors.FieldErrors({"file": "No day in this calendar is called closed."})
        return suggest(work, actor, days)
    return _save(work, actor, command.file, anyway=command.anyway)


def _save(work: Work, actor: Actor, file: YearFile | BellBook, *, anyway: bool) -> CalendarSaved:
    work.times.hold_calendar(actor.school)
    standing = work.times.calendar(actor.school)
    calendar = checked("file", lambda: completed(file, standing, actor.member.zone))
    checked("file", lambda: check_days(calendar.cycle))
    require_shown(calendar)
    lost = misfit(work, actor, calendar, allowed=0)
    if lost is not None and not anyway:
        whose = "1 timetable does" if lost.count == 1 else f"{lost.count} timetables do"
        lacking = ", ".join(lost.gone[:5])
        says = f"{whose} not fit it any more: it has no {lacking}. Nothing is changed yet."
        raise errors.FieldErrors({"anyway": says})
    return save_calendar(work, actor, calendar)

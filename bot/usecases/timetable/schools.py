"""Which of the workspace's schools a member teaches at: each has a calendar of its own."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.members import Member
from bot.domain.planning.texts import clean
from bot.domain.timetable.bells import check_name
from bot.domain.timetable.school import SchoolCalendar
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, is_misfit
from bot.usecases.reminders.moving import Moves, moving
from bot.usecases.timetable.answers import checked
from bot.usecases.timetable.holidays import KIND as HOLIDAYS

MOST = 100
"""Schools of one workspace: a district."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MySchool:
    """The member, and the workspace's ``schools`` by name; "" is the first one."""

    member: Member
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseSchool:
    """The school chosen, None: none of those that were shown; ``other``: its name as typed."""

    chosen: str | None
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolChosen:
    """The member as they are now, their school's calendar, and the reminders that moved.

    ``misfit``: their timetable does not fit that calendar.
    """

    member: Member
    calendar: SchoolCalendar | None
    moves: Moves
    misfit: bool


def my_school(work: Work, actor: Actor, _: None) -> MySchool:
    """Return the schools that there are."""
    return MySchool(member=actor.member, schools=_schools(work))


def choose_school(work: Work, actor: Actor, command: ChooseSchool) -> SchoolChosen:
    """Save where the member teaches, and plan their reminders by that school's calendar.

    A name that no school has is that of a new one, without a calendar as yet. ``FieldErrors`` for
    a name that cannot be one.
    """
    known = _schools(work)
    name = _named(command.other, known) if command.other.strip() else command.chosen
    if name is None:
        raise errors.FieldErrors({"other": "Choose your school, or type its name."})
    if name not in known and len(known) >= MOST:
        raise errors.FieldErrors({"other": f"There are {MOST} schools here: no more fit."})
    if name != actor.school:  # what was suggested for the one is not to be taken for the other
        work.drafts.drop(actor.id, HOLIDAYS)
    # Whoever changes it just now either finds this member there, or is waited for.
    work.times.hold_calendar(name)
    changed = replace(actor.member, preferences=replace(actor.member.preferences, school=name))
    moves = moving(work, [actor.id], lambda: work.members.save(changed))
    told = availabilities(work, [actor.id]).get(actor.id)
    return SchoolChosen(
        member=changed,
        calendar=work.times.calendar(name),
        moves=moves,
        misfit=told is not None and is_misfit(told),
    )


def _schools(work: Work) -> tuple[str, ...]:
    """Return the names of the schools that have a calendar, or members."""
    theirs = (member.preferences.school for member in work.members.all())
    return tuple(sorted({"", *work.times.schools(), *theirs}))


def _named(typed: str, known: tuple[str, ...]) -> str:
    """Return the name as it is known, or a new one."""
    name = " ".join(clean(typed).split())
    checked("other", lambda: check_name(name, "school"))
    return next((one for one in known if one.casefold() == name.casefold()), name)

"""Timetables that a change of the school's calendar would leave behind: told before it is saved."""

from dataclasses import dataclass

from bot.domain.ids import MemberId
from bot.domain.timetable.fitting import fits, gone
from bot.domain.timetable.school import SchoolCalendar
from bot.usecases.actors import Actor
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """So many timetables fit the calendar that stands and not the one wanted; nothing changed.

    ``mine`` tells whether the actor's is one of them, ``partners`` are the names of those among
    their members whom the actor plans with: of others they may know only that there are some.
    ``gone`` are the days and periods in question.
    """

    count: int
    mine: bool
    partners: tuple[str, ...]
    gone: tuple[str, ...]
    calendar: SchoolCalendar


def misfit(work: Work, actor: Actor, wanted: SchoolCalendar, *, allowed: int) -> Misfit | None:
    """Return whom the calendar would leave behind, None when no more than ``allowed``.

    Timetables that do not fit the calendar that stands are not left behind by this change.
    """
    standing = work.times.calendar(actor.school)
    names = {
        member.id: member.name
        for member in work.members.all()
        if member.preferences.school == actor.school
    }
    lost = {
        member: lacking
        for member, one in work.times.timetables(names).items()
        if (lacking := gone(one, wanted)) and (standing is None or fits(one, standing))
    }
    if len(lost) <= allowed:
        return None
    partners = _partners(work, actor)
    return Misfit(
        count=len(lost),
        mine=actor.id in lost,
        partners=tuple(name for member, name in names.items() if member in partners & lost.keys()),
        gone=tuple(dict.fromkeys(name for lacking in lost.values() for name in lacking)),
        calendar=wanted,
    )


def _partners(work: Work, actor: Actor) -> set[MemberId]:
    members = {member for plan in work.plans.of_member(actor.id) for member in plan.members}
    return members - {actor.id}

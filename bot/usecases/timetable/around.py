"""What a member tells beside the timetable: time around school, and how their library works."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.members import Around, Library, LibraryMode, Member
from bot.domain.timetable.groups import groups_of
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.reminders.moving import Moves, moving

MINUTES = (0, 15, 30, 45, 60, 90)
"""What can be chosen before and after school."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundSaved:
    """The member as they are now, and the reminders that moved."""

    member: Member
    moves: Moves


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAround:
    """What was chosen; ``weekdays`` are ISO, ``months`` 1 to 12."""

    around: Around
    library: Library


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGroups:
    """The member, and the ``known`` groups: those that closed days of the school name."""

    member: Member
    known: tuple[str, ...]


def own_groups(work: Work, actor: Actor, _: None) -> OwnGroups:
    """Return the groups of the member, and those that the school's calendar names."""
    calendar = work.times.calendar(actor.school)
    return OwnGroups(member=actor.member, known=groups_of(calendar) if calendar else ())


def tell_groups(work: Work, actor: Actor, groups: tuple[str, ...]) -> AroundSaved:
    """Save which groups the member teaches, and plan their reminders by it."""
    changed = replace(actor.member, preferences=replace(actor.member.preferences, groups=groups))
    moves = moving(work, [actor.id], lambda: work.members.save(changed))
    return AroundSaved(member=changed, moves=moves)


def tell_around(work: Work, actor: Actor, command: TellAround) -> AroundSaved:
    """Save it and plan the member's reminders by it; ``FieldErrors`` for a mix of nothing."""
    library = command.library
    if library.mode is LibraryMode.MIXED and not (library.weekdays or library.months):
        says = "Choose the flexible weekdays or months, or another schedule."
        raise errors.FieldErrors({"weekdays": says})
    preferences = replace(actor.member.preferences, around=command.around, library=library)
    changed = replace(actor.member, preferences=preferences)
    moves = moving(work, [actor.id], lambda: work.members.save(changed))
    return AroundSaved(member=changed, moves=moves)

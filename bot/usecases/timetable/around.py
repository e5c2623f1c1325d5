"""What a member tells beside the timetable: time around school, and how their library works."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.members import Around, Library, LibraryMode, Member
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

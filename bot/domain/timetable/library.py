"""What a library's fixed classes cost: common time that there would be without them.

A class that comes to the library at a fixed period gives its teacher a free period just while the
librarian teaches: those two can never share it, and the librarian is told that this is why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.opening import subject_at
from bot.domain.timetable.slots import CommonSlot, common_slots
from bot.domain.timetable.timetable import Use, without_use


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedClass:
    """A class at a fixed period: ``slots`` are the times that it takes, best first."""

    what: str
    slots: tuple[CommonSlot, ...]


def fixed_classes(
    people: Mapping[MemberId, Availability], librarian: MemberId, start: datetime, end: datetime
) -> tuple[FixedClass, ...]:
    """Return which fixed classes of a librarian take how much of what all others have free.

    Those that take most first; none for somebody without fixed classes.
    """
    one = people.get(librarian)
    if one is None or one.timetable is None or not one.preferences.library.fixed:
        return ()
    opened = replace(one, timetable=without_use(one.timetable, Use.LESSON))
    before = common_slots(people, start, end)
    found: dict[str, list[CommonSlot]] = {}
    for slot in common_slots({**people, librarian: opened}, start, end):
        if any(known.start < slot.end and slot.start < known.end for known in before):
            continue
        if what := subject_at(one, opened, slot.start):
            found.setdefault(what, []).append(slot)
    taking = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(FixedClass(what=what, slots=tuple(slots)) for what, slots in taking)

"""Absences: from a date to a date, both included; what merges, who is away, who stands in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.ids import MemberId

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A member is away from ``first`` to ``last``, dates of their own zone.

    ``stand_in`` is whom they named; with ``passes`` what others can do of theirs waits on that
    partner meanwhile, else it waits. ``told`` names the occurrence in whose message they were told
    on their return what had happened; empty as long as they were not.
    """

    first: date
    last: date
    stand_in: MemberId | None = None
    passes: bool = False
    told: str = ""

    def covers(self, day: date) -> bool:
        """Tell whether the member is away on ``day``."""
        return self.first <= day <= self.last


Absences = tuple[Absence, ...]
"""The absences of one member, by their first day."""

Away = Mapping[MemberId, Absence]
"""Who is away today, by their own date, and how."""
NOBODY: Away = {}


def away_on(absences: Iterable[Absence], day: date) -> Absence | None:
    """Return the absence on ``day``, or None; of several the one that lasts longest."""
    found = (absence for absence in absences if absence.covers(day))
    return max(found, key=lambda absence: absence.last, default=None)


def from_day(absences: Iterable[Absence], today: date) -> Absences:
    """Return the absences that are not over."""
    return tuple(absence for absence in absences if absence.last >= today)


def with_absence(absences: Absences, new: Absence, today: date) -> Absences:
    """Return the absences with one more; those it overlaps become one with it, as it says.

    One that ends the day before, or begins the day after, becomes one with it if the two say the
    same about a stand-in. What is over stays as it was.
    """
    rest = []
    for one in absences:
        if one.last >= today and _one_with(one, new):
            new = replace(new, first=min(new.first, one.first), last=max(new.last, one.last))
        else:
            rest.append(one)
    return in_order((*rest, new))


def _one_with(one: Absence, new: Absence) -> bool:
    if one.first <= new.last and new.first <= one.last:
        return True
    same = (one.stand_in, one.passes) == (new.stand_in, new.passes)
    return same and (one.last + _DAY == new.first or new.last + _DAY == one.first)


def back_early(absences: Absences, ending: Absence, today: date) -> Absences:
    """Return the absences without the rest, from ``today`` on, of one of them."""
    begun = replace(ending, last=today - _DAY)
    kept = (begun if one == ending else one for one in absences)
    return in_order(one for one in kept if one.first <= one.last)


def back_on(absences: Iterable[Absence], day: date) -> date:
    """Return the first date from ``day`` on that no absence covers."""
    known = tuple(absences)
    while known and (absence := away_on(known, day)) is not None:
        day = absence.last + _DAY
    return day


def in_order(absences: Iterable[Absence]) -> Absences:
    """Return the absences by their first day."""
    return tuple(sorted(absences, key=lambda absence: (absence.first, absence.last)))

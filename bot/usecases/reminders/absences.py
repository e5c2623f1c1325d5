"""Who is away today, and what passes to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain.ids import MemberId
from bot.domain.members import Member
from bot.domain.reminders.recurrence import at_wall_time
from bot.domain.timetable.absences import NOBODY, Absence, Absences, Away, away_on
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """For whom a member may stand in: who is away ``now``, and when (UTC) the next one goes."""

    now: Away
    next_at: datetime | None


_NOBODY = Covered(now=NOBODY, next_at=None)


def away_today(work: Work, members: Iterable[Member]) -> dict[MemberId, Absence]:
    """Return which of the members are away today, each by their own date."""
    known = tuple(members)
    absences = work.absent.of(member.id for member in known)
    return _today(work, absences, known) if absences else {}


def covered(work: Work, stand_in: MemberId) -> Covered:
    """Return for whom this member may stand in; nobody's things pass to who is away, too."""
    absences = work.absent.covered_by(stand_in)
    if not absences:
        return _NOBODY
    people = work.members.get((stand_in, *absences))
    begins = [
        begin
        for member, own in absences.items()
        if member in people
        for one in own
        if (begin := at_wall_time(one.first, time(), people[member].zone)) > work.now
    ]
    own = work.absent.of((stand_in,))
    away = _today(work, {**absences, **own}, people.values())
    return Covered(now=away, next_at=min(begins, default=None))


def _today(
    work: Work, absences: Mapping[MemberId, Absences], members: Iterable[Member]
) -> dict[MemberId, Absence]:
    found = {
        one.id: away_on(absences.get(one.id, ()), work.now.astimezone(ZoneInfo(one.zone)).date())
        for one in members
    }
    return {member: absence for member, absence in found.items() if absence is not None}

"""The return from an absence: one message that tells what has happened, and when it comes."""

from datetime import datetime, timedelta

from bot.domain.members import Nudges
from bot.domain.reminders.free_times import free_now, local_date, midnight, next_free
from bot.domain.reminders.nudging import come_back
from bot.domain.timetable.absences import Absence, Absences
from bot.domain.timetable.availability import Availability

STALE = timedelta(days=70)
"""Nobody is told any more about an absence that ended longer ago: no holiday after it is longer."""
_DAY = timedelta(days=1)


def catch_up_at(availability: Availability, now: datetime) -> datetime | None:
    """Return when the member is to be told what happened while they were away (UTC), or None.

    It is in their first free period after an absence of which they were not told yet.
    """
    if not availability.away or availability.preferences.nudges is Nudges.OFF:
        return None
    ends = (one.last for one in availability.away if _untold(one, availability, now))
    last = min(ends, default=None)
    if last is None:
        return None
    return come_back((next_free(availability, max(now, midnight(availability, last + _DAY))),), now)


def returned_from(availability: Availability, now: datetime) -> Absences:
    """Return the absences of which the member is to be told at ``now``, in a free period."""
    if not availability.away or availability.preferences.nudges is Nudges.OFF:
        return ()
    today = local_date(availability, now)
    back = tuple(
        one for one in availability.away if one.last < today and _untold(one, availability, now)
    )
    return back if back and free_now(availability, now) is not None else ()


def _untold(absence: Absence, availability: Availability, now: datetime) -> bool:
    return not absence.told and absence.last >= local_date(availability, now) - STALE

"""When a member may be reminded: in free periods, on days of theirs, after school days."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.timetable.absences import back_on
from bot.domain.timetable.availability import (
    HORIZON,
    WORKING_HOURS,
    Availability,
    FreePeriod,
    next_free_period,
)
from bot.domain.timetable.clocktimes import as_time
from bot.domain.timetable.weekly import WeeklyHours

HORIZONS = 4
"""Two thirds of a year: no holiday is longer."""
TRIES = 60
"""School days that a follow-up looks at: people who are free on no school day get none."""

_SECOND = timedelta(seconds=1)


def free_now(availability: Availability, now: datetime) -> FreePeriod | None:
    """Return the free period that runs at ``now`` (working hours for who has none), or None."""
    running = next_free_period(availability, now, now + _SECOND)
    return running or next_free_period(counting(availability, now), now, now + _SECOND)


def next_free(availability: Availability, now: datetime) -> FreePeriod | None:
    """Return the next free period; in working hours for somebody who is never free at school.

    Long holidays are looked across, one horizon after another; an absence at one go.
    """
    return own_next(availability, now) or own_next(in_working_hours(availability), now)


def own_next(availability: Availability, now: datetime) -> FreePeriod | None:
    """Return the next of the member's own free periods, however long the holidays are; or None."""
    today = local_date(availability, now)
    back = back_on(availability.away, today)
    start = now if back == today else midnight(availability, back)
    for _ in range(HORIZONS):
        period = next_free_period(availability, start)
        if period is not None:
            return period
        start += HORIZON
    return None


def counting(availability: Availability, at: datetime) -> Availability:
    """Return the times that count from ``at`` on: working hours for who is never free at school.

    Whoever has free periods, if only in some weeks, is reminded in those.
    """
    return in_working_hours(availability) if never_free(availability, at) else availability


def never_free(availability: Availability, at: datetime) -> bool:
    """Tell whether a timetable leaves its member no free time from ``at`` on, however far ahead."""
    return availability.timetable is not None and own_next(availability, at) is None


def in_working_hours(availability: Availability) -> Availability:
    """Return when somebody who has no free period may be reminded: never in a lesson even so."""
    if availability.hours is not None or availability.timetable is None:
        return availability
    start, end = map(as_time, WORKING_HOURS)
    days = (day - 1 for day in availability.preferences.days)
    return replace(availability, hours=WeeklyHours(spans=tuple((d, start, end) for d in days)))


def school_day_after(availability: Availability, day: date) -> date:
    """Return the next school day; without a school simply the next day."""
    if availability.calendar is None:
        return day + timedelta(days=1)
    return availability.calendar.add_school_days(day, 1)


def has_school(availability: Availability, day: date) -> bool:
    """Tell whether a follow-up may come on ``day``."""
    return availability.calendar is None or availability.calendar.add_school_days(day, 0) == day


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """The first free periods of a member on school days after a day, as seen at ``now`` (UTC).

    Each day is looked at once, however many things wait: where the member is free on no school
    day, that takes more than a year of looking.
    """

    availability: Availability
    now: datetime
    known: dict[date, FreePeriod | None] = field(default_factory=dict)

    def after(self, day: date) -> FreePeriod | None:
        """Return the first free period on a school day after ``day``, or None."""
        if day not in self.known:
            self.known[day] = _follow_up(self.availability, self.now, day)
        return self.known[day]


def _follow_up(availability: Availability, now: datetime, after: date) -> FreePeriod | None:
    day = school_day_after(availability, after)
    for _ in range(TRIES):
        period = next_free(availability, max(now, midnight(availability, day)))
        if period is None or has_school(availability, period.day):
            return period
        day = school_day_after(availability, max(day, period.day))
    return None


def midnight(availability: Availability, day: date) -> datetime:
    """Return the instant at which ``day`` begins for the member (UTC)."""
    return _midnight(availability.zone, day)


def local_date(availability: Availability, instant: datetime) -> date:
    """Return the member's date at an instant."""
    return _date_at(availability.zone, instant)


# Whoever works out one reminder asks for the same midnights and dates again and again.
@lru_cache(maxsize=1024)
def _midnight(zone: str, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=1024)
def _date_at(zone: str, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()

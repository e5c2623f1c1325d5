"""When a member is reminded of what waits on them: once, once more, and then never again.

A *thing* is what ``Waiting.thing`` names, in one plan. Its first reminder comes in the member's
free time on the day it is due (or the last free time before), its follow-up on a school day after
that; both only while the member is free, which is all that ``availability`` decides. What has no
date is never reminded.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import PlanId
from bot.domain.members import Nudges
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.domain.timetable.availability import (
    HORIZON,
    WORKING_HOURS,
    Availability,
    FreePeriod,
    free_periods,
    next_free_period,
)
from bot.domain.timetable.clocktimes import as_time
from bot.domain.timetable.weekly import WeeklyHours

BEFORE = timedelta(days=7)
"""How long before the due day the first reminder may come, when that day has no free period."""
GRACE = timedelta(minutes=5)
"""Whoever is free just now is given a moment to do what has only just begun to wait on them."""
NOTICE = timedelta(minutes=10)
"""Whoever is reminded of a session has time to get there."""
LIMITS = {Nudges.OFF: 0, Nudges.LIGHT: 1, Nudges.NORMAL: 2}
"""How often a member is reminded of one thing."""
HORIZONS = 4
"""Two thirds of a year: no holiday is longer."""
FARTHEST = timedelta(days=800)
"""Dates farther from today than this are taken for this far: see ``_near``."""
TRIES = 60
"""School days that a follow-up looks at: people who are free on no school day get none."""

_STAMP = "%Y%m%dT%H%M%SZ"
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A thing with a date: ``due`` is a school date, or the member's.

    ``ahead``: an instant (UTC) of that date before which alone there is a point in saying it: when
    a session begins.
    """

    plan: PlanId
    thing: str
    due: date
    ahead: datetime | None = None

    @property
    def key(self) -> str:
        """Return the thing's key among all that waits on its member."""
        return f"{self.plan}:{self.thing}"


def owed(plan: PlanId, waiting: Iterable[Waiting], zone: str) -> tuple[Owed, ...]:
    """Return the things of one plan that have a date, each once with its earliest date.

    ``zone`` (IANA) is the member's, whose date an instant falls on.
    """
    earliest: dict[str, Owed] = {}
    for one in waiting:
        due = one.date_in(zone)
        if due is not None and (one.thing not in earliest or due < earliest[one.thing].due):
            ahead = one.at if one.kind is WaitingKind.MEET else None
            earliest[one.thing] = Owed(plan=plan, thing=one.thing, due=due, ahead=ahead)
    return tuple(earliest.values())


def mark(key: str, at: datetime, occurrence: str) -> str:
    """Return the key under which a reminder of the thing ``key`` is counted.

    It tells when it was given (the follow-up must not come on the day of a late first reminder)
    and in the message of which occurrence (what that holds is asked again when it is sent).
    """
    return f"{key}@{at.astimezone(UTC).strftime(_STAMP)}/{occurrence}"


def given(marks: Iterable[str]) -> dict[str, tuple[datetime, ...]]:
    """Return when each thing was reminded of, oldest first, from the keys counted so far."""
    found: dict[str, list[datetime]] = {}
    for key, at, _ in _read(marks):
        found.setdefault(key, []).append(at)
    return {key: tuple(instants) for key, instants in found.items()}


def told_in(marks: Iterable[str], occurrence: str) -> frozenset[str]:
    """Return the keys of the things that the message of ``occurrence`` speaks about.

    Not of those that a later message speaks about: a message that was held up is not sent beside
    the one that followed it.
    """
    latest = {key: of for key, _, of in _read(marks)}
    return frozenset(key for key, of in latest.items() if of == occurrence)


def _read(marks: Iterable[str]) -> list[tuple[str, datetime, str]]:
    """Return thing, instant and occurrence of each mark, oldest first; other keys are left out."""
    found = []
    for text in marks:
        key, _, rest = text.rpartition("@")
        stamp, _, occurrence = rest.partition("/")
        with suppress(ValueError):
            at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            found.append((key, at, occurrence))
    return sorted(found, key=lambda one: one[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be said now, in one message, and when the next message is due (UTC)."""

    say: tuple[Owed, ...]
    next_at: datetime | None


def decide(
    availability: Availability,
    things: Iterable[Owed],
    marks: Iterable[str],
    now: datetime,
) -> Verdict:
    """Return what the member is to be told at ``now`` (UTC) and when to come back.

    Nothing is said unless a free period with a reminder in it runs at this moment; then everything
    whose reminder begins before that period's end is said with it.
    """
    things, before = tuple(things), given(marks)
    if next_free(availability, now) is None:
        return Verdict(say=(), next_at=None)
    occasions = {o: occasion(availability, o, before.get(o.key, ()), now) for o in things}
    running = [p.end for p in occasions.values() if p is not None and p.start <= now]
    if not running:
        return Verdict(say=(), next_at=_earliest(occasions.values(), now))
    end = max(running)
    say = tuple(o for o, p in occasions.items() if p is not None and p.start <= end)
    after = {**before, **{o.key: (*before.get(o.key, ()), now) for o in say}}
    later = (occasion(availability, o, after.get(o.key, ()), now) for o in things)
    return Verdict(say=say, next_at=_earliest(later, now))


def next_message(
    availability: Availability,
    things: Iterable[Owed],
    marks: Iterable[str],
    now: datetime,
) -> datetime | None:
    """Return when the member is next to be reminded of anything (UTC), or None."""
    before = given(marks)
    best: FreePeriod | None = None
    if next_free(availability, now) is None:
        return None  # asked once, and not for every thing
    for thing in sorted(things, key=lambda o: o.due):
        due = _near(thing.due, availability, now)
        if best is not None and _midnight(availability, due) - BEFORE > best.start:
            break  # nothing due later can come earlier
        period = occasion(availability, thing, before.get(thing.key, ()), now)
        if period is not None and (best is None or period.start < best.start):
            best = period
    return _earliest((best,), now)


def occasion(
    availability: Availability, thing: Owed, before: tuple[datetime, ...], now: datetime
) -> FreePeriod | None:
    """Return the free period in which the member is to be reminded of the thing, or None.

    It runs at ``now`` or lies ahead; ``before`` is when they were reminded of it so far.
    """
    if len(before) >= LIMITS[availability.preferences.nudges]:
        return None
    if thing.ahead is not None:
        return None if before else _ahead(availability, thing.ahead, now)
    due = _near(thing.due, availability, now)
    if not before:
        return _first(availability, due, now)
    return _follow_up(availability, max(due, _date(availability, before[-1])), now)


def free_now(availability: Availability, now: datetime) -> FreePeriod | None:
    """Return the free period that runs at ``now`` (working hours for who has none), or None."""
    for one in (availability, _in_working_hours(availability)):
        period = next_free_period(one, now, now + _SECOND)
        if period is not None:
            return period
    return None


def next_free(availability: Availability, now: datetime) -> FreePeriod | None:
    """Return the next free period; in working hours for somebody who is never free at school.

    Long holidays and absences are looked across, one horizon after another.
    """
    for one in (availability, _in_working_hours(availability)):
        for ahead in range(HORIZONS):
            period = next_free_period(one, now + ahead * HORIZON)
            if period is not None:
                return period
    return None


def _first(availability: Availability, due: date, now: datetime) -> FreePeriod | None:
    """Return the first free period on the due day, else the last in the week before it."""
    start, end = _midnight(availability, due), _midnight(availability, due + timedelta(days=1))
    window = free_periods(availability, start - BEFORE, end)
    if not window:
        window = free_periods(_in_working_hours(availability), start - BEFORE, end)
    ahead = [period for period in window if period.end > now]
    for period in ahead:
        if period.start >= start:
            return period
    # Too late for all of them, or the whole week is closed: as soon as the member is free.
    return ahead[-1] if ahead else next_free(availability, max(now, start))


def _ahead(availability: Availability, start: datetime, now: datetime) -> FreePeriod | None:
    """Return the last free period that begins a while before ``start``, and is not over yet.

    On the same day or the day before; else the one that runs when it starts, if there is any.
    """
    day = _midnight(availability, _date(availability, start))
    day_before = _midnight(availability, _date(availability, start) - timedelta(days=1))
    window = free_periods(availability, max(now, day_before), start + _SECOND)
    early = [p for p in window if p.start <= start - NOTICE]
    today = [p for p in early if p.end > day]
    return next(iter((today or early)[-1:] or window[-1:]), None)


def _follow_up(availability: Availability, after: date, now: datetime) -> FreePeriod | None:
    """Return the first free period on a school day after the day ``after``."""
    day = _school_day_after(availability, after)
    for _ in range(TRIES):
        period = next_free(availability, max(now, _midnight(availability, day)))
        if period is None or _has_school(availability, period.day):
            return period
        day = _school_day_after(availability, max(day, period.day))
    return None


def _in_working_hours(availability: Availability) -> Availability:
    """Return when somebody who has no free period may be reminded: never in a lesson even so."""
    if availability.hours is not None or availability.timetable is None:
        return availability
    start, end = map(as_time, WORKING_HOURS)
    days = (day - 1 for day in availability.preferences.days)
    return replace(availability, hours=WeeklyHours(spans=tuple((d, start, end) for d in days)))


def _school_day_after(availability: Availability, day: date) -> date:
    """Return the next school day; without a school simply the next day."""
    if availability.calendar is None:
        return day + timedelta(days=1)
    return availability.calendar.add_school_days(day, 1)


def _has_school(availability: Availability, day: date) -> bool:
    """Tell whether a follow-up may come on ``day``."""
    return availability.calendar is None or availability.calendar.add_school_days(day, 0) == day


def _earliest(periods: Iterable[FreePeriod | None], now: datetime) -> datetime | None:
    """Return when to come back for the first of the periods, or None when there is none."""
    first = min((p for p in periods if p is not None), key=lambda p: p.start, default=None)
    if first is None:
        return None
    if first.start > now:
        return first.start
    return max(now, min(now + GRACE, first.end - _SECOND))


def _near(due: date, availability: Availability, now: datetime) -> date:
    """Return the date, or one that leads to the same: any date whatever may have been typed.

    What was due years ago is as late as what was due a year ago; what is due in many years is
    looked at again long before then. The calendar ends on both sides, and so do its holidays.
    """
    today = _date(availability, now)
    return min(max(due, today - FARTHEST), today + FARTHEST)


def _midnight(availability: Availability, day: date) -> datetime:
    """Return the instant at which ``day`` begins for the member (UTC)."""
    wall = datetime.combine(day, time(), tzinfo=ZoneInfo(availability.zone))
    return wall.astimezone(UTC)


def _date(availability: Availability, instant: datetime) -> date:
    """Return the member's date at an instant."""
    return instant.astimezone(ZoneInfo(availability.zone)).date()

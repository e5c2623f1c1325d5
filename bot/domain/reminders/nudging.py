"""When a member is reminded of what waits on them: once, once more, and then never again.

A *thing* is what ``Waiting.thing`` names, in one plan. Its first reminder comes in the member's
free time on the day it is due (or the last free time before), its follow-up on a school day after
that; both only while the member is free, which is all that ``availability`` decides. What has no
date is never reminded.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from bot.domain.ids import PlanId
from bot.domain.members import Nudges
from bot.domain.planning.turns import Waiting, WaitingKind, step_of
from bot.domain.reminders.free_times import (
    FollowUps,
    counting,
    local_date,
    midnight,
    next_free,
)
from bot.domain.reminders.marks import UNHEARD, Heard, heard
from bot.domain.reminders.snoozing import Snooze
from bot.domain.timetable.availability import (
    Availability,
    FreePeriod,
    free_periods,
    periods_begun,
)

BEFORE = timedelta(days=7)
"""How long before the due day the first reminder may come, when that day has no free period."""
GRACE = timedelta(minutes=5)
"""Whoever is free just now is given a moment to do what has only just begun to wait on them."""
NOTICE = timedelta(minutes=10)
"""Whoever is reminded of a session has time to get there."""
LIMITS = {Nudges.OFF: 0, Nudges.LIGHT: 1, Nudges.NORMAL: 2}
"""How often a member is reminded of one thing."""
FARTHEST = timedelta(days=800)
"""Dates farther from today than this are taken for this far: see ``_near``."""

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

    @property
    def step(self) -> str:
        """Return the step it belongs to; empty where to none, or to several."""
        return step_of(self.thing)


def owed(plan: PlanId, waiting: Iterable[Waiting], zone: str) -> tuple[Owed, ...]:
    """Return the things of one plan that have a date, each once with its earliest date.

    ``zone`` (IANA) is the member's, whose date an instant falls on.
    """
    earliest: dict[str, Owed] = {}
    for one in waiting:
        due, thing = one.date_in(zone), one.thing
        if due is not None and (thing not in earliest or due < earliest[thing].due):
            ahead = one.at if one.kind is WaitingKind.MEET else None
            earliest[thing] = Owed(plan=plan, thing=thing, due=due, ahead=ahead)
    return tuple(earliest.values())


Snoozes = Mapping[str, Snooze]
"""What the member put off and has not heard of again yet, by the key of the thing."""
_NONE: Snoozes = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be said now, in one message, and when the next message is due (UTC).

    ``say`` are reminders and follow-ups, which are counted; ``again`` is what was put off.
    """

    say: tuple[Owed, ...]
    next_at: datetime | None
    again: tuple[Owed, ...] = ()


def decide(
    availability: Availability,
    things: Iterable[Owed],
    marks: Iterable[str],
    now: datetime,
    snoozes: Snoozes = _NONE,
) -> Verdict:
    """Return what the member is to be told at ``now`` (UTC) and when to come back.

    Nothing is said unless a free period with a reminder in it runs at this moment; then everything
    whose reminder begins before that period's end is said with it (what was put off: only when its
    time has come).
    """
    things = tuple(things)
    if _hopeless(availability, things, now):
        return Verdict(say=(), next_at=None)
    before, found = heard(marks), FollowUps(availability=availability, now=now)
    planned = _occasions(things, before, snoozes, found)
    running = [p.end for p in planned.values() if p is not None and p.start <= now]
    if not running:
        return Verdict(say=(), next_at=come_back(planned.values(), now))
    end = max(running)
    say, again, after, left = [], [], dict(before), dict(snoozes)
    for thing, period in planned.items():
        known = before.get(thing.key, UNHEARD)
        if thing.key in snoozes and period is not None and period.start <= now:
            again.append(thing)
            after[thing.key] = known._replace(again=(*known.again, now))
            del left[thing.key]
        elif thing.key not in snoozes and period is not None and period.start <= end:
            say.append(thing)
            after[thing.key] = known._replace(counted=(*known.counted, now))
    # What is not spoken of comes when it would have come.
    later = planned | _occasions((*say, *again), after, left, found)
    return Verdict(say=tuple(say), again=tuple(again), next_at=come_back(later.values(), now))


def next_message(
    availability: Availability,
    things: Iterable[Owed],
    marks: Iterable[str],
    now: datetime,
    snoozes: Snoozes = _NONE,
) -> datetime | None:
    """Return when the member is next to be reminded of anything (UTC), or None."""
    before = heard(marks)
    best: FreePeriod | None = None
    things = tuple(things)
    if _hopeless(availability, things, now):
        return None
    found = FollowUps(availability=availability, now=now)
    for thing in sorted(things, key=lambda o: (o.key not in snoozes, o.due)):
        due = _near(thing.due, availability, now)
        put_off = snoozes.get(thing.key)
        earliest = midnight(availability, due) - BEFORE
        if best is not None and put_off is None and earliest > best.start:
            break  # nothing due later can come earlier
        heard_of = before.get(thing.key, UNHEARD)
        period = occasion(availability, thing, heard_of, now, put_off, found)
        if period is not None and (best is None or period.start < best.start):
            best = period
    return come_back((best,), now)


def occasions(
    availability: Availability,
    things: Iterable[Owed],
    before: Mapping[str, Heard],
    now: datetime,
    snoozes: Snoozes,
) -> dict[Owed, FreePeriod | None]:
    """Return the occasion of each thing; see ``occasion``."""
    things = tuple(things)
    if _hopeless(availability, things, now):
        return dict.fromkeys(things)
    return _occasions(things, before, snoozes, FollowUps(availability=availability, now=now))


def _hopeless(availability: Availability, things: Collection[Owed], now: datetime) -> bool:
    """Tell whether the member will never be free: asked once, and not for every one of several."""
    return len(things) > 1 and next_free(availability, now) is None


def _occasions(
    things: Iterable[Owed], before: Mapping[str, Heard], snoozes: Snoozes, found: FollowUps
) -> dict[Owed, FreePeriod | None]:
    """Return the occasion of each thing, of somebody who is not known to be never free."""
    of, now = found.availability, found.now
    return {
        one: occasion(of, one, before.get(key, UNHEARD), now, snoozes.get(key), found)
        for key, one in ((one.key, one) for one in things)
    }


def occasion(
    availability: Availability,
    thing: Owed,
    before: Heard,
    now: datetime,
    put_off: Snooze | None = None,
    found: FollowUps | None = None,
) -> FreePeriod | None:
    """Return the free period in which the member is to be reminded of the thing, or None.

    It runs at ``now`` or lies ahead; ``before`` is when they heard of it so far. What was put off
    comes at its own time, and nothing is said of it before. That moves no follow-up, but for one
    that would have come meanwhile, or on the same day: it comes on a school day after. ``found``
    is of the same member and instant, to ask each day once for several things.
    """
    limit = LIMITS[availability.preferences.nudges]
    if put_off is not None and limit:
        return _again(availability, thing, put_off, now)
    if len(before.counted) >= limit:
        return None
    if thing.ahead is not None:
        return None if before.counted else _ahead(availability, thing.ahead, now)
    due = _near(thing.due, availability, now)
    if not before.counted:
        return _first(availability, due, now)
    latest = max(before.counted[-1:] + before.again[-1:])
    find = found or FollowUps(availability=availability, now=now)
    return find.after(max(due, local_date(availability, latest)))


def _again(
    availability: Availability, thing: Owed, put_off: Snooze, now: datetime
) -> FreePeriod | None:
    """Return when what was put off comes again; None while it waits for another partner."""
    if put_off.until is None:
        return None
    period = next_free(availability, max(now, put_off.until))
    late = thing.ahead is not None and period is not None and period.start >= thing.ahead
    return None if late else period


def _first(availability: Availability, due: date, now: datetime) -> FreePeriod | None:
    """Return the first free period on the due day, else the last in the week before it."""
    start, end = midnight(availability, due), midnight(availability, due + timedelta(days=1))
    for period in periods_begun(availability, start, end):
        if period.end > now:
            return period
    first = start - BEFORE
    window = free_periods(availability, first, end)
    window = window or free_periods(counting(availability, first), first, end)
    ahead = [period for period in window if period.end > now]
    for period in ahead:
        if period.start >= start:
            return period
    # Too late for all of them, or the whole week is closed: as soon as the member is free.
    return ahead[-1] if ahead else next_free(availability, max(now, start))


def _ahead(availability: Availability, start: datetime, now: datetime) -> FreePeriod | None:
    """Return the last free period that begins a while before ``start``, and is not over yet.

    On the same day or the day before; else the one that runs when it starts, if there is any. The
    times of those days count, and not today's: by then the school year may be over.
    """
    day = midnight(availability, local_date(availability, start))
    day_before = midnight(availability, local_date(availability, start) - timedelta(days=1))
    earliest = max(now, day_before)
    window = free_periods(counting(availability, earliest), earliest, start + _SECOND)
    early = [p for p in window if p.start <= start - NOTICE]
    today = [p for p in early if p.end > day]
    return next(iter((today or early)[-1:] or window[-1:]), None)


def come_back(periods: Iterable[FreePeriod | None], now: datetime) -> datetime | None:
    """Return when to come back for the first of the periods, or None when there is none."""
    found = [period for period in periods if period is not None]
    if not found:
        return None
    first = min(found, key=attrgetter("start"))
    if first.start > now:
        return first.start
    return max(now, min(now + GRACE, first.end - _SECOND))


def _near(due: date, availability: Availability, now: datetime) -> date:
    """Return the date, or one that leads to the same: any date whatever may have been typed.

    What was due years ago is as late as what was due a year ago; what is due in many years is
    looked at again long before then. The calendar ends on both sides, and so do its holidays.
    """
    today = local_date(availability, now)
    return min(max(due, today - FARTHEST), today + FARTHEST)

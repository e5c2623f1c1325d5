"""When something that recurs comes next: by local date and wall time, never by an interval."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.planning.partnership import DigestSlot

WEEK = 7
LAST = -1
"""Of the weekdays of a month: the last one."""
MOST_WEEKS = 52
LONGEST_MONTH = 31
_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """On ``weekdays`` (0 = Monday, ascending) of every ``every``-th week; weeks begin on Monday."""

    weekdays: tuple[int, ...]
    every: int = 1

    def dates(self, first: date, anchor: date) -> Iterator[date]:
        """Yield the dates from ``first`` on, without an end; the week of ``anchor`` is one.

        A holiday, a clock change or a year of 53 weeks moves none of them.
        """
        monday = _monday(first)
        monday -= (monday - _monday(anchor)) % timedelta(days=WEEK * self.every)
        for weeks in count(0, self.every):
            for weekday in self.weekdays:
                day = monday + timedelta(days=WEEK * weeks + weekday)
                if day >= first:
                    yield day


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDays:
    """On ``days`` of every month (1 to 31, ascending); in a shorter month on its last day."""

    days: tuple[int, ...]

    def dates(self, first: date, _: date) -> Iterator[date]:
        """Yield the dates from ``first`` on, without an end."""
        for month in _months(first):
            last = _last_day(month)
            found = dict.fromkeys(month.replace(day=min(day, last)) for day in self.days)
            yield from (day for day in found if day >= first)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthWeekdays:
    """On the ``nths`` (1 to 5, ``LAST``) ``weekday`` (0 = Monday) of every month.

    A month without a fifth one has none.
    """

    nths: tuple[int, ...]
    weekday: int

    def dates(self, first: date, _: date) -> Iterator[date]:
        """Yield the dates from ``first`` on, without an end."""
        for month in _months(first):
            start = 1 + (self.weekday - month.weekday()) % WEEK
            days = range(start, _last_day(month) + 1, WEEK)
            at = {LAST: days[-1], **dict(enumerate(days, start=1))}
            found = sorted({at[nth] for nth in self.nths if nth in at})
            dates = (month.replace(day=day) for day in found)
            yield from (day for day in dates if day >= first)


Pattern = Weekly | MonthDays | MonthWeekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A pattern of dates with a wall time in ``zone`` (IANA).

    ``since`` is the first date that counts, ``until`` the last. What comes every n weeks needs the
    first: its weeks are counted from there.
    """

    pattern: Pattern
    at: time
    zone: str
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if isinstance(self.pattern, Weekly) and self.pattern.every > 1 and self.since is None:
            raise ValueError("weeks are counted from a date")


def next_after(rule: Recurrence, after: datetime) -> datetime | None:
    """Return the first occurrence later than ``after`` (aware), in UTC; None when it has ended."""
    return next(occurrences(rule, after), None)


def next_date(rule: Recurrence, after: datetime) -> date | None:
    """Return the date of that occurrence, as the rule has it."""
    return next((day for day, _ in _dated(rule, after)), None)


def occurrences(rule: Recurrence, after: datetime) -> Iterator[datetime]:
    """Yield the occurrences later than ``after`` (aware), in UTC, in order, at most one a date.

    A date that the zone's clocks never show (Apia had no 30 December 2011) has none.
    """
    return (instant for _, instant in _dated(rule, after))


def _dated(rule: Recurrence, after: datetime) -> Iterator[tuple[date, datetime]]:
    zone = ZoneInfo(rule.zone)
    # The occurrence of an earlier date may still lie ahead when a gap moved it past midnight.
    first = after.astimezone(zone).date() - _DAY
    if rule.since is not None:
        first = max(first, rule.since)
    for day in rule.pattern.dates(first, rule.since or first):
        if rule.until is not None and day > rule.until:
            return
        found = at_wall_time(day, rule.at, rule.zone)
        if found > after and is_shown(day, rule.zone):
            yield day, found


def at_wall_time(day: date, at: time, zone: str) -> datetime:
    """Return the instant (UTC) of a wall time in ``zone`` (IANA).

    A time that the clocks skip moves on by the gap, of one shown twice the first is meant
    (RFC 5545 §3.3.5): that is what ``fold=0`` does in Python.
    """
    wall = datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC)


def is_shown(day: date, zone: str) -> bool:
    """Tell whether the clocks of ``zone`` (IANA) ever show that date."""
    return at_wall_time(day, time(), zone) < at_wall_time(day + _DAY, time(), zone)


def next_weekly(slot: DigestSlot, after: datetime) -> datetime:
    """Return the first occurrence of ``slot`` later than ``after`` (aware), in UTC."""
    pattern = Weekly(weekdays=(slot.weekday,))
    return next(occurrences(Recurrence(pattern=pattern, at=slot.at, zone=slot.zone), after))


def local_date(slot: DigestSlot, occurrence: datetime) -> date:
    """Return the date on which an occurrence falls, as the slot's zone shows it."""
    return occurrence.astimezone(ZoneInfo(slot.zone)).date()


def _monday(day: date) -> date:
    """Return the Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def _months(first: date) -> Iterator[date]:
    """Yield the first days of the months from that of ``first`` on."""
    for month in count(first.year * _MONTHS + first.month - 1):
        yield date(month // _MONTHS, month % _MONTHS + 1, 1)


def _last_day(month: date) -> int:
    """Return the number of days of the month of ``month``, a first day."""
    return ((month + timedelta(days=LONGEST_MONTH)).replace(day=1) - month).days

"""Recurrence (RFC 5545 §3.3.10) in wall time, within bounds: no rule makes the reader work long."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import product
from math import prod

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = timedelta(days=7)
_ONE = timedelta(days=1)


class Frequency(StrEnum):
    """How often a rule counts; the intervals are multiples of it."""

    SECONDLY = "SECONDLY"
    MINUTELY = "MINUTELY"
    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


FREQUENCIES = frozenset(Frequency)
_STEPS = {
    Frequency.SECONDLY: timedelta(seconds=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.DAILY: _ONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it is written; empty tuples where it says nothing.

    ``by_day`` holds (which one, weekday from 0 = Monday): 0 is every one, 1 the first, -1 the last.
    ``until`` is included: naive wall time, or aware.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    week_start: int = 0
    by_day: tuple[tuple[int, int], ...] = ()
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()

    weekly: bool = field(init=False, default=False)
    """Whether it names weekdays of every so many weeks, and nothing else of the date."""

    def __post_init__(self) -> None:
        others = self.by_month or self.by_week or self.by_year_day or self.by_month_day
        object.__setattr__(self, "weekly", self.frequency is Frequency.WEEKLY and not others)

    @property
    def by_date(self) -> bool:
        """Tell whether the rule itself says which days of its interval are meant."""
        return bool(self.by_day or self.by_week or self.by_year_day or self.by_month_day)


class TooOftenError(Exception):
    """More dates than a timetable has."""


class Budget:
    """How much may still be worked out for a file; days looked at count as well as dates found."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take some away; TooOftenError when there is no more."""
        self._left -= steps
        if self._left < 0:
            raise TooOftenError


def starts(rule: Rule, first: datetime, last: datetime, budget: Budget) -> Iterator[datetime]:
    """Yield when a rule that begins at ``first`` recurs, up to ``last``, in order.

    All are naive: wall times of the event's own zone, and so is the rule's ``until``. The first is
    ``first`` only if it fits the rule. TooOftenError when the budget is spent.
    """
    end = last if rule.until is None else min(rule.until, last)
    left = rule.count
    for moment in _moments(rule, first, end, budget):
        if moment > end or left == 0:
            return
        if moment < first:
            continue
        budget.spend()
        yield moment
        if left is not None:
            left -= 1


def _moments(rule: Rule, first: datetime, end: datetime, budget: Budget) -> Iterator[datetime]:
    """Yield what fits the rule, interval by interval, also before ``first``."""
    step = _STEPS.get(rule.frequency)
    if step is not None and step < _ONE:
        yield from _within_days(rule, first, end, step, budget)
        return
    times = _times(rule, first, budget)
    for begin in _intervals(rule, first.date(), end.date()):
        days = _days(rule, begin, first.date(), budget)
        budget.spend(len(days) * (len(times) - 1))
        moments = [datetime.combine(day, at) for day in days for at in times]
        yield from _chosen(rule, moments)


def _within_days(
    rule: Rule, first: datetime, end: datetime, step: timedelta, budget: Budget
) -> Iterator[datetime]:
    """Yield what fits a rule that counts in hours or less."""
    moment = first
    while moment <= end:
        budget.spend()
        day = moment.date()
        if (
            moment.hour in (rule.by_hour or (moment.hour,))
            and moment.minute in (rule.by_minute or (moment.minute,))
            and moment.second in (rule.by_second or (moment.second,))
            and _fits(rule, day)
        ):
            yield moment
        if (end - moment) // step < rule.interval:
            return
        moment += step * rule.interval


def _intervals(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Yield the first day of every year, month, week or day that counts."""
    if rule.frequency in {Frequency.DAILY, Frequency.WEEKLY}:
        length = _WEEK if rule.frequency is Frequency.WEEKLY else _ONE
        begin = first
        if rule.frequency is Frequency.WEEKLY:
            begin = _back(first, timedelta(days=(first.weekday() - rule.week_start) % 7))
        while begin <= last:
            yield begin
            if (last - begin) // length < rule.interval:
                return
            begin += length * rule.interval
        return
    months = rule.interval * (12 if rule.frequency is Frequency.YEARLY else 1)
    at = first.year * 12 + (0 if rule.frequency is Frequency.YEARLY else first.month - 1)
    while at <= last.year * 12 + last.month - 1:
        yield date(at // 12, at % 12 + 1, 1)
        at += months


def _back(day: date, by: timedelta) -> date:
    return day - by if day - date.min >= by else date.min


def _days(rule: Rule, begin: date, first: date, budget: Budget) -> list[date]:
    """Return the days of the interval that begins on ``begin`` and fit the rule, in order."""
    days = list(_candidates(rule, begin, first))
    budget.spend(len(days) + 1)
    return days if rule.weekly else [day for day in days if _fits(rule, day)]


def _candidates(rule: Rule, begin: date, first: date) -> Iterator[date]:
    """Yield the days of an interval, only the likely ones where that is easily told."""
    match rule.frequency:
        case Frequency.DAILY:
            yield begin
        case Frequency.WEEKLY:
            named = [day for _, day in rule.by_day]
            days = named or (range(7) if rule.by_date else [first.weekday()])
            for at in sorted({(day - rule.week_start) % 7 for day in days}):
                yield begin + timedelta(days=at)
        case Frequency.MONTHLY:
            yield from _month(begin, None if rule.by_date else first.day)
        case _:
            months = rule.by_month or (range(1, 13) if rule.by_date else (first.month,))
            for month in months:
                yield from _month(begin.replace(month=month), None if rule.by_date else first.day)


def _month(begin: date, only: int | None) -> Iterator[date]:
    """Yield the days of a month, or the one day of that number if there is one."""
    length = monthrange(begin.year, begin.month)[1]
    for day in range(1, length + 1) if only is None else (only,):
        if day <= length:
            yield begin.replace(day=day)


def _fits(rule: Rule, day: date) -> bool:
    """Tell whether a day is one that the rule names."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_day and not any(_nth(rule, day, number, at) for number, at in rule.by_day):
        return False
    if rule.by_month_day:
        length = monthrange(day.year, day.month)[1]
        if not {day.day, day.day - length - 1} & set(rule.by_month_day):
            return False
    if rule.by_year_day:
        number = day.timetuple().tm_yday
        length = date(day.year, 12, 31).timetuple().tm_yday
        if not {number, number - length - 1} & set(rule.by_year_day):
            return False
    return not rule.by_week or _in_week(rule, day)


def _nth(rule: Rule, day: date, number: int, weekday: int) -> bool:
    """Tell whether ``day`` is the weekday meant: any, or the one of that number in its span."""
    if day.weekday() != weekday:
        return False
    if number == 0 or rule.frequency not in {Frequency.MONTHLY, Frequency.YEARLY}:
        return True
    if rule.frequency is Frequency.MONTHLY or rule.by_month:
        at, length = day.day, monthrange(day.year, day.month)[1]
    else:
        at, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    return number in {(at - 1) // 7 + 1, -((length - at) // 7 + 1)}


def _in_week(rule: Rule, day: date) -> bool:
    """Tell whether ``day`` is in a week of those numbers, counted in the year it lies in."""
    first = _first_week(day.year, rule.week_start)
    following = _first_week(day.year + 1, rule.week_start)
    if day < first:  # it belongs to the last week of the year before
        number = (day - _first_week(day.year - 1, rule.week_start)).days // 7 + 1
        return -1 in rule.by_week or number in rule.by_week
    if day >= following:
        return 1 in rule.by_week
    number, weeks = (day - first).days // 7 + 1, (following - first).days // 7
    return bool({number, number - weeks - 1} & set(rule.by_week))


def _first_week(year: int, week_start: int) -> date:
    """Return the first day of the first week of a year: the one with at least four of its days."""
    fourth = date(year, 1, 4)
    return _back(fourth, timedelta(days=(fourth.weekday() - week_start) % 7))


def _times(rule: Rule, first: datetime, budget: Budget) -> list[time]:
    """Return the times of day, in order."""
    parts = (
        rule.by_hour or (first.hour,),
        rule.by_minute or (first.minute,),
        rule.by_second or (first.second,),
    )
    budget.spend(prod(map(len, parts)))
    return [time(*part) for part in product(*parts)]


def _chosen(rule: Rule, moments: list[datetime]) -> list[datetime]:
    """Return those of an interval that BYSETPOS picks; all without one."""
    if not rule.by_position:
        return moments
    places = {at - 1 if at > 0 else len(moments) + at for at in rule.by_position}
    return [moments[at] for at in sorted(places) if 0 <= at < len(moments)]

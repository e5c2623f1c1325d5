"""A recurrence in words that ``recurrence_reading`` reads back to the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.domain.reminders.recurrence import (
    LAST,
    LONGEST_MONTH,
    MonthDays,
    MonthWeekdays,
    Recurrence,
    Weekly,
    next_date,
)
from bot.domain.timetable.weekdays import LONG

NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}
SHORTEST_MONTH = 28
_ALL = (0, 1, 2, 3, 4, 5, 6)
_SCHOOL = _ALL[:5]


def in_words(rule: Recurrence, zone: str, now: datetime) -> str:
    """Return the rule for somebody in ``zone`` (IANA): "every Sunday at 18:00, until 18 June 2027".

    Another zone than theirs is named. A first date is told while it lies ahead of ``now`` (UTC).
    """
    words = f"{_days(rule)} at {rule.at:%H:%M}"
    if rule.zone != zone:
        words += f" ({rule.zone})"
    if rule.since is not None and rule.since > now.astimezone(ZoneInfo(rule.zone)).date():
        words += f", from {_date(rule.since)}"
    if rule.until is not None:
        words += f", until {_date(rule.until)}"
    return words


def as_it_goes_on(rule: Recurrence, now: datetime) -> Recurrence:
    """Return the same rule, every n weeks counted from the next occurrence after ``now`` (UTC).

    Its words then say which weeks are meant, however long ago it began.
    """
    following = next_date(rule, now)
    counted = isinstance(rule.pattern, Weekly) and rule.pattern.every > 1
    return replace(rule, since=following) if counted and following else rule


def _days(rule: Recurrence) -> str:
    match rule.pattern:
        case Weekly(weekdays=weekdays, every=1):
            return _weekly(weekdays)
        case Weekly(weekdays=weekdays, every=every):
            return f"every {every} weeks on {_names(weekdays)}"
        case MonthDays(days=days):
            return f"on the {_month_days(days)} of every month{_shorter(days)}"
        case MonthWeekdays(nths=nths, weekday=weekday):
            told = _listed([NTHS[nth] for nth in sorted(nths, key=lambda nth: nth % 9)])
            rare = " (where there is one)" if nths == (5,) else ""
            return f"on the {told} {LONG[weekday]} of every month{rare}"
        case _:
            assert_never(rule.pattern)


def _weekly(weekdays: tuple[int, ...]) -> str:
    if weekdays == _ALL:
        return "every day"
    return "on weekdays" if weekdays == _SCHOOL else f"every {_names(weekdays)}"


def _month_days(days: tuple[int, ...]) -> str:
    return _listed(["last day" if day == LONGEST_MONTH else ordinal(day) for day in days])


def _shorter(days: tuple[int, ...]) -> str:
    """Return what becomes of the 29th and 30th in February."""
    rare = any(SHORTEST_MONTH < day < LONGEST_MONTH for day in days)
    return " (the last day of shorter ones)" if rare else ""


def ordinal(number: int) -> str:
    """Return "1st", "2nd", "11th"."""
    teens = 10 < number % 100 < 14  # noqa: PLR2004 - eleventh, twelfth, thirteenth
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _names(weekdays: tuple[int, ...]) -> str:
    return _listed([LONG[day] for day in weekdays])


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

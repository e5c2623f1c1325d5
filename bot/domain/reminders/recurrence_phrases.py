"""What each phrase means by which people say when something recurs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.domain.errors import InvalidInput
from bot.domain.reminders.recurrence import LAST, LONGEST_MONTH, MOST_WEEKS
from bot.domain.timetable.clocktimes import DAY, NOON, minutes_of
from bot.domain.timetable.dates import read_date
from bot.domain.timetable.typed_times import SIGNS_OF_24_HOURS, before_or_after_noon, doubtful
from bot.domain.timetable.weekdays import SHORT
from bot.domain.timetable.zones import zone_meant

EXAMPLE: Final = (
    "Write for example: Sundays 18:00: post your notes. Or: every second Friday 8:30 …;"
    " weekdays 17:00 …; on the 15th of the month 18:00 …; last Friday of the month 15:00 …"
)
_ONLY: Final = "Reminders come on weekdays, every so many weeks, or on days of the month."
EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)


@dataclass(slots=True, kw_only=True)
class Found:
    """What a text has said so far; ``today`` is the date from which its dates are read.

    ``minutes`` are after midnight. ``nths`` go with ``weekdays``: of a month, or (``nth_every``,
    "every third Friday") of a count of weeks.
    """

    today: date
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    nths: tuple[int, ...] = ()
    nth_every: bool = False
    weeks: int = 0
    monthly: bool = False
    minutes: int | None = None
    zone: str = ""
    since: date | None = None
    until: date | None = None
    said: frozenset[str] = field(default=frozenset())

    @property
    def complete(self) -> bool:
        """Tell whether it says both on which days and at what time.

        So many weeks from a first date are on its weekday.
        """
        days = "days" in self.said or (self.weeks > 0 and self.since is not None)
        return days and self.minutes is not None


Fill = Callable[[Found, re.Match[str]], bool]
"""Takes what a phrase says; returns False when it is no such phrase after all."""

WEEKDAY: Final = (
    r"(?:mon(?:days?)?|tue(?:s(?:days?)?)?|wed(?:s|nesdays?)?|thu(?:rs?(?:days?)?)?"
    r"|fri(?:days?)?|sat(?:urdays?)?|sun(?:days?)?)\b\.?"
)
SPAN: Final = rf"{WEEKDAY}\s*(?:-|\u2013|\bto\b|\bthrough\b)\s*{WEEKDAY}"
_NUMBERS: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "other": 2,
    "last": LAST,
}


def _numbers(text: str) -> list[int]:
    """Return the numbers and ordinals in a text, in its order."""
    words = re.findall(r"\d+|[a-z]+", text.casefold())
    return [int(w) if w.isdigit() else _NUMBERS[w] for w in words if w.isdigit() or w in _NUMBERS]


def _weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays that a list or a span names, ascending."""
    named = [SHORT.index(day[:3].capitalize()) for day in re.findall(WEEKDAY, text, re.IGNORECASE)]
    if re.fullmatch(SPAN, text, re.IGNORECASE):
        first, last = named
        return tuple(sorted((first + n) % 7 for n in range((last - first) % 7 + 1)))
    return tuple(sorted(set(named)))


def daily(days: tuple[int, ...]) -> Fill:
    """Return what takes a word for several days of the week."""

    def fill(found: Found, _: re.Match[str]) -> bool:
        found.weekdays = days
        return True

    return fill


def plain_days(found: Found, match: re.Match[str]) -> bool:
    """Take "Sundays", "every Mon and Thu", "Monday to Friday"."""
    found.weekdays = _weekdays(match["days"])
    return True


def nth_days(found: Found, match: re.Match[str]) -> bool:
    """Take "every second Friday", "the first and last Monday"."""
    found.nths = tuple(sorted(set(_numbers(match["nths"]))))
    found.nth_every = bool(match["every"])
    found.weekdays = _weekdays(match["days"])
    if not set(found.nths) <= {LAST, *range(1, MOST_WEEKS + 1)}:
        raise _impossible(match[0])
    return True


def month_days(found: Found, match: re.Match[str]) -> bool:
    """Take "the 1st and 15th", "the last day", "the 31"."""
    text = re.sub(r"last\s+day", str(LONGEST_MONTH), match["days"].casefold())
    days = tuple(sorted(set(_numbers(text))))
    if not 1 <= days[0] <= days[-1] <= LONGEST_MONTH:
        raise InvalidInput(
            what=f"No month has a day like “{match['days']}”.",
            remedy=f"Write a day from 1st to {LONGEST_MONTH}st, or “the last day of the month”.",
        )
    found.month_days, found.monthly = days, True
    return True


def month_end(found: Found, _: re.Match[str]) -> bool:
    """Take "the end of the month"."""
    found.month_days, found.monthly = (LONGEST_MONTH,), True
    return True


def weeks(found: Found, match: re.Match[str]) -> bool:
    """Take "every 2 weeks", "weekly"; ``InvalidInput`` for no weeks or more than a year of them."""
    told = match.groupdict().get("n")
    found.weeks = _numbers(told)[0] if told else 1
    if not 1 <= found.weeks <= MOST_WEEKS:
        raise InvalidInput(
            what=f"“{match[0].removesuffix(' on')}” is not possible.",
            remedy=f"Write a number of weeks from 1 to {MOST_WEEKS}.",
        )
    return True


def fortnight(found: Found, _: re.Match[str]) -> bool:
    """Take "fortnightly"."""
    found.weeks = 2
    return True


def monthly(found: Found, _: re.Match[str]) -> bool:
    """Take "of every month"."""
    found.monthly = True
    return True


def clock(found: Found, match: re.Match[str]) -> bool:
    """Take "at 18:00"; ``InvalidInput`` for what is no time, or two."""
    if match["range"]:
        raise InvalidInput(
            what=f"“{match[0].strip()}” is a span of time.",
            remedy="Give the one time to remind at.",
        )
    if match["word"]:
        minutes: int | None = 0 if match["word"].casefold() == "midnight" else 12 * 60
    else:
        minutes = _minutes(match)
    if minutes is None or minutes == DAY:
        raise InvalidInput(
            what=f"“{match[0].strip()}” is no time of the day.",
            remedy="Write a time from 00:00 to 23:59, like 18:00 or 6 pm.",
        )
    found.minutes = minutes
    return True


def _minutes(match: re.Match[str]) -> int | None:
    """Return the minutes after midnight, None for a time that cannot be.

    ``InvalidInput`` for "at 6" and "2:30": in the afternoon, or at night?
    """
    hour, minute, half = match.groups()[1:4]
    if match["bare"]:
        hour = match["bare"]
    part = (match["part"] or "").casefold()
    if part and not half and int(hour) <= NOON // 60:
        half = "a" if part == "morning" else "p"
    if not half and doubtful(hour, minute) and not SIGNS_OF_24_HOURS.search(match[0]):
        raise before_or_after_noon(match[0], hour, minute)
    return minutes_of(hour, minute, half)


def zone(found: Found, match: re.Match[str]) -> bool:
    """Take a time zone after a time; words that are none are no phrase."""
    name = match["any"] or match["place"] or "UTC"
    try:
        found.zone = zone_meant(name).key
    except InvalidInput:
        return False  # "and/or" is none
    return found.minutes is not None


def until(found: Found, match: re.Match[str]) -> bool:
    """Take "until 18 June"."""
    found.until = _date(match["date"], found.today)
    return True


def since(found: Found, match: re.Match[str]) -> bool:
    """Take "from 18 June"."""
    found.since = _date(match["date"], found.today)
    return True


def _date(text: str, today: date) -> date:
    """Return the date of "Fri the 30th of November", "30 November 2026", "next Friday"."""
    return read_date(text, today)


def one_date(found: Found, match: re.Match[str]) -> bool:
    """Refuse "5 December": it does not recur, or (31 February) does not exist."""
    _date(match["date"], found.today)  # tells of a date that does not exist
    raise InvalidInput(
        what=f"“{match['date']}” is one date.",
        remedy=f"{_ONLY} {EXAMPLE}",
    )


def one_day(_: Found, match: re.Match[str]) -> bool:
    """Refuse "tomorrow" and "next Friday": they do not recur."""
    raise InvalidInput(what=f"“{match[0].strip()}” is one day.", remedy=f"{_ONLY} {EXAMPLE}")


def refused(_: Found, match: re.Match[str]) -> bool:
    """Refuse "every 2 days"."""
    raise _impossible(match[0])


def _impossible(piece: str) -> InvalidInput:
    return InvalidInput(what=f"“{piece.strip()}” is not possible.", remedy=f"{_ONLY} {EXAMPLE}")


def aside(_: Found, __: re.Match[str]) -> bool:
    """Take what only explains."""
    return True

"""Small phrases that many pages share."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from bot.domain.timetable.weekdays import weekday_of


def listed(words: Iterable[str]) -> str:
    """Return "Ana", "Ana and Ben" or "Ana, Ben and Rosa"."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def people(names: Iterable[str], most: int = 6) -> str:
    """Return names as ``listed`` does; of many only the first: "Ana, Ben and 18 others"."""
    everybody = [*names]
    if len(everybody) <= most:
        return listed(everybody)
    return listed([*everybody[: most - 1], f"{len(everybody) - most + 1} others"])


@lru_cache(maxsize=1024)
def day(when: date) -> str:
    """Return a date in words: "Fri 27 Nov"."""
    return f"{when:%a} {when.day} {when:%b}"


def span(first: date, last: date) -> str:
    """Return days in words: "Fri 27 Nov to Mon 30 Nov", or "Fri 27 Nov" for one day."""
    return f"{day(first)} to {day(last)}" if first < last else day(first)


def long_day(when: date) -> str:
    """Return a date in full: "Friday, 27 November"."""
    return f"{when:%A}, {when.day} {when:%B}"


def away_until(last: date) -> str:
    """Return "away until Thu 3 Dec": the last day of an absence."""
    return f"away until {day(last)}"


def instead_of(owner: str, until: date | None) -> str:
    """Return for whom somebody stands in: "for Ben, away until Thu 3 Dec"."""
    return f"for {owner}, {away_until(until)}" if until else f"for {owner}"


def cycle_day(label: str | None) -> str:
    """Return "day A" for a day of a rotation; nothing for one that is called after its weekday."""
    return f"day {label}" if label and weekday_of(label) is None else ""


def due(when: date | None, today: date) -> str:
    """Return a due date in words: "due tomorrow", "due Fri 27 Nov", "was due Fri 27 Nov"."""
    if when is None:
        return "no date"
    apart = (when - today).days
    if apart < 0:
        return f"was due {day(when)}"
    return {0: "due today", 1: "due tomorrow"}.get(apart, f"due {day(when)}")


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 step" or "3 steps"."""
    return f"{number} {one if number == 1 else many or one + 's'}"

"""Dates as people type them."""

import re
from datetime import date, timedelta

from bot.domain import errors
from bot.domain.timetable.weekdays import weekday_of
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")


def read_date(text: str, now: date) -> date:
    """Return the date that is meant: "2026-11-30", "30 November", "30.11.", "Monday", "tomorrow".

    Without a year the next such date from ``now`` on; a weekday is the next one after today.
    ``InvalidInput`` for dates that do not exist ("31 February") and words that are none.
    """
    words = " ".join(text.split()).casefold()
    plain = {"today": 0, "tomorrow": 1}.get(words)
    if plain is not None:
        return now + timedelta(days=plain)
    weekday = weekday_of(words) if words else None
    if weekday is not None:
        return now + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1)
    year, month, day = _numbers(words, text)
    try:
        if year:
            return date(year, month, day)
        found = date(now.year, month, day)
        return found if found >= now else date(now.year + 1, month, day)
    except ValueError:
        raise errors.InvalidInput(
            what=f"There is no {' '.join(text.split())[:40]}.",
            remedy="Give a date such as 2026-11-30 or 30 November.",
        ) from None


def typed_date(work: Work, actor: Actor, text: str, *, key: str) -> date | None:
    """Return the date a member typed into a form, None for nothing; else ``FieldErrors``."""
    if not text.strip():
        return None
    try:
        return read_date(text, today(work, actor.member))
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({key: str(problem)}) from None


def _numbers(words: str, text: str) -> tuple[int, int, int]:
    """Return year (0 when not told), month and day."""
    if found := _ISO.fullmatch(words):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.fullmatch(words):
        return int(found[3] or 0), int(found[2]), int(found[1])
    if (found := _DAY_MONTH.fullmatch(words)) and found[2][:3] in _MONTHS:
        return int(found[3] or 0), _MONTHS.index(found[2][:3]) + 1, int(found[1])
    if (found := _MONTH_DAY.fullmatch(words)) and found[1][:3] in _MONTHS:
        return int(found[3] or 0), _MONTHS.index(found[1][:3]) + 1, int(found[2])
    raise errors.InvalidInput(
        what=f"“{text.strip()[:40]}” is not a date.",
        remedy="Give a date such as 2026-11-30, 30 November, Monday or tomorrow.",
    )

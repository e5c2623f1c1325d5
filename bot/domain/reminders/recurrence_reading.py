"""What people type about something that recurs: "every second Friday 8:30 bring the rubric".

A text is taken apart phrase by phrase (``recurrence_grammar``), in whatever order they come: days,
a time of the day, a first and a last date. What follows, or comes before, is what to remind of.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import InvalidInput
from bot.domain.reminders.recurrence import (
    LAST,
    MonthDays,
    MonthWeekdays,
    Pattern,
    Recurrence,
    Weekly,
    next_date,
)
from bot.domain.reminders.recurrence_doubts import require_text
from bot.domain.reminders.recurrence_grammar import clock_in, take
from bot.domain.reminders.recurrence_phrases import EXAMPLE, Found
from bot.domain.timetable.clocktimes import as_time

LONGEST = 1000
"""Characters: longer texts are no reminders."""
_QUOTED = 50
_ADDRESSED = re.compile(
    r"(?:please\b\s*)?(?:(?:us|me|everybody|everyone|all(?:\s+of\s+us)?)\b\s*)?", re.IGNORECASE
)
_WHOLE = re.compile(r"[\"“„](.*)[\"”“]", re.DOTALL)
"""Quotation marks around everything."""
_LINK = re.compile(r"(?:to|that)\s+", re.IGNORECASE)
_GAP = re.compile(r"[\s,;:\u2013\u2014-]*")
_DASH = re.compile(r"[\u2013\u2014-]")
_SMALL_GAP = re.compile(r"[\s,]*")
_END = re.compile(r"[\s,;:.!\u2013\u2014-]*(?:please)?[\s.!]*", re.IGNORECASE)
_WORD = re.compile(r"(?<!\S)\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When to remind, and of what (as typed)."""

    rule: Recurrence
    text: str


def read_wish(text: str, zone: str, now: datetime) -> Wish:
    """Return what is to recur: times are wall times in ``zone`` (IANA) unless it names another.

    ``InvalidInput`` says what is missing or cannot be, and what to write.
    """
    _require_short(text)
    whole = _WHOLE.fullmatch(text.strip())
    said = _ADDRESSED.sub("", whole[1].strip() if whole else text.strip(), count=1).strip()
    found = Found(today=_today(zone, now))
    at = _phrases(said, 0, found)
    rest = said[at:]
    if not found.complete:
        found, rest = _from_the_end(rest, found)
    if not found.complete:
        raise _missing(said, found, rest)
    rule = _rule(found, zone, now)
    body = _GAP.match(rest)
    told = rest[body.end() :] if body else rest
    if body is None or ":" not in body[0]:
        if at and body and not _DASH.search(body[0]):
            require_text(rest)
        told = _LINK.sub("", told, count=1) if _LINK.match(told) else told
    if not told.strip():
        raise InvalidInput(what="It says when, but not what to remind of.", remedy=EXAMPLE)
    return Wish(rule=rule, text=told.strip())


def read_rule(text: str, zone: str, now: datetime) -> Recurrence:
    """Return the rule of a text that says only when; ``InvalidInput`` as for ``read_wish``."""
    _require_short(text)
    said, found = text.strip(), Found(today=_today(zone, now))
    at = _phrases(said, 0, found)
    rest = said[at:].strip(" \n,;:.")
    if rest and (at or clock_in(said) is None):
        raise InvalidInput(what=f"“{rest[:_QUOTED]}” is not understood.", remedy=EXAMPLE)
    if not found.complete:
        raise _missing(said, found, rest)
    return _rule(found, zone, now)


def _phrases(text: str, at: int, found: Found) -> int:
    """Read phrases from ``at`` on into ``found``; return where the last of them ends."""
    while True:
        gap = (_SMALL_GAP if found.complete else _GAP).match(text, at)
        start = gap.end() if gap else at
        end = take(text, start, found)
        if end == start:
            return at
        at = end


def _from_the_end(text: str, before: Found) -> tuple[Found, str]:
    """Return what the longest closing part of the text says, with what it leaves of the text."""
    for word in _WORD.finditer(text):
        found = replace(before)
        try:
            end = _phrases(text, word.start(), found)
        except InvalidInput:
            continue
        if found.complete and _END.fullmatch(text, end):
            return found, text[: word.start()].rstrip(" ,;:\u2013\u2014-")
    return before, text


def _rule(found: Found, zone: str, now: datetime) -> Recurrence:
    """Return the rule of what was found."""
    at, since = as_time(found.minutes or 0), found.since
    where = found.zone or zone
    pattern = _pattern(found)
    if isinstance(pattern, Weekly) and pattern.every > 1 and since is None:
        weekly = Recurrence(pattern=replace(pattern, every=1), at=at, zone=where)
        since = next_date(weekly, now)
    rule = Recurrence(pattern=pattern, at=at, zone=where, since=since, until=found.until)
    if next_date(rule, now) is None:
        raise InvalidInput(
            what="That would be over before it comes for the first time.",
            remedy="Give a later last date, or none.",
        )
    return rule


def _pattern(found: Found) -> Pattern:
    """Return on which dates it comes; ``InvalidInput`` when the phrases do not go together."""
    if found.month_days:
        if found.weeks:
            raise _apart("every so many weeks and a day of the month")
        return MonthDays(days=found.month_days)
    counted = found.nths[0] if len(found.nths) == 1 and found.nth_every else 0
    if counted > 1 and not found.monthly and not found.weeks:
        return Weekly(weekdays=found.weekdays, every=counted)
    if found.nths:
        if found.weeks or len(found.weekdays) > 1 or not set(found.nths) <= {LAST, *range(1, 6)}:
            raise _apart("those days")
        return MonthWeekdays(nths=found.nths, weekday=found.weekdays[0])
    if found.monthly:
        raise InvalidInput(
            what="Which one of the month?",
            remedy="Write for example: last Friday of the month 15:00: …, or: on the 15th of the"
            " month 18:00: …",
        )
    return Weekly(weekdays=found.weekdays or _weekday_of(found), every=found.weeks or 1)


def _weekday_of(found: Found) -> tuple[int, ...]:
    """Return the weekday of the first date: "fortnightly from 7 December"."""
    return (found.since.weekday(),) if found.since is not None else ()


def _apart(what: str) -> InvalidInput:
    return InvalidInput(what=f"I cannot put {what} together.", remedy=EXAMPLE)


def _missing(said: str, found: Found, rest: str) -> InvalidInput:
    """Return the problem of a text that does not say when."""
    clock = clock_in(said)
    if found.minutes is None and "days" in found.said:
        later = clock_in(rest)
        piece = rest[: later.start()].strip(" ,;.:") if later else ""
        if piece and rest.strip() != said:
            return InvalidInput(what=f"“{piece[:_QUOTED]}” is not understood.", remedy=EXAMPLE)
        return InvalidInput(
            what="It does not say at what time.", remedy=f"Give one like 18:30 or 6 pm. {EXAMPLE}"
        )
    if found.weeks or found.monthly:
        return InvalidInput(what="It does not say on which days.", remedy=EXAMPLE)
    piece = said[: clock.start()].strip(" ,:") if clock else ""
    if piece:
        return InvalidInput(what=f"“{piece[-_QUOTED:]}” names no days that I know.", remedy=EXAMPLE)
    if clock:
        return InvalidInput(what="It does not say on which days.", remedy=EXAMPLE)
    quoted = f"“{said[:_QUOTED]}”" if said else "It"
    return InvalidInput(what=f"{quoted} does not say when.", remedy=EXAMPLE)


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _require_short(text: str) -> None:
    if len(text) > LONGEST:
        raise InvalidInput(
            what=f"That has {len(text):,} characters; at most {LONGEST:,} fit.",
            remedy="Shorten it.",
        )

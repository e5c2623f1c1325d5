"""The grammar of when something recurs: phrases in any order, each at most once."""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.reminders import recurrence_phrases as says
from bot.domain.reminders.recurrence_phrases import EVERY_DAY, SPAN, WEEKDAY, Fill, Found
from bot.domain.timetable.clocktimes import CLOCK, DASH
from bot.domain.timetable.date_words import COUNT, UNIT


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, what it fills (each once), and how; a ``fill`` that returns False takes it not.

    ``early``: once days and time are known, such a word belongs to what to remind of.
    """

    slot: str
    pattern: re.Pattern[str]
    fill: Fill
    early: bool = False


def take(text: str, at: int, found: Found) -> int:
    """Read the phrase that begins at ``at`` into ``found``; return its end, or ``at`` for none.

    ``InvalidInput`` for a phrase that says something that cannot be.
    """
    for phrase in _PHRASES:
        if phrase.slot in found.said or (phrase.early and found.complete):
            continue
        match = phrase.pattern.match(text, at)
        if match is not None and phrase.fill(found, match):
            found.said |= {phrase.slot}
            return match.end()
    return at


def clock_in(text: str) -> re.Match[str] | None:
    """Return where a text names a time of the day."""
    return _TIME.search(text)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_AND: Final = r"\s*(?:,\s*(?:and\s+)?|&|\+|/|\band\b)\s*(?:on\s+)?(?:the\s+)?"
_DAYS: Final = rf"{WEEKDAY}(?:{_AND}{WEEKDAY})*"
_NTH: Final = r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|last|other)\b"
_MONTH_DAY: Final = r"(?:\d{1,2}(?:st|nd|rd|th)|last\s+day)\b"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_CALENDAR: Final = (
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}}\b)?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\s+\d{{4}}\b)?)"
)
_DOTTED: Final = r"\d{1,2}\.\d{1,2}\.(?:\d{4})?"
_DATE: Final = (
    rf"(?:{WEEKDAY},?\s+(?:the\s+)?)?(?:{_CALENDAR}|{_DOTTED})"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b|(?:the\s+)?end\s+of\s+(?:(?:the\s+)?month\b|{_MONTH})"
    rf"|{WEEKDAY}\s+the\s+\d{{1,2}}(?:st|nd|rd|th)\b"
    rf"|(?:(?:next|this)\s+)?{WEEKDAY}(?:\s+(?:next\s+)?week\b)?|(?:today|tomorrow)\b"
)
_ON: Final = r"(?:on\s+)?"
_EACH: Final = r"(?:(?:every|each)\s+)?"
_OF_MONTH: Final = (
    r"(?:(?:of|in)\s+(?:the|a|every|each)\s+month|(?:every|each)\s+month)\b(?:\s+on\b)?"
)
_TIME: Final = _pattern(
    rf"(?:(?:at|@)\s*)?(?:(?P<word>noon|midday|midnight)\b"
    rf"|(?=\d{{1,2}}(?:[:.h]\d{{2}}|h\b|\s*[ap]\.?m\b|\s*uhr\b|\s*o.?clock\b)){CLOCK}"
    rf"(?:h\b|\s*o.?clock\b)?(?![^\W\d])"
    rf"|(?<=at\s)(?P<bare>\d{{1,2}})(?![\d.]|:\d)(?:\s*o.?clock\b)?)"
    rf"(?P<range>{DASH}\d{{1,2}}(?:[:.h]\d{{2}}|\s*[ap]\.?m\b))?"
    rf"(?:\s+in\s+the\s+(?P<part>morning|afternoon|evening)\b)?"
)


def _phrase(slot: str, pattern: str, fill: Fill, *, early: bool = False) -> Phrase:
    return Phrase(slot, _pattern(pattern), fill, early)


_FROM: Final = r"(?:from|(?:starting|beginning)(?:\s+(?:on|from))?|as\s+of)"
_COUNT: Final = rf"(?:(?P<n>\d+|{_NTH}|one|two|three|four|five|six)\s+)?"
_NO_RULE: Final = (
    r"(?:every|each)\s+(?:\w+\s+)?(?:days|months|quarters?|years?|hours?|minutes?)\b"
    r"|every\s+(?:other|\d+(?:st|nd|rd|th)|second|third)\s+(?:day|month)\b"
    r"|(?:yearly|annually|quarterly|hourly)\b"
)
_ONE_DAY: Final = (
    rf"(?:(?:today|tonight|tomorrow)\b|{_ON}(?:this|next|coming)\s+{WEEKDAY}"
    rf"|in\s+{COUNT}\s+(?:{UNIT}|hours?|minutes?)\b)(?!['\u2019])"
)
_WORKDAYS: Final = r"(?:weekdays?|work(?:ing\s+)?days?)\b"
_MONTH_END: Final = r"(?:at\s+)?(?:the\s+)?end\s+of\s+(?:(?:the|a|every|each)\s+)?month\b"
_ZONE: Final = (
    r"(?:UTC|GMT)\b(?!\s*[+\u2212-]\s*\d)|\((?P<any>[A-Za-z0-9_+/-]+)\)"
    r"|(?P<place>[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)"
)
"""A name without a slash stands in parentheses: "Cuba" and "Japan" are words, too."""
_NTH_DAYS: Final = (
    rf"{_ON}(?P<every>(?:every|each)\s+)?(?:the\s+)?"
    rf"(?P<nths>{_NTH}(?:{_AND}{_NTH})*)\s+(?P<days>{_DAYS})"
)
_MONTH_DAYS: Final = rf"{_ON}{_EACH}(?:the\s+)?(?P<days>{_MONTH_DAY}(?:{_AND}{_MONTH_DAY})*)"
_THE_DAY: Final = rf"{_ON}(?:the|day)\s+(?P<days>\d{{1,2}})\b(?![:.h]\d|\s*[ap]\.?m\b)"

_PHRASES: Final = (
    _phrase("aside", r"\((?:the last day of shorter ones|where there is one)\)", says.aside),
    _phrase("until", rf"(?:until|till|through|up\s+to)\s+(?:the\s+)?(?P<date>{_DATE})", says.until),
    _phrase("since", rf"{_FROM}\s+(?:the\s+)?(?P<date>{_DATE})", says.since),
    _phrase("days", rf"{_ON}{_EACH}(?:the\s+)?(?P<date>{_CALENDAR}|{_DOTTED})", says.one_date),
    _phrase("days", _ONE_DAY, says.one_day),
    _phrase("weeks", rf"{_ON}(?:every|each)\s+{_COUNT}weeks?\b(?:\s+on\b)?", says.weeks),
    _phrase("weeks", rf"{_EACH}fortnight(?:ly)?\b|bi-?weekly\b", says.fortnight, early=True),
    _phrase("weeks", r"weekly\b|once\s+a\s+week\b", says.weeks, early=True),
    _phrase("monthly", _OF_MONTH, says.monthly),
    _phrase("monthly", r"(?:monthly|once\s+a\s+month)\b", says.monthly, early=True),
    _phrase("days", _NO_RULE, says.refused),
    _phrase("days", r"daily\b|(?:every|each)\s*day\b", says.daily(EVERY_DAY)),
    _phrase(
        "days", rf"{_ON}{_EACH}(?:weekdays?|work(?:ing\s+)?days?)\b", says.daily(EVERY_DAY[:5])
    ),
    _phrase("days", rf"(?:on\s+|at\s+)?{_EACH}(?:the\s+)?weekends?\b", says.daily(EVERY_DAY[5:])),
    _phrase("days", _MONTH_END, says.month_end),
    _phrase("days", _NTH_DAYS, says.nth_days),
    _phrase("days", _MONTH_DAYS, says.month_days),
    _phrase("days", _THE_DAY, says.month_days),
    _phrase("days", rf"{_ON}{_EACH}(?P<days>{SPAN}|{_DAYS})", says.plain_days),
    _phrase("zone", _ZONE, says.zone),
    Phrase("time", _TIME, says.clock),
)

"""What somebody says about days without school, or with less of it, in one line."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain import errors
from bot.domain.planning.texts import clean
from bot.domain.timetable.clocktimes import CLOCK, as_time, minutes_of
from bot.domain.timetable.daterange import read_range
from bot.domain.timetable.groups import check_group
from bot.domain.timetable.school import Closure, ClosureKind
from bot.domain.timetable.typed_times import before_or_after_noon, doubtful

NEAR = timedelta(days=1)
"""What is told so short before was not planned: snow, a burst pipe."""
REASON = 60
_FROM = re.compile(rf"\b(?:from|after|at|since)\s+{CLOCK}(?=[\s:,;.)]|$)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(\s*only\s+(?:for\s+)?([^()]*[^()\s,][^()]*)\)", re.IGNORECASE)
_ONLY = re.compile(r"\bonly\s+(?:for\s+)?([^():]*[^():\s,])\s*(?::|$)", re.IGNORECASE)
_LAST = re.compile(r"\bfor\s+([^():]*[^():\s,])\s+only\s*(?::|$)", re.IGNORECASE)
_PART = re.compile(
    r"\d{1,2}[:.h]\d{2}\b|\b(?:only|just|half(?![\s-]?term)|morning|afternoon|noon|midday|[ap]m)\b"
    r"|\b(?:except|excluding|but|not|cancel\w*)\b|\b(?:before|after)\s+(?:lunch|recess|break)\b"
    r"|\bperiods?\s+\d+|^period\b|\b(?:first|last|\d(?:st|nd|rd|th))\s+(?:period|lesson|hour|block)\b"
    r"|\b(?:for\s+)?(?:grade|year|class|form)(?:s|es)?\s+\d+\w?"
    r"|\bfor\s+(?:me|us|my|our|(?:the\s+)?(?:teachers|students|staff|library))\b",
    re.IGNORECASE,
)
"""Words that may mean that not everybody, or not all day, is without school."""
_LATE = re.compile(
    r"\b(?:late|delay\w*|early\s+(?:dismissal|closing|release|finish)|hours?)\b", re.IGNORECASE
)
"""The same, where no time from which on there is none was told."""
_MINE = re.compile(r"\bonly\s+(?:for\s+)?(?:me|us|myself)\b", re.IGNORECASE)
_NOON = re.compile(r"\b(from|after|at|since)\s+(?:noon|midday)\b", re.IGNORECASE)
_ENDS = " :,;"
_NUMBERED = re.compile(r"(\D*\D\s)\d+\w?")
_NUMBER = re.compile(r"\d+\w?")
_AND = re.compile(r"\s*(?:,|&|\+|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSchool:
    """The days as typed, maybe with the reason behind them.

    ``kind`` None: unplanned for today and tomorrow, planned for what is farther ahead, unless the
    reason begins with the one word or the other. ``only``: for these groups alone; they, and the
    time from which on there is no school, may stand among the words as well: "tomorrow from 13:05
    (only Grade 9) Snow".
    """

    text: str
    reason: str = ""
    kind: ClosureKind | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidDays:
    """The closure that is meant; with ``early`` school only ends at that time on its days."""

    closure: Closure
    early: time | None = None


def read_said(command: NoSchool, today: date) -> SaidDays:
    """Return what is meant; ``today`` is the school's date."""
    told = read_range(command.text, today)
    words = " ".join(clean(f"{told.rest} {command.reason}").split())
    kind, words = _kind(words)
    early, words = _early(words)
    unclear = _MINE.search(words)
    only, words = _only(words)
    unclear = unclear or _PART.search(words) or (None if early else _LATE.search(words))
    if unclear:
        raise errors.InvalidInput(
            what=f"Is there no school all day, for everybody? I do not understand “{unclear[0]}”.",
            remedy="Say it without that word; or when school ends, or for whom it is closed: "
            "noschool tomorrow from 13:05; noschool tomorrow only Grade 9.",
        )
    usual = ClosureKind.UNPLANNED if told.start <= today + NEAR else ClosureKind.PLANNED
    return SaidDays(
        closure=Closure(
            start=told.start,
            end=told.end,
            kind=command.kind or kind or usual,
            name=words[:REASON].rstrip(),
            only=tuple(dict.fromkeys((*command.only, *only))),
        ),
        early=early,
    )


def groups_in(text: str) -> tuple[str, ...]:
    """Return the groups that are listed in ``text``: "Grade 9, Grade 10 and 4B".

    ``InvalidInput`` for what cannot be one.
    """
    names: list[str] = []
    for part in _AND.split(text):
        name = " ".join(part.split())
        before = _NUMBERED.fullmatch(names[-1]) if names and _NUMBER.fullmatch(name) else None
        names.append(f"{before[1]}{name}" if before else name)  # "Grade 9 and 10"
    for name in names:
        check_group(name)
    return tuple(filter(None, names))


def _kind(words: str) -> tuple[ClosureKind | None, str]:
    first, _, rest = words.partition(" ")
    stated = {kind.value: kind for kind in ClosureKind}.get(first.casefold().strip(":,"))
    return (stated, rest) if stated else (None, words)


def _early(words: str) -> tuple[time | None, str]:
    """Return from when on there is no school, where the words tell, and the other words."""
    words = _NOON.sub(r"\1 12:00", words)
    found = _FROM.search(words)
    if found and not found[3] and doubtful(found[1], found[2]):
        raise before_or_after_noon(found[0], found[1], found[2])
    minutes = minutes_of(found[1], found[2], found[3]) if found else None
    return (as_time(minutes), _rest(words, found)) if found and minutes else (None, words)


def _only(words: str) -> tuple[tuple[str, ...], str]:
    """Return the groups that the words name, and the other words."""
    found = _BRACKETS.search(words) or _LAST.search(words) or _ONLY.search(words)
    return (groups_in(found[1]), _rest(words, found)) if found else ((), words)


def _rest(words: str, found: re.Match[str]) -> str:
    parts = (words[: found.start()].strip(_ENDS), words[found.end() :].strip(_ENDS))
    return " ".join(filter(None, parts))

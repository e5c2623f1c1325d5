"""A recurrence as one line of text: what the store and the log keep of it."""

from collections.abc import Sequence
from datetime import date, time

from bot.domain.reminders.recurrence import (
    MonthDays,
    MonthWeekdays,
    Pattern,
    Recurrence,
    Weekly,
)


def coded(rule: Recurrence) -> str:
    """Return the rule as pairs of words: "WEEKLY 0,3 EVERY 2 AT 19:00 IN Europe/London"."""
    words = [*_pattern_words(rule.pattern), "AT", f"{rule.at:%H:%M}", "IN", rule.zone]
    if rule.since is not None:
        words += ["FROM", rule.since.isoformat()]
    if rule.until is not None:
        words += ["UNTIL", rule.until.isoformat()]
    return " ".join(words)


def decoded(text: str) -> Recurrence:
    """Return the rule that ``coded`` wrote."""
    words = text.split()
    facts = dict(zip(words[::2], words[1::2], strict=True))
    return Recurrence(
        pattern=_pattern(facts),
        at=time.fromisoformat(facts["AT"]),
        zone=facts["IN"],
        since=_date(facts.get("FROM")),
        until=_date(facts.get("UNTIL")),
    )


def _pattern_words(pattern: Pattern) -> list[str]:
    match pattern:
        case Weekly():
            return ["WEEKLY", _listed(pattern.weekdays), "EVERY", str(pattern.every)]
        case MonthDays():
            return ["DAYS", _listed(pattern.days)]
        case MonthWeekdays():
            return ["NTHS", _listed(pattern.nths), "WEEKDAY", str(pattern.weekday)]


def _pattern(facts: dict[str, str]) -> Pattern:
    if "WEEKLY" in facts:
        return Weekly(weekdays=_numbers(facts["WEEKLY"]), every=int(facts["EVERY"]))
    if "DAYS" in facts:
        return MonthDays(days=_numbers(facts["DAYS"]))
    return MonthWeekdays(nths=_numbers(facts["NTHS"]), weekday=int(facts["WEEKDAY"]))


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

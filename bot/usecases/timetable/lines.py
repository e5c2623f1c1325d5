"""Closures, labels and terms as lines of text: read from a form, and written into it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import errors
from bot.domain.planning.texts import FIELD_LENGTH, require_length
from bot.domain.timetable.school import Closure, ClosureKind, SchoolCalendar, Term
from bot.usecases.timetable.answers import checked, day_of

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME = r"[^\W\d_]{3,9}"
_DAY = rf"(\d{{1,2}}\.?\s+{_NAME}(?:,?\s+\d{{4}})?|{_NAME}\.?\s+\d{{1,2}}\b(?:,?\s+\d{{4}})?|\S+?)"
_JOIN = (
    r"(?:\s*(?:[\u2013\u2014]|\.\.)\s*"
    rf"|\s+(?:to|until|till|through|bis|-(?=\s*(?:\d|{_NAME}\.?\s+\d)))\s+)"
)
_LINE = re.compile(rf"^{_DAY}(?:{_JOIN}{_DAY})?(?:\s+(.*))?$", re.IGNORECASE)
_FURTHER = re.compile(r"\d{4}-\d|\d{1,2}[./]\d|(?:and|&|or|until|till|to|bis)\s", re.IGNORECASE)
"""What follows the days and looks like one more: it is no name."""
_ONLY = re.compile(r"\(only\s+([^()]*[^()\s,][^()]*)\)\s*", re.IGNORECASE)
_QUOTED = 60
_ONE_DAY = timedelta(days=1)


def lines_of_closures(calendar: SchoolCalendar) -> str:
    """Return the closures as they are typed: "2026-12-21 to 2027-01-01 planned Winter break".

    One for some groups alone: "2027-02-01 planned (only Grade 9, Grade 10) Midterm".
    """
    return "\n".join(
        " ".join(filter(None, (_span(c.start, c.end), c.kind.value, _groups(c), c.name)))
        for c in joined(calendar.closures)
    )


def _groups(closure: Closure) -> str:
    return f"(only {', '.join(closure.only)})" if closure.only else ""


def lines_of_labels(calendar: SchoolCalendar) -> str:
    """Return the labels of single dates as they are typed: "2026-11-30 = B"."""
    return "\n".join(f"{day} = {label or '-'}" for day, label in sorted(calendar.labels.items()))


def lines_of_terms(calendar: SchoolCalendar) -> str:
    """Return the terms as they are typed: "2026-08-24 to 2026-12-18 Autumn"."""
    return "\n".join(f"{_span(t.start, t.end)} {t.name}" for t in calendar.terms)


def joined(closures: Iterable[Closure]) -> tuple[Closure, ...]:
    """Return closures by their first day; days in a row of one name and kind become one."""
    found: list[Closure] = []
    for one in sorted(closures, key=lambda c: (c.kind, c.name, c.only, c.start)):
        before = found[-1] if found else None
        alike = before is not None and replace(one, start=before.start, end=before.end) == before
        if before is not None and alike and one.start - before.end <= _ONE_DAY:
            found[-1] = replace(before, end=max(before.end, one.end))
        else:
            found.append(one)
    return tuple(sorted(found, key=lambda c: c.start))


def with_lines(
    calendar: SchoolCalendar, closures: str, labels: str, terms: str, now: date
) -> SchoolCalendar:
    """Return the calendar with what the lines say; ``FieldErrors`` for lines that say nothing.

    Also for more lines than the form could show again.
    """
    stood = "\n".join(show(calendar) for show, _ in _SHOWN.values())
    reader = _Reader(now=now, known=frozenset(_ISO.findall(stood)))
    changed = checked(
        "closures", lambda: replace(calendar, closures=joined(reader.closures(closures)))
    )
    changed = checked("labels", lambda: replace(changed, labels=dict(reader.labels(labels))))
    changed = checked("terms", lambda: replace(changed, terms=tuple(reader.terms(terms))))
    require_shown(changed)
    return changed


def require_shown(calendar: SchoolCalendar) -> None:
    """Raise ``FieldErrors`` when the calendar has more lines than the form could show."""
    for key, (show, name) in _SHOWN.items():
        require_length(show(calendar), key=key, name=name, limit=FIELD_LENGTH)


_SHOWN = {
    "closures": (lines_of_closures, "Written out, the list of closed days"),
    "labels": (lines_of_labels, "Written out, the list of single dates"),
    "terms": (lines_of_terms, "Written out, the list of terms"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads lines; dates that stand in the calendar already may be as long ago as they are."""

    now: date
    known: frozenset[str]

    def closures(self, text: str) -> Iterator[Closure]:
        for start, end, words in self._spans(text, "closures"):
            first, _, rest = words.partition(" ")
            unplanned = first.casefold() == ClosureKind.UNPLANNED
            stated = unplanned or first.casefold() == ClosureKind.PLANNED
            told = rest.strip() if stated else words
            groups = _ONLY.match(told)
            yield Closure(
                start=start,
                end=end,
                kind=ClosureKind.UNPLANNED if unplanned else ClosureKind.PLANNED,
                name=told[groups.end() :] if groups else told,
                only=tuple(filter(None, map(str.strip, groups[1].split(",")))) if groups else (),
            )

    def labels(self, text: str) -> Iterator[tuple[date, str | None]]:
        for line in _lines(text):
            day, sign, label = line.partition("=")
            if not sign or not label.strip():
                says = "write a date, =, and the day, for example 2026-11-30 = B"
                raise errors.FieldErrors({"labels": f"“{line[:_QUOTED]}”: {says}"})
            named = label.strip()
            yield self._date(day.strip(), "labels"), None if named == "-" else named

    def terms(self, text: str) -> Iterator[Term]:
        for start, end, name in self._spans(text, "terms"):
            yield Term(name=name or "term", start=start, end=end)

    def _spans(self, text: str, key: str) -> Iterator[tuple[date, date, str]]:
        for line in _lines(text):
            found = _LINE.match(line)
            if found is None or _FURTHER.match(found[3] or ""):
                says = f"“{line[:_QUOTED]}” is not a date, or a date to a date."
                raise errors.FieldErrors({key: says})
            start = self._date(found[1], key)
            end = self._date(found[2], key) if found[2] else start
            yield start, end, (found[3] or "").strip(" -\u2013:")

    def _date(self, text: str, key: str) -> date:
        return date.fromisoformat(text) if text in self.known else day_of(text, key, self.now)


def _lines(text: str) -> Iterator[str]:
    yield from filter(None, (raw.strip() for raw in text.splitlines()))


def _span(start: date, end: date) -> str:
    return f"{start}" if start == end else f"{start} to {end}"

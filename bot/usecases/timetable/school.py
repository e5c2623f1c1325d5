"""The school's calendar: made from answers, changed by closures and labels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import errors
from bot.domain.timetable.bell_text import parse_bells
from bot.domain.timetable.bells import periods_from_names
from bot.domain.timetable.school import (
    Closure,
    ClosureKind,
    ClosurePolicy,
    SchoolCalendar,
    Term,
    weekday_calendar,
)
from bot.domain.timetable.weekdays import weekday_of
from bot.usecases.actors import Actor, today
from bot.usecases.dates import read_date
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolAnswers:
    """What a calendar is made of, as typed: texts of dates, one bell schedule, a zone.

    ``days`` is the cycle in its order; ``first`` is a date on which it begins.
    """

    days: tuple[str, ...]
    first: str
    until: str
    bells: str
    weekdays: tuple[int, ...]
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """Closures, labels and terms as typed, one a line, and the two policies."""

    closures: str
    labels: str
    terms: str
    planned: ClosurePolicy
    unplanned: ClosurePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Bell schedules as typed, and the calendar's last day."""

    bells: str
    until: str


def make_calendar(answers: SchoolAnswers, now: date) -> SchoolCalendar:
    """Return the calendar; ``FieldErrors`` name the answer that cannot be used.

    A cycle whose days are the weekdays in their order never shifts.
    """
    first = _date(answers.first, "first", now)
    until = _date(answers.until, "until", now)
    try:
        bells = parse_bells(answers.bells, answers.days)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"bells": str(problem)}) from None
    weekdays = week_of(answers.days)
    try:
        if weekdays is not None:
            return weekday_calendar(
                zone=answers.zone,
                names=answers.days,
                first_date=first,
                until=until,
                bells=bells,
                school_weekdays=weekdays,
            )
        return SchoolCalendar(
            zone=answers.zone,
            cycle=answers.days,
            first_date=first,
            first_label=answers.days[0],
            until=until,
            bells=bells,
            school_weekdays=answers.weekdays,
            planned=ClosurePolicy.SHIFT,
            unplanned=ClosurePolicy.SHIFT,
        )
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"first": str(problem)}) from None


def week_of(days: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return the weekdays (0 = Monday) that the days are called after, or None for a rotation."""
    found = tuple(weekday_of(day) for day in days)
    if any(day is None for day in found) or len(set(found)) < len(found):
        return None
    return tuple(day for day in found if day is not None)


def in_week_order(days: tuple[str, ...]) -> tuple[str, ...]:
    """Return days called after weekdays from Monday on, numbered days by their numbers.

    A file names them in the order of its lessons; other days stay as they are.
    """
    order = week_of(days)
    if order is None:
        return in_number_order(days)
    return tuple(day for _, day in sorted(zip(order, days, strict=True)))


def in_number_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that differ in their number or letter only ("Day2", "Day1") in its order."""
    found = [(m[1], m[3], m[2].zfill(9), m[0]) for m in map(_NUMBERED.fullmatch, names) if m]
    alike = len(found) == len(names) and len({part[:2] for part in found}) == 1
    return tuple(part[3] for part in sorted(found)) if alike else names


def suggested_bells(periods: tuple[str, ...]) -> str:
    """Return a bell schedule to complete: the periods, with the times that their names tell."""
    told = periods_from_names(in_number_order(periods))
    ordered = sorted(told, key=lambda p: p.seconds) if all(p.timed for p in told) else told
    return "\n".join(
        f"{p.name} {p.start:%H:%M}-{p.end:%H:%M}" if p.start and p.end else p.name for p in ordered
    )


def save_calendar(work: Work, calendar: SchoolCalendar) -> None:
    """Store the calendar and plan everybody's reminders by it."""
    work.times.save_calendar(calendar)
    replan(work, (member.id for member in work.members.all()))


def change_bells(work: Work, actor: Actor, command: Bells) -> SchoolCalendar:
    """Replace the bell schedules, and say how long the calendar holds."""
    calendar = require_calendar(work)
    try:
        bells = parse_bells(command.bells, calendar.cycle)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"bells": str(problem)}) from None
    until = _date(command.until, "until", today(work, actor.member))
    try:
        changed = replace(calendar, bells=bells, until=until)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"until": str(problem)}) from None
    save_calendar(work, changed)
    return changed


def change_closures(work: Work, _: Actor, command: Closures) -> SchoolCalendar:
    """Replace closures, labels, terms and policies of the school's calendar."""
    calendar = require_calendar(work)
    now = work.now.date()
    changed = replace(
        calendar,
        closures=tuple(_closures(command.closures, now)),
        labels=dict(_labels(command.labels, now)),
        terms=tuple(_terms(command.terms, now)),
        planned=command.planned,
        unplanned=command.unplanned,
    )
    save_calendar(work, changed)
    return changed


def require_calendar(work: Work) -> SchoolCalendar:
    """Return the school's calendar; ``InvalidInput`` when there is none yet."""
    calendar = work.times.calendar()
    if calendar is None:
        raise errors.InvalidInput(
            what="There is no school calendar here yet.",
            remedy="Say “timetable” and add yours: it asks when the days are.",
        )
    return calendar


def show_calendar(work: Work, _: Actor, __: None) -> SchoolCalendar | None:
    """Return the school's calendar, None when there is none yet."""
    return work.times.calendar()


def known_calendar(work: Work, _: Actor, __: None) -> SchoolCalendar:
    """Return the school's calendar; ``InvalidInput`` when there is none yet."""
    return require_calendar(work)


def new_calendar(work: Work, actor: Actor, answers: SchoolAnswers) -> SchoolCalendar:
    """Make and store a calendar of the cycle given."""
    if not answers.days:
        raise errors.FieldErrors({"days": "Name the days of the cycle, for example: A, B"})
    calendar = make_calendar(answers, today(work, actor.member))
    save_calendar(work, calendar)
    return calendar


def lines_of_closures(calendar: SchoolCalendar) -> str:
    """Return the closures as they are typed: "2026-12-21 to 2027-01-01 planned Winter break"."""
    return "\n".join(
        " ".join(filter(None, (_span(c.start, c.end), c.kind.value, c.name)))
        for c in calendar.closures
    )


def lines_of_labels(calendar: SchoolCalendar) -> str:
    """Return the labels of single dates as they are typed: "2026-11-30 = B"."""
    return "\n".join(f"{day} = {label or '-'}" for day, label in sorted(calendar.labels.items()))


def lines_of_terms(calendar: SchoolCalendar) -> str:
    """Return the terms as they are typed: "2026-08-24 to 2026-12-18 Autumn"."""
    return "\n".join(f"{_span(t.start, t.end)} {t.name}" for t in calendar.terms)


def _span(start: date, end: date) -> str:
    return f"{start}" if start == end else f"{start} to {end}"


_NUMBERED = re.compile(r"(\D*?)(\d+|\b[A-Z]\b)(\D*)")
_DAY = r"(\d{1,2}\.?\s+[^\W\d_]{3,9}(?:,?\s+\d{4})?|\S+?)"
_LINE = re.compile(rf"^{_DAY}(?:\s*(?:\bto\b|\u2013|\.\.)\s*{_DAY})?(?:\s+(.*))?$")


def _lines(text: str, key: str, now: date) -> Iterator[tuple[date, date, str]]:
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        found = _LINE.match(line)
        if found is None:
            raise errors.FieldErrors({key: f"“{line}” is not a date, or a date to a date."})
        start = _date(found[1], key, now)
        end = _date(found[2], key, now) if found[2] else start
        yield start, end, (found[3] or "").strip()


def _closures(text: str, now: date) -> Iterator[Closure]:
    for start, end, words in _lines(text, "closures", now):
        first, _, rest = words.partition(" ")
        unplanned = first.casefold() == ClosureKind.UNPLANNED
        stated = unplanned or first.casefold() == ClosureKind.PLANNED
        yield Closure(
            start=start,
            end=end,
            kind=ClosureKind.UNPLANNED if unplanned else ClosureKind.PLANNED,
            name=rest if stated else words,
        )


def _labels(text: str, now: date) -> Iterator[tuple[date, str | None]]:
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        day, sign, label = line.partition("=")
        if not sign or not label.strip():
            raise errors.FieldErrors(
                {"labels": f"“{line}”: write a date, =, and the day, for example 2026-11-30 = B"}
            )
        named = label.strip()
        yield _date(day.strip(), "labels", now), None if named == "-" else named


def _terms(text: str, now: date) -> Iterator[Term]:
    for start, end, name in _lines(text, "terms", now):
        yield Term(name=name or "term", start=start, end=end)


def _date(text: str, key: str, now: date) -> date:
    try:
        return read_date(text, now)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({key: str(problem)}) from None

"""What a school's calendar is made of, as people type it, and the calendar made of that."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from bot.domain import errors
from bot.domain.planning.texts import FIELD_LENGTH, require_length
from bot.domain.timetable.bell_text import parse_bells, render_bells
from bot.domain.timetable.bells import Bells, check_name
from bot.domain.timetable.dates import read_date
from bot.domain.timetable.period_lines import parse_bell_schedule, periods_from_names
from bot.domain.timetable.school import SchoolCalendar, check_cycle, weekday_calendar
from bot.domain.timetable.weekdays import weekday_of
from bot.domain.timetable.zones import zone_meant

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolAnswers:
    """What a calendar is made of, as typed: texts of dates, one bell schedule, a zone.

    ``days`` is the cycle in its order; ``first`` is a date on which it begins; ``weekdays`` count
    from 0 = Monday and are empty where they were not asked.
    """

    days: tuple[str, ...]
    first: str
    until: str
    bells: str
    weekdays: tuple[int, ...]
    zone: str


def answers_from(document: Mapping[str, Any]) -> SchoolAnswers:
    """Return the answers of a document that ``dataclasses.asdict`` made and JSON carried."""
    lists = {key: tuple(document[key]) for key in ("days", "weekdays")}
    return SchoolAnswers(**{**document, **lists})


def make_calendar(answers: SchoolAnswers, now: date) -> SchoolCalendar:
    """Return the calendar; ``FieldErrors`` name the answer that cannot be used.

    A cycle whose days are the weekdays in their order never shifts.
    """
    checked("days", lambda: check_days(answers.days))
    first, until = day_of(answers.first, "first", now), day_of(answers.until, "until", now)
    bells = bells_of(answers.bells, answers.days)
    zone = checked("zone", lambda: zone_meant(answers.zone)).key
    weekdays = week_of(answers.days)
    if weekdays is None and not answers.weekdays:
        raise errors.FieldErrors({"weekdays": "Choose the weekdays on which there is school."})

    def made() -> SchoolCalendar:
        if weekdays is None:
            return SchoolCalendar(
                zone=zone,
                cycle=answers.days,
                first_date=first,
                first_label=answers.days[0],
                until=until,
                bells=bells,
                school_weekdays=answers.weekdays,
            )
        return weekday_calendar(
            zone=zone,
            names=answers.days,
            first_date=first,
            until=until,
            bells=bells,
            school_weekdays=weekdays,
        )

    return checked("until", made)


def with_dates(answers: SchoolAnswers, calendar: SchoolCalendar) -> SchoolAnswers:
    """Return the answers with their dates as they were understood: "Monday" is another tomorrow."""
    return replace(answers, first=str(calendar.first_date), until=str(calendar.until))


def extended(standing: SchoolCalendar, text: str, missing: tuple[str, ...]) -> SchoolCalendar:
    """Return the calendar with more periods in its ordinary day, and all else as it was.

    ``FieldErrors`` when one of the missing has no line, overlaps, or a line changes a period.
    """
    bells = standing.bells
    day = bells.schedules[bells.default]
    told = checked("bells", lambda: parse_bell_schedule(text, beside=day.periods)).periods
    refuse_lacking(missing, {period.name for period in told})
    known = {period.name: period for period in day.periods}
    for period in told:
        if known.get(period.name, period) != period:
            says = f"“{period.name}” has other times in the school's calendar: leave that line out."
            raise errors.FieldErrors({"bells": says})
    added = tuple(period for period in told if period.name not in known)
    longer = checked("bells", lambda: replace(day, periods=(*day.periods, *added)))
    return replace(
        standing,
        bells=fitting(replace(bells, schedules={**bells.schedules, bells.default: longer})),
    )


def refuse_lacking(wanted: tuple[str, ...], told: set[str]) -> None:
    """Raise ``FieldErrors`` unless each of the periods wanted has a line."""
    lacking = [name for name in wanted if name not in told]
    if lacking:
        raise errors.FieldErrors(
            {"bells": f"Give a line for each period of the table: {', '.join(lacking)}."}
        )


def checked(key: str, make: Callable[[], T]) -> T:
    """Return what ``make`` does; what it finds wrong stands below the form's input ``key``."""
    try:
        return make()
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({key: str(problem)}) from None


def check_days(days: tuple[str, ...]) -> None:
    """Raise InvalidInput unless the days can be a cycle and their names fit everywhere."""
    check_cycle(days)
    for day in days:
        check_name(day, "day")


def bells_of(text: str, cycle: tuple[str, ...]) -> Bells:
    """Return bell schedules as typed; ``FieldErrors`` for what they cannot be."""
    return fitting(checked("bells", lambda: parse_bells(text, cycle)))


def fitting(bells: Bells) -> Bells:
    """Return the bells; ``FieldErrors`` when their form could not hold them any more."""
    require_length(
        render_bells(bells), key="bells", name="Written out, the bells", limit=FIELD_LENGTH
    )
    return bells


def day_of(text: str, key: str, now: date) -> date:
    """Return the date typed into the form's input ``key``; else ``FieldErrors``."""
    return checked(key, lambda: read_date(text, now))


def mark_of(calendar: SchoolCalendar | None) -> str:
    """Return a short mark of the calendar: a form opened on another one has another mark."""
    return "none" if calendar is None else sha256(repr(calendar).encode()).hexdigest()[:10]


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


_NUMBERED = re.compile(r"(\D*?)(\d+|\b[A-Z]\b)(\D*)")


def in_number_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that differ in their number or letter only ("Day2", "Day1") in its order."""
    found = [(m[1], m[3], m[2].zfill(9), m[0]) for m in map(_NUMBERED.fullmatch, names) if m]
    alike = len(found) == len(names) and len({part[:2] for part in found}) == 1
    return tuple(part[3] for part in sorted(found)) if alike else names


def suggested_bells(
    periods: tuple[str, ...],
    clock: Mapping[str, str] | None = None,
    breaks: Collection[str] = (),
) -> str:
    """Return a bell schedule to complete: the periods, with the times that are told.

    ``clock`` has those that a file tells ("08:00-08:45"); else their names may tell them.
    """
    spans = {
        p.name: f"{p.start:%H:%M}-{p.end:%H:%M}" if p.start and p.end else ""
        for p in periods_from_names(in_number_order(periods))
    } | {name: span for name, span in (clock or {}).items() if name in periods}
    ordered = sorted(spans, key=lambda name: spans[name]) if all(spans.values()) else spans
    return "\n".join(
        " ".join(filter(None, (name, spans[name], "(break)" if name in breaks else "")))
        for name in ordered
    )

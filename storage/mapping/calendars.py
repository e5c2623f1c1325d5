"""School calendars <-> JSON documents."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from bot.domain.timetable.bells import Bells, BellSchedule, Partly, Period
from bot.domain.timetable.school import (
    Closure,
    ClosureKind,
    ClosurePolicy,
    SchoolCalendar,
    Term,
)
from storage.mapping.codec import maybe_iso, maybe_time, read, written


def calendar_body(calendar: SchoolCalendar) -> str:
    """Return the calendar's document."""
    return written(
        {
            "zone": calendar.zone,
            "cycle": calendar.cycle,
            "first_date": calendar.first_date.isoformat(),
            "first_label": calendar.first_label,
            "until": calendar.until.isoformat(),
            "bells": _bells(calendar.bells),
            "school_weekdays": calendar.school_weekdays,
            "closures": [
                (one.start.isoformat(), one.end.isoformat(), one.kind.value, one.name, one.only)
                for one in calendar.closures
            ],
            "planned": calendar.planned.value,
            "unplanned": calendar.unplanned.value,
            "labels": _by_iso(calendar.labels),
            "terms": [
                (one.name, one.start.isoformat(), one.end.isoformat()) for one in calendar.terms
            ],
            "weekly": calendar.weekly,
            "school": calendar.school,
        }
    )


def calendar_of(body: str) -> SchoolCalendar:
    """Return the calendar of a document."""
    known = read(body)
    return SchoolCalendar(
        zone=known["zone"],
        cycle=tuple(known["cycle"]),
        first_date=date.fromisoformat(known["first_date"]),
        first_label=known["first_label"],
        until=date.fromisoformat(known["until"]),
        bells=_bells_of(known["bells"]),
        school_weekdays=tuple(known["school_weekdays"]),
        closures=tuple(_closure_of(*parts) for parts in known["closures"]),
        planned=ClosurePolicy(known["planned"]),
        unplanned=ClosurePolicy(known["unplanned"]),
        labels=_by_date(known["labels"]),
        terms=tuple(_term_of(*parts) for parts in known["terms"]),
        weekly=known["weekly"],
        school=known.get("school", ""),
    )


def _closure_of(start: str, end: str, kind: str, name: str, only: Sequence[str] = ()) -> Closure:
    return Closure(
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        kind=ClosureKind(kind),
        name=name,
        only=tuple(only),
    )


def _term_of(name: str, start: str, end: str) -> Term:
    return Term(name=name, start=date.fromisoformat(start), end=date.fromisoformat(end))


def _by_iso(by_date: Mapping[date, Any]) -> dict[str, Any]:
    return {day.isoformat(): value for day, value in by_date.items()}


def _by_date(by_iso: Mapping[str, Any]) -> dict[date, Any]:
    return {date.fromisoformat(day): value for day, value in by_iso.items()}


def _bells(bells: Bells) -> dict[str, Any]:
    return {
        "schedules": [
            (one.name, [_period(period) for period in one.periods])
            for one in bells.schedules.values()
        ],
        "default": bells.default,
        "by_label": dict(bells.by_label),
        # Pairs, for a JSON object would turn the weekdays' numbers into texts.
        "by_weekday": list(bells.by_weekday.items()),
        "by_date": _by_iso(bells.by_date),
        "dismissals": {day.isoformat(): at.isoformat() for day, at in bells.dismissals.items()},
        "partly": [
            (one.day.isoformat(), one.only, one.schedule, maybe_iso(one.until))
            for one in bells.partly
        ],
    }


def _bells_of(known: dict[str, Any]) -> Bells:
    return Bells(
        schedules={
            name: BellSchedule(name=name, periods=tuple(_period_of(*one) for one in periods))
            for name, periods in known["schedules"]
        },
        default=known["default"],
        by_label=known["by_label"],
        by_weekday=dict(known["by_weekday"]),
        by_date=_by_date(known["by_date"]),
        dismissals={
            date.fromisoformat(day): time.fromisoformat(at)
            for day, at in known.get("dismissals", {}).items()
        },
        partly=tuple(_partly_of(*parts) for parts in known.get("partly", ())),
    )


def _partly_of(day: str, only: Sequence[str], schedule: str | None, until: str | None) -> Partly:
    return Partly(
        day=date.fromisoformat(day), only=tuple(only), schedule=schedule, until=maybe_time(until)
    )


def _period(period: Period) -> tuple[Any, ...]:
    return period.name, maybe_iso(period.start), maybe_iso(period.end), period.is_break


def _period_of(name: str, start: str | None, end: str | None, is_break: bool) -> Period:  # noqa: FBT001 - a place in a list
    return Period(name=name, start=maybe_time(start), end=maybe_time(end), is_break=is_break)

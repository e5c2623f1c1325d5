"""The school's calendar: which cycle day is which date.

Schools differ in what a closure does to the rotation, and treat planned and unplanned ones
differently (shared research: ``data/rotation/policies.json``), so there is a policy for each, and
a label per date that wins over both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bells import Bells
from bot.domain.timetable.clocktimes import zone_of

LONGEST_CYCLE = 10
LONGEST_CALENDAR = timedelta(days=5 * 366)
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
_DAY = timedelta(days=1)


class ClosureKind(StrEnum):
    """A holiday that stood in the calendar, or a day lost to snow."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"


class ClosurePolicy(StrEnum):
    """What a closed day does to the cycle: the label waits for the next day, or is used up."""

    SHIFT = "shift"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """No school from ``start`` to ``end``, both included; dates of the school's zone.

    With ``only``, for these groups alone (classes, grades, school levels): the school is open.
    """

    start: date
    end: date
    kind: ClosureKind
    name: str = ""
    only: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_backwards(self.name or "closure", self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term from ``start`` to ``end``, both included; dates of the school's zone."""

    name: str
    start: date
    end: date

    def __post_init__(self) -> None:
        _refuse_backwards(self.name or "term", self.start, self.end)


def _refuse_backwards(name: str, start: date, end: date) -> None:
    """Raise InvalidInput when something ends before it begins."""
    if end < start:
        raise InvalidInput(
            what=f"“{name}” ends on {end}, before it begins on {start}.",
            remedy="Give the first day and the last day in this order.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCalendar:
    """A school year: its cycle, closures and bells; ``school`` names it among several.

    ``zone`` is an IANA name; all dates are local to it. ``cycle`` holds 1 to 10 labels; the first
    school day from ``first_date`` on has ``first_label``; the calendar holds to ``until``,
    included. ``school_weekdays`` counts from 0 = Monday. ``labels`` wins over everything: a label
    makes its date a school day, None a day without school, and neither moves the days after it.
    No ``terms``: all of it is term; outside terms the cycle waits. When planned and unplanned
    closures fall on one date, it was closed as planned. ``weekly``: the labels belong to the
    weekdays, in the order of ``school_weekdays``, and nothing moves them.
    Raises InvalidInput for what cannot be a calendar.
    """

    zone: str
    cycle: tuple[str, ...]
    first_date: date
    first_label: str
    until: date
    bells: Bells
    school_weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY
    closures: tuple[Closure, ...] = ()
    planned: ClosurePolicy = ClosurePolicy.SHIFT
    unplanned: ClosurePolicy = ClosurePolicy.SHIFT
    labels: Mapping[date, str | None] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    weekly: bool = False
    school: str = ""
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out about this very calendar."""
    # Every date's label, computed at the first question: thousands of questions follow.
    _known: dict[date, str | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        zone_of(self.zone)
        _check_cycle(self)
        _check_dates(self)
        _check_weekdays(self)

    def label_on(self, day: date) -> str | None:
        """Return the cycle day of ``day``; None when there is no school, or no calendar for it."""
        return self._labels().get(day)

    def _labels(self) -> dict[date, str | None]:
        if not self._known:  # in one step: another thread may ask meanwhile
            self._known.update({**dict(_walk(self)), **self.labels})
        return self._known

    def school_days(self) -> list[tuple[date, str]]:
        """Return all school days with their labels, in order."""
        return sorted((day, label) for day, label in self._labels().items() if label is not None)

    def labels_between(self, start: date, end: date) -> dict[date, str | None]:
        """Return the cycle day of every date from ``start`` to ``end``, both included."""
        days = (end - start).days + 1
        dates = (start + timedelta(days=at) for at in range(days))
        return {day: self.label_on(day) for day in dates}

    def closed_on(self, day: date) -> bool:
        """Tell whether ``day`` is a closure or holiday (a plain weekend is neither)."""
        if self.label_on(day) is not None:
            return False
        if not self.first_date <= day <= self.until:
            return False
        ordinary = day.weekday() in self.school_weekdays or not _in_term(self, day)
        return ordinary or any(c.start <= day <= c.end for c in self.closures if not c.only)

    def add_school_days(self, day: date, n: int) -> date:
        """Return the school day ``n`` school days after ``day``.

        ``n`` = 0 gives the day itself or the next school day. After ``until`` every one of the
        school's weekdays counts.
        """
        if n < 0:
            raise ValueError("school days are counted forwards")
        at = self._school_day_from(day)
        for _ in range(n if at == day else n - 1):
            at = self._school_day_from(at + _DAY)
        return at

    def due_on(self, day: date) -> date:
        """Return the day on which what was due on ``day`` is due.

        The next school day, when ``day`` was lost to an unplanned closure: nobody could know. What
        falls on holidays was dated so by somebody who saw them, and stays.
        """
        if self.label_on(day) is not None:
            return day
        found = {c.kind for c in self.closures if c.start <= day <= c.end and not c.only}
        lost = found == {ClosureKind.UNPLANNED}
        ordinary = day.weekday() in self.school_weekdays and _in_term(self, day)
        return self.add_school_days(day, 0) if lost and ordinary else day

    def _school_day_from(self, day: date) -> date:
        """Return the first school day from ``day`` on."""
        labels, until, weekdays = self._labels(), self.until, self.school_weekdays
        while labels.get(day) is None and (day <= until or day.weekday() not in weekdays):
            day += _DAY
        return day


def weekday_calendar(
    *,
    zone: str,
    names: tuple[str, ...],
    first_date: date,
    until: date,
    bells: Bells,
    school_weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY,
) -> SchoolCalendar:
    """Return a calendar whose cycle is the week: ``names[i]`` is ``school_weekdays[i]``.

    Closures, terms and labels may be put in with ``dataclasses.replace``; a closed day never moves
    the weekdays after it.
    """
    return SchoolCalendar(
        zone=zone,
        cycle=names,
        first_date=first_date,
        first_label=names[0] if names else "",
        until=until,
        bells=bells,
        school_weekdays=school_weekdays,
        planned=ClosurePolicy.SKIP,
        unplanned=ClosurePolicy.SKIP,
        weekly=True,
    )


def _check_cycle(calendar: SchoolCalendar) -> None:
    """Raise InvalidInput unless the cycle can be one and no other label is used."""
    check_cycle(calendar.cycle)
    for label in (calendar.first_label, *calendar.labels.values()):
        if label is not None and label not in calendar.cycle:
            raise unknown_day(label, calendar.cycle)


def check_cycle(cycle: tuple[str, ...]) -> None:
    """Raise InvalidInput unless there are 1 to 10 days with different names."""
    if not 1 <= len(cycle) <= LONGEST_CYCLE:
        raise InvalidInput(
            what=f"A cycle has 1 to {LONGEST_CYCLE} days, not {len(cycle)}.",
            remedy="Name the days of the cycle in their order, for example: A, B.",
        )
    if len(set(cycle)) < len(cycle) or not all(label.strip() for label in cycle):
        raise InvalidInput(
            what="The days of the cycle need different names: " + ", ".join(cycle) + ".",
            remedy="Name every day of the cycle once.",
        )


def unknown_day(label: str, cycle: tuple[str, ...]) -> InvalidInput:
    """Return the problem of a day that is not in the cycle."""
    return InvalidInput(
        what=f"There is no day “{label}” in the cycle.",
        remedy="Its days are: " + ", ".join(cycle) + ".",
    )


def _check_dates(calendar: SchoolCalendar) -> None:
    """Raise InvalidInput unless the calendar ends after it begins, within five years."""
    _refuse_backwards("calendar", calendar.first_date, calendar.until)
    if calendar.until - calendar.first_date > LONGEST_CALENDAR:
        raise InvalidInput(
            what=f"A calendar from {calendar.first_date} to {calendar.until} is too long.",
            remedy="Enter one school year at a time; at most five years.",
        )


def _check_weekdays(calendar: SchoolCalendar) -> None:
    """Raise InvalidInput unless there are school weekdays, and a label for each if weekly."""
    days = calendar.school_weekdays
    if not days or len(set(days)) < len(days) or not set(days) <= set(range(7)):
        raise InvalidInput(
            what="The school's weekdays are not clear.",
            remedy="Name each weekday with school once, for example Monday to Friday.",
        )
    if calendar.weekly and len(days) != len(calendar.cycle):
        raise InvalidInput(
            what=f"There are {len(calendar.cycle)} names for {len(days)} weekdays.",
            remedy="Give one name for each weekday with school.",
        )


def _in_term(calendar: SchoolCalendar, day: date) -> bool:
    """Tell whether ``day`` lies in a term."""
    return not calendar.terms or any(term.start <= day <= term.end for term in calendar.terms)


def _walk(calendar: SchoolCalendar) -> Iterator[tuple[date, str | None]]:
    """Yield every date of the calendar with its label, without the labels per date."""
    closed = _closed(calendar)
    position = calendar.cycle.index(calendar.first_label)
    weekdays = {number: at for at, number in enumerate(calendar.school_weekdays)}
    for at in range((calendar.until - calendar.first_date).days + 1):
        day = calendar.first_date + timedelta(days=at)
        place = weekdays.get(day.weekday())
        if place is None or not _in_term(calendar, day):
            yield day, None
        elif day in closed:
            position += closed[day] is ClosurePolicy.SKIP
            yield day, None
        else:
            yield day, calendar.cycle[place if calendar.weekly else position % len(calendar.cycle)]
            position += 1


def _closed(calendar: SchoolCalendar) -> dict[date, ClosurePolicy]:
    """Return the policy of every closed date of the calendar; planned closures win."""
    policies = {
        ClosureKind.PLANNED: calendar.planned,
        ClosureKind.UNPLANNED: calendar.unplanned,
    }
    closed = {}
    closures = (one for one in calendar.closures if not one.only)
    for closure in sorted(closures, key=lambda one: one.kind is ClosureKind.PLANNED):
        first = max(closure.start, calendar.first_date)
        last = min(closure.end, calendar.until)
        for at in range((last - first).days + 1):
            closed[first + timedelta(days=at)] = policies[closure.kind]
    return closed

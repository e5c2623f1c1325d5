"""Schools of twelve zones: facts for the judge, and the same as the product's calendars."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from random import Random  # noqa: TID251 - seeded

from bot.domain.timetable.bells import Bells, BellSchedule, Period
from bot.domain.timetable.school import (
    Closure,
    ClosureKind,
    ClosurePolicy,
    SchoolCalendar,
    Term,
)
from tests.support.simulated.facts import DAY, Bell, School

ZONES = (
    "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Beirut", "Africa/Casablanca",
    "America/Havana", "Pacific/Auckland", "Asia/Kathmandu", "America/Santiago", "Europe/Helsinki",
    "America/St_Johns", "Asia/Tokyo",
)  # fmt: skip
"""Half hours, a gap at midnight, one of half an hour, Ramadan, and none at all."""
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri")


def school_in(zone: str, first: date, dice: Random) -> School | None:
    """Return the school of a zone; None where people have no school, but a study group."""
    kind = ZONES.index(zone) % 4
    if kind == 3:
        return None
    start = first - timedelta(days=first.weekday() + 7)
    until = start + timedelta(days=7 * 46 + 4)
    if kind == 0:
        return _rotating(zone, start, until, dice)
    return _weekly(zone, start, until, dice) if kind == 1 else _sunday(zone, start, until, dice)


def _rotating(zone: str, start: date, until: date, dice: Random) -> School:
    """Eight periods on A and B days, or seven of them; assemblies; closed days move the cycle."""
    cycle = ("A", "B") if dice.random() < 0.5 else tuple("1234567")
    usual = _bells(8 * 60, 45, 5, 8)
    short = _bells(8 * 60, 30, 5, 8)
    assemblies = {start + timedelta(days=dice.randrange(300)): "assembly" for _ in range(12)}
    return School(
        zone=zone, cycle=cycle, first=start, first_label=cycle[0], until=until,
        bells={"regular": usual, "assembly": short}, usual="regular", by_date=assemblies,
        closures=_closures(start, dice), unplanned_use_up=dice.random() < 0.5,
    )  # fmt: skip


def _weekly(zone: str, start: date, until: date, dice: Random) -> School:
    """A timetable of weekdays, late on Wednesdays, with terms; nothing moves the weekdays."""
    terms = tuple(
        (start + timedelta(weeks=w), start + timedelta(weeks=w + 12, days=4)) for w in (0, 15, 30)
    )
    return School(
        zone=zone, cycle=WEEK, first=start, first_label="Mon", until=until,
        bells={"regular": _bells(8 * 60 + 30, 50, 0, 6), "late": _bells(10 * 60, 40, 5, 6)},
        usual="regular", by_weekday={2: "late"}, closures=_closures(start, dice),
        planned_use_up=True, unplanned_use_up=True, weekly=True, terms=terms,
    )  # fmt: skip


def _sunday(zone: str, start: date, until: date, dice: Random) -> School:
    """A school that runs from Sunday to Thursday, six days in its cycle, the last ones short."""
    cycle = tuple("UVWXYZ")
    return School(
        zone=zone, cycle=cycle, first=start - DAY, first_label="U", until=until,
        weekdays=(6, 0, 1, 2, 3),
        bells={"regular": _bells(7 * 60 + 45, 40, 10, 7), "short": _bells(7 * 60 + 45, 40, 5, 4)},
        usual="regular", by_label={"Z": "short"}, closures=_closures(start, dice),
        planned_use_up=dice.random() < 0.5,
    )  # fmt: skip


def _bells(at: int, length: int, between: int, count: int) -> tuple[Bell, ...]:
    """Return periods with a break for all after the third."""
    bells = []
    for number in range(1, count + 1):
        bells.append(Bell(name=f"P{number}", start=at, end=at + length))
        at += length + between
        if number == 3:
            bells.append(Bell(name="Break", start=at, end=at + 15, pause=True))
            at += 15
    return tuple(bells)


def _closures(start: date, dice: Random) -> tuple[tuple[date, date, bool], ...]:
    """Return two weeks of holidays in the middle, and some days that stood in the calendar."""
    winter = start + timedelta(weeks=18)
    found = [(winter, winter + timedelta(days=11), True)]
    for _ in range(6):
        day = start + timedelta(days=dice.randrange(320))
        found.append((day, day + dice.randrange(2) * DAY, True))
    return tuple(found)


def calendar_of(school: School) -> SchoolCalendar:
    """Return the school as the product knows it."""
    return SchoolCalendar(
        zone=school.zone,
        cycle=school.cycle,
        first_date=school.first,
        first_label=school.first_label,
        until=school.until,
        bells=Bells(
            schedules={name: _schedule(name, bells) for name, bells in school.bells.items()},
            default=school.usual,
            by_label=school.by_label,
            by_weekday=school.by_weekday,
            by_date=school.by_date,
        ),
        school_weekdays=school.weekdays,
        closures=tuple(_closure(*one) for one in school.closures),
        planned=policy(school.planned_use_up),
        unplanned=policy(school.unplanned_use_up),
        labels=school.labels,
        terms=tuple(Term(name="term", start=first, end=last) for first, last in school.terms),
        weekly=school.weekly,
    )


def policy(use_up: bool) -> ClosurePolicy:
    return ClosurePolicy.SKIP if use_up else ClosurePolicy.SHIFT


def _schedule(name: str, bells: tuple[Bell, ...]) -> BellSchedule:
    periods = (
        Period(name=b.name, start=_time(b.start), end=_time(b.end), is_break=b.pause) for b in bells
    )
    return BellSchedule(name=name, periods=tuple(periods))


def _closure(first: date, last: date, planned: bool) -> Closure:
    kind = ClosureKind.PLANNED if planned else ClosureKind.UNPLANNED
    return Closure(start=first, end=last, kind=kind)


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def uses_in(school: School, dice: Random) -> Mapping[tuple[str, str], str]:
    """Return somebody's week: mostly lessons, in places something else, seldom nothing free."""
    free = dice.choice([0.0, 0.06, 0.15, 0.15, 0.3, 0.5])
    names = {bell.name for bells in school.bells.values() for bell in bells if not bell.pause}
    found = {}
    for label in school.cycle:
        for name in sorted(names):
            if dice.random() >= free:
                found[label, name] = dice.choice(["lesson"] * 6 + ["duty", "absent"])
            elif dice.random() < 0.4:
                found[label, name] = "planning"
    return found

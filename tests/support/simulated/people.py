"""People as the dice make them: where they live, and what they tell about their time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from random import Random  # noqa: TID251 - seeded

from bot.domain.members import Nudges, Where
from bot.domain.timetable.grid import Grid
from bot.usecases.settings import ChangeSettings
from tests.support.simulated.facts import NIGHT, OWN_DAYS, Person, School
from tests.support.simulated.schools import ZONES, uses_in

NAMES = ("ana", "ben", "maya", "rosa")
NUDGES = {0: Nudges.OFF, 1: Nudges.LIGHT, 2: Nudges.NORMAL}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def somebody(user: str, home: str, school: School | None, dice: Random) -> Person:
    """Return a person who has told nothing yet; some of a partnership live in another zone."""
    elsewhere = dice.random() < (0.1 if school else 0.4)
    return Person(user=user, zone=dice.choice(ZONES) if elsewhere else home)


def with_times(person: Person, school: School | None, dice: Random) -> Person:
    """Return the person with a timetable, or hours, that they now tell.

    Who lives in another zone than the school teaches at no hours of the night.
    """
    if school is not None and school.zone == person.zone and dice.random() < 0.8:
        return replace(person, uses=uses_in(school, dice), hours=None)
    hours = []
    for weekday in sorted(dice.sample(range(7), dice.randint(1, 4))):
        start = dice.choice([0, 7 * 60, 12 * 60 + 30, 16 * 60, 18 * 60 + 15, 21 * 60])
        end = start + dice.choice([45, 90, 180, 1440])
        hours.append((weekday, start, min(end, 1440)))
    return replace(person, hours=tuple(hours), uses=None)


def with_settings(person: Person, dice: Random) -> Person:
    """Return the person with other preferences."""
    return replace(
        person,
        nudges=dice.choice([0, 1, 1, 2, 2, 2, 2]),
        rather=dice.random() < 0.15,
        days=dice.choice([OWN_DAYS] * 3 + [(1, 3, 5), (6, 7), (1, 2, 3, 4, 5, 6, 7)]),
        quiet=dice.choice([NIGHT] * 3 + [(22 * 60, 6 * 60), (9 * 60, 12 * 60), (0, 0)]),
        zone=dice.choice(ZONES) if person.uses is None and dice.random() < 0.1 else person.zone,
    )


def settings(person: Person) -> ChangeSettings:
    """Return the settings as the form sends them."""
    start, end = person.quiet
    return ChangeSettings(
        nudges=NUDGES[person.nudges],
        where=Where.THREAD if person.rather else Where.DIRECT,
        platform="",
        days=person.days,
        quiet_start=_time(start),
        quiet_end=_time(end),
    )


def words(hours: tuple[tuple[int, int, int], ...]) -> str:
    """Return weekly hours as somebody types them."""
    return "; ".join(f"{_DAYS[day]} {_clock(a)}-{_clock(b)}" for day, a, b in hours)


def grid(school: School, uses: Mapping[tuple[str, str], str]) -> Grid:
    """Return a timetable as a file about one person says it."""
    periods = tuple(
        dict.fromkeys(b.name for bells in school.bells.values() for b in bells if not b.pause)
    )

    def places(use: str) -> frozenset[tuple[int, int]]:
        return frozenset(
            (school.cycle.index(label), periods.index(name))
            for (label, name), used in uses.items()
            if used == use
        )

    return Grid(
        days=school.cycle,
        periods=periods,
        lessons={"": places("lesson")},
        planning={"": places("planning")},
        duties={"": places("duty")},
        absences={"": places("absent")},
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)

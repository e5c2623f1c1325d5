"""A school year as a calendar of whole days says it: closures and odd days, by their titles."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.timetable.feeds import WholeDay

_LONGEST = 100
"""Days: more than the longest holidays."""


class DayKind(StrEnum):
    """What a whole day may be, by its title; somebody has to say so before it counts."""

    CLOSED = "closed"
    EARLY = "early dismissal"
    LATE = "late start"


_CLOSED = (
    r"closed\b|closure|no (school|classes)|recess|holiday|vacation|"
    r"(spring|winter|fall|autumn|summer|christmas|easter|february|mid-?term|term) break|"
    r"ferien|schulfrei|unterrichtsfrei|feiertag|vacances|férié|vacaciones|festivo|feriado|"
    r"vacanz|vakantie|lomalla|wakacje|ferie\b|prázdniny|szünet"
)
# What changes the hours is looked for first: "Labor Day - Early Dismissal" is a day with school.
_TITLES = (
    (
        DayKind.EARLY,
        r"early (dismissal|release)|(half|minimum|short)[- ]day|\bnoon dismissal|hitzefrei",
    ),
    (
        DayKind.LATE,
        r"(delayed|late) (opening|start|arrival)|hour delay",
    ),
    (DayKind.CLOSED, _CLOSED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDays:
    """The whole days of one or several calendars, in their order, and what was left out."""

    days: tuple[WholeDay, ...]
    notes: tuple[str, ...] = ()


def closed_days(year: YearDays) -> dict[date, str]:
    """Return the dates that may be closures by their titles, with these; longer spans are cut."""
    return {
        one.first + timedelta(days=at): one.what
        for one in year.days
        if kind_of(one.what) is DayKind.CLOSED
        for at in range(min((one.last - one.first).days + 1, _LONGEST))
    }


def kind_of(title: str) -> DayKind | None:
    """Return what a day of that title may be; None where the title does not tell."""
    found = (kind for kind, words in _TITLES if re.search(words, title, re.IGNORECASE))
    return next(found, None)

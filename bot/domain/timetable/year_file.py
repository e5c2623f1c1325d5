"""A school's year from a file, which need not tell everything that a calendar has."""

from dataclasses import dataclass, replace

from bot.domain.errors import InvalidInput
from bot.domain.timetable.school import SchoolCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFile:
    """The calendar of a file; ``told`` are the keys that stand in it.

    Without "zone" it is in UTC, without "bells" it has no periods.
    """

    calendar: SchoolCalendar
    told: frozenset[str]


def completed(file: YearFile, standing: SchoolCalendar | None, zone: str) -> SchoolCalendar:
    """Return the file's calendar with what it does not tell as it stands, or else in ``zone``.

    InvalidInput where neither tells the periods.
    """
    made = file.calendar
    if "zone" not in file.told:
        made = replace(made, zone=standing.zone if standing else zone)
    if "bells" in file.told:
        return made
    if standing is None:
        raise InvalidInput(
            what="The file does not tell the clock times of the periods, and nobody has yet.",
            remedy="Add them as “bells: |” with one period a line, such as P1 08:00-08:45.",
        )
    dismissals = {**standing.bells.dismissals, **made.bells.dismissals}
    return replace(made, bells=replace(standing.bells, dismissals=dismissals))

"""A school's year from a file, which need not tell everything that a calendar has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import BellBook, SpecialDays, closures_in
from bot.domain.timetable.bell_text import bells_of_book
from bot.domain.timetable.school import SchoolCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFile:
    """The calendar of a file; ``told`` are the keys that stand in it.

    Without "zone" it is in UTC, without "bells" it has no periods.
    """

    calendar: SchoolCalendar
    told: frozenset[str]


def completed(
    file: YearFile | BellBook, standing: SchoolCalendar | None, zone: str
) -> SchoolCalendar:
    """Return the file's calendar with what it does not tell as it stands, or else in ``zone``.

    InvalidInput where neither tells the periods, or the dates of the year.
    """
    if isinstance(file, BellBook):
        return _with_book(standing, file)
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


def _with_book(standing: SchoolCalendar | None, book: BellBook) -> SchoolCalendar:
    """Return the calendar that stands with the bells and closures of a book, within its dates."""
    if standing is None:
        raise InvalidInput(
            what="Bell schedules do not tell when the school year begins and ends.",
            remedy="Say first when school is, under School calendar; then give them again.",
        )
    within = replace(book, special=tuple(_within(book, standing)))
    closures = tuple(one for one in closures_in(within) if one not in standing.closures)
    bells = replace(bells_of_book(within), dismissals=standing.bells.dismissals)
    return replace(standing, bells=bells, closures=(*standing.closures, *closures))


def _within(book: BellBook, calendar: SchoolCalendar) -> Iterator[SpecialDays]:
    """Yield the special days from the calendar's first to its last date."""
    for one in book.special:
        first, last = max(one.first, calendar.first_date), min(one.last, calendar.until)
        if first <= last:
            yield replace(one, first=first, last=last)

"""Whether a timetable still belongs to the school's calendar, which may change after it."""

from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable

_FITS = "fits"
"""In the memo of a timetable."""


def gone(timetable: Timetable, calendar: SchoolCalendar) -> tuple[str, ...]:
    """Return the days, then the periods of the timetable that the calendar does not have."""
    days, periods = set(calendar.cycle), set(calendar.bells.names)
    labels = dict.fromkeys(label for label, _ in timetable.cells if label not in days)
    names = dict.fromkeys(period for _, period in timetable.cells if period not in periods)
    return (*labels, *names)


def fits(timetable: Timetable, calendar: SchoolCalendar) -> bool:
    """Tell whether the calendar has all the days and periods of the timetable.

    One that lacks some says nothing true about its member's time: a lesson in a period that is
    gone may be at any hour of the new day. The timetable remembers it, with the calendar.
    """
    known: tuple[SchoolCalendar, bool] | None = timetable.memo.get(_FITS)
    if known is None or known[0] is not calendar:
        days, periods = set(calendar.cycle), set(calendar.bells.names)
        whole = all(label in days and period in periods for label, period in timetable.cells)
        known = timetable.memo[_FITS] = calendar, whole
    return known[1]

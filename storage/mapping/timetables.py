"""Timetables and weekly hours <-> JSON documents."""

from datetime import time

from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import WeeklyHours
from storage.mapping.codec import read, written


def timetable_body(timetable: Timetable) -> str:
    """Return the timetable's document: (cycle day, period, use, what) of every cell."""
    cells = timetable.cells.items()
    return written([(label, period, one.use.value, one.what) for (label, period), one in cells])


def timetable_of(body: str) -> Timetable:
    """Return the timetable of a document."""
    return Timetable(
        cells={
            (label, period): Cell(use=Use(use), what=what)
            for label, period, use, what in read(body)
        }
    )


def hours_body(hours: WeeklyHours) -> str:
    """Return the weekly hours' document: (weekday, start, end) of every span."""
    return written([(day, start.isoformat(), end.isoformat()) for day, start, end in hours.spans])


def hours_of(body: str) -> WeeklyHours:
    """Return the weekly hours of a document."""
    return WeeklyHours(
        spans=tuple(
            (day, time.fromisoformat(start), time.fromisoformat(end))
            for day, start, end in read(body)
        )
    )

"""Timetables and weekly hours <-> JSON documents."""

from datetime import date, time

from bot.domain.timetable.feeds import Source
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import WeeklyHours
from storage.mapping.codec import read, written


def timetable_body(timetable: Timetable) -> str:
    """Return the timetable's document: (cycle day, period, use, what) of every cell.

    Of single dates (date, period, use, what) beside them, where there are any.
    """
    cells = [(day, at, one.use.value, one.what) for (day, at), one in timetable.cells.items()]
    if not timetable.dated:
        return written(cells)
    dated = [
        (day.isoformat(), period, one.use.value, one.what)
        for day, some in timetable.dated.items()
        for period, one in some.items()
    ]
    return written({"cells": cells, "dated": dated})


def timetable_of(body: str) -> Timetable:
    """Return the timetable of a document."""
    document = read(body)
    parts = document if isinstance(document, dict) else {"cells": document, "dated": ()}
    dated: dict[date, dict[str, Cell]] = {}
    for day, period, use, what in parts["dated"]:
        dated.setdefault(date.fromisoformat(day), {})[period] = Cell(use=Use(use), what=what)
    return Timetable(
        cells={
            (label, period): Cell(use=Use(use), what=what)
            for label, period, use, what in parts["cells"]
        },
        dated=dated,
    )


def source_text(source: Source | None) -> str:
    """Return the source's document, "" for none."""
    return "" if source is None else written([source.secret, source.person])


def source_of(text: str) -> Source | None:
    """Return the source of a document."""
    if not text:
        return None
    secret, person = read(text)
    return Source(secret=secret, person=person)


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

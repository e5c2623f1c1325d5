"""What a change of the school's calendar did to its days, in words."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from bot.domain.timetable.changes import Days, closed, closed_for, in_runs, new_ends
from bot.domain.timetable.school import SchoolCalendar
from bot.ui.pages.words import day, listed

_LONGEST = 6
"""Runs of days, or sentences, that are told at once."""


def changed(before: SchoolCalendar, after: SchoolCalendar) -> str:
    """Return what a change closed or cut short: "no school on Thu 19 Nov (Snow)."; maybe empty."""
    told = []
    if days := closed(before, after):
        told.append(f"no school on {days_in_words(days)}{_named(days)}")
    for only, days in closed_for(before, after):
        told.append(f"no school{for_whom(only)} on {days_in_words(days)}{_named(days)}")
    told += [_lower(ends_words(end.until, end.days, end.only)) for end in new_ends(before, after)]
    return _sentences(told)


def restored(before: SchoolCalendar, after: SchoolCalendar) -> str:
    """Return "There is school on Thu 19 Nov again." and the like, empty when no day is so anew."""
    told = []
    if days := closed(after, before):
        told.append(f"There is school on {days_in_words(days)} again")
    for only, days in closed_for(after, before):
        told.append(f"There is school{for_whom(only)} on {days_in_words(days)} again")
    for end in new_ends(after, before):
        dates = days_in_words(in_runs(end.days))
        told.append(
            f"School does not end at {end.until:%H:%M}{for_whom(end.only)} on {dates} any more"
        )
    return _sentences(told)


def ends_words(early: time, days: Iterable[date], only: Sequence[str]) -> str:
    """Return "School ends at 13:05 for Grade 9 on Thu 3 Dec"."""
    return f"School ends at {early:%H:%M}{for_whom(only)} on {days_in_words(in_runs(days))}"


def for_whom(only: Sequence[str]) -> str:
    """Return " for Grade 9 and Grade 10", empty for everybody."""
    return f" for {listed(only)}" if only else ""


def days_in_words(days: Sequence[Days]) -> str:
    """Return "Thu 19 Nov", "Thu 3 Dec to Fri 4 Dec", or several of these."""
    shown = [_run(one.start, one.end) for one in days[:_LONGEST]]
    rest = [f"{len(days) - _LONGEST} more"] if len(days) > _LONGEST else []
    return listed([*shown, *rest])


def _run(start: date, end: date) -> str:
    return day(start) if start == end else f"{day(start)} to {day(end)}"


def _named(days: Sequence[Days]) -> str:
    names = {one.name for one in days}
    return f" ({names.pop()})" if len(names) == 1 and names != {""} else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _sentences(told: Sequence[str]) -> str:
    """Return sentences in a row, of many the first ones."""
    more = [f"{len(told) - _LONGEST} more changes"] if len(told) > _LONGEST else []
    return " ".join(f"{words}." for words in (*told[:_LONGEST], *more))

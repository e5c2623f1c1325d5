"""From dated events to a week: the days of a cycle across, periods by their clock times down.

Nothing is known here but the feeds themselves: the periods are the times at which events recur, and
the days are weekdays, unless the feeds name the day of the cycle on each date ("A Day").
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import DAY, as_text, zone_of
from bot.domain.timetable.feeds import Dated, Feed
from bot.domain.timetable.grid import Grid, Place
from bot.domain.timetable.weekdays import LONG

_LABEL = re.compile(
    r"\s*(?:([a-j]|\d{1,2})\s*-?\s*day|day\s*-?\s*([a-j]|\d{1,2}))s?\s*", re.IGNORECASE
)
_YEAR = timedelta(days=366)
_FORTNIGHT = timedelta(days=13)
"""Within so many days nothing can be told from what happens only once."""
_MOST_PERIODS = 60
_TOLD = 4
_NO_END = 1
"""Minutes that an event without an end is taken to last: it is at that time, not for how long."""


class Piece(NamedTuple):
    """What of an event is on one date, in minutes after midnight on the wall; ``end`` up to 1440.

    ``told`` False: the feed states no end.
    """

    day: date
    start: int
    end: int
    what: str
    told: bool


def pieces(busy: Iterable[Dated], zone: str) -> Iterator[Piece]:
    """Yield what is on each date on the clocks of ``zone``; nights are cut at midnight."""
    place = zone_of(zone)
    for start, end, what in busy:
        first = start.astimezone(place) if start.tzinfo else start
        last = first if end is None else end.astimezone(place) if end.tzinfo else end
        begins = first.hour * 60 + first.minute
        ends = last.hour * 60 + last.minute + (last.second > 0)
        days = (last.date() - first.date()).days
        if days <= 0:
            told = end is not None
            ends = ends if told else begins + _NO_END
            yield Piece(first.date(), begins, min(max(ends, begins + 1), DAY), what, told)
            continue
        yield Piece(first.date(), begins, DAY, what, told=True)
        for at in range(1, min(days, _YEAR.days)):
            yield Piece(first.date() + timedelta(days=at), 0, DAY, what, told=True)
        if ends:
            yield Piece(last.date(), 0, ends, what, told=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """One calendar's regular times by (day, start, end), with its words, and remarks."""

    name: str
    times: Mapping[tuple[str, int, int], Counter[str]]
    open_ended: frozenset[tuple[int, int]]
    remarks: tuple[str, ...]


def week_of_feeds(feeds: Sequence[Feed], zone: str | None = None) -> Grid:
    """Return the week that calendars show, everybody's of a file as one grid.

    Times are those of each feed's zone, else of ``zone`` (IANA), else UTC, which is remarked. What
    happens once only is left out and remarked, what does not happen every time counts and is.
    InvalidInput when there is no event with clock times.
    """
    if not any(feed.busy for feed in feeds):
        raise InvalidInput(
            what="The calendar has only whole days and no lessons with clock times.",
            remedy="Export the calendar that your lessons are in.",
        )
    labels = _labels(feeds)
    people = [_person(feed, at, len(feeds), labels, zone) for at, feed in enumerate(feeds, 1)]
    spans = {(start, end) for one in people for _, start, end in one.times}
    if not spans:
        raise InvalidInput(
            what="Nothing in the calendar happens more than once, so it shows no week.",
            remedy="Export the calendar that your lessons are in.",
        )
    grid = _grid(people, _days(people, labels), _periods(spans))
    return replace(grid, feeds=tuple(feeds))


def feed_name(feed: Feed, number: int, count: int) -> str:
    """Return whose calendar a feed is, the ``number``-th of ``count``; "" for the only one."""
    return feed.person or ("" if count == 1 else f"Calendar {number}")


def whole_days(feed: Feed) -> Iterator[str]:
    """Yield what stands in a feed on whole days: no lessons, but perhaps days away."""
    told = [
        f"“{what[:40]}” on {first}" for first, _, what in feed.days if not _LABEL.fullmatch(what)
    ]
    if told:
        more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
        yield f"Whole days are no lessons and were left out: {', '.join(told[:_TOLD])}{more}."


def _labels(feeds: Sequence[Feed]) -> dict[date, str]:
    """Return the cycle day of each date on which the feeds name one; nothing unless they rotate."""
    found: dict[date, str] = {}
    for feed in feeds:
        for first, last, what in feed.days:
            told = _LABEL.fullmatch(what)
            for at in range(min((last - first).days + 1, _YEAR.days) if told else 0):
                found[first + timedelta(days=at)] = (told[1] or told[2]).upper() if told else ""
    return found if len(set(found.values())) > 1 else {}


def _person(
    feed: Feed, number: int, count: int, labels: Mapping[date, str], zone: str | None
) -> _Person:
    """Return the regular times of a feed."""
    clocks = feed.zone or zone or "UTC"
    found = list(pieces(feed.busy, clocks))
    newest = max((piece.day for piece in found), default=date.max)
    recent = [piece for piece in found if newest - piece.day < _YEAR]
    oldest = min((piece.day for piece in recent), default=newest)
    dates: dict[tuple[str, int, int], set[date]] = defaultdict(set)
    words: dict[tuple[str, int, int], Counter[str]] = defaultdict(Counter)
    school_days = Counter(_label(day, labels) for day in {piece.day for piece in recent})
    for piece in recent:
        if label := _label(piece.day, labels):
            key = label, piece.start, piece.end
            dates[key].add(piece.day)
            words[key][piece.what] += 1
    once = [k for k, on in dates.items() if len(on) == 1 and newest - oldest >= _FORTNIGHT]
    times = {key: words[key] for key in dates if key not in set(once)}
    remarks = [*feed.remarks, *whole_days(feed), *_once(once, dates, words)]
    # Where the days are those of a cycle, only the feed knows when they are.
    chances = {k: max(school_days[k[0]], 0 if labels else _chances(dates[k])) for k in times}
    remarks += _seldom({key: len(dates[key]) for key in times}, chances, words)
    if feed.zone is None and any(one.start.tzinfo for one in feed.busy):
        remarks.append(
            f"The calendar names no time zone that is known: its times are shown as in {clocks}."
        )
    return _Person(
        name=feed_name(feed, number, count),
        times=times,
        open_ended=frozenset((p.start, p.end) for p in recent if not p.told),
        remarks=tuple(remarks),
    )


def _label(day: date, labels: Mapping[date, str]) -> str:
    """Return the day of the cycle or week that a date is; "" where the cycle has none."""
    return labels.get(day, "") if labels else LONG[day.weekday()]


def _once(
    keys: Sequence[tuple[str, int, int]],
    dates: Mapping[tuple[str, int, int], set[date]],
    words: Mapping[tuple[str, int, int], Counter[str]],
) -> Iterator[str]:
    """Yield what is left out because it happens once only."""
    if keys:
        some = ", ".join(
            f"“{_words(words[key])[:40]}” on {min(dates[key])}" for key in keys[:_TOLD]
        )
        more = f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else ""
        yield f"Not part of the week, because once only: {some}{more}."


def _seldom(
    counts: Mapping[tuple[str, int, int], int],
    chances: Mapping[tuple[str, int, int], int],
    words: Mapping[tuple[str, int, int], Counter[str]],
) -> Iterator[str]:
    """Yield what counts as a lesson of the week though it is not there on most of its days.

    ``chances`` says on how many days it could have been.
    """
    told = [
        f"“{_words(words[key])[:40]}” ({count} of {_dates(chances[key], key[0])})"
        for key, count in counts.items()
        if count * 2 <= chances[key] and chances[key] > 1
    ]
    if told:
        more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
        yield f"Not every time, but counted as busy: {', '.join(told[:_TOLD])}{more}."


def _chances(on: Collection[date]) -> int:
    """Return how many weeks there are from the first of the dates to the one after the last.

    So what comes every other week is there in half of them, and nearly always what comes in every
    one. Of a single date nothing is known: one.
    """
    return (max(on) - min(on)).days // 7 + 2 if len(on) > 1 else 1


def _dates(count: int, label: str) -> str:
    return f"{count} {label}s" if label in LONG else f"{count} days “{label}”"


def _words(counted: Counter[str]) -> str:
    """Return the titles of what happens at one time, the most frequent first."""
    return " / ".join(word for word, _ in counted.most_common(3) if word)


def _days(people: Sequence[_Person], labels: Mapping[date, str]) -> tuple[str, ...]:
    """Return the days: of the cycle in the order of their names, or of the school's week."""
    used = {day for one in people for day, _, _ in one.times}
    if labels:
        return tuple(sorted(used | set(labels.values()), key=lambda name: (len(name), name)))
    sunday, friday = LONG[6] in used, LONG[4] in used
    week = {LONG[6], *LONG[:4]} if sunday and not friday else set(LONG[:5])
    order = (LONG[6], *LONG[:6]) if sunday and not friday else LONG
    return tuple(day for day in order if day in used | week)


def _periods(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return periods, by time, none of which overlaps another and that spans are made of.

    The spans themselves if they do not overlap; else they are cut wherever one begins or ends.
    """
    ordered = sorted(spans)
    if any(end > start for (_, end), (start, _) in pairwise(ordered)):
        edges = sorted({edge for span in spans for edge in span})
        ordered = [
            (start, end)
            for start, end in pairwise(edges)
            if any(first <= start and end <= last for first, last in spans)
        ]
    if len(ordered) > _MOST_PERIODS:
        raise InvalidInput(
            what=f"The events are at {len(ordered)} different times of day: that is no timetable.",
            remedy="Export the calendar that your lessons are in.",
        )
    return ordered


def _grid(
    people: Sequence[_Person], days: Sequence[str], periods: Sequence[tuple[int, int]]
) -> Grid:
    """Return everybody's regular times as places of one grid."""
    lessons: dict[str, set[Place]] = {}
    what: dict[str, dict[Place, Counter[str]]] = {}
    for one in people:
        mine = lessons.setdefault(one.name, set())
        words = what.setdefault(one.name, defaultdict(Counter))
        for (day, start, end), counted in one.times.items():
            for at, (first, last) in enumerate(periods):
                if first < end and start < last:
                    mine.add((days.index(day), at))
                    words[days.index(day), at] += counted
    open_ended = set().union(*(one.open_ended for one in people))
    return Grid(
        days=tuple(days),
        periods=tuple(_name(span, open_ended) for span in periods),
        lessons={name: frozenset(places) for name, places in lessons.items()},
        what={
            name: {
                place: text for place, counted in sorted(by.items()) if (text := _words(counted))
            }
            for name, by in what.items()
        },
        subjects=frozenset(w for one in people for c in one.times.values() for w in c if w),
        notes=tuple(dict.fromkeys(remark for one in people for remark in one.remarks)),
    )


def _name(span: tuple[int, int], open_ended: set[tuple[int, int]]) -> str:
    """Return the name of a period: its clock times, only the first where no end is told."""
    start, end = span
    return as_text(start) if span in open_ended else f"{as_text(start)}-{as_text(end)}"

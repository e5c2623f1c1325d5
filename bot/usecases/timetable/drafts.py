"""A timetable that was read and not yet saved: the member looks at it before it counts."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.domain import errors
from bot.domain.timetable.differences import as_remembered, remembered
from bot.domain.timetable.doubts import break_periods, clock_of, numbered
from bot.domain.timetable.feed_fitting import fitted
from bot.domain.timetable.feed_weeks import feed_name
from bot.domain.timetable.feeds import Dated, Feed, Source, WholeDay
from bot.domain.timetable.grid import Grid, clash_words, timetable_of
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekdays import SHORT
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import (
    SchoolAnswers,
    answers_from,
    in_week_order,
    suggested_bells,
)

KIND = "timetable"
_MOST_EVENTS = 20_000
"""Events of a file that are kept until the school is known: some years of a whole staff's."""
_TOO_LONG = (
    "The calendar is very long: what is otherwise on single dates is not kept until the school is "
    "known. Give it again then."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was understood: the file's days and periods, and each person's timetable by name.

    ``person`` is the one that is the member, empty while that is not settled.
    """

    days: tuple[str, ...]
    periods: tuple[str, ...]
    people: dict[str, Timetable]
    person: str = ""
    clashes: dict[str, str] = field(default_factory=dict)
    """Where somebody has two things at once, in words, by name."""
    answers: SchoolAnswers | None = None
    """What the member said about when school is; it becomes the school's with the timetable."""
    clock: dict[str, str] = field(default_factory=dict)
    """Clock times of periods as the file tells them ("08:00-08:45")."""
    breaks: tuple[str, ...] = ()
    """Periods that are breaks, or look like some, and in which nobody has a lesson."""
    notes: tuple[str, ...] = ()
    """What was left out of the file, or is doubtful in it."""
    remembered: dict[str, Use] = field(default_factory=dict)
    """Subjects that are used as the member had said of the timetable before."""
    feeds: tuple[Feed, ...] = ()
    """The calendars that the week was made of, as long as no school tells what its dates are."""
    source: Source | None = None
    """The address that it came from; without a secret it is not kept."""

    @property
    def kept_source(self) -> Source | None:
        """Return what is kept of the address when it is saved."""
        if self.source is None or not self.source.secret:
            return None
        return replace(self.source, person=self.person)

    @property
    def timetable(self) -> Timetable:
        """Return the timetable of the person chosen."""
        return self.people[self.person]


def draft_of(grid: Grid) -> Draft:
    """Return the draft of everything a file says."""
    long = sum(len(feed.busy) for feed in grid.feeds) > _MOST_EVENTS
    return Draft(
        days=grid.days,
        periods=grid.periods,
        people={name: timetable_of(grid, name) for name in grid.lessons},
        clashes={name: clash_words(grid, name) for name in grid.clashes},
        clock={name: f"{start:%H:%M}-{end:%H:%M}" for name, (start, end) in clock_of(grid).items()},
        breaks=break_periods(grid),
        notes=(*grid.notes, _TOO_LONG) if long else grid.notes,
        feeds=() if long else grid.feeds,
    )


def in_dates(draft: Draft, calendar: SchoolCalendar) -> Draft:
    """Return the draft of somebody's calendar feed in the days, periods and dates of the school.

    What is otherwise on single dates is kept as such. Any other draft is returned as it is, and so
    is one for a school without clock times.
    """
    named = (
        (feed_name(feed, number, len(draft.feeds)), feed)
        for number, feed in enumerate(draft.feeds, 1)
    )
    feed = next((feed for name, feed in named if name == draft.person), None)
    if feed is None or not calendar.bells.timed:
        return draft
    found = fitted(feed, calendar)
    own = as_remembered(found.timetable, remembered(draft.timetable, found.timetable))
    used = (period for _, period in own.cells)
    return replace(
        draft,
        periods=tuple(dict.fromkeys((*draft.periods, *used))),
        people={**draft.people, draft.person: own},
        notes=found.remarks,
    )


def with_weekdays(draft: Draft, first: int, standing: SchoolCalendar | None) -> Draft:
    """Return the draft with its numbered days called after weekdays, 1 being ``first`` (Mon = 0).

    They are called as the school calls them, where its days are weekdays.
    """
    if not numbered(draft.days):
        raise errors.StaleButton
    weekdays = {day: (first + int(day) - 1) % 7 for day in draft.days}
    names = {day: SHORT[weekday] for day, weekday in weekdays.items()}
    if standing is not None and standing.weekly:
        own = dict(zip(standing.school_weekdays, standing.cycle, strict=True))
        names = {day: own.get(weekdays[day], name) for day, name in names.items()}
    people = {
        name: replace(one, cells={(names[day], at): cell for (day, at), cell in one.cells.items()})
        for name, one in draft.people.items()
    }
    days = in_week_order(tuple(names.values()))
    return replace(draft, days=days, people=people, answers=None)


def bells_to_complete(draft: Draft, periods: tuple[str, ...]) -> str:
    """Return a bell schedule of ``periods`` with the clock times and breaks that the file tells."""
    return suggested_bells(periods, draft.clock, draft.breaks)


def keep(work: Work, actor: Actor, draft: Draft) -> None:
    """Keep the draft until it is saved or another one takes its place."""
    work.drafts.put(actor.id, KIND, _encode(draft))


def kept(work: Work, actor: Actor) -> Draft:
    """Return the member's draft; ``InvalidInput`` when there is none."""
    draft = found(work, actor)
    if draft is None:
        raise errors.InvalidInput(
            what="That timetable is saved already, or was replaced by a newer one.",
            remedy="Say “timetable” to see what is saved, or to paste it again.",
        )
    return draft


def found(work: Work, actor: Actor) -> Draft | None:
    """Return the member's draft, None when there is none."""
    content = work.drafts.get(actor.id, KIND)
    return None if content is None else _decode(content)


def drop(work: Work, actor: Actor) -> None:
    """Forget the draft."""
    work.drafts.drop(actor.id, KIND)


def _encode(draft: Draft) -> bytes:
    people = {
        name: [[label, period, cell.use, cell.what] for (label, period), cell in t.cells.items()]
        for name, t in draft.people.items()
    }
    dated = {
        name: [
            [day.isoformat(), period, cell.use, cell.what]
            for day, cells in t.dated.items()
            for period, cell in cells.items()
        ]
        for name, t in draft.people.items()
        if t.dated
    }
    document = {
        "days": draft.days,
        "periods": draft.periods,
        "people": people,
        "dated": dated,
        "person": draft.person,
        "clashes": draft.clashes,
        "answers": asdict(draft.answers) if draft.answers else None,
        "clock": draft.clock,
        "breaks": draft.breaks,
        "notes": draft.notes,
        "remembered": draft.remembered,
        "feeds": [_feed(feed) for feed in draft.feeds],
        "source": asdict(draft.source) if draft.source else None,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _dated(rows: Iterable[tuple[str, str, str, str]]) -> dict[date, dict[str, Cell]]:
    dated: dict[date, dict[str, Cell]] = {}
    for day, period, use, what in rows:
        dated.setdefault(date.fromisoformat(day), {})[period] = Cell(use=Use(use), what=what)
    return dated


def _decode(content: bytes) -> Draft:
    document = json.loads(content)
    people = {
        name: Timetable(
            cells={
                (label, period): Cell(use=Use(use), what=what) for label, period, use, what in cells
            },
            dated=_dated(document.get("dated", {}).get(name, ())),
        )
        for name, cells in document["people"].items()
    }
    return Draft(
        days=tuple(document["days"]),
        periods=tuple(document["periods"]),
        people=people,
        person=document["person"],
        clashes=document["clashes"],
        answers=answers_from(document["answers"]) if document.get("answers") else None,
        clock=document.get("clock", {}),
        breaks=tuple(document.get("breaks", ())),
        notes=tuple(document.get("notes", ())),
        remembered={w: Use(use) for w, use in document.get("remembered", {}).items()},
        feeds=tuple(_feed_of(*parts) for parts in document.get("feeds", ())),
        source=Source(**document["source"]) if document.get("source") else None,
    )


def _feed(feed: Feed) -> list[Any]:
    busy = [(at.isoformat(), end and end.isoformat(), what) for at, end, what in feed.busy]
    days = [(first.isoformat(), last.isoformat(), what) for first, last, what in feed.days]
    return [feed.person, feed.zone, busy, days, feed.remarks]


def _feed_of(
    person: str, zone: str | None, busy: list[Any], days: list[Any], remarks: list[str]
) -> Feed:
    moment, day = datetime.fromisoformat, date.fromisoformat
    return Feed(
        person=person,
        zone=zone,
        busy=tuple(Dated(moment(at), end and moment(end), what) for at, end, what in busy),
        days=tuple(WholeDay(day(first), day(last), what) for first, last, what in days),
        remarks=tuple(remarks),
    )

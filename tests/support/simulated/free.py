"""When somebody is free, piece by piece: the judge's own answer, slow and plain."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tests.support.simulated.facts import DAY, OWN_DAYS, Person, School, instant, local

OFFICE = (9 * 60, 17 * 60)
"""Working hours of people of whom nothing is known."""
LOOK_AHEAD = 240
"""Days after which somebody without a free period is taken for never free."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Piece:
    """Free time from ``start`` up to ``end``; ``day`` is the date where it comes from."""

    start: int
    end: int
    day: date


class Free:
    """The free time of one person at one school, as long as neither changes."""

    def __init__(self, person: Person, school: School | None) -> None:
        self.person = person
        self.school = school
        uses = person.uses
        self.uses = uses if uses is not None and school is not None and school.fits(uses) else None
        self._days: dict[date, tuple[Piece, ...]] = {}
        self._nights: dict[tuple[date, date], list[int]] = {}
        self._empty: dict[date, bool] = {}
        self._otherwise: Free | None = None

    def date(self, at: float) -> date:
        """Return the person's date at an instant."""
        return local(self.person.zone, at).date()

    def midnight(self, day: date) -> int:
        return instant(self.person.zone, day, 0)

    def school_day(self, day: date) -> bool:
        """Tell whether a follow-up may come on that day: any day where there is no school."""
        return self.school is None or self.school.is_school_day(day)

    def between(self, start: int, end: int) -> list[Piece]:
        """Return the pieces that touch the time from ``start`` to ``end``, whole, in order."""
        day, last = self.date(start) - DAY, self.date(end) + DAY
        found = []
        while day <= last:
            found += [p for p in self.on(day) if p.end > start and p.start < end]
            day += DAY
        return sorted(found)

    def next(self, at: int) -> Piece | None:
        """Return the piece that runs at ``at``, or the next one, within the days to look ahead."""
        today = self.date(at)
        if today not in self._empty:
            self._empty[today] = self._after(self.midnight(today)) is None
        return None if self._empty[today] else self._after(at)

    def _after(self, at: int) -> Piece | None:
        day = self.date(at) - DAY
        for _ in range(LOOK_AHEAD + 2):
            for piece in sorted(self.on(day)):
                if piece.end > at:
                    return piece
            day += DAY
        return None

    def counting(self, at: int) -> "Free":
        """Return the free time that counts from ``at`` on: working hours for who is never free.

        Those are outside of the school's bells.
        """
        if self.uses is None or self.next(at) is not None:
            return self
        if self._otherwise is None:
            self._otherwise = _OutsideBells(self.person, self.school)
        return self._otherwise

    def running(self, at: int) -> Piece | None:
        """Return the piece that runs at ``at``."""
        found = [p for p in self.counting(at).between(at, at + 1) if p.start <= at]
        return found[0] if found else None

    def on(self, day: date) -> tuple[Piece, ...]:
        """Return the pieces that come from that date."""
        if day not in self._days:
            self._days[day] = tuple(
                Piece(start=start, end=end, day=day)
                for first, last in self._spans(day)
                for start, end in self._allowed(first, last)
            )
        return self._days[day]

    def _spans(self, day: date) -> Iterator[tuple[int, int]]:
        """Yield the times of a date, before quiet hours and own days are looked at."""
        if self.uses is None:
            yield from self._hours(day)
            return
        assert self.school is not None
        label = self.school.day_of_cycle(day)
        for bell in self.school.bells_on(day, label) if label is not None else ():
            free = self.uses.get((str(label), bell.name), "free") in {"free", "planning"}
            if free and not bell.pause:
                zone = self.school.zone
                yield instant(zone, day, bell.start), instant(zone, day, bell.end)

    def _hours(self, day: date) -> Iterator[tuple[int, int]]:
        if not self.own(day) or (self.school is not None and self.school.holiday(day)):
            return
        told = self.person.hours
        hours = [OFFICE] if told is None else [(a, b) for d, a, b in told if d == day.weekday()]
        for start, end in sorted(hours):
            yield instant(self.person.zone, day, start), instant(self.person.zone, day, end)

    def own(self, day: date) -> bool:
        """Tell whether a date is one of the person's own days."""
        person = self.person
        if any(first <= day <= last for first, last in person.away):
            return False
        if day.isoweekday() in person.days:
            return True
        if person.days != OWN_DAYS:
            return False
        taught = self.uses is not None and self.school is not None
        if taught and self.school is not None and self.school.day_of_cycle(day) is not None:
            return True
        return any(weekday == day.weekday() for weekday, _, _ in person.hours or ())

    def _allowed(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield what is left of a span: neither at night nor on a day that is not one's own."""
        first, last = self.date(start), self.date(end)
        if (first, last) not in self._nights:
            self._nights[first, last] = self._turns(first, last)
        cuts = [start, *(t for t in self._nights[first, last] if start < t < end), end]
        begun: int | None = None
        for this, following in pairwise(cuts):
            if self._awake((this + following) // 2):
                begun = this if begun is None else begun
            elif begun is not None:
                yield begun, this
                begun = None
        if begun is not None:
            yield begun, end

    def _turns(self, first: date, last: date) -> list[int]:
        """Return all instants at which a day, or a night, begins or ends."""
        zone, turns, day = self.person.zone, set(), first
        while day <= last:
            turns |= {instant(zone, day, minutes) for minutes in (0, *self.person.quiet, 1440)}
            day += DAY
        return sorted(turns)

    def _awake(self, at: int) -> bool:
        wall = local(self.person.zone, at)
        minutes = wall.hour * 60 + wall.minute
        start, end = self.person.quiet
        night = start <= minutes < end if start <= end else minutes >= start or minutes < end
        return not night and self.own(wall.date())


class _OutsideBells(Free):
    """Working hours on own days of somebody with a timetable, but for the school's bells."""

    def __init__(self, person: Person, school: School | None) -> None:
        hours = tuple((day - 1, *OFFICE) for day in person.days)
        super().__init__(replace(person, hours=hours), school)
        self._taught = self.uses

    def _spans(self, day: date) -> Iterator[tuple[int, int]]:
        for start, end in self._hours(day):
            pieces = [(start, end)]
            for first, last in self._bells(day):
                pieces = [
                    cut
                    for a, b in pieces
                    for cut in ((a, min(b, first)), (max(a, last), b))
                    if cut[0] < cut[1]
                ]
            yield from pieces

    def _bells(self, day: date) -> Iterator[tuple[int, int]]:
        """Yield from the first bell to the last, of the dates around one."""
        assert self.school is not None
        for near in (day - DAY, day, day + DAY):
            label = self.school.day_of_cycle(near)
            if label is not None and (bells := self.school.bells_on(near, label)):
                start = min(bell.start for bell in bells)
                end = max(bell.end for bell in bells)
                yield instant(self.school.zone, near, start), instant(self.school.zone, near, end)

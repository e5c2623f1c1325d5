"""A school's kinds of days: their bell schedules, the ordinary week, and the special days.

As bell-schedule text states them; parts that stand in two files are joined.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bells import Bells, BellSchedule, check_name
from bot.domain.timetable.school import Closure, ClosureKind

LONGEST_SPAN = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDays:
    """From ``first`` to ``last``, both included, every day is of the kind ``kind``."""

    first: date
    last: date
    kind: str
    comment: str = ""

    def __iter__(self) -> Iterator[date]:
        """Yield every date."""
        return (self.first + timedelta(days=at) for at in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class BellBook:
    """Kinds of days by name: ``schedules`` of days with school, ``closed`` ones without.

    ``titles`` are the kinds' longer names. ``week`` is the ordinary kind of each weekday from
    0 = Monday on, ``special`` the dates that are of another one, the later entry winning.
    ``notes`` are sentences about what was left out or is doubtful.
    """

    schedules: Mapping[str, BellSchedule] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    week: Mapping[int, str] = field(default_factory=dict)
    special: tuple[SpecialDays, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the kinds that days are of and nothing describes, in the order of their days."""
        used = (*self.week.values(), *(one.kind for one in self.special))
        known = {*self.schedules, *self.closed}
        return tuple(dict.fromkeys(kind for kind in used if kind not in known))

    def kind_on(self, day: date) -> str | None:
        """Return the kind of a date; None where the week says nothing."""
        found = (one.kind for one in reversed(self.special) if one.first <= day <= one.last)
        return next(found, self.week.get(day.weekday()))


def joined(one: BellBook, other: BellBook) -> BellBook:
    """Return what two files of a school say together; where both say something, ``other`` wins."""
    return BellBook(
        schedules={**one.schedules, **other.schedules},
        closed=one.closed | other.closed,
        titles={**one.titles, **other.titles},
        week={**one.week, **other.week},
        special=(*one.special, *other.special),
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
    )


def bells_in(book: BellBook) -> Bells:
    """Return the bells of a whole book: the week's most frequent kind is the ordinary day.

    Kinds that no day is of are left out. Special days of kinds that nothing describes are as their
    weekdays are: see ``unknown``. InvalidInput without a week, when weekdays are of such kinds, and
    for names that are too long.
    """
    kinds = [book.week[day] for day in sorted(book.week)]
    strange = [kind for kind in kinds if kind in book.unknown]
    if strange:
        raise InvalidInput(
            what=f"No bell schedule describes “{strange[0]}”.",
            remedy="Add it, or give the file with the schedules as well.",
        )
    ordinary = [kind for kind in kinds if kind in book.schedules]
    if not ordinary:
        raise InvalidInput(
            what="The file does not say on which weekdays there is school.",
            remedy="Add the default week, or give the file with the calendar as well.",
        )
    default = max(ordinary, key=ordinary.count)
    by_weekday = {
        day: kind
        for day, kind in sorted(book.week.items())
        if kind in book.schedules and kind != default
    }
    by_date = {day: one.kind for one in book.special if one.kind in book.schedules for day in one}
    used = {default, *by_weekday.values(), *by_date.values()}
    schedules = {name: one for name, one in book.schedules.items() if name in used}
    for name, one in schedules.items():
        check_name(name, "bell schedule")
        for period in one.periods:
            check_name(period.name, "period")
    return Bells(schedules=schedules, default=default, by_weekday=by_weekday, by_date=by_date)


def closures_in(book: BellBook) -> tuple[Closure, ...]:
    """Return the special days without school as planned closures, called by their comments."""
    return tuple(
        Closure(
            start=one.first,
            end=one.last,
            kind=ClosureKind.PLANNED,
            name=one.comment or book.titles.get(one.kind, one.kind),
        )
        for one in book.special
        if one.kind in book.closed
    )

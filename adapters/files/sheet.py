"""What a reader has found so far: days, periods, people, and who is where; then the grid of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, Place, fold_name
from bot.domain.timetable.timetable import Use

MOST_DAYS, MOST_PERIODS = 400, 200
_MOST_TEACHERS = 10_000
MOST_ENTRIES = 200_000
"""Lessons of all people together: many times those of the largest school."""
_Marks = dict[Use, dict[str, set[Place]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Indexes of days and periods by name, in their order; uses and subjects by teacher."""

    days: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    teachers: dict[str, str] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    told: dict[str, dict[Place, dict[str, None]]] = field(default_factory=lambda: defaultdict(dict))
    marks: _Marks = field(default_factory=lambda: {use: defaultdict(set) for use in Use})
    notes: list[str] = field(default_factory=list)
    count: Counter[Use] = field(default_factory=Counter)

    def place(self, day: str, period: str) -> Place:
        """Return the place of a period on a day; names not heard before are added to the grid."""
        place = (
            self.days.setdefault(day, len(self.days)),
            self.periods.setdefault(period, len(self.periods)),
        )
        _refuse_too_many(self.days, MOST_DAYS, "days")
        _refuse_too_many(self.periods, MOST_PERIODS, "periods")
        return place

    def teacher(self, name: str) -> str:
        """Return the folded name of somebody who is from now on one of the teachers.

        InvalidInput for more than any school has.
        """
        folded = fold_name(name)
        found = self.teachers.setdefault(folded, folded)
        _refuse_too_many(self.teachers, _MOST_TEACHERS, "teachers")
        return found

    def enter(self, teacher: str, place: Place, subject: str, use: Use = Use.LESSON) -> None:
        """Enter what a teacher (folded name) does in a place; InvalidInput for too many."""
        self.count[use] += 1
        if self.count[use] > MOST_ENTRIES:
            raise InvalidInput(
                what=f"The file has more than {MOST_ENTRIES:,} lessons of all people together.",
                remedy="Export only the timetable of one school.",
            )
        self.marks[use][teacher].add(place)
        if subject:
            self.subjects.add(subject)
        if use is Use.LESSON or subject:
            # Keys without values: a set that keeps its order.
            self.told[teacher].setdefault(place, {})[subject] = None

    def close(self, place: Place) -> None:
        """Enter a break of everybody."""
        self.marks[Use.BREAK][""].add(place)

    def grid(self) -> Grid:
        """Return what was found as a grid."""
        breaks = self.marks[Use.BREAK].pop("", set())
        lessons = self.marks[Use.LESSON]
        return Grid(
            days=tuple(self.days),
            periods=tuple(self.periods),
            lessons={teacher: frozenset(lessons.get(teacher, ())) for teacher in self.teachers},
            what=self._words(),
            breaks=frozenset(breaks),
            own_breaks=_frozen(self.marks[Use.BREAK]),
            absences=_frozen(self.marks[Use.ABSENT]),
            planning=_frozen(self.marks[Use.PLANNING]),
            duties=_frozen(self.marks[Use.DUTY]),
            clashes=self._clashes(),
            subjects=frozenset(self.subjects),
            notes=tuple(self.notes),
        )

    def _words(self) -> dict[str, dict[Place, str]]:
        """Return what happens in each place; two things at one time are both told."""
        words = {
            teacher: {place: " / ".join(filter(None, some)) for place, some in told.items()}
            for teacher, told in self.told.items()
        }
        named = {
            teacher: {place: text for place, text in told.items() if text}
            for teacher, told in words.items()
        }
        return {teacher: told for teacher, told in named.items() if told}

    def _clashes(self) -> dict[str, dict[Place, tuple[str, ...]]]:
        """Return the places of which the file tells more than one thing."""
        several = {
            teacher: {place: tuple(some) for place, some in told.items() if len(some) > 1}
            for teacher, told in self.told.items()
        }
        return {teacher: told for teacher, told in several.items() if told}


def _frozen(places: Mapping[str, Iterable[Place]]) -> dict[str, frozenset[Place]]:
    """Return places by teacher, unchangeable."""
    return {teacher: frozenset(some) for teacher, some in places.items()}


def _refuse_too_many(names: Collection[str], most: int, kind: str) -> None:
    """Raise InvalidInput when there are far more names than a timetable has."""
    if len(names) > most:
        some = ", ".join(name[:20] for name in list(names)[:3])
        raise InvalidInput(
            what=f"There are more than {most:,} different {kind} ({some} …).",
            remedy="Check that everything stands in the column where it belongs.",
        )

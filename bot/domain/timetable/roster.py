"""Who is at a school, in which classes, in which terms: no word about when anything takes place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.timetable.school import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at the school; ``role`` as the school says it ("teacher"), "" when it does not."""

    id: str
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass:
    """A class; ``periods`` are names of periods without any day, ``terms`` ids of terms."""

    id: str
    title: str
    terms: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Somebody's part in a class, by their ids."""

    person: str
    school_class: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What one file, or several joined, say; ``terms`` and ``roles`` are by id.

    ``roles`` are those that stand in a file of their own, by the id of the person.
    """

    people: tuple[Person, ...] = ()
    classes: tuple[SchoolClass, ...] = ()
    terms: Mapping[str, Term] = field(default_factory=dict)
    enrolments: tuple[Enrolment, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

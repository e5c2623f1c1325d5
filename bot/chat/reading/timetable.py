"""Readers of timetables, weekly hours and the school's calendar."""

from collections.abc import Callable

from bot.chat.arguments import arg, choice, people, upload, value, values
from bot.chat.inbound import Inbound, Upload
from bot.domain import errors
from bot.domain.ids import PlanId
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.school import MONDAY_TO_FRIDAY, ClosurePolicy
from bot.domain.timetable.timetable import Use
from bot.usecases.timetable.free import When
from bot.usecases.timetable.importing import (
    ChoosePerson,
    MarkSubject,
    ReadTimetable,
    SaveHours,
)
from bot.usecases.timetable.school import Bells, Closures, SchoolAnswers
from bot.usecases.timetable.showing import Tap

ReadTable = Callable[[bytes, str], Grid]


def when(inbound: Inbound) -> When:
    """Read of whom the common slots are wanted."""
    plan = arg(inbound, 0, choice(inbound))
    return When(people=people(inbound), plan=PlanId(plan) if plan else None)


def pasted(inbound: Inbound) -> tuple[Upload, str]:
    """Read a table as bytes, and the name to look for in it."""
    sent = upload(inbound, "file") or upload(inbound)
    text = value(inbound, "text")
    if sent is None and not text.strip():
        raise errors.FieldErrors({"text": "Paste your timetable here, or choose a file."})
    table = sent or Upload(name="", content=text.encode())
    return table, value(inbound, "person").strip()


def table_of(read_table: ReadTable, read: tuple[Upload, str]) -> ReadTimetable:
    """Parse a table: slow for large files, so done before the unit of work."""
    sent, person = read
    return ReadTimetable(grid=read_table(sent.content, sent.name), person=person)


def person(inbound: Inbound) -> ChoosePerson:
    """Read who of the people in the table the member is."""
    return ChoosePerson(person=choice(inbound))


def planning(inbound: Inbound) -> MarkSubject:
    """Read which subject is really preparation."""
    return MarkSubject(what=choice(inbound), use=Use.PLANNING)


def school(inbound: Inbound) -> SchoolAnswers:
    """Read when school is."""
    return SchoolAnswers(
        days=_names(value(inbound, "days")),
        first=value(inbound, "first"),
        until=value(inbound, "until"),
        bells=value(inbound, "bells"),
        weekdays=tuple(int(d) for d in values(inbound, "weekdays") if d in set("0123456"))
        or MONDAY_TO_FRIDAY,
        zone=value(inbound, "zone").strip(),
    )


def bells(inbound: Inbound) -> Bells:
    """Read bell schedules."""
    return Bells(bells=value(inbound, "bells"), until=value(inbound, "until"))


def closures(inbound: Inbound) -> Closures:
    """Read closures, labels, terms and policies."""
    return Closures(
        closures=value(inbound, "closures"),
        labels=value(inbound, "labels"),
        terms=value(inbound, "terms"),
        planned=_policy(value(inbound, "planned")),
        unplanned=_policy(value(inbound, "unplanned")),
    )


def hours(inbound: Inbound) -> SaveHours:
    """Read weekly hours in words."""
    return SaveHours(words=value(inbound, "hours"))


def tap(inbound: Inbound) -> Tap:
    """Read which cell was tapped, or which day is wanted."""
    return Tap(label=arg(inbound, 0, ""), period=arg(inbound, 1, ""))


def _policy(text: str) -> ClosurePolicy:
    return ClosurePolicy.SKIP if text == ClosurePolicy.SKIP else ClosurePolicy.SHIFT


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", ",").split(",") if name.strip())

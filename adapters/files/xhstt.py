"""XHSTT: the archive format of timetabling research; an instance with one solution states a week.

An archive may hold several schools, and several solutions of one: then nobody can tell from it
which timetable the school has.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.files.markup import Node, read_markup
from adapters.files.sheet import Sheet
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, Place, fold_name
from bot.domain.timetable.timetable import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """Where each time is, by its id; times follow one another within their day."""

    sheet: Sheet
    places: dict[str, Place]


def read_xhstt(data: bytes) -> Grid:
    """Read an archive with one instance and one solution; InvalidInput for any other."""
    root = read_markup(data)
    instances = root.child("Instances").all("Instance")
    groups = root.child("SolutionGroups").all("SolutionGroup")
    solutions = [one for group in groups for one in group.all("Solution")]
    if len(instances) != 1 or len(solutions) != 1:
        raise InvalidInput(
            what=f"This XHSTT archive holds {len(instances)} schools and {len(solutions)} "
            "timetables of them; which one is used is not said.",
            remedy="Leave the one school and its one solution in the file, and try again.",
        )
    instance = instances[0]
    week = _week(instance)
    people = _teachers(instance, week.sheet)
    events = {one.get("Id"): one for one in instance.child("Events").all("Event")}
    unplaced = 0
    for one in solutions[0].child("Events").all("Event"):
        event = events.get(one.get("Reference"))
        if event is None:
            raise _unknown("event", one.get("Reference"))
        time = (one.child("Time") if one.all("Time") else event.child("Time")).get("Reference")
        unplaced += not time
        if time:
            _enter(week, people, event, one, time)
    if unplaced:
        week.sheet.notes.append(f"Events without a time, left out: {unplaced}.")
    for teacher, place in _absences(instance, week, people):
        week.sheet.marks[Use.ABSENT][teacher].add(place)
    return week.sheet.grid()


def _week(instance: Node) -> _Week:
    """Return days by their names and periods by their number within the day."""
    times = instance.child("Times")
    days = {
        one.get("Id"): fold_name(one.value("Name")) for one in times.child("TimeGroups").all("Day")
    }
    by_day: dict[str, list[str]] = {day: [] for day in days}
    for one in times.all("Time"):
        day = one.child("Day").get("Reference")
        if day not in by_day:
            raise _unknown("day", day)
        by_day[day].append(one.get("Id"))
    longest = max(map(len, by_day.values()), default=0)
    if not longest:
        raise InvalidInput(
            what="This XHSTT archive has no days with times.",
            remedy="Give the timetable as a table instead.",
        )
    sheet = Sheet()
    for name in days.values():
        for at in range(1, longest + 1):
            sheet.place(name, str(at))
    places = {
        time: sheet.place(days[day], str(at))
        for day, some in by_day.items()
        for at, time in enumerate(some, 1)
    }
    return _Week(sheet=sheet, places=places)


def _teachers(instance: Node, sheet: Sheet) -> dict[str, str]:
    """Return the names of the resources that are teachers, by their ids."""
    resources = instance.child("Resources")
    kinds = {
        one.get("Id")
        for one in resources.child("ResourceTypes").all("ResourceType")
        if "teacher" in f"{one.get('Id')} {one.value('Name')}".casefold()
    }
    return {
        one.get("Id"): sheet.teacher(one.value("Name") or one.get("Id"))
        for one in resources.all("Resource")
        if one.child("ResourceType").get("Reference") in kinds
    }


def _enter(week: _Week, people: dict[str, str], event: Node, one: Node, time: str) -> None:
    """Enter an event, or a part of one, for the teachers of both."""
    if time not in week.places:
        raise _unknown("time", time)
    day, first = week.places[time]
    said = one.value("Duration") or event.value("Duration") or "1"
    length = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 1  # noqa: PLR2004
    keys = [
        resource.get("Reference")
        for node in (event, one)
        for resource in node.child("Resources").all("Resource")
    ]
    subject = fold_name(event.value("Name"))
    for key in dict.fromkeys(keys):
        for at in range(first, min(first + length, len(week.sheet.periods))):
            if key in people:
                week.sheet.enter(people[key], (day, at), subject)


def _absences(instance: Node, week: _Week, people: dict[str, str]) -> Iterator[tuple[str, Place]]:
    """Yield when somebody must not be given a lesson."""
    for one in instance.child("Constraints").all("AvoidUnavailableTimesConstraint"):
        if one.value("Required").casefold() != "true":
            continue
        times = [time.get("Reference") for time in one.child("Times").all("Time")]
        for who in one.child("AppliesTo").child("Resources").all("Resource"):
            for time in times:
                if who.get("Reference") in people and time in week.places:
                    yield people[who.get("Reference")], week.places[time]


def _unknown(kind: str, said: str) -> InvalidInput:
    return InvalidInput(
        what=f"This XHSTT archive names the {kind} “{said[:40]}”, which it does not define.",
        remedy="Give the whole archive and try again.",
    )

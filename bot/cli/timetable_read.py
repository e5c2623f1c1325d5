"""``coplan timetable read``: what a file says, and what it leaves open."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import BellBook
from bot.domain.timetable.bells import BellSchedule
from bot.domain.timetable.clocktimes import times_in
from bot.domain.timetable.doubts import clock_of, likely_uses, questions
from bot.domain.timetable.grid import Grid, Place
from bot.domain.timetable.roster import Roster
from bot.domain.timetable.weekdays import SHORT
from bot.domain.timetable.year_days import DayKind, YearDays, kind_of

_BAD_INPUT = 2
_SHOWN = 12
_Document = dict[str, Any]
_DAY_ASKED = {
    DayKind.CLOSED: "a closure",
    DayKind.EARLY: "a day on which school ends early",
    DayKind.LATE: "a day on which school begins late",
}


def read_timetable(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of any known format.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what a file says: days, periods, people, what is unclear; nothing is stored."""
    from adapters.files.recognising import format_of, read
    from bot.cli.files import read_file, reading
    from bot.cli.progress import at_work

    try:
        with at_work("Reading the file…"):
            data = read_file(file)
            kind = reading(format_of, data, file.name)
            found = reading(read, data, file.name)
    except InvalidInput as problem:
        typer.echo(" ".join(str(problem).split()), err=True)
        raise typer.Exit(_BAD_INPUT) from None
    document = {"format": kind.value, **document_of(found)}
    if as_json:
        typer.echo(json.dumps(document))
    else:
        typer.echo("\n".join(_lines(document)))


def document_of(found: Grid | BellBook | Roster | YearDays) -> _Document:
    """Return what was read as a JSON document."""
    match found:
        case Grid():
            return _timetables(found)
        case BellBook():
            return _bells(found)
        case Roster():
            return _roster(found)
        case YearDays():
            return _year(found)


def _timetables(grid: Grid) -> _Document:
    kinds = likely_uses(grid)
    return {
        "kind": "timetables",
        "days": list(grid.days),
        "periods": _grid_periods(grid),
        "people": [_person(grid, teacher) for teacher in grid.lessons],
        "breaks": _placed(grid, grid.breaks),
        "subjects": [
            {"name": name, "perhaps": kinds[name].value if name in kinds else None}
            for name in sorted(grid.subjects)
        ],
        "notes": list(grid.notes),
        "questions": list(questions(grid)),
    }


def _grid_periods(grid: Grid) -> list[_Document]:
    clock = clock_of(grid)
    return [
        {
            "name": name,
            "title": grid.titles.get(name, name),
            "start": f"{clock[name][0]:%H:%M}" if name in clock else None,
            "end": f"{clock[name][1]:%H:%M}" if name in clock else None,
        }
        for name in grid.periods
    ]


def _person(grid: Grid, teacher: str) -> _Document:
    words, places = grid.what.get(teacher, {}), sorted(grid.lessons[teacher])
    told = zip(places, _placed(grid, places), strict=True)
    return {
        "name": teacher,
        "lessons": [{**one, "what": words.get(place, "")} for place, one in told],
        "absent": _placed(grid, grid.absences.get(teacher, ())),
        "planning": _placed(grid, grid.planning.get(teacher, ())),
        "duties": _placed(grid, grid.duties.get(teacher, ())),
        "breaks": _placed(grid, grid.own_breaks.get(teacher, ())),
    }


def _placed(grid: Grid, places: Iterable[Place]) -> list[_Document]:
    return [
        {"day": grid.days[day], "period": grid.periods[at], "day_index": day, "period_index": at}
        for day, at in sorted(places)
    ]


def _bells(book: BellBook) -> _Document:
    return {
        "kind": "bells",
        "schedules": [
            {"name": name, "title": book.titles.get(name, name), "periods": _periods(schedule)}
            for name, schedule in book.schedules.items()
        ],
        "no_school": sorted(book.closed),
        "week": {SHORT[day]: book.week[day] for day in sorted(book.week)},
        "special": [
            {"from": str(one.first), "to": str(one.last), "kind": one.kind, "comment": one.comment}
            for one in book.special
        ],
        "notes": list(book.notes),
        "questions": [f"What is “{kind}”: no bell schedule?" for kind in book.unknown]
        if book.schedules
        else [],
    }


def _periods(schedule: BellSchedule) -> list[_Document]:
    return [
        {
            "name": period.name,
            "start": f"{period.start:%H:%M}" if period.start is not None else None,
            "end": f"{period.end:%H:%M}" if period.end is not None else None,
            "break": period.is_break,
        }
        for period in schedule.in_order()
    ]


def _roster(roster: Roster) -> _Document:
    return {
        "kind": "roster",
        "people": [
            {"id": one.id, "name": one.name, "role": one.role or roster.roles.get(one.id, "")}
            for one in roster.people
        ],
        "classes": [
            {
                "id": one.id,
                "title": one.title,
                "terms": list(one.terms),
                "periods": list(one.periods),
            }
            for one in roster.classes
        ],
        "terms": [
            {"id": key, "name": one.name, "from": str(one.start), "to": str(one.end)}
            for key, one in roster.terms.items()
        ],
        "enrolments": [
            {"person": one.person, "class": one.school_class, "role": one.role}
            for one in roster.enrolments
        ],
        "roles": dict(roster.roles),
        "notes": [
            "OneRoster has no day pattern: it does not say when a class is taught.",
            *roster.notes,
        ],
        "questions": [],
    }


def _year(year: YearDays) -> _Document:
    kinds = [kind_of(day.what) for day in year.days]
    told = [(day, kind) for day, kind in zip(year.days, kinds, strict=True) if kind is not None]
    return {
        "kind": "days",
        "days": [
            {
                "from": str(day.first),
                "to": str(day.last),
                "what": day.what,
                "perhaps": kind.value if kind is not None else None,
            }
            for day, kind in zip(year.days, kinds, strict=True)
        ],
        "notes": list(year.notes),
        "questions": [
            f"Is “{day.what}” on {day.first} {_DAY_ASKED[kind]}?" for day, kind in told[:_SHOWN]
        ],
    }


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the document for people."""
    yield f"Format: {document['format']}"
    match document["kind"]:
        case "timetables":
            yield from _timetable_lines(document)
        case "bells":
            yield from _bell_lines(document)
        case "days":
            for day in document["days"]:
                span = day["from"] if day["from"] == day["to"] else f"{day['from']} to {day['to']}"
                yield f"{span}: {day['what']}"
        case _:
            for key in ("people", "classes", "terms", "enrolments", "roles"):
                if document[key]:
                    yield f"{key.capitalize()}: {len(document[key])}"
    yield from (f"Note: {note}" for note in document["notes"])
    yield from (f"Unclear: {question}" for question in document["questions"])


def _timetable_lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"Days ({len(document['days'])}): {', '.join(document['days'])}"
    yield f"Periods ({len(document['periods'])}): {', '.join(map(_spoken, document['periods']))}"
    people = document["people"]
    yield f"People ({len(people)}):"
    for one in people[:_SHOWN]:
        absent = f", {len(one['absent'])} periods absent" if one["absent"] else ""
        yield f"  {one['name'] or 'one person'}: {len(one['lessons'])} periods of lessons{absent}"
    if len(people) > _SHOWN:
        yield f"  … and {len(people) - _SHOWN} more"
    yield f"Breaks: {len(document['breaks'])} periods of the cycle"


def _bell_lines(document: Mapping[str, Any]) -> Iterator[str]:
    for one in document["schedules"]:
        yield f"{one['title']} ({one['name']}): {', '.join(map(_spoken, one['periods']))}"
    if document["no_school"]:
        yield f"No school: {', '.join(document['no_school'])}"
    if document["week"]:
        yield "Week: " + ", ".join(f"{day} {kind}" for day, kind in document["week"].items())
    if document["special"]:
        yield f"Special days: {len(document['special'])}"


def _spoken(period: Mapping[str, Any]) -> str:
    title = period.get("title", period["name"])
    name = period["name"] if title == period["name"] else f"{period['name']} “{title}”"
    told = times_in(title)
    whole = not period["start"] or (told is not None and told[1] is not None)
    return name if whole else f"{name} {period['start']}-{period['end']}"

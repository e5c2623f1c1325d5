"""OneRoster CSV (1.1 and 1.2): people, classes and terms. It has no day pattern.

Each of its files is read by its headings. Rows to be deleted are left out; passwords, addresses
and telephone numbers are never looked at.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from adapters.files.decoding import decode
from adapters.files.separated import Row, read_rows
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.roster import Enrolment, Person, Roster, SchoolClass
from bot.domain.timetable.school import Term

_Rows = Sequence[Mapping[str, str]]
_GONE = {"tobedeleted", "inactive"}


def is_oneroster(rows: Sequence[Row]) -> bool:
    """Tell whether the first row has the headings of one of OneRoster's files."""
    if not rows:
        return False
    head = [cell.casefold() for cell in rows[0].cells]
    return "sourcedid" in head or head == ["propertyname", "value"]


def read_oneroster(data: bytes) -> Roster:
    """Read users, classes, academicSessions, enrollments or roles.

    InvalidInput for OneRoster's other files, which say nothing that is used here.
    """
    rows = read_rows(decode(data))
    head = [cell.casefold() for cell in rows[0].cells]
    reader = next((read for needed, read in _FILES if needed <= set(head)), None)
    if reader is None:
        raise InvalidInput(
            what="This file of OneRoster holds no people, classes or terms.",
            remedy="Give its users.csv, classes.csv or academicSessions.csv.",
        )
    told = [dict(zip(head, row.cells, strict=False)) for row in rows[1:]]
    kept = [row for row in told if row.get("status", "").casefold() not in _GONE]
    roster = reader(kept)
    gone = len(told) - len(kept)
    if not gone:
        return roster
    note = f"Rows marked as deleted or inactive, left out: {gone}."
    return replace(roster, notes=(*roster.notes, note))


def _users(rows: _Rows) -> Roster:
    people = (
        Person(
            id=row.get("sourcedid", ""),
            name=fold_name(f"{row.get('givenname', '')} {row.get('familyname', '')}"),
            role=row.get("role", "").casefold(),
        )
        for row in rows
    )
    return Roster(people=tuple(people))


def _classes(rows: _Rows) -> Roster:
    classes = (
        SchoolClass(
            id=row.get("sourcedid", ""),
            title=fold_name(row.get("title", "")),
            terms=_several(row.get("termsourcedids", "")),
            periods=_several(row.get("periods", "")),
        )
        for row in rows
    )
    return Roster(classes=tuple(classes))


def _several(cell: str) -> tuple[str, ...]:
    """Return the parts of a quoted list ("1,2,3")."""
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def _sessions(rows: _Rows) -> Roster:
    """Return the terms; one whose dates are none is told and left out."""
    terms: dict[str, Term] = {}
    wrong = 0
    for row in rows:
        name = fold_name(row.get("title", ""))
        try:
            start, end = (date.fromisoformat(row.get(key, "")) for key in ("startdate", "enddate"))
            terms[row.get("sourcedid", "")] = Term(name=name, start=start, end=end)
        except (ValueError, InvalidInput):
            wrong += 1
    notes = (f"Terms without dates that are in order, left out: {wrong}.",) if wrong else ()
    return Roster(terms=terms, notes=notes)


def _enrolments(rows: _Rows) -> Roster:
    enrolments = (
        Enrolment(
            person=row.get("usersourcedid", ""),
            school_class=row.get("classsourcedid", ""),
            role=row.get("role", "").casefold(),
        )
        for row in rows
    )
    return Roster(enrolments=tuple(enrolments))


def _roles(rows: _Rows) -> Roster:
    """Return each one's role; the primary one wins."""
    return Roster(roles=dict(_by_weight(rows)))


def _by_weight(rows: _Rows) -> Iterator[tuple[str, str]]:
    ordered = sorted(rows, key=lambda row: row.get("roletype", "").casefold() == "primary")
    for row in ordered:
        yield row.get("usersourcedid", ""), row.get("role", "").casefold()


_FILES: tuple[tuple[set[str], Callable[[_Rows], Roster]], ...] = (
    ({"givenname", "familyname"}, _users),
    ({"title", "classcode"}, _classes),
    ({"title", "startdate", "enddate"}, _sessions),
    ({"classsourcedid", "usersourcedid"}, _enrolments),
    ({"usersourcedid", "roletype", "role", "orgsourcedid"}, _roles),
)
"""The headings that tell OneRoster's files apart."""

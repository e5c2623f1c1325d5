"""A school's year as a YAML file of Coplan's own: its cycle, closures, policies and labels.

    cycle: [A, B]
    first_date: 2026-08-24
    first_label: A
    until: 2027-06-18
    school_weekdays: [0, 1, 2, 3, 4]         # 0 = Monday
    closures:
      - {date: 2026-11-26, kind: planned, name: Thanksgiving}
      - {from: 2027-02-01, to: 2027-02-02, kind: unplanned}
      - {date: 2027-02-05, kind: planned, only: [Grade 9, Grade 10]}
    policy: {planned: shift, unplanned: skip}
    labels: {2026-11-30: B, 2026-12-01: null}     # null: no school

``closures`` and ``labels`` may be missing, and so may what else there is: ``policy`` where nothing
is closed, ``name``, ``zone`` (IANA; UTC), ``terms`` (a list of ``name``, ``from``, ``to``),
``dismissals`` (``{date: time}``), and ``bells``, a text as people write bell schedules. JSON is
YAML too.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any, TypeVar

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_text import REGULAR, parse_bells
from bot.domain.timetable.bells import LONGEST_NAME, Bells, BellSchedule
from bot.domain.timetable.clocktimes import as_time, times_in
from bot.domain.timetable.dates import existing
from bot.domain.timetable.groups import check_group
from bot.domain.timetable.school import (
    LONGEST_CYCLE,
    Closure,
    ClosureKind,
    ClosurePolicy,
    SchoolCalendar,
    Term,
)
from bot.domain.timetable.weekdays import weekday_of
from bot.domain.timetable.year_file import YearFile
from bot.templates.reading import Keys, Path, Reader
from bot.templates.tree import Bounds, read_tree, refused, report

T = TypeVar("T")
_BOUNDS = Bounds(
    kind="calendar",
    file_bytes=256 * 1024,
    depth=6,
    nodes=20_000,
    remedy="Correct the file and try again.",
)
_REQUIRED = ("cycle", "first_date", "first_label", "until", "school_weekdays")
_KNOWN = (
    *_REQUIRED,
    "closures",
    "policy",
    "labels",
    "name",
    "zone",
    "terms",
    "dismissals",
    "bells",
)
_CLOSURE = ("date", "from", "to", "kind", "name", "only")
_MOST = 4_000
"""Entries of a list: one for each day of the longest calendar, twice."""
_NAME = 100
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NO_BELLS = Bells(schedules={REGULAR: BellSchedule(name=REGULAR, periods=())}, default=REGULAR)


def read_year_file(data: bytes, name: str) -> YearFile:
    """Return the calendar of a file called ``name``, and what the file tells at all.

    Raises ``InvalidInput`` with file, line, key and reason of the first thing that is wrong.
    """
    tree, lines = _tree(data, name)
    reader = Reader(tree)
    calendar = _calendar(reader)
    if reader.faults or calendar is None:
        first, _, _ = report(name, lines, reader.faults).partition("\n")
        raise refused(first, _BOUNDS)
    told = reader.value if isinstance(reader.value, dict) else {}
    return YearFile(calendar=calendar, told=frozenset(key for key in told if told[key] is not None))


def read_school_year(data: bytes, name: str) -> SchoolCalendar:
    """Return the calendar of a file, as ``read_year_file`` does."""
    return read_year_file(data, name).calendar


def _tree(data: bytes, name: str) -> tuple[object, Mapping[Path, int]]:
    """Return the document; JSON is read as such, for some of it is no YAML (tabs, escapes)."""
    if len(data) <= _BOUNDS.file_bytes and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        try:
            tree = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_float=str)
        except (ValueError, RecursionError):
            pass  # flow style of YAML, or broken: what follows says where
        else:
            return tree, {(): 1}
    return read_tree(data, name, _BOUNDS)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; ``ValueError`` for a key that is there twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _calendar(reader: Reader) -> SchoolCalendar | None:
    """Return the calendar, or None after a fault was noted."""
    keys = reader.mapping(_KNOWN, _REQUIRED)
    cycle = tuple(_word(one) for one in keys["cycle"].items(LONGEST_CYCLE))
    closures = tuple(_closure(one) for one in _listed(keys, "closures"))
    policies = _policies(keys, closures)
    read: dict[str, Any] = {
        "zone": keys["zone"].text(64) if "zone" in keys else "UTC",
        "cycle": cycle,
        "first_date": _date(keys["first_date"]),
        "first_label": _word(keys["first_label"]),
        "until": _date(keys["until"]),
        "school_weekdays": tuple(_weekday(one) for one in keys["school_weekdays"].items(7)),
        "closures": closures,
        "planned": policies[ClosureKind.PLANNED],
        "unplanned": policies[ClosureKind.UNPLANNED],
        "labels": _dated(keys["labels"], _label) if "labels" in keys else {},
        "terms": tuple(_term(one) for one in _listed(keys, "terms")),
    }
    dismissals = _dated(keys["dismissals"], _clock) if "dismissals" in keys else {}
    if reader.faults:
        return None
    return _checked(reader, lambda: SchoolCalendar(bells=_bells(keys, cycle, dismissals), **read))


def _listed(keys: Keys, key: str) -> list[Reader]:
    return keys[key].items(_MOST) if key in keys else []


def _checked(reader: Reader, make: Callable[[], T]) -> T | None:
    """Return what ``make`` makes; what it refuses is a fault of that value."""
    try:
        return make()
    except InvalidInput as problem:
        reader.fault(f"{problem.message} {problem.remedy}")
        return None


def _bells(keys: Keys, cycle: tuple[str, ...], dismissals: Mapping[date, time]) -> Bells:
    bells = parse_bells(keys["bells"].text(20_000), cycle) if "bells" in keys else _NO_BELLS
    return replace(bells, dismissals={**bells.dismissals, **dismissals})


def _word(reader: Reader) -> str:
    """Return a label as it stands there: a number is one too."""
    value = reader.value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return reader.text(LONGEST_NAME)


def _group(reader: Reader) -> str:
    name = _word(reader)
    _checked(reader, lambda: check_group(name))
    return name


def _label(reader: Reader) -> str | None:
    return None if reader.value is None else _word(reader)


def _date(reader: Reader) -> date:
    value = reader.value
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    day = existing(*(int(part) for part in found.groups())) if found else None
    if day is None:
        reader.fault("must be a date such as 2026-11-30")
        return date.min
    return day


def _clock(reader: Reader) -> time:
    told = times_in(reader.value) if isinstance(reader.value, str) else None
    if told is None or told[1] is not None:
        reader.fault("must be a time such as 13:05")
        return time()
    return as_time(told[0])


def _weekday(reader: Reader) -> int:
    named = weekday_of(reader.value) if isinstance(reader.value, str) else None
    return reader.number(0, 6) if named is None else named


def _dated(reader: Reader, read: Callable[[Reader], T]) -> dict[date, T]:
    """Return values by date; a date that stands there twice is a fault."""
    if not isinstance(reader.value, dict):
        reader.fault("must have dates as keys, such as 2026-11-30: B")
        return {}
    found: dict[date, T] = {}
    for key, value in reader.value.items():
        entry = Reader(value, (*reader.path, key), reader.faults)
        day = _date(Reader(key, entry.path, reader.faults))
        if day in found and day != date.min:
            entry.fault("is there twice")
        found[day] = read(entry)
    return found


def _closure(reader: Reader) -> Closure:
    keys = reader.mapping(_CLOSURE, ("kind",))
    if ("date" in keys) == ("from" in keys or "to" in keys):
        reader.fault("needs either a date, or from and to")
    if ("from" in keys) != ("to" in keys):
        reader.fault("needs both from and to")
    first = _date(keys["date"] if "date" in keys else keys["from"])
    last = first if "date" in keys else _date(keys["to"])
    made = _checked(
        reader,
        lambda: Closure(
            start=first,
            end=last,
            kind=keys["kind"].choice(ClosureKind),
            name=keys["name"].line(_NAME, empty=True) if "name" in keys else "",
            only=tuple(map(_group, keys["only"].items(_MOST))) if "only" in keys else (),
        ),
    )
    return made or Closure(start=first, end=first, kind=ClosureKind.PLANNED)


def _term(reader: Reader) -> Term:
    keys = reader.mapping(("name", "from", "to"), ("from", "to"))
    name = _word(keys["name"]) if "name" in keys else ""
    first, last = _date(keys["from"]), _date(keys["to"])
    made = _checked(reader, lambda: Term(name=name, start=first, end=last))
    return made or Term(name=name, start=first, end=first)


def _policies(keys: Keys, closures: tuple[Closure, ...]) -> Mapping[ClosureKind, ClosurePolicy]:
    """Return the policies; one that is needed has to be told, for schools differ."""
    needed = {one.kind for one in closures}
    told = (
        keys["policy"].mapping([kind.value for kind in ClosureKind]) if "policy" in keys else None
    )
    found = {}
    for kind in ClosureKind:
        if told is not None and kind.value in told:
            found[kind] = told[kind.value].choice(ClosurePolicy)
            continue
        if kind in needed:
            says = f"{kind.value} must say shift or skip: there are {kind.value} closures"
            keys["policy"].fault(says) if "policy" in keys else keys.missing("policy", says)
        found[kind] = ClosurePolicy.SHIFT
    return found

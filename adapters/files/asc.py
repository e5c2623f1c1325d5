"""aSc Timetables: its XML export. Lessons say who teaches what, cards when.

A card's days are a mask with one digit for each day. A lesson may take several periods; cards
without a period are not placed yet. Periods go by their number (the attribute ``period``), which
may begin with 0; their names and clock times stand beside it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import pairwise

from adapters.files.markup import Node, read_markup
from adapters.files.sheet import Sheet
from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import as_time, times_in
from bot.domain.timetable.grid import Grid, fold_name

_AGAIN = "Export it from aSc Timetables once more (File, Export, aSc Timetables 2012 XML)."
_LONGEST_LESSON = 30
_MOST_DAYS = 60
_FRACTION = re.compile(r"[.,]0+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """Who teaches what, and for how many periods at a time."""

    teachers: tuple[str, ...]
    subject: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """The days' names in the order of the masks, and their indexes by number in older files."""

    names: list[str]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """Where a lesson is: indexes of its days and first period; ``when``: its weeks and terms."""

    when: tuple[str, str]
    days: tuple[int, ...]
    first: int


@dataclass(slots=True)
class _Doubts:
    """What is counted while the cards are read, to be told together."""

    unplaced: int = 0
    orphans: int = 0
    strangers: int = 0
    weeks: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)


def read_asc(data: bytes) -> Grid:
    """Read an export: all its days, periods and teachers, and the lessons that have a card.

    InvalidInput for a file without days, periods or placed cards, and for cards on days or in
    periods that it does not have.
    """
    root = read_markup(data)
    sheet = Sheet()
    days, periods = _days(root), _periods(root)
    for day in days.names:
        for period in periods:
            sheet.place(day, period.get("period"))
    teachers = _people(root)
    for name in teachers.values():
        sheet.teacher(name)
    doubts = _Doubts()
    subjects = {
        one.get("id"): fold_name(one.get("name") or one.get("short"))
        for one in root.child("subjects").all("subject")
    }
    sheet.subjects.update(filter(None, subjects.values()))
    lessons = dict(_lessons(root, teachers, subjects, doubts))
    placed = _placed(root, days, sheet.periods, doubts)
    if not placed:
        raise InvalidInput(
            what="None of the lessons in this aSc file has a place in the week.",
            remedy="Generate the timetable first, then export it.",
        )
    for key, cards in placed.items():
        if key not in lessons:
            doubts.orphans += len(cards)
            continue
        length = _length(cards, lessons[key].length)
        for card in cards:
            _enter(sheet, card, lessons[key], length)
    sheet.notes.extend(_notes(doubts))
    titles = {p.get("period"): p.get("name") for p in periods if p.get("name")}
    titles = {number: name for number, name in titles.items() if number != name}
    return replace(sheet.grid(), titles=titles, clock=dict(_clock(periods)))


def _days(root: Node) -> _Days:
    """Return the days; InvalidInput when there are none."""
    defined = root.child("days").all("day")
    if not root.child("daysdefs").children and defined:
        ordered = sorted(defined, key=lambda one: _number(one.get("day"), "day"))
        names = [fold_name(one.get("name") or one.get("short")) for one in ordered]
        numbers = {one.get("day"): at for at, one in enumerate(ordered)}
        return _Days(names=_distinct(names), numbers=numbers)
    masks: dict[str, str] = {}
    for mask, name in _masks(root):  # the first name of a day is its own
        masks[mask] = masks.get(mask) or name
    count = max(map(len, masks), default=0)
    cards = root.child("cards").all("card")
    first = 1 if "daynumbering1" in root.get("options") else 0
    count = count or max((_number(one.get("day"), "day") + 1 - first for one in cards), default=0)
    if not 0 < count <= _MOST_DAYS:
        told = f"{count:,} days; at most {_MOST_DAYS} are read" if count else "no days"
        raise InvalidInput(what=f"This aSc file defines {told}.", remedy=_AGAIN)
    single = ("0" * at + "1" + "0" * (count - at - 1) for at in range(count))
    return _Days(
        names=_distinct([masks.get(mask, "") for mask in single]),
        numbers={str(at + first): at for at in range(count)},
    )


def _masks(root: Node) -> Iterator[tuple[str, str]]:
    """Yield every mask of days in the file, with the name that a definition gives to it."""
    for one in root.child("cards").all("card"):
        yield one.get("days"), ""
    for one in root.child("daysdefs").all("daysdef"):
        masks = one.get("days").split(",")
        name = fold_name(one.get("name") or one.get("short")) if len(masks) == 1 else ""
        yield from ((mask.strip(), name) for mask in masks)


def _distinct(names: list[str]) -> list[str]:
    """Return names of which none is empty or stands twice: the later ones get a number."""
    seen: Counter[str] = Counter()
    distinct = []
    for at, told in enumerate(names, 1):
        name = told or f"Day {at}"
        seen[name] += 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct


def _periods(root: Node) -> list[Node]:
    """Return the periods by their numbers; InvalidInput when there are none."""
    found = root.child("periods").all("period")
    if not found:
        raise InvalidInput(what="This aSc file defines no periods.", remedy=_AGAIN)
    return sorted(found, key=lambda one: _number(one.get("period"), "period"))


def _number(said: str, kind: str) -> int:
    if not said.isascii() or not said.isdigit() or len(said) > 4:  # noqa: PLR2004 - no number of a period
        raise InvalidInput(
            what=f"A {kind} of this aSc file has the number “{said[:20]}”.", remedy=_AGAIN
        )
    return int(said)


def _clock(periods: list[Node]) -> Iterator[tuple[str, tuple[time, time]]]:
    """Yield the clock times of the periods that state a start and a later end ("7:45")."""
    for one in periods:
        start, end = times_in(one.get("starttime")), times_in(one.get("endtime"))
        if start is not None and end is not None and start[0] < end[0]:
            yield one.get("period"), (as_time(start[0]), as_time(end[0]))


def _people(root: Node) -> dict[str, str]:
    """Return the teachers' names by their ids; those with one name get their short one behind it.

    Two teachers of one name are two people: who asks for them has to say which.
    """
    found = {one.get("id"): one for one in root.child("teachers").all("teacher")}
    names = {key: _name(one) for key, one in found.items()}
    several = Counter(names.values())
    return {
        key: name if several[name] == 1 else f"{name} ({found[key].get('short') or key})"
        for key, name in names.items()
    }


def _name(teacher: Node) -> str:
    whole = f"{teacher.get('firstname')} {teacher.get('lastname')}"
    return fold_name(teacher.get("name")) or fold_name(whole) or fold_name(teacher.get("short"))


def _lessons(
    root: Node, teachers: dict[str, str], subjects: dict[str, str], doubts: _Doubts
) -> Iterator[tuple[str, _Lesson]]:
    """Yield the lessons by their ids; teachers that the file does not define are counted."""
    for one in root.child("lessons").all("lesson"):
        keys = (one.get("teacherids") or one.get("teacherid")).split(",")
        keys = [key.strip() for key in keys if key.strip()]
        doubts.strangers += sum(key not in teachers for key in keys)
        told = one.get("periodspercard") or one.get("durationperiods")  # the older word
        length = _number(_FRACTION.sub("", told or "1"), "lesson")
        yield (
            one.get("id"),
            _Lesson(
                teachers=tuple(teachers[key] for key in keys if key in teachers),
                subject=subjects.get(one.get("subjectid"), ""),
                length=min(max(length, 1), _LONGEST_LESSON),
            ),
        )


def _enter(sheet: Sheet, one: _Card, lesson: _Lesson, length: int) -> None:
    """Enter the lesson of a card in its places."""
    last = min(one.first + length, len(sheet.periods))
    for teacher in lesson.teachers:
        for day in one.days:
            for at in range(one.first, last):
                sheet.enter(teacher, (day, at), lesson.subject)


def _placed(
    root: Node, days: _Days, periods: Mapping[str, int], doubts: _Doubts
) -> dict[str, list[_Card]]:
    """Return the cards that have a place, by lesson; the others are counted."""
    found: dict[str, list[_Card]] = defaultdict(list)
    for one in root.child("cards").all("card"):
        period, on = one.get("period"), _card_days(one, days)
        if not period or not on:
            doubts.unplaced += 1
        elif period not in periods:
            raise InvalidInput(
                what=f"A card of this aSc file is in period “{period[:20]}”, "
                "which the file does not define.",
                remedy=_AGAIN,
            )
        else:
            doubts.weeks.add(one.get("weeks"))
            doubts.terms.add(one.get("terms"))
            found[one.get("lessonid")].append(
                _Card(when=(one.get("weeks"), one.get("terms")), days=on, first=periods[period])
            )
    return found


def _length(cards: list[_Card], length: int) -> int:
    """Return how many periods a card takes.

    Some programs write a card for each period of a double one: these would overlap.
    """
    starts = sorted({(card.when, day, card.first) for card in cards for day in card.days})
    overlap = any(
        one[:2] == other[:2] and other[2] < one[2] + length for one, other in pairwise(starts)
    )
    return 1 if overlap else length


def _card_days(card: Node, days: _Days) -> tuple[int, ...]:
    """Return the days of a card from its mask, or its number in older files."""
    mask, number = card.get("days"), card.get("day")
    if not mask and number in days.numbers:
        return (days.numbers[number],)
    if (number and not mask) or not set(mask) <= {"0", "1"} or "1" in mask[len(days.names) :]:
        raise InvalidInput(
            what=f"A card of this aSc file is on the days “{(mask or number)[:20]}”; "
            f"the file has {len(days.names)} days.",
            remedy=_AGAIN,
        )
    return tuple(at for at, digit in enumerate(mask) if digit == "1")


def _notes(doubts: _Doubts) -> Iterator[str]:
    """Yield what should be known about the cards."""
    if doubts.unplaced:
        yield f"Cards without a place in the week, left out: {doubts.unplaced}."
    if doubts.orphans:
        yield f"Cards of lessons that the file does not define, left out: {doubts.orphans}."
    if doubts.strangers:
        yield f"Teachers of lessons whom the file does not define, left out: {doubts.strangers}."
    for word, masks in (("week", doubts.weeks), ("term", doubts.terms)):
        if any("0" in mask and "1" in mask for mask in masks):
            yield f"Some lessons are not in every {word}; they count in all of them."

"""FET: the solved ``.fet`` file, the teachers' timetables as XML, and what a school cannot use.

The placement of a solved file is its constraints of preferred starting times of full weight; it
alone says when there are breaks and when part-timers are not there.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.files.markup import Node, read_markup, root_tag
from adapters.files.sheet import Sheet
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, Place, fold_name
from bot.domain.timetable.limits import Limits
from bot.domain.timetable.timetable import Use

_STARTS = ("ConstraintActivityPreferredStartingTime", "ConstraintActivityPreferredTime")
_FULL = 100.0
_SAVED = "Give the file that FET saves."
_SOLVE = "In FET generate the timetable, then use File, Export, Save data and timetable as."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Activity:
    """One activity: who teaches what, and how many periods it takes."""

    teachers: tuple[str, ...]
    subject: str
    duration: int


def read_fet(data: bytes) -> Grid:
    """Read a solved ``.fet``: all declared days and periods, everybody in it, breaks, absences.

    Lessons without a place are told in the notes. InvalidInput for a file that is not solved, and
    for places that are none.
    """
    root = _root(data)
    sheet, titles = _frame(root)
    for teacher in _each(root, "Teachers_List", "Teacher"):
        sheet.teacher(teacher.value("Name"))
    for subject in _each(root, "Subjects_List", "Subject"):
        sheet.subjects.add(fold_name(subject.value("Name")))
    activities = dict(_activities(root))
    starts = _starts(root, sheet)
    placed = {key: one for key, one in activities.items() if key in starts}
    _note_unplaced(sheet, len(activities), len(placed))
    for key, activity in placed.items():
        day, first = starts[key]
        last = min(first + activity.duration, len(sheet.periods))
        for name in map(sheet.teacher, activity.teachers):
            for at in range(first, last):
                sheet.enter(name, (day, at), activity.subject)
    _limit(sheet, _limits(root, sheet))
    if (mode := root.value("Mode")) and mode != "Official":
        sheet.notes.append(
            f"The file is of FET's mode “{mode}”: its days may be half-days, two for each day."
        )
    return replace(sheet.grid(), titles=titles)


def read_fet_limits(data: bytes) -> Limits:
    """Read the breaks and absences of a ``.fet``, solved or not; InvalidInput when it is none."""
    root = _root(data)
    return _limits(root, _frame(root)[0])


def read_fet_teachers(data: bytes) -> Grid:
    """Read ``_teachers.xml``: everybody's lessons in all declared days and periods.

    It does not say when there are breaks, or when somebody is not there.
    """
    root = read_markup(data)
    sheet = Sheet()
    for person in root.all("Teacher"):
        teacher = sheet.teacher(person.get("name"))
        for day in person.all("Day"):
            for hour in day.all("Hour"):
                place = sheet.place(day.get("name"), hour.get("name"))
                if hour.all("Activity", "Subject"):  # older files have the subject alone
                    subject = fold_name(hour.child("Subject").get("name"))
                    sheet.enter(teacher, place, subject)
    if not sheet.days or not sheet.periods:
        raise InvalidInput(
            what="The file holds nobody's timetable.",
            remedy="Generate the timetable in FET and take its file …_teachers.xml.",
        )
    return sheet.grid()


def _root(data: bytes) -> Node:
    if root_tag(data) is None:
        raise InvalidInput(what="This is no .fet file.", remedy=_SAVED)
    root = read_markup(data)
    if root.tag.casefold() != "fet":
        raise InvalidInput(
            what=f"This is no .fet file; its XML begins with “{root.tag[:40]}”.", remedy=_SAVED
        )
    return root


def _each(root: Node, group: str, tag: str) -> list[Node]:
    return root.child(group).all(tag)


def _frame(root: Node) -> tuple[Sheet, dict[str, str]]:
    """Return a sheet with all declared days and periods, and the periods' long names."""
    sheet = Sheet()
    days = _names(root.child("Days_List"), "Day")
    hours = _names(root.child("Hours_List"), "Hour")
    if not days or not hours:
        raise InvalidInput(
            what="The .fet file declares no days or no periods.",
            remedy="Open it in FET, complete it, and save it again.",
        )
    for one, names in (("day", days), ("period", hours)):
        doubled = next((n for n, times in Counter(n for n, _ in names).items() if times > 1), None)
        if doubled is not None:
            raise InvalidInput(
                what=f"The {one} “{doubled[:40]}” stands twice in the .fet file.",
                remedy=f"Give every {one} its own name in FET.",
            )
    for day, _ in days:
        for hour, _ in hours:
            sheet.place(day, hour)
    return sheet, {name: title for name, title in hours if title and title != name}


def _names(group: Node, tag: str) -> list[tuple[str, str]]:
    """Return names with their long names; older files have the names alone."""
    found = [(one.value("Name"), one.value("Long_Name")) for one in group.all(tag)]
    return found or [(one.text, "") for one in group.all("Name")]


def _activities(root: Node) -> Iterator[tuple[str, _Activity]]:
    """Yield the activities that are not switched off, by their number."""
    for one in _each(root, "Activities_List", "Activity"):
        if _active(one):
            yield (
                one.value("Id"),
                _Activity(
                    teachers=tuple(teacher.text for teacher in one.all("Teacher") if teacher.text),
                    subject=fold_name(one.value("Subject")),
                    duration=_duration(one),
                ),
            )


def _duration(activity: Node) -> int:
    said = activity.value("Duration") or "1"
    if not said.isascii() or not said.isdigit() or len(said) > 3 or int(said) < 1:  # noqa: PLR2004
        raise InvalidInput(
            what=f"Activity {activity.value('Id')} has the duration “{said[:20]}”.",
            remedy="Correct it in FET and save the file again.",
        )
    return int(said)


def _active(node: Node) -> bool:
    """Tell whether an activity or constraint counts; older files say it with yes and no."""
    return node.value("Active").casefold() not in {"false", "no"}


def _starts(root: Node, sheet: Sheet) -> dict[str, Place]:
    """Return where each placed activity begins; InvalidInput for two places of one activity."""
    starts: dict[str, Place] = {}
    for one in root.child("Time_Constraints_List").all(*_STARTS):
        day, hour = one.value("Preferred_Day", "Day"), one.value("Preferred_Hour", "Hour")
        if not _active(one) or not _full(one) or not day or not hour:
            continue
        activity = one.value("Activity_Id")
        place = _place(sheet, day, hour)
        if starts.setdefault(activity, place) != place:
            raise InvalidInput(
                what=f"Activity {activity} of the .fet file has two places in the week.",
                remedy=_SOLVE,
            )
    return starts


def _full(constraint: Node) -> bool:
    """Tell whether a constraint must hold; a mere wish is no placement."""
    try:
        return float(constraint.value("Weight_Percentage") or _FULL) >= _FULL
    except ValueError:
        return False


def _place(sheet: Sheet, day: str, hour: str) -> Place:
    for name, known, kind in ((day, sheet.days, "day"), (hour, sheet.periods, "period")):
        if name not in known:
            raise InvalidInput(
                what=f"A constraint names the {kind} “{name[:40]}”, which the .fet file does not "
                "declare.",
                remedy="Open it in FET, correct it, and save it again.",
            )
    return sheet.days[day], sheet.periods[hour]


def _note_unplaced(sheet: Sheet, all_of_them: int, placed: int) -> None:
    """Note lessons without a place; InvalidInput when they are so many that nothing is solved."""
    missing = all_of_them - placed
    if missing * 2 > all_of_them or not all_of_them:
        raise InvalidInput(
            what=f"This .fet file is not solved: {placed} of its {all_of_them} activities have a "
            "place in the week.",
            remedy=_SOLVE,
        )
    if missing:
        sheet.notes.append(f"Activities without a place in the week, left out: {missing}.")


def _limits(root: Node, sheet: Sheet) -> Limits:
    """Return breaks and absences by the names of days and periods, of whatever weight.

    FET itself takes them at full weight only; a lesser one states them all the same.
    """
    constraints = root.child("Time_Constraints_List")
    breaks: set[tuple[str, str]] = set()
    absences: dict[str, set[tuple[str, str]]] = {}
    for one in filter(_active, constraints.all("ConstraintBreakTimes", "ConstraintBreak")):
        breaks |= set(_times(one, "Break_Time", sheet))
    absent = ("ConstraintTeacherNotAvailableTimes", "ConstraintTeacherNotAvailable")
    for one in filter(_active, constraints.all(*absent)):
        teacher = fold_name(one.value("Teacher", "Teacher_Name"))
        absences.setdefault(teacher, set()).update(_times(one, "Not_Available_Time", sheet))
    return Limits(
        days=tuple(sheet.days),
        periods=tuple(sheet.periods),
        breaks=frozenset(breaks),
        absences={teacher: frozenset(times) for teacher, times in absences.items()},
        teachers=frozenset(
            fold_name(one.value("Name")) for one in _each(root, "Teachers_List", "Teacher")
        ),
    )


def _times(constraint: Node, tag: str, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield day and period of each time; an old constraint is one day, from hour to hour."""
    for one in constraint.all(tag):
        day, hour = one.value("Day"), one.value("Hour")
        _place(sheet, day, hour)
        yield day, hour
    start, end = constraint.value("Start_Hour"), constraint.value("End_Hour")
    if start:
        day, hours = constraint.value("Day"), list(sheet.periods)
        first = _place(sheet, day, start)[1]
        last = _place(sheet, day, end)[1] if end else len(hours)
        for hour in hours[first:last]:
            yield day, hour


def _limit(sheet: Sheet, limits: Limits) -> None:
    """Enter breaks and absences."""
    for day, hour in limits.breaks:
        sheet.close(sheet.place(day, hour))
    for teacher, times in limits.absences.items():
        sheet.marks[Use.ABSENT][teacher] |= _placed(sheet, tuple(times))


def _placed(sheet: Sheet, times: Sequence[tuple[str, str]]) -> set[Place]:
    return {sheet.place(day, hour) for day, hour in times}

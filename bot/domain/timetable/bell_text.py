"""Bell schedules as people write them: the ordinary day, then the others with their days.

    P1 08:00-08:45
    P2 08:50-09:35

    [late start: Wed]
    P1 09:00-09:40
    P2 09:45-10:20

    [assembly: 2026-12-18]
    P1 08:00-08:30

    [until 13:05: 2027-02-03]

The words behind the colon are weekdays, days of the cycle, or dates. "[regular: 2027-02-10]"
without lines of its own makes such a day an ordinary one. On days with "until" school
ends early: they have the dates behind it, and no lines of their own. A date may be for some groups
alone: "2026-12-18 (only Grade 9, Grade 10)".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import BellBook, bells_in, closures_in
from bot.domain.timetable.bell_lines import is_bell_lines, parse_bell_lines
from bot.domain.timetable.bells import Bells, BellSchedule, Partly
from bot.domain.timetable.clocktimes import CLOCK, as_time, minutes_of
from bot.domain.timetable.period_lines import parse_bell_schedule, render_bell_schedule
from bot.domain.timetable.weekdays import SHORT, weekday_of

REGULAR = "regular"
_HEAD = re.compile(r"^\[([^:\]]+)(?::([^\]]*))?\]$")
_COMMA = re.compile(r",(?![^()]*\))")
_ONLY = re.compile(r"^(\S+)\s*\(only\s+([^()]*[^()\s,][^()]*)\)$", re.IGNORECASE)
_UNTIL = re.compile(rf"^\[\s*(?:until|till)\s+{CLOCK}\s*:([^\]]*)\]$", re.IGNORECASE)


@dataclass(slots=True)
class _Days:
    """On which days the schedules hold that are not the ordinary one."""

    by_label: dict[str, str] = field(default_factory=dict)
    by_weekday: dict[int, str] = field(default_factory=dict)
    by_date: dict[date, str] = field(default_factory=dict)
    dismissals: dict[date, time] = field(default_factory=dict)
    partly: list[Partly] = field(default_factory=list)


def parse_bells(text: str, cycle: Sequence[str]) -> Bells:
    """Read bell schedules; ``cycle`` are the labels that may stand behind a colon.

    Bell-schedule text with headings such as "* regular" is read as well. InvalidInput for what
    ``parse_bell_schedule`` refuses, a schedule without days, a day that is none, and a name that
    stands twice.
    """
    if is_bell_lines(text):
        return _of_book(parse_bell_lines(text))
    days = _Days()
    schedules: dict[str, BellSchedule] = {}
    for head, lines in _sections(text):
        if (early := _UNTIL.match(head)) and not any(lines):
            _dismiss(days, early)
            continue
        name, held = _named(head)
        if name in schedules and (name != REGULAR or any(lines)):
            raise InvalidInput(
                what=f"The bell schedule “{name}” stands twice.",
                remedy="Give every kind of day its own name.",
            )
        if name not in schedules:
            schedules[name] = parse_bell_schedule("\n".join(lines), name)
        for word in held:
            _hold(days, name, word, cycle)
    return Bells(
        schedules=schedules,
        default=next(iter(schedules)),
        by_label=days.by_label,
        by_weekday=days.by_weekday,
        by_date=days.by_date,
        dismissals=days.dismissals,
        partly=tuple(days.partly),
    )


def _of_book(book: BellBook) -> Bells:
    """Return the bells of bell-schedule text; InvalidInput for what is no matter of bells."""
    closures = closures_in(book)
    if closures:
        raise InvalidInput(
            what=f"The special days name {len(closures)} closures, the first on "
            f"{closures[0].start}: these are no bells.",
            remedy="Take these lines out, or give the whole text as a calendar from a file.",
        )
    return bells_of_book(book)


def bells_of_book(book: BellBook) -> Bells:
    """Return the bells of bell-schedule text with its ordinary day called ``REGULAR``.

    InvalidInput for kinds of days that nothing describes, and as in ``bells_in``.
    """
    if book.unknown:
        raise InvalidInput(
            what=f"No bell schedule describes “{book.unknown[0]}”.",
            remedy=f"Add “* {book.unknown[0]}” with its lines, or leave out its days.",
        )
    return _ordinary_first(bells_in(book))


def _ordinary_first(bells: Bells) -> Bells:
    """Return the bells with their ordinary schedule called as the text that is shown has it."""
    names = {name: name for name in bells.schedules} | {REGULAR: f"other {REGULAR}"}
    names[bells.default] = REGULAR
    return Bells(
        schedules={
            names[name]: BellSchedule(name=names[name], periods=one.periods)
            for name, one in bells.schedules.items()
        },
        default=REGULAR,
        by_weekday={day: names[kind] for day, kind in bells.by_weekday.items()},
        by_date={day: names[kind] for day, kind in bells.by_date.items()},
    )


def render_bells(bells: Bells) -> str:
    """Return bells in the form that ``parse_bells`` reads."""
    parts = [render_bell_schedule(bells.schedules[bells.default])]
    for name, schedule in bells.schedules.items():
        held = [
            *(label for label, held in bells.by_label.items() if held == name),
            *(SHORT[day] for day, held in bells.by_weekday.items() if held == name),
            *(str(day) for day, held in bells.by_date.items() if held == name),
            *(_some(one) for one in bells.partly if one.schedule == name),
        ]
        if name != bells.default:
            parts.append(f"[{name}: {', '.join(held)}]\n{render_bell_schedule(schedule)}")
        elif held:
            parts.append(f"[{REGULAR}: {', '.join(held)}]")
    ends = [(at, str(day)) for day, at in bells.dismissals.items()]
    ends += [(one.until, _some(one)) for one in bells.partly if one.until is not None]
    for early in sorted({at for at, _ in ends}):
        dates = sorted(day for at, day in ends if at == early)
        parts.append(f"[until {early:%H:%M}: {', '.join(dates)}]")
    return "\n\n".join(parts)


def _some(one: Partly) -> str:
    """Return a date and the groups that it is for: "2026-12-18 (only Grade 9, Grade 10)"."""
    return f"{one.day} (only {', '.join(one.only)})"


def _sections(text: str) -> list[tuple[str, list[str]]]:
    sections: list[tuple[str, list[str]]] = [(f"[{REGULAR}]", [])]
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("["):
            sections.append((line, []))
        else:
            sections[-1][1].append(line)
    return sections


def _named(head: str) -> tuple[str, list[str]]:
    found = _HEAD.match(head)
    held = _words(found[2] or "") if found else []
    if found is None or (not held and head != f"[{REGULAR}]"):
        raise InvalidInput(
            what=f"“{head}” does not say on which days that bell schedule holds.",
            remedy="Write a name and its days, for example: [late start: Wed]",
        )
    return " ".join(found[1].split()), held


def _words(text: str) -> list[str]:
    """Return what stands between the commas; those within brackets part nothing."""
    return [word.strip() for word in _COMMA.split(text) if word.strip()]


def _only(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a day, and the groups that it is for alone."""
    found = _ONLY.match(word)
    if found is None:
        return word, ()
    return found[1], tuple(filter(None, (name.strip() for name in found[2].split(","))))


def _hold(days: _Days, name: str, word: str, cycle: Sequence[str]) -> None:
    """Note that a schedule holds on a day: of the cycle first, then of the week, then a date."""
    day, groups = _only(word)
    if groups:
        days.partly.append(Partly(day=_date(day), only=groups, schedule=name))
        return
    label = next((one for one in cycle if one.casefold() == word.casefold()), None)
    weekday = weekday_of(word)
    if label is not None:
        days.by_label[label] = name
    elif weekday is not None:
        days.by_weekday[weekday] = name
    else:
        days.by_date[_date(word)] = name


def _dismiss(days: _Days, head: re.Match[str]) -> None:
    """Note on which dates school ends early."""
    at = minutes_of(head[1], head[2], head[3])
    words = _words(head[4])
    if not at or not words:
        raise InvalidInput(
            what=f"“{head[0]}” does not say when school ends early.",
            remedy="Write a time and dates, for example: [until 13:05: 2026-12-18]",
        )
    for day, groups in map(_only, words):
        if groups:
            days.partly.append(Partly(day=_date(day), only=groups, until=as_time(at)))
        else:
            days.dismissals[_date(day)] = as_time(at)


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise InvalidInput(
            what=f"“{word}” is no weekday, no day of the cycle and no date.",
            remedy="Write for example Wed, A, or 2026-12-18.",
        ) from None

"""Bell schedules: the clock times of the periods on each kind of day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import pairwise
from statistics import median_low
from typing import Any

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import (
    CLOCK,
    DASH,
    DAY,
    NOON,
    as_minutes,
    as_text,
    as_time,
    between,
    times_in,
)

_AT_END = re.compile(rf"^(?:(.*?)[\s:,;]+)??\(?{CLOCK}{DASH}{CLOCK}\)?$", re.IGNORECASE)
_AT_START = re.compile(rf"^{CLOCK}{DASH}{CLOCK}[\s:,;]+(.+)$", re.IGNORECASE)
# Minutes after midnight; a time before it that follows a later one is an afternoon ("1:05").
_EARLIEST = 7 * 60
LONGEST_NAME = 40
"""Characters of the name of a period or a day: they stand on buttons and above columns."""
# Start and end in minutes after midnight, the end None when a name tells only the start.
_Told = tuple[int, int | None]
_BREAK = re.compile(r"\s*\(break\)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period of a day: wall times of the school, both or none known; an end of 00:00 is midnight.

    A break belongs to nobody: no lesson, and no time to plan either.
    """

    name: str
    start: time | None = None
    end: time | None = None
    is_break: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidInput(what="A period has no name.", remedy="Name it, for example P1.")
        if self.timed and self.seconds[0] >= self.seconds[1]:
            raise InvalidInput(
                what=f"The period “{self.name}” ends before it begins.",
                remedy="Correct its clock times.",
            )

    @property
    def timed(self) -> bool:
        """Tell whether both clock times are known."""
        return self.start is not None and self.end is not None

    @property
    def seconds(self) -> tuple[int, int]:
        """Start and end in seconds after midnight; InvalidInput when they are not known."""
        if self.start is None or self.end is None:
            raise unknown_times(self.name)
        end = as_minutes(self.end) * 60 + self.end.second
        return as_minutes(self.start) * 60 + self.start.second, end or DAY * 60


def check_name(name: str, kind: str) -> None:
    """Raise InvalidInput when a period's or day's name is too long, or holds "|"."""
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            what=f"The {kind} “{name[:30]}…” has {len(name)} characters.",
            remedy=f"At most {LONGEST_NAME} fit: give it a shorter name.",
        )
    if "|" in name:
        raise InvalidInput(
            what=f"The {kind} “{name}” has a “|” in its name.",
            remedy="Write it without that sign.",
        )


def unknown_times(period: str) -> InvalidInput:
    """Return the problem of a period that cannot be placed on the clock."""
    return InvalidInput(
        what=f"The period “{period}” has no clock times yet.",
        remedy="Give the bell schedule, one period a line, for example: P1 08:00-08:45",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BellSchedule:
    """The periods of one kind of day, in the order of the day; those with times do not overlap."""

    name: str
    periods: tuple[Period, ...]
    # In order, put so once: whoever looks for free time asks again and again.
    _in_order: tuple[Period, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for period in self.periods:
            if period.name in seen:
                raise InvalidInput(
                    what=f"The period “{period.name}” stands twice in “{self.name}”.",
                    remedy="Give every period of a kind of day its own name.",
                )
            seen.add(period.name)
        _refuse_overlap(self.periods)
        timed = all(period.timed for period in self.periods)
        ordered = sorted(self.periods, key=lambda period: period.seconds) if timed else self.periods
        object.__setattr__(self, "_in_order", tuple(ordered))

    def in_order(self) -> tuple[Period, ...]:
        """Return the periods by clock time, or as given while one of them has no times."""
        return self._in_order


def _refuse_overlap(periods: Sequence[Period]) -> None:
    """Raise InvalidInput, naming both, when two periods overlap in clock time."""
    timed = sorted((p for p in periods if p.timed), key=lambda period: period.seconds)
    for one, other in pairwise(timed):
        if other.seconds[0] < one.seconds[1]:
            raise InvalidInput(
                what=f"The periods “{one.name}” and “{other.name}” overlap.",
                remedy="Correct the clock times of one of them.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Which bell schedule holds when: by date, else by cycle day, else by weekday (0 = Monday).

    ``schedules`` is keyed by the schedules' names; ``default`` and all values name one of them.
    On the dates of ``dismissals`` school ends early, at that time.
    """

    schedules: Mapping[str, BellSchedule]
    default: str
    by_label: Mapping[str, str] = field(default_factory=dict)
    by_weekday: Mapping[int, str] = field(default_factory=dict)
    by_date: Mapping[date, str] = field(default_factory=dict)
    dismissals: Mapping[date, time] = field(default_factory=dict)
    _cut: dict[Any, BellSchedule] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # What is asked of all periods again and again, found out once.
    _names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _timed: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        used = (self.default, *self.by_label.values(), *self.by_weekday.values())
        for name in (*used, *self.by_date.values()):
            if name not in self.schedules or self.schedules[name].name != name:
                raise InvalidInput(
                    what=f"There is no bell schedule called “{name}”.",
                    remedy="Known are: " + (", ".join(self.schedules) or "none") + ".",
                )
        ordered = (self.schedules[self.default], *self.schedules.values())
        periods = [period for one in ordered for period in one.in_order()]
        names = dict.fromkeys(period.name for period in periods)
        timed = all(period.timed or period.is_break for period in periods)
        object.__setattr__(self, "_names", tuple(names))
        object.__setattr__(self, "_timed", timed)

    @property
    def timed(self) -> bool:
        """Tell whether all periods that are no breaks can be placed on the clock."""
        return self._timed

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all periods, each once: the ordinary day's in its order, others'."""
        return self._names

    def schedule_on(self, day: date, label: str | None) -> BellSchedule:
        """Return the bell schedule of ``day``, whose cycle day is ``label``."""
        name = self.by_date.get(day)
        if name is None and label is not None:
            name = self.by_label.get(label)
        schedule = self.schedules[name or self.by_weekday.get(day.weekday(), self.default)]
        if (early := self.dismissals.get(day)) is None:
            return schedule
        return self._cut.setdefault((schedule.name, early), dismissed(schedule, early))


def dismissed(schedule: BellSchedule, early: time) -> BellSchedule:
    """Return the schedule of a day that ends at ``early``; a period that runs then is cut short."""
    kept = (p for p in schedule.in_order() if p.start is None or p.start < early)
    cut = (replace(p, end=early) if p.timed and p.seconds[1] > _second(early) else p for p in kept)
    return BellSchedule(name=f"{schedule.name} until {early:%H:%M}", periods=tuple(cut))


def _second(at: time) -> int:
    return as_minutes(at) * 60 + at.second


def periods_from_names(names: Sequence[str]) -> tuple[Period, ...]:
    """Return periods called ``names`` with the clock times the names tell, in the given order.

    Where only starts are told, a period ends when the next one starts, and the last one has the
    median length of the others. Names without times give periods without times.
    """
    spans = _over_noon([times_in(name) for name in names])
    ends = _ends(spans)
    return tuple(
        _period(name, None if span is None else (span[0], end))
        for name, span, end in zip(names, spans, ends, strict=True)
    )


def _over_noon(spans: list[_Told | None]) -> list[_Told | None]:
    """Move times that jump back to before noon into the afternoon, when all of them then rise.

    "12:10, 1:05, 2:00" is how schools with a twelve-hour clock write an afternoon. A list in no
    order (FET's files have the order of their lessons) is left as it is.
    """
    moved: list[_Told | None] = []
    before = 0
    for span in spans:
        late = span
        if span is not None and span[0] < min(before, _EARLIEST):
            end = span[1]
            late = span[0] + NOON, None if end is None else end + NOON * (end <= NOON)
        before = late[0] if late is not None else before
        moved.append(late)
    starts = [span[0] for span in moved if span is not None]
    bounded = all(span is None or (span[1] or 0) <= DAY for span in moved)
    return moved if starts == sorted(set(starts)) and bounded else spans


def _ends(spans: Sequence[_Told | None]) -> list[int | None]:
    """Return each period's end in minutes: told, or the next start, or the median length."""
    starts = sorted({span[0] for span in spans if span is not None})
    following = dict(pairwise(starts))
    lengths = [
        (span[1] or following[span[0]]) - span[0]
        for span in spans
        if span is not None and (span[1] or span[0] in following)
    ]
    usual = median_low(lengths) if lengths else None
    return [None if span is None else _end(span, following, usual) for span in spans]


def _end(span: _Told, following: dict[int, int], usual: int | None) -> int | None:
    """Return the end of one period; None when nothing tells it."""
    start, end = span
    if end is not None:
        return end
    if start in following:
        return following[start]
    return None if usual is None else min(start + usual, DAY)


def parse_bell_schedule(text: str, name: str = "regular") -> BellSchedule:
    """Read a bell schedule: one period a line, "P1 08:00-08:45" or "08:00-08:45 P1".

    "(break)" at the end of a line makes it a break; a line without times is a period whose times
    are not known. Blank lines are skipped. InvalidInput when there is no line, for impossible or
    overlapping times, for a name that stands twice and for one that ``check_name`` refuses.
    """
    check_name(name, "bell schedule")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise InvalidInput(
            what="The bell schedule is empty.",
            remedy="Write one period a line, for example: P1 08:00-08:45",
        )
    parts = [_parts(line) for line in lines]
    for period, _span, _is_break in parts:
        check_name(period, "period")
    spans = _over_noon([span for _name, span, _is_break in parts])
    periods = (
        _period(name, span, is_break=is_break)
        for (name, _span, is_break), span in zip(parts, spans, strict=True)
    )
    return BellSchedule(name=name, periods=tuple(periods))


def _parts(line: str) -> tuple[str, _Told | None, bool]:
    """Return name, start and end in minutes if told, and whether it is a break, of one line."""
    text = _BREAK.sub("", line)
    is_break = text != line
    if found := _AT_END.match(text):
        name, groups = found[1], found.groups()[1:]
    elif found := _AT_START.match(text):
        name, groups = found[7], found.groups()[:6]
    else:
        return text, None, is_break
    return (name or "").strip() or text, between(groups[:3], groups[3:]), is_break


def _period(name: str, span: _Told | None, *, is_break: bool = False) -> Period:
    """Return a period; one without a start and an end after it has no times."""
    if span is None or span[1] is None or span[1] <= span[0]:
        return Period(name=name, is_break=is_break)
    return Period(name=name, start=as_time(span[0]), end=as_time(span[1]), is_break=is_break)


def render_bell_schedule(schedule: BellSchedule) -> str:
    """Return ``schedule`` in the form that ``parse_bell_schedule`` reads."""
    return "\n".join(_line(period) for period in schedule.periods)


def _line(period: Period) -> str:
    """Return one period as a line."""
    times = ""
    if period.timed:
        start, end = period.seconds
        times = f" {as_text(start // 60)}-{as_text(end // 60)}"
    return f"{period.name}{times}{' (break)' if period.is_break else ''}"

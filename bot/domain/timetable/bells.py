"""Bell schedules: the clock times of the periods on each kind of day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import DAY, as_minutes

LONGEST_NAME = 40
"""Characters of the name of a period or a day: they stand on buttons and above columns."""


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
    """The periods of one kind of day, in the order of the day; some may run at the same time."""

    name: str
    periods: tuple[Period, ...]
    # In order, put so once: whoever looks for free time asks again and again.
    _in_order: tuple[Period, ...] = field(init=False, repr=False, compare=False)
    _at_once: tuple[tuple[Period, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for period in self.periods:
            if period.name in seen:
                raise InvalidInput(
                    what=f"The period “{period.name}” stands twice in “{self.name}”.",
                    remedy="Give every period of a kind of day its own name.",
                )
            seen.add(period.name)
        timed = all(period.timed for period in self.periods)
        ordered = sorted(self.periods, key=lambda period: period.seconds) if timed else self.periods
        object.__setattr__(self, "_in_order", tuple(ordered))
        object.__setattr__(self, "_at_once", tuple(_at_once(self.periods)))

    def in_order(self) -> tuple[Period, ...]:
        """Return the periods by clock time, or as given while one of them has no times."""
        return self._in_order

    def at_once(self) -> tuple[tuple[Period, ...], ...]:
        """Return the periods that run at the same time as others, those together that touch."""
        return self._at_once


def _at_once(periods: Sequence[Period]) -> Iterator[tuple[Period, ...]]:
    timed = sorted((p for p in periods if p.timed), key=lambda period: period.seconds)
    group: list[Period] = []
    until = 0
    for period in timed:
        start, end = period.seconds
        if start >= until:
            if len(group) > 1:
                yield tuple(group)
            group = []
        group.append(period)
        until = max(until, end)
    if len(group) > 1:
        yield tuple(group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partly:
    """On ``day`` some groups alone have other bells: the schedule of that name, or an early end.

    ``only`` are the groups (classes, grades, school levels); one of ``schedule`` and ``until`` is
    None.
    """

    day: date
    only: tuple[str, ...]
    schedule: str | None = None
    until: time | None = None

    @property
    def order(self) -> tuple[date, str, time, tuple[str, ...]]:
        """Return its place among others."""
        return self.day, self.schedule or "", self.until or time.min, self.only


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Which bell schedule holds when: by date, else by cycle day, else by weekday (0 = Monday).

    ``schedules`` is keyed by the schedules' names; ``default`` and all values name one of them.
    On the dates of ``dismissals`` school ends early, at that time. ``partly`` is what single dates
    have for some groups alone, put in order: see ``groups.for_groups``.
    """

    schedules: Mapping[str, BellSchedule]
    default: str
    by_label: Mapping[str, str] = field(default_factory=dict)
    by_weekday: Mapping[int, str] = field(default_factory=dict)
    by_date: Mapping[date, str] = field(default_factory=dict)
    dismissals: Mapping[date, time] = field(default_factory=dict)
    partly: tuple[Partly, ...] = ()
    _cut: dict[Any, BellSchedule] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # What is asked of all periods again and again, found out once.
    _names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _timed: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        used = (self.default, *self.by_label.values(), *self.by_weekday.values())
        some = (one.schedule for one in self.partly if one.schedule is not None)
        for name in (*used, *self.by_date.values(), *some):
            if name not in self.schedules or self.schedules[name].name != name:
                raise InvalidInput(
                    what=f"There is no bell schedule called “{name}”.",
                    remedy="Known are: " + (", ".join(self.schedules) or "none") + ".",
                )
        ordered = (self.schedules[self.default], *self.schedules.values())
        periods = [period for one in ordered for period in one.in_order()]
        names = dict.fromkeys(period.name for period in periods)
        timed = all(period.timed or period.is_break for period in periods)
        partly = sorted(dict.fromkeys(self.partly), key=lambda one: one.order)
        object.__setattr__(self, "partly", tuple(partly))
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

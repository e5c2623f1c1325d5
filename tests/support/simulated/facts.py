"""What the judge knows of schools and people: plain facts, in its own words.

Times of day are minutes after midnight (up to 1440), instants are whole seconds since 1970 UTC.
Nothing here is computed by the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = 60
OWN_DAYS = (1, 2, 3, 4, 5)
NIGHT = (20 * 60, 7 * 60)


@lru_cache(maxsize=200_000)
def instant(zone: str, day: date, minutes: int) -> int:
    """Return the instant of a wall time; a skipped one moves on, of two the first is meant."""
    days, rest = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + days * DAY, time(rest // 60, rest % 60), tzinfo=ZoneInfo(zone))
    return int(wall.astimezone(UTC).timestamp())


def local(zone: str, at: float) -> datetime:
    """Return what the clocks of the zone show at an instant."""
    return datetime.fromtimestamp(at, ZoneInfo(zone))


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """A period of a day."""

    name: str
    start: int
    end: int
    pause: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class School:
    """A school year as its office would tell it on the telephone.

    ``closures`` are (first day, last day, whether it stood in the calendar from the beginning); the
    two ``…_use_up`` say whether such a day uses up its day of the cycle. ``weekly``: every weekday
    has its own day of the cycle.
    """

    zone: str
    cycle: tuple[str, ...]
    first: date
    first_label: str
    until: date
    bells: Mapping[str, tuple[Bell, ...]]
    usual: str
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    by_label: Mapping[str, str] = field(default_factory=dict)
    by_weekday: Mapping[int, str] = field(default_factory=dict)
    by_date: Mapping[date, str] = field(default_factory=dict)
    closures: tuple[tuple[date, date, bool], ...] = ()
    planned_use_up: bool = False
    unplanned_use_up: bool = False
    labels: Mapping[date, str | None] = field(default_factory=dict)
    terms: tuple[tuple[date, date], ...] = ()
    weekly: bool = False

    def day_of_cycle(self, day: date) -> str | None:
        """Return the day of the cycle, counted from the first day on; None without school."""
        return self.labels[day] if day in self.labels else self._counted.get(day)

    @property
    def _counted(self) -> dict[date, str | None]:
        known: dict[date, str | None] | None = self.__dict__.get("counted")
        if known is None:
            known = self.__dict__["counted"] = self._count()
        return known

    def _count(self) -> dict[date, str | None]:
        found: dict[date, str | None] = {}
        turn, day = self.cycle.index(self.first_label), self.first
        while day <= self.until:
            found[day] = None
            if day.weekday() in self.weekdays and self.in_term(day):
                closed = self.closed_as(day)
                if closed is None:
                    place = self.weekdays.index(day.weekday()) if self.weekly else turn
                    found[day] = self.cycle[place % len(self.cycle)]
                if closed is None or closed:
                    turn += 1
            day += DAY
        return found

    def closed_as(self, day: date) -> bool | None:
        """Return None for a day that is not closed, else whether its day of the cycle is lost."""
        kinds = [planned for first, last, planned in self.closures if first <= day <= last]
        if not kinds:
            return None
        return self.planned_use_up if any(kinds) else self.unplanned_use_up

    def in_term(self, day: date) -> bool:
        return not self.terms or any(first <= day <= last for first, last in self.terms)

    def holiday(self, day: date) -> bool:
        """Tell whether the school is closed although it might be open (no plain weekend)."""
        if self.day_of_cycle(day) is not None or not self.first <= day <= self.until:
            return False
        might = day.weekday() in self.weekdays or not self.in_term(day)
        return might or self.closed_as(day) is not None

    def is_school_day(self, day: date) -> bool:
        after = day > self.until and day.weekday() in self.weekdays
        return self.day_of_cycle(day) is not None or after

    def due_on(self, day: date) -> date:
        """Return when that is due which was due on a day: later, if nobody could know it closes."""
        kinds = {planned for first, last, planned in self.closures if first <= day <= last}
        might = day.weekday() in self.weekdays and self.in_term(day)
        if kinds != {False} or not might or self.day_of_cycle(day) is not None:
            return day
        while not self.is_school_day(day):
            day += DAY
        return day

    def bells_on(self, day: date, label: str) -> tuple[Bell, ...]:
        name = self.by_date.get(day) or self.by_label.get(label)
        return self.bells[name or self.by_weekday.get(day.weekday(), self.usual)]

    def fits(self, uses: Mapping[tuple[str, str], str]) -> bool:
        names = {bell.name for bells in self.bells.values() for bell in bells}
        return all(label in self.cycle and name in names for label, name in uses)


@dataclass(frozen=True, kw_only=True, eq=False)
class Person:
    """What somebody told about themselves.

    ``uses`` (day of the cycle, period) → lesson, duty, planning or absent; what is not named is
    free. ``hours`` (weekday from 0 = Monday, start, end). ``nudges``: how often at most.
    ``clicked``: they have used the bot; ``rather``: they would rather read in the thread.
    ``away``: first and last day.
    """

    user: str
    zone: str
    uses: Mapping[tuple[str, str], str] | None = None
    hours: tuple[tuple[int, int, int], ...] | None = None
    days: tuple[int, ...] = OWN_DAYS
    quiet: tuple[int, int] = NIGHT
    nudges: int = 2
    clicked: bool = False
    rather: bool = False
    away: tuple[tuple[date, date], ...] = ()

    @property
    def direct(self) -> bool:
        """Tell whether they are written to directly."""
        return self.clicked and not self.rather

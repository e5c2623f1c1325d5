"""What was decoded lately: the dearest part of loading is often a repetition of the last time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, Generic, TypeVar

from bot.domain.planning.plan import Plan
from bot.domain.planning.template import Template
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_KEY: Final = 2
"""A plan's row begins with its workspace and its id."""

TEMPLATES: Final = 256
PLANS: Final = 256
"""How many are held; a plan takes some 40 kB with its row, so all of it some 20 MB at most."""
CALENDARS: Final = 64
TIMETABLES: Final = 1024
"""A calendar takes some 20 kB once its dates are labelled, a timetable with its document 5 kB."""


class Recent(Generic[K, V]):
    """The ``most`` values that were held or asked for last. Shared by all threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def made(self, key: K, make: Callable[[K], V]) -> V:
        """Return the value of the key, made of it now unless it is held."""
        value = self.get(key)
        if value is None:
            value = make(key)
            self.hold(key, value)
        return value

    def get(self, key: K) -> V | None:
        """Return the value, or None when it is not held (any more)."""
        with self._lock:
            value = self._held.get(key)
            if value is not None:
                self._held.move_to_end(key)
            return value

    def hold(self, key: K, value: V) -> None:
        """Hold the value, and let go of the one that was not used for longest if need be."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)


class Decoded:
    """What was decoded of documents; no identity map, and never instead of the database.

    A template is known by the hash of its document, calendars and timetables by the document. A
    plan is known by its whole row, which is read every time: only when it is letter for letter the
    row that was decoded (or encoded) last, the value made then is used again. So nothing here can
    be out of date, whatever was rolled back, whoever else writes.
    """

    def __init__(self) -> None:
        self.templates: Recent[str, Template] = Recent(TEMPLATES)
        self.calendars: Recent[str, SchoolCalendar] = Recent(CALENDARS)
        self.timetables: Recent[str, Timetable] = Recent(TIMETABLES)
        self._plans: Recent[tuple[Any, ...], tuple[tuple[Any, ...], Plan]] = Recent(PLANS)

    def plan(self, row: tuple[Any, ...]) -> Plan | None:
        """Return the plan of exactly that row, or None when it must be decoded."""
        held = self._plans.get(row[:_KEY])
        return held[1] if held is not None and held[0] == row else None

    def hold_plan(self, row: tuple[Any, ...], plan: Plan) -> None:
        """Hold the plan and the whole row it was decoded from or encoded to."""
        self._plans.hold(row[:_KEY], (row, plan))

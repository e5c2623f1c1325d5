"""Moving the clock, one due instant after the other, so that nothing on the way is skipped."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal, assert_never
from zoneinfo import ZoneInfo

import structlog

from adapters.playground.clock import MovableClock
from adapters.playground.ports import NextFree, Settling
from adapters.playground.records import Persona
from adapters.playground.store import PlaygroundStore
from bot.domain.clock import utc
from bot.domain.errors import InvalidInput

Move = Literal["hour", "day", "week", "monday", "free", "next", "date"]

_SPANS: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_MORNING: Final = time(7, 30)
_FARTHEST: Final = timedelta(days=400)
_STEPS: Final = 5000
"""Stops on one way; more than any school year has."""
_STALLED: Final = 5
"""Rounds in which the same instant may stay due before it is passed over."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A move that somebody asked for.

    ``at`` is for "date": the wall time in the zone of ``of``, as ISO 8601 without an offset.
    """

    move: Move
    of: Persona
    at: str = ""


class TimeTravel:
    """Moves the clock forward; one move at a time."""

    def __init__(
        self,
        *,
        clock: MovableClock,
        settling: Settling,
        store: PlaygroundStore,
        next_free: NextFree,
    ) -> None:
        self._clock = clock
        self._settling = settling
        self._store = store
        self._next_free = next_free
        self.target: datetime | None = None
        """Where the clock is being moved to at present."""
        self.moves = 0
        """Grows whenever the clock jumps or a move begins or ends."""

    async def go(self, wish: Wish) -> datetime:
        """Move as wished and return the new present; ``InvalidInput`` when it cannot be done."""
        if self.target is not None:
            raise InvalidInput(
                what="The clock is being moved.", remedy="Wait until it has arrived."
            )
        self.target = self._clock.now()  # taken before the first await: nobody else comes between
        try:
            target = await self._where(wish)
            self.target = self._checked(target)
            self._announce()
            await self._travel(self.target)
        finally:
            self.target = None
            self._announce()
        return self._clock.now()

    async def _where(self, wish: Wish) -> datetime:
        now = self._clock.now()
        match wish.move:
            case "hour" | "day" | "week":
                return later(now, _SPANS[wish.move], wish.of.zone)
            case "monday":
                return next_monday(now, wish.of.zone)
            case "free":
                free = await self._next_free(wish.of.identity)
                return _known(free, f"No free period of {wish.of.name} is known.", _TIMETABLE)
            case "next":
                return max(now, _known(await self._settling.next_due(), "Nothing is due.", _LATER))
            case "date":
                return wall_time(wish.at, wish.of.zone)
            case _:
                assert_never(wish.move)

    def _checked(self, target: datetime) -> datetime:
        now = self._clock.now()
        if target < now:
            raise InvalidInput(what="The clock moves forward only.", remedy="Choose a later time.")
        if target > now + _FARTHEST:
            raise InvalidInput(what="That is more than a year away.", remedy="Go there in steps.")
        return target

    async def _travel(self, target: datetime) -> None:
        last, stalled = None, 0
        for _ in range(_STEPS):
            due = await self._settling.next_due()
            if due is None or due > target:
                break
            stalled = stalled + 1 if last is not None and due <= last else 0
            if stalled >= _STALLED:
                _log.warning("playground_clock_stalled", due=due.isoformat())
                break
            last = due
            await self._stop_at(due)
        await self._stop_at(target)

    async def _stop_at(self, instant: datetime) -> None:
        now = self._clock.now()
        if instant > now:  # the clock ticks while it is moved, so a stop may be past already
            self._clock.set(instant)
            await self._store.save_offset(self._clock.offset)
        self._announce()
        await self._settling.settle()

    def _announce(self) -> None:
        self.moves += 1
        self._store.feed.announce()


_TIMETABLE: Final = "They can give one with /coplan timetable."
_LATER: Final = "Start a plan first, or move the clock by a day."


def _known(instant: datetime | None, what: str, remedy: str) -> datetime:
    if instant is None:
        raise InvalidInput(what=what, remedy=remedy)
    return instant


def later(now: datetime, span: timedelta, zone: str) -> datetime:
    """Return ``now`` plus ``span``: days and weeks keep the wall time of ``zone``."""
    if span < timedelta(days=1):
        return now + span
    return utc(now.astimezone(ZoneInfo(zone)) + span)


def next_monday(now: datetime, zone: str) -> datetime:
    """Return the next Monday, 07:30 in ``zone``; today's when it is Monday before that."""
    local = now.astimezone(ZoneInfo(zone))
    monday = local.date() + timedelta(days=-local.weekday() % 7)
    at = datetime.combine(monday, _MORNING, ZoneInfo(zone))
    if at <= local:
        at = datetime.combine(monday + timedelta(days=7), _MORNING, ZoneInfo(zone))
    return utc(at)


def wall_time(text: str, zone: str) -> datetime:
    """Return the instant of a wall time like 2026-11-24T10:05 in ``zone``."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(what="That is no date and time.", remedy="Choose one.") from error
    return utc(at.replace(tzinfo=ZoneInfo(zone)) if at.tzinfo is None else at)

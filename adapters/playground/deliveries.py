"""The playground's post office: what is to go wrong, and what became of the last deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from adapters.playground import rows
from adapters.playground.database import Database
from adapters.playground.faults import MOST_FAULTS, Fault, FaultKind
from adapters.playground.feed import Feed
from adapters.playground.tables import deliveries, faults
from bot.domain.errors import InvalidInput

SHOWN_LAST: Final = 30
"""Deliveries that the page lists."""
_KEPT: Final = 200
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Outcome(StrEnum):
    """What became of one try to deliver; the values are stored, and worded by the page."""

    UNDER_WAY = "under_way"
    SHOWN = "shown"
    EDITED = "edited"
    FOUND = "found"
    """Looked up after a doubtful try: it stands there."""
    CLOSED = "closed"
    GONE = "gone"
    BUSY = "busy"
    LIMITED = "limited"
    EARLY = "early"
    """It came before the limit was over, which the bot should never do."""
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    CUT_OFF = "cut_off"
    """It took so long that the bot gave up waiting; not shown."""


_DONE: Final = (Outcome.SHOWN, Outcome.EDITED, Outcome.FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way: ``attempts`` so far, and what came of the last one.

    ``key`` is the notice's, ``channel`` where it goes; ``at`` (aware) is by the movable clock;
    ``seconds`` how long a limit lasts.
    """

    key: str
    channel: str
    title: str
    at: datetime
    outcome: Outcome
    seconds: int = 0
    attempts: int = 1


class Deliveries:
    """Keeps faults and deliveries. One playground at a time has the file, so faults are cached."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._feed = feed
        self._faults: tuple[Fault, ...] = ()
        self.lookable = True
        """Whether the bot may look for what it has sent, as with the right to read the history."""
        self.changes = 0
        """Grows whenever there is something new to show."""

    async def open(self) -> None:
        """Load what was told before; the tables are there."""
        self._faults = await self._database.read(_all_faults)
        told = await self._database.read(lambda c: rows.fact(c, "lookable"))
        self.lookable = told != "no"

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What goes wrong at present, in the order told: the first that fits is the one."""
        return self._faults

    async def add(self, fault: Fault) -> None:
        """Let that go wrong from now on; ``InvalidInput`` when too much does already."""
        if len(self._faults) >= MOST_FAULTS:
            raise InvalidInput(
                what=f"{MOST_FAULTS} things go wrong already.", remedy="End one of them first."
            )
        await self._change(lambda c: _add_fault(c, fault))

    async def end(self, number: int | None) -> None:
        """Let that go well again (None: everything); ending what has ended is harmless."""
        ended = delete(faults)
        if number is not None:
            ended = ended.where(faults.c.number == number)
        await self._change(lambda c: c.execute(ended))

    async def let_look(self, *, lookable: bool) -> None:
        """Say whether the bot may look for what it has sent."""
        value = "yes" if lookable else "no"
        await self._change(lambda c: rows.set_fact(c, "lookable", value))
        self.lookable = lookable

    async def take(self, channel: str) -> Fault | None:
        """Return what goes wrong with the next message there, which is one less from now on."""
        fault = next((each for each in self._faults if each.applies(channel)), None)
        if fault is None or fault.left is None:
            return fault
        left = fault.left - 1
        # Before anything is awaited: two messages at once must not use up the same one.
        self._faults = tuple(
            replace(each, left=left) if each is fault else each
            for each in self._faults
            if each is not fault or left > 0
        )
        await self._change(lambda c: _use_up(c, fault.number, left))
        return fault

    async def limited(self, channel: str, now: datetime) -> float:
        """Return for how many seconds from ``now`` on nothing is taken there; 0: it is."""
        found = await self._database.read(lambda c: _last_limit(c, channel))
        over = (found - now).total_seconds() if found is not None else 0.0
        return max(over, 0.0)

    async def record(self, delivery: Delivery) -> None:
        """Write down what came of a try; tries of one message share a line."""
        await self._database.write(lambda c: _record(c, delivery))
        self._announce()

    async def last(self) -> tuple[Delivery, ...]:
        """Return the newest deliveries, the newest first."""
        newest = select(deliveries).order_by(deliveries.c.number.desc()).limit(SHOWN_LAST)
        found = await self._database.read(lambda c: c.execute(newest).all())
        return tuple(_delivery(row) for row in found)

    async def _change(self, unit: Any) -> None:  # noqa: ANN401 - whatever the unit returns
        def both(connection: Connection) -> tuple[Fault, ...]:
            unit(connection)
            return _all_faults(connection)

        self._faults = await self._database.write(both)
        self._announce()

    def _announce(self) -> None:
        self.changes += 1
        self._feed.announce()


def _all_faults(connection: Connection) -> tuple[Fault, ...]:
    found: Sequence[Row[Any]] = connection.execute(select(faults).order_by(faults.c.number)).all()
    return tuple(
        Fault(
            number=row.number,
            kind=FaultKind(row.kind),
            where=row.place,
            seconds=row.seconds,
            left=row.left,
        )
        for row in found
    )


def _add_fault(connection: Connection, fault: Fault) -> None:
    row = {
        "kind": fault.kind,
        "place": fault.where,
        "seconds": fault.seconds,
        "left": fault.left,
    }
    connection.execute(insert(faults).values(row))


def _use_up(connection: Connection, number: int, left: int) -> None:
    connection.execute(update(faults).where(faults.c.number == number).values(left=left))
    connection.execute(delete(faults).where(faults.c.left <= 0))


def _last_limit(connection: Connection, channel: str) -> datetime | None:
    found = connection.execute(
        select(func.max(deliveries.c.at + deliveries.c.seconds * 1_000_000)).where(
            deliveries.c.channel == channel, deliveries.c.seconds > 0
        )
    ).scalar()
    return None if found is None else _EPOCH + found * _MICROSECOND


def _record(connection: Connection, delivery: Delivery) -> None:
    values = {
        "key": delivery.key,
        "channel": delivery.channel,
        "title": delivery.title,
        "at": (delivery.at - _EPOCH) // _MICROSECOND,
        "outcome": delivery.outcome,
        "seconds": delivery.seconds,
    }
    same = (deliveries.c.key == delivery.key) & (deliveries.c.channel == delivery.channel)
    known = select(deliveries).where(same).order_by(deliveries.c.number.desc()).limit(1)
    row = connection.execute(known).first()
    if row is None or row.outcome in _DONE:
        connection.execute(insert(deliveries).values(values | {"attempts": 1}))
    else:
        under_way = row.outcome == Outcome.UNDER_WAY
        values["attempts"] = row.attempts + (0 if under_way else 1)
        connection.execute(
            update(deliveries).where(deliveries.c.number == row.number).values(values)
        )
    newest = select(func.max(deliveries.c.number)).scalar_subquery()
    connection.execute(delete(deliveries).where(deliveries.c.number <= newest - _KEPT))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        key=row.key,
        channel=row.channel,
        title=row.title,
        at=_EPOCH + row.at * _MICROSECOND,
        outcome=Outcome(row.outcome),
        seconds=row.seconds,
        attempts=row.attempts,
    )

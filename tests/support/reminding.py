"""A process that reminds people: what the tests of SIGKILL kill.

The process is Coplan's own service (alarm, tick, courier) on a real database; its messengers speak
to a ledger (``tests.support.ledger``). It can be told to die at a named point of its work.
"""

import asyncio
import logging
import os
import random  # noqa: TID251 - as in the composition root
import signal
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import Engine, event

from bot.config import Guarantee
from bot.domain.clock import Clock
from bot.domain.ids import RandomIds
from bot.main import COMPOSERS
from bot.runtime.manner import Manner
from bot.runtime.service import Service
from storage.door import Door
from storage.engine import make_reader, make_writer
from storage.migrate import upgrade
from storage.work import make_work
from tests.support.ledger import Platform
from tests.support.ledger_messenger import LedgerMessenger

SEND_SECONDS = 0.4
WORKERS = 4
"""Sends in flight at once, at most."""
FAR = timedelta(hours=1)
PULSE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Clock):
    """A clock that all processes of the machine read alike, ``speed`` times as fast as theirs.

    It stood at ``base`` when the machine's monotonic clock stood at ``origin`` (seconds).
    """

    base: datetime
    origin: float
    speed: float = 1.0

    def now(self) -> datetime:
        return self.base + timedelta(seconds=(time.monotonic() - self.origin) * self.speed)

    def ahead(self, seconds: float) -> "Flow":
        """Return the clock moved forward: only while nobody lives who reads it."""
        return replace(self, base=self.base + timedelta(seconds=seconds))


class Doing(StrEnum):
    """What a process does with a reminder, step by step."""

    CLAIM = "claim"
    PUT = "put"
    LEASE = "lease"
    BEGIN = "begin"
    MARK = "mark"


class When(StrEnum):
    """Just after the statement, or after the commit that holds it, before anybody is told."""

    INSIDE = "inside the transaction"
    COMMITTED = "after the commit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Die when ``doing`` is done for the ``count``-th time."""

    doing: Doing
    when: When
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One process. ``until_done``: it ends by itself when nothing is due any more.

    ``trusted`` are the platforms said to show no key twice. ``hasty`` is a mistake on purpose:
    its messengers say "sent" before they send.
    """

    number: int
    url: str
    port: int
    flow: Flow
    guarantee: Guarantee
    trusted: frozenset[str] = frozenset({Platform.DEDUPES})
    hasty: bool = False
    point: Point | None = None
    until_done: bool = False
    send_seconds: float = SEND_SECONDS


def live(life: Life) -> None:
    """Be that process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    grave = _Grave(life.point)
    upgrade(life.url)
    writer, reader = make_writer(life.url), make_reader(life.url)

    def committed() -> None:
        grave.committed()
        service.wake()

    door = Door(writer, reader, make_work(life.flow, RandomIds()), after_commit=committed)
    manner = Manner(
        delivery=life.guarantee,
        deduplicates=life.trusted,
        jitter=random.random,
        concurrency=WORKERS,
        send_seconds=life.send_seconds,
        first_delay=0.1,
        longest_delay=1.0,
        unknown_delay=2 * life.send_seconds,
    )
    messengers = {
        platform.value: LedgerMessenger(
            platform=platform, port=life.port, life=life.number, hasty=life.hasty
        )
        for platform in Platform
    }
    service = Service(door, life.flow, messengers, COMPOSERS, manner)
    door.start()
    await service.start()
    while not (life.until_done and await _done(service, life.flow)):
        await asyncio.sleep(PULSE)
        service.wake()  # a fast clock: the alarm counts the seconds of a slow one
    await service.settle()  # what it holds is sent, not given back: nobody else may be there
    await service.stop()
    await door.close()
    writer.dispose()
    reader.dispose()


async def _done(service: Service, clock: Clock) -> bool:
    due = await service.next_due()
    return due is None or due > clock.now() + FAR


class _Grave:
    """Kills this process at a point of its work, as SIGKILL does: nothing is cleaned up."""

    def __init__(self, point: Point | None) -> None:
        self._point = point
        self._left = point.count if point else 0
        if point is not None:
            event.listen(Engine, "after_cursor_execute", self._executed)

    def _executed(self, *arguments: object) -> None:
        point, statement = self._point, str(arguments[2])
        if point is None or _doing(statement) is not point.doing:
            return
        self._left -= 1
        if self._left == 0 and point.when is When.INSIDE:
            os.kill(os.getpid(), signal.SIGKILL)

    def committed(self) -> None:
        if self._point is not None and self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _doing(statement: str) -> Doing | None:
    """Return what the statement does."""
    if statement.startswith("UPDATE reminders"):
        return Doing.CLAIM
    if statement.startswith("INSERT INTO outbox"):
        return Doing.PUT
    if "UPDATE outbox" not in statement:
        return None
    if "taken" in statement:
        return Doing.LEASE
    return Doing.MARK if "lease_until=" in statement else Doing.BEGIN

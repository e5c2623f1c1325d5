"""The alarm clock: APScheduler rings, at the next due instant and every quarter of a minute.

It holds no state: what is due is a row in the database, and the injected clock decides when.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.clock import Clock
from bot.domain.errors import Unavailable, Unclear
from bot.log import reference

EVERY = 15.0
"""Seconds between rings: neither sleep nor a clock that was set delays anything for longer."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, EVERY
"""Seconds to wait after the first failure, doubled with each that follows, up to the longest: what
came due in an outage is late enough when it ends."""
_REGULAR, _NEXT = "regular", "next"

_log = structlog.get_logger(__name__)


class Alarm:
    """Calls ``work`` whenever it rings, one call at a time; rings in between become one.

    ``next_due`` tells the next instant (UTC, by ``clock``) at which there is something to do.
    """

    def __init__(
        self,
        clock: Clock,
        work: Callable[[], Awaitable[None]],
        next_due: Callable[[], Awaitable[datetime | None]],
        *,
        every: float = EVERY,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._clock = clock
        self._work = work
        self._next_due = next_due
        self._every = every
        self._first_pause = first_pause
        self._rung = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ring, at once for the first time. Call it in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(self._ring, "interval", seconds=self._every, id=_REGULAR)
        self._scheduler.start()
        self._task = asyncio.create_task(self._supervise(), name="coplan-alarm")
        self._rung.set()

    async def stop(self) -> None:
        """Stop ringing, and cancel the call that runs."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # AsyncIOScheduler shuts down in the next turn of the loop
            self._scheduler = None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def wake(self) -> None:
        """Ring soon; from any thread, also before ``start`` and after ``stop``."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to wake
                self._loop.call_soon_threadsafe(self._rung.set)

    async def _ring(self) -> None:
        self._rung.set()

    async def _supervise(self) -> None:
        """Work at every ring, for ever: a failure is logged, and tried again after a pause."""
        pause = self._first_pause
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await self._work()
                self._arm(await self._next_due())
            except Exception as error:  # noqa: BLE001 - logged, and tried again
                if isinstance(error, Unavailable | Unclear):
                    _log.warning("alarm_waits", reason=error.message, seconds=pause)
                else:
                    _log.exception("alarm_failed", reference=reference(), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                self._rung.set()
            else:
                pause = self._first_pause

    def _arm(self, due: datetime | None) -> None:
        """Ring at ``due``. What should have been done already waits for the regular ring."""
        if self._scheduler is None:
            return
        ahead = due - self._clock.now() if due is not None else None
        if ahead is None or ahead.total_seconds() <= 0:
            with contextlib.suppress(JobLookupError):
                self._scheduler.remove_job(_NEXT)
            return
        # APScheduler lives by the wall clock, Coplan by the injected one: only the distance counts.
        at = datetime.now(UTC) + ahead  # noqa: TID251
        self._scheduler.add_job(self._ring, "date", run_date=at, id=_NEXT, replace_existing=True)

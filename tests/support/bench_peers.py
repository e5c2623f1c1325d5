"""What reminders are measured beside: a bare claim loop, and APScheduler's job store."""

import asyncio
import sqlite3
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import (
    Engine,
    bindparam,
    create_engine,
    event,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy import tuple_ as row_of

from bot.domain.reminders.notices import NoticeKind
from storage.engine import begin, commit, make_writer
from storage.migrate import upgrade
from storage.tables import outbox
from tests.support.bench_school import DUE

A_CHUNK = 200
_PENDING = outbox.c.state == literal_column("'pending'")
_CHUNK = (
    select(outbox.c.workspace, outbox.c.key)
    .where(_PENDING, outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.due_at)
    .limit(A_CHUNK)
    .with_for_update(skip_locked=True)
    .cte("chunk")
)
_CLAIM = (
    update(outbox)
    .where(row_of(outbox.c.workspace, outbox.c.key).in_(select(_CHUNK)))
    .values(state="leased", lease_until=bindparam("until", type_=outbox.c.lease_until.type))
    .returning(outbox.c.workspace, outbox.c.key)
)
_MARK = (
    update(outbox)
    .where(outbox.c.workspace == bindparam("of_workspace"), outbox.c.key == bindparam("of_key"))
    .values(state="sent", lease_until=None)
)


class Watch:
    """Measures seconds on the clock and of this process's CPU, from when it was made.

    On a busy machine the clock tells how busy it is; what the CPU did is compared even so.
    """

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def each(self, many: int) -> "Cost":
        """Return what each of so many cost."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return Cost(wall=wall / many, cpu=cpu / many)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds on the clock and of CPU that one reminder cost."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall * 1e6:,.0f} µs ({self.cpu * 1e6:,.0f} of CPU)"

    def over(self, other: "Cost") -> str:
        """Return how many times the other's cost this one is."""
        return f"{self.wall / other.wall:.2f} × ({self.cpu / other.cpu:.2f} of CPU)"


def claim_and_mark(url: str, rows: int) -> Cost:
    """Lease and mark so many rows of an empty database, one commit each a chunk."""
    upgrade(url)
    writer = make_writer(url)
    try:
        with begin(writer) as connection:
            connection.execute(insert(outbox), [_row(number) for number in range(rows)])
            commit(connection)
        watch = Watch()
        while _a_chunk(writer):
            pass
        return watch.each(rows)
    finally:
        writer.dispose()


def _a_chunk(writer: Engine) -> bool:
    with begin(writer) as connection:
        taken = connection.execute(_CLAIM, {"now": DUE, "until": DUE}).all()
        commit(connection)
    if taken:
        with begin(writer) as connection:
            connection.execute(_MARK, [{"of_workspace": w, "of_key": k} for w, k in taken])
            commit(connection)
    return bool(taken)


def _row(number: int) -> dict[str, object]:
    return {
        "workspace": f"school-{number // 100}",
        "key": f"reminder:{number}",
        "kind": NoticeKind.REMINDER.value,
        "member": f"member-{number}",
        "due_at": DUE,
        "state": "pending",
        "attempts": 0,
        "epoch": 0,
        "wanted": 1,
        "reason": "",
    }


@dataclass(slots=True)
class Fired:
    """How many jobs ran, and what says that all of them have."""

    wanted: int = 0
    count: int = 0
    all: asyncio.Event = field(default_factory=asyncio.Event)


_fired = Fired()


async def job() -> None:
    """Do nothing, as the null messenger."""
    _fired.count += 1
    if _fired.count == _fired.wanted:
        _fired.all.set()


async def fire_jobs(url: str, jobs: int, *, as_coplan: bool = False) -> Cost:
    """Store so many jobs in APScheduler's job store and let them fire at once.

    ``as_coplan`` opens the SQLite file with Coplan's journal (WAL, synchronous=FULL) instead of
    SQLite's own. Storing them is not counted.
    """
    engine = create_engine(url)
    if as_coplan:
        event.listen(engine, "connect", _open_as_coplan)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.start(paused=True)
    now = datetime.now(UTC)  # noqa: TID251 - APScheduler lives by the wall clock
    for _ in range(jobs):
        scheduler.add_job(job, "date", run_date=now)
    _fired.wanted, _fired.count = jobs, 0
    _fired.all.clear()
    watch = Watch()
    scheduler.resume()
    await _fired.all.wait()
    cost = watch.each(jobs)
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)
    engine.dispose()
    return cost


def _open_as_coplan(driver: sqlite3.Connection, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        driver.execute(f"PRAGMA {pragma}").close()

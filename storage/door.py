"""The one door by which asynchronous callers reach the synchronous store.

A *unit* is a function of one unit-of-work object. It is run in a thread, inside a transaction that
belongs to the door, and may be run again: it must be repeatable, free of effects outside the
database, and take milliseconds.

SQLite: one writer thread with natural group commit. It takes what queued while the last commit ran,
runs each unit between its own SAVEPOINT and RELEASE, commits once, then answers all; it never
lingers (waiting for company only costs: performance.md §1). PostgreSQL: a few threads, one unit a
transaction. Reading has threads, connections and a queue of its own.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import structlog
from sqlalchemy import Connection, Engine

from bot.domain.errors import Conflict, Unavailable
from bot.domain.ids import WorkspaceId
from storage.crew import Crew, Job
from storage.engine import THREADS, begin, commit, passing, trouble

W = TypeVar("W")
T = TypeVar("T")

BATCH: Final = 200
"""Units that share one commit at most; bounds how long the first of them waits."""

REPEATS: Final = 5
"""How often a unit is run again after a conflict, a deadlock or a lost connection."""
LONG: Final = 15.0
"""Seconds after which no unit is run again: a server that answers nobody is not asked six times."""
LAST: Final = 4.0
"""Seconds for which closing the door waits for what was accepted."""

_GONE: Final = "the database gave up in the middle"

_log = structlog.get_logger(__name__)


class Door(Generic[W]):
    """Runs units of work against the store and answers when they are durably saved.

    ``make_work`` builds the unit-of-work object from an open transaction and the workspace.
    ``after_commit`` is called from the writing thread after each commit that changed rows (on
    PostgreSQL: after each commit), before its callers are answered. ``pause`` sleeps for some
    seconds between repetitions (PostgreSQL). The engines stay the caller's, to be disposed of last.
    """

    def __init__(
        self,
        writer: Engine,
        reader: Engine,
        make_work: Callable[[Connection, WorkspaceId], W],
        *,
        after_commit: Callable[[], None] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._make_work = make_work
        self._after_commit = after_commit
        self._pause = pause
        self._until: float | None = None
        self._sqlite = writer.dialect.name == "sqlite"
        # Two threads read SQLite, so that an export does not hold up a form; one thread, or
        # several reads on one snapshot, would win less than 15 us a read.
        threads, most = (1, BATCH) if self._sqlite else (THREADS, 1)
        self._writing = Crew[W]("write", threads, most, self._save)
        self._reading = Crew[W]("read", 2 if self._sqlite else THREADS, 1, self._look)

    def start(self) -> None:
        """Start the threads; before that only ``write_now`` and ``read_now`` work."""
        self._writing.start()
        self._reading.start()

    def hurry(self, seconds: float) -> None:
        """Wait for no other program that holds the database when so many seconds are over."""
        self._until = time.monotonic() + seconds

    async def close(self) -> None:
        """Finish the units that were accepted, refuse new ones (``Unavailable``), end threads.

        Where the database stands still, those that have not begun are refused, too, after a while.
        """
        crews = self._writing, self._reading
        for crew in crews:
            crew.shut()
        await asyncio.gather(*(asyncio.to_thread(crew.finish, LAST) for crew in crews))

    async def write(self, workspace: WorkspaceId, unit: Callable[[W], T]) -> T:
        """Run ``unit`` in a writing transaction and return its result once it is on disk.

        Raises what the unit raised (nothing is saved then), ``Conflict`` when repeating did not
        help, or ``Unavailable`` when the database cannot write. Cancelling does not stop the unit.
        """
        return await self._writing.take(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[W], T]) -> T:
        """Run ``unit`` on one read-only snapshot that holds every write answered before now."""
        return await self._reading.take(workspace, unit)

    def write_now(self, workspace: WorkspaceId, unit: Callable[[W], T]) -> T:
        """Do as ``write`` in the calling thread; for the command line, started or not."""
        return self._here(self._save, workspace, unit)

    def read_now(self, workspace: WorkspaceId, unit: Callable[[W], T]) -> T:
        """Do as ``read`` in the calling thread; for the command line, started or not."""
        return self._here(self._look, workspace, unit)

    def _here(
        self, run: Callable[[list[Job[W]]], None], workspace: WorkspaceId, unit: Callable[[W], T]
    ) -> T:
        job = Job(workspace, unit)
        run([job])
        if job.error is not None:
            raise job.error
        value: T = job.value
        return value

    def _save(self, jobs: list[Job[W]]) -> None:
        """Run writing jobs: together if there are several, and alone what that left open."""
        left = jobs if len(jobs) == 1 else self._together(jobs)
        for job in left:
            self._alone(self._writer, job)

    def _look(self, jobs: list[Job[W]]) -> None:
        for job in jobs:
            self._alone(self._reader, job)

    def _together(self, jobs: list[Job[W]]) -> list[Job[W]]:
        """Run the jobs as savepoints of one commit; return those to run again, alone.

        Answers are final only after COMMIT: if the transaction is gone, all jobs are returned.
        """
        try:
            connection = begin(self._writer, self._patience())
        except Exception as error:  # noqa: BLE001 - every caller of the batch is told
            for job in jobs:
                job.error = trouble(error) or error
            return []
        with connection:
            try:
                again = self._savepoints(connection, jobs)
                self._commit(connection)
            except Exception as error:  # noqa: BLE001 - each unit meets its own error when alone
                _log.warning("batch_replayed", units=len(jobs), cause=type(error).__name__)
                return jobs
        return again

    def _savepoints(self, connection: Connection, jobs: list[Job[W]]) -> list[Job[W]]:
        """Run each job in a savepoint; raise as soon as the transaction is gone.

        The driver's own cursor: the savepoints are no business of SQLAlchemy's, and cost a tenth.
        """
        driver: Any = connection.connection.driver_connection
        again = []
        for job in jobs:
            driver.execute("SAVEPOINT unit")
            try:
                job.value, job.error = job.unit(self._make_work(connection, job.workspace)), None
            except BaseException as error:  # noqa: BLE001 - the caller gets it
                job.error = error
            # Asked after success too: a unit may have swallowed the error. A SAVEPOINT outside a
            # transaction would begin one of its own, and its RELEASE would commit it.
            if not driver.in_transaction:
                raise Unavailable(reason=_GONE)
            if job.error is not None:
                driver.execute("ROLLBACK TO unit")
                if isinstance(job.error, Conflict) or trouble(job.error):
                    again.append(job)
            driver.execute("RELEASE unit")
        return again

    def _alone(self, engine: Engine, job: Job[W]) -> None:
        """Run one job in a transaction of its own, repeatedly if that may help."""
        ran = job.error is not None and passing(job.error)  # once, as one of a batch
        until = time.monotonic() + LONG
        for attempt in range(int(ran), 1 + REPEATS):
            if attempt and not self._sqlite:  # SQLite's only writer has nobody to wait for
                self._pause(secrets.randbelow(5_000 << attempt) / 1_000_000)
            try:
                job.value, job.error = self._once(engine, job), None
            except BaseException as error:  # noqa: BLE001 - the caller gets it
                job.error = error
                if passing(error) and time.monotonic() < until:
                    continue
            break
        if job.error is not None:
            job.error = trouble(job.error) or job.error

    def _once(self, engine: Engine, job: Job[W]) -> object:
        with begin(engine, self._patience()) as connection:
            driver: Any = connection.connection.driver_connection
            value: object = job.unit(self._make_work(connection, job.workspace))
            if self._sqlite and not driver.in_transaction:
                raise Unavailable(reason=_GONE)
            if engine is self._writer:
                self._commit(connection)
            return value

    def _patience(self) -> float | None:
        """Return for how many seconds another program is waited for; None: as usual."""
        hurries = self._sqlite and self._until is not None
        return self._until - time.monotonic() if hurries and self._until is not None else None

    def _commit(self, connection: Connection) -> None:
        if commit(connection) and self._after_commit is not None:
            try:
                self._after_commit()
            except Exception:  # noqa: BLE001 - what is saved is saved
                _log.exception("after_commit_failed")

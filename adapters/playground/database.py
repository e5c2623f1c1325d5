"""The playground's connection to the SQLite file that it shares with the core.

All of it runs on one thread, so the event loop never waits for the disk.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.errors import Unavailable

T = TypeVar("T")

_PRAGMAS: Final = (
    "busy_timeout=5000",  # first: switching to WAL needs a lock itself
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)


class Database:
    """Short transactions, one after the other. A failing disk is ``errors.Unavailable``."""

    def __init__(self, path: Path) -> None:
        self._engine = _engine(path)
        self._reader = self._engine.execution_options(coplan_reads=True)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="playground-store")
        self._closed = False

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run ``unit`` in a transaction and answer after its commit."""
        return await self._run(self._engine, unit)

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run ``unit`` on a snapshot."""
        return await self._run(self._reader, unit)

    async def close(self) -> None:
        """Finish what runs and close the file; closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()

    async def _run(self, engine: Engine, unit: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, _transact, engine, unit)


def _transact(engine: Engine, unit: Callable[[Connection], T]) -> T:
    try:
        with engine.begin() as connection:
            return unit(connection)
    except IntegrityError:
        raise  # a fault of ours, not the disk's
    except DBAPIError as error:
        raise Unavailable(reason=f"the playground's file failed ({error.orig})") from error


def _engine(path: Path) -> Engine:
    """Return an engine that leaves every BEGIN to us, as the core's does."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "do_connect")
    def create_private(*_: object) -> None:
        # What people try out is nobody else's business on a shared machine. A file that is there
        # is not opened: closing it would give up SQLite's locks on it, the core's among them.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def configure(driver: sqlite3.Connection, _: object) -> None:
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("coplan_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine

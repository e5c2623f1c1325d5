"""Bringing a database to the schema of this version, and telling when it is of another one.

The migrations lie inside the package, so that an installed wheel finds them from any directory.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import NewerDatabase, Unavailable
from storage.engine import begin, commit, make_reader, make_writer, trouble

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK_KEY: Final = 0x436F706C616E
"""PostgreSQL's advisory lock of a starter that migrates: the letters "Coplan"."""

LONGEST: Final = 30.0
"""Seconds between tries to open a database that go on failing."""
_one_at_a_time: Final = threading.Lock()  # alembic's context is a global of the process
_log = structlog.get_logger(__name__)


def upgrade(url: str | URL) -> None:
    """Bring the database to the newest schema; one transaction, so it is done wholly or not at all.

    Starters that race wait for each other. Raises ``NewerDatabase`` when the database's revision is
    not known to this version, ``Unavailable`` when it cannot be opened or written.
    """
    with _one_at_a_time, _changing(url) as connection:
        refuse_unknown(*MigrationContext.configure(connection).get_current_heads())
        command.upgrade(_config(connection), "head")


async def upgrade_at_last(url: str | URL) -> None:
    """Do as ``upgrade``, as soon as a PostgreSQL can be used: both may have been started at once.

    A file is there or it is not: with SQLite ``Unavailable`` is raised as ever.
    """
    wait = 1.0
    while True:
        try:
            return await asyncio.to_thread(upgrade, url)
        except Unavailable as away:
            if make_url(url).get_backend_name() == "sqlite":
                raise
            _log.warning("database_not_reached", reason=away.facts["reason"], seconds=wait)
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST)


def current(url: str | URL) -> str | None:
    """Return the database's revision, None for an empty one; raises ``Unavailable``."""
    with _connected(make_reader(url)) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check(metadata: MetaData, url: str | URL) -> list[object]:
    """Return what alembic would have to change for the database to match ``metadata``: nothing."""
    with _connected(make_reader(url)) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def draft(message: str, url: str | URL) -> None:
    """Write the next migration into ``storage/migrations/versions``, for its author to read.

    It holds the difference between ``storage.tables.metadata`` and the (upgraded) database.
    """
    with _one_at_a_time, _connected(make_writer(url)) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def refuse_unknown(*revisions: str) -> None:
    """Raise ``NewerDatabase`` for a revision that this version does not know."""
    scripts = ScriptDirectory(str(_SCRIPTS))
    known = {script.revision for script in scripts.walk_revisions()}
    for found in revisions:
        if found not in known:
            raise NewerDatabase(found=found)


@contextmanager
def _changing(url: str | URL) -> Iterator[Connection]:
    """Yield a connection in the only transaction that migrates now; commit unless it raises."""
    engine = make_writer(url, patience=None)  # to change a large table takes its time
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
    with _connected(engine) as connection:
        if not sqlite:  # SQLite's lock is the transaction itself
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")
        yield connection
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration left rows that point nowhere; nothing was changed")
        commit(connection)


def _prepare_sqlite(driver: sqlite3.Connection, _: object) -> None:
    """Switch cascades off, and wait longer for a starter that is migrating.

    SQLite changes a table by copying it and dropping the old one, and with foreign keys on, DROP
    TABLE first deletes the rows, and with them the rows of other tables that point there. The
    switch does nothing inside a transaction (https://www.sqlite.org/lang_altertable.html).
    """
    driver.execute("PRAGMA foreign_keys=OFF").close()
    driver.execute("PRAGMA busy_timeout=30000").close()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction; the database's own troubles become ``Unavailable``."""
    try:
        with begin(engine) as connection:
            yield connection
    except SQLAlchemyError as error:
        raise trouble(error) or error from error
    finally:
        engine.dispose()

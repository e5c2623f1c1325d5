"""Engines: how this process speaks to its database, and what it says when the database fails.

A database is opened twice: once for writing, once for reading. On SQLite every writing transaction
takes the write lock at once (``BEGIN IMMEDIATE``): one that reads first and upgrades later fails
with "database is locked" without waiting, or loses the update (reliability.md, F24 and F25).
"""

import contextlib
import os
import sqlite3
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event, exc
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from bot.domain.errors import Conflict, Unavailable, Unclear

BUSY_MILLISECONDS: Final = 2000
"""How long one statement waits for another process to finish its transaction (SQLite)."""

_LAST_MILLISECONDS: Final = 500
"""The same for the very last: what is not moved then is moved at the next start."""

THREADS: Final = 8
"""Connections in use at once for writing, and as many for reading (PostgreSQL)."""

PATIENCE: Final = 10.0
"""Seconds for which an answer of PostgreSQL's is waited for: twice as long as for any lock."""

IN_USE: Final = 0x436F706C7573
"""PostgreSQL's advisory lock that every connection of Coplan's shares."""

# FULL: a commit that was answered survives a power cut. secure_delete: what a member deletes is
# overwritten in the file. The busy timeout comes first, for switching to WAL needs a lock itself.
_PRAGMAS: Final = (
    f"busy_timeout={BUSY_MILLISECONDS}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "journal_size_limit=67108864",
)

_WAITS: Final = 5  # times the busy timeout
_HELD: Final = "another program is holding the database"

_SQLITE_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk could not be read or written",
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_PROTOCOL: _HELD,
    sqlite3.SQLITE_READONLY: "the database file is read-only",
    sqlite3.SQLITE_PERM: "the database file may not be opened",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_NOTADB: "the database file is not a database",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
}
_SQLITE_HELD: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}

# A frozen process must not hold its row locks for ever, nor one that is gone the database.
_SERVER_OPTIONS: Final = (
    "-c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    " -c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)

# SQLSTATE, the longest prefix first: https://www.postgresql.org/docs/15/errcodes-appendix.html
_POSTGRES_REASONS: Final = {
    "53100": "the database server's disk is full",
    "55P03": _HELD,
    "57014": "the database server took too long",
    "25006": "the database is read-only",
    "53": "the database server has no room left",
    "57P": "the database server is restarting",
    "58": "the database server's disk could not be read or written",
    "08": "the database server cannot be reached",
    "28": "the database server refused the login",
    "3D": "there is no such database on the server",
    "40": "too many others were saving at the same moment",
}
_UNREACHED: Final = (
    "the database server cannot be reached, or knows no database and no login of that name"
)
_EMPTY_HANDED: Final = (
    "the database server asks for a password, and the address of the database holds none"
)
_NOT_LET_IN: Final = (
    "the database server refused the login: the name or the password is wrong,"
    " there is no database of that name, or no connection is left"
)
"""Whoever is not let in is told why in the server's language only, and gets no SQLSTATE."""
_POSTGRES_PASSING: Final = {"40001", "40P01"}  # serialisation failure, deadlock


def make_writer(url: str | URL, patience: float | None = PATIENCE) -> Engine:
    """Return the engine for writing: ``sqlite:///path`` or ``postgresql+psycopg://…``.

    Opens nothing yet. A new SQLite file is created with mode 0600, when first needed; an in-memory
    one is a ``ValueError``, for the reader would not see it. A connection to PostgreSQL counts as
    lost when a statement is not answered in ``patience`` seconds (None: it may take any time).
    """
    address = make_url(url)
    if _is_sqlite(address):
        return _sqlite(address, "BEGIN IMMEDIATE", _PRAGMAS, connections=1)
    return _postgres(address, "", "READ COMMITTED", patience)


def make_reader(url: str | URL, patience: float | None = PATIENCE) -> Engine:
    """Return the engine for reading: writing through it fails, and a transaction is one snapshot.

    Takes the same as :func:`make_writer`.
    """
    address = make_url(url)
    if _is_sqlite(address):
        return _sqlite(address, "BEGIN", (*_PRAGMAS, "query_only=ON"), connections=2)
    read_only = "-c default_transaction_read_only=on"
    return _postgres(address, read_only, "REPEATABLE READ", patience)


def _is_sqlite(address: URL) -> bool:
    """Tell SQLite from PostgreSQL; anything else, or SQLite in memory, is a ``ValueError``."""
    kind = address.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise ValueError(f"Coplan keeps its data in SQLite or PostgreSQL, not in {kind}")
    if kind == "sqlite" and address.database in {None, "", ":memory:"}:
        raise ValueError("Coplan needs a database file: sqlite:///path")
    return kind == "sqlite"


def _sqlite(address: URL, begin: str, pragmas: tuple[str, ...], connections: int) -> Engine:
    """Return an engine whose connections leave every BEGIN to us, so that DDL obeys it too."""
    engine = create_engine(
        address,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # what members wrote has no place in a log
        connect_args={"cached_statements": 512, "isolation_level": None},
    )

    @event.listens_for(engine, "do_connect")
    def create_private(*_: object) -> None:
        # SQLite gives -wal and -shm the mode of the file itself. What fails here fails again when
        # SQLite opens the file, with a code that says why. A file that is there is not opened: to
        # close it would give up all of this process's locks on it (POSIX), and the next program to
        # leave the database would think itself the last, and delete the journal under our feet.
        with contextlib.suppress(OSError):
            os.close(os.open(str(address.database), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def configure(driver: sqlite3.Connection, _: object) -> None:
        for pragma in pragmas:
            driver.execute(f"PRAGMA {pragma}").close()

    def begin_at_once(dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.cursor().execute(begin)

    # Not by the "begin" event: an engine with one listener of that family pays for it at every
    # statement (measured: a unit of seven takes 15-20 % longer).
    engine.dialect.do_begin = begin_at_once  # type: ignore[method-assign]

    return engine


def _postgres(address: URL, options: str, isolation: str, patience: float | None) -> Engine:
    """Return a pooled engine; a connection the server dropped shows at its first statement.

    No ping before each use: it costs half a transaction (performance.md §1); the door repeats.
    """
    from storage.patience import CONNECTING, PatientConnection  # noqa: PLC0415 - needs the driver

    engine = create_engine(
        address,
        pool_size=THREADS,
        max_overflow=2,
        pool_recycle=1800,
        hide_parameters=True,
        isolation_level=isolation,
        connect_args={
            **{name: told for name, told in CONNECTING.items() if name not in address.query},
            "options": f"{options} {_SERVER_OPTIONS}",
        },
    )

    @event.listens_for(engine, "do_connect")
    def connect(_: object, __: object, given: Any, named: Any) -> PatientConnection:  # noqa: ANN401 - the driver's own
        connection = PatientConnection.connect(*given, **named)
        connection.patience = patience
        return connection

    @event.listens_for(engine, "connect")
    def share(driver: Any, _: object) -> None:  # noqa: ANN401 - psycopg is not always there
        # For as long as the connection lasts; a restore wants it for itself (storage/dumps.py).
        driver.execute(f"SELECT pg_advisory_lock_shared({IN_USE})")
        driver.commit()

    return engine


def begin(engine: Engine, patience: float | None = None) -> Connection:
    """Return a connection with a transaction begun; wait, with patience, for other processes.

    Closing the connection rolls back. Raises ``Unavailable`` when SQLite's write lock was held by
    somebody else for five times the busy timeout, or for ``patience`` seconds (SQLite alone), and
    what the driver raises otherwise.
    """
    for milliseconds in [None] * _WAITS if patience is None else _waits(patience):
        try:
            return _begun(engine, milliseconds)
        except exc.DBAPIError as error:
            if not held_by_another(error):
                raise
    raise Unavailable(reason=_HELD)


def _waits(patience: float) -> list[int]:
    """Return the busy timeouts (milliseconds) that make up so many seconds; at least one, of 0."""
    left = max(0, min(int(patience * 1000), _WAITS * BUSY_MILLISECONDS))
    whole, rest = divmod(left, BUSY_MILLISECONDS)
    return [BUSY_MILLISECONDS] * whole + ([rest] if rest or not whole else [])


def _begun(engine: Engine, milliseconds: int | None) -> Connection:
    """Begin; ``milliseconds``: the busy timeout of this connection from now on, if not as usual."""
    connection = engine.connect()
    try:
        if milliseconds is not None:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA busy_timeout={milliseconds}").close()
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection


def commit(connection: Connection) -> bool:
    """Commit; return whether rows changed (undone changes count; PostgreSQL: always True).

    A connection lost meanwhile is ``Unclear``, and the unit must not be repeated: nobody knows
    whether the server had saved it.
    """
    try:
        connection.commit()
    except exc.DBAPIError as error:
        if _lost(error):
            raise Unclear from error
        # SQLite keeps the transaction open after a failed COMMIT, and SQLAlchemy would hand the
        # connection back to the pool like that; closing it undoes everything for certain.
        connection.invalidate(error)
        raise
    changes = getattr(connection.connection.driver_connection, "total_changes", None)
    before = connection.info.get("changes", 0)
    connection.info["changes"] = changes
    return changes is None or bool(changes != before)


def checkpoint(writer: Engine) -> None:
    """Move what SQLite has logged into the database file, as far as readers let it; last of all.

    Not while somebody is still at work with the only connection: the next start does it as well.
    """
    pool = writer.pool
    if writer.dialect.name != "sqlite" or (isinstance(pool, QueuePool) and pool.checkedout()):
        return
    with contextlib.suppress(sqlite3.Error), contextlib.closing(writer.raw_connection()) as raw:
        raw.cursor().execute(f"PRAGMA busy_timeout={_LAST_MILLISECONDS}")
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # in no transaction, or it fails


def trouble(error: BaseException) -> Unavailable | None:
    """Return what to tell a person when the database itself failed; None when it did not.

    A broken constraint or a wrong statement is no trouble of the database's.
    """
    if isinstance(error, exc.TimeoutError):
        return Unavailable(reason="too many others were saving at the same moment")
    driver = _driver_error(error)
    code = getattr(driver, "sqlite_errorcode", None)
    if code is not None:
        reason = _SQLITE_REASONS.get(code & 0xFF)  # the low byte is the primary code
        return Unavailable(reason=reason) if reason else None
    return _server_trouble(error, driver)


def _server_trouble(error: BaseException, driver: Any) -> Unavailable | None:  # noqa: ANN401 - drivers share no class
    """Return the trouble of PostgreSQL; it has no SQLSTATE when no server answered."""
    state = getattr(driver, "sqlstate", None)
    for prefix, reason in _POSTGRES_REASONS.items():
        if state and state.startswith(prefix):
            return Unavailable(reason=reason)
    if state is None and (_lost(error) or isinstance(error, exc.OperationalError)):
        return Unavailable(reason=_not_opened(getattr(driver, "pgconn", None)))
    return None


def _not_opened(attempt: Any) -> str:  # noqa: ANN401 - psycopg is not always there
    """Return why no connection came about, as far as libpq tells it in no language."""
    if attempt is None or not attempt.used_password:
        return _UNREACHED
    return _EMPTY_HANDED if attempt.needs_password else _NOT_LET_IN


def _lost(error: BaseException) -> bool:
    """Tell whether the connection broke; before COMMIT, that means nothing was saved."""
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


def held_by_another(error: BaseException) -> bool:
    """Tell whether another process kept SQLite's file locked all the time we waited."""
    code = getattr(_driver_error(error), "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _SQLITE_HELD


def passing(error: BaseException) -> bool:
    """Tell whether the same unit of work may well succeed when it is simply repeated."""
    state = getattr(_driver_error(error), "sqlstate", None)
    return isinstance(error, Conflict) or _lost(error) or state in _POSTGRES_PASSING


def _driver_error(error: BaseException) -> Any:  # noqa: ANN401 - drivers share no class
    """Return the driver's own error, which SQLAlchemy may have wrapped."""
    return error.orig if isinstance(error, exc.DBAPIError) else error

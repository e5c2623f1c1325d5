"""Backing up and restoring a PostgreSQL database, with PostgreSQL's own pg_dump and pg_restore.

A backup is an archive in the custom format, of one exported snapshot in which the rows were counted
too. A restore is one transaction: what was there moves into a schema of its own, the archive's
tables take its place. Passwords go by the environment, never on a command line.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from bot.domain.errors import InUse, InvalidInput
from storage.backup import OURS, BackedUp, stamp
from storage.engine import IN_USE, make_reader
from storage.migrate import refuse_unknown, upgrade
from storage.placing import UNCHANGED, placed, refuse_existing, told
from storage.restore import DOUBT, IN_DOUBT, Restored, damaged, not_ours
from storage.sealing import archive_intact, seal_archive
from storage.tables import metadata
from storage.types import microseconds

_SIGNATURE: Final = b"PGDMP"
_PARTS: Final = ("--no-owner", "--no-privileges", "--schema=public")
_TABLE: Final = re.compile(r" TABLE public (\S+) ")
_COPY: Final = re.compile(rb'COPY public\."?(\w+)"? .*FROM stdin;\n')
_KNOWN: Final = frozenset({*metadata.tables, "alembic_version"})


def back_up(url: str | URL, target: Path, *, over: bool, unfinished: str = "") -> BackedUp:
    """Write the database into the file ``target``, checked and on the disk.

    Raises ``InvalidInput`` and leaves nothing when it cannot be read or written, when ``target``
    is there already (without ``over``), and where pg_dump is not installed.
    """
    address = make_url(url)
    _require("pg_dump", "pg_restore")
    if not over:
        refuse_existing(target)
    with (
        told(f"The database cannot be backed up to {target}"),
        placed(target, over=over, unfinished=unfinished) as part,
    ):
        rows = _dumped(address, part)
        if _rows_in(part) != rows:
            raise InvalidInput(what=f"{target} would not be like the database.", remedy=UNCHANGED)
        seal_archive(part)
    return BackedUp(file=target, tables=len(rows), rows=sum(rows.values()))


def restore(backup: Path, url: str | URL, now: datetime) -> Restored:
    """Put what ``backup`` holds in the place of Coplan's tables in the database.

    Raises, with nothing changed, ``InUse`` while Coplan is connected to it, ``NewerDatabase`` for
    a backup of a newer version, and ``InvalidInput`` for one that is none or damaged.
    """
    address = make_url(url)
    _require("pg_restore", "psql")
    with told(f"{backup} cannot be read"):
        with backup.open("rb") as file:
            if file.read(len(_SIGNATURE)) != _SIGNATURE:
                raise not_ours(backup, "PostgreSQL")
        if not archive_intact(backup):
            raise damaged(backup)
    _check(backup)
    with _alone(address) as connection:
        kept, aside = _aside(connection, now)
        _replace(address, backup, f"BEGIN; {aside}", f"{_doubt(now)}; COMMIT;")
        waiting = "SELECT count(*) FROM public.outbox WHERE state IN ('pending', 'leased')"
        query = text(f"{waiting} AND due_at <= {microseconds(now)}")
        unknown = int(connection.execute(query).scalar_one())
    upgrade(address)
    return Restored(kept=kept, unknown=unknown)


def _doubt(now: datetime) -> str:
    """Return the SQL that puts in doubt what may have been sent since the backup.

    An older schema has no word for it but a lease; the upgrade takes that for what it is.
    """
    at = microseconds(now)
    lease = f"state = 'leased', lease_until = {at}"
    known, unknown = (DOUBT.format(schema="public.", how=how, now=at) for how in (IN_DOUBT, lease))
    column = "table_schema = 'public' AND table_name = 'outbox' AND column_name = 'doubtful'"
    asked = f"EXISTS (SELECT FROM information_schema.columns WHERE {column})"
    return f"DO $$ BEGIN IF {asked} THEN {known}; ELSE {unknown}; END IF; END $$"


def _dumped(address: URL, part: Path) -> Mapping[str, int]:
    """Dump one snapshot, and return its rows by table."""
    reader = make_reader(address, patience=None)
    try:
        with reader.begin() as connection:
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            names = connection.exec_driver_sql(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).scalars()
            tables = set(names)
            if not tables >= OURS:
                raise InvalidInput(what="The database holds nothing of Coplan's.", remedy=UNCHANGED)
            rows = {name: _count(connection, name) for name in tables}
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            dump = ("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={part}")
            _run(address, *dump, *_PARTS, f"--dbname={_place(address)}")
            return rows
    finally:
        reader.dispose()


def _count(connection: Connection, table: str) -> int:
    query = f'SELECT count(*) FROM public."{table}"'  # noqa: S608 - the database's own name
    return int(connection.exec_driver_sql(query).scalar_one())


def _rows_in(archive: Path) -> dict[str, int]:
    """Return the rows by table of a whole archive; one that cannot be read is ``InvalidInput``."""
    rows: dict[str, int] = {}
    table = None
    with tempfile.TemporaryFile() as errors:
        command = ["pg_restore", "--data-only", *_PARTS, "--file=-", str(archive)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process:  # noqa: S603
            for line in process.stdout or ():
                if table is not None and line != b"\\.\n":
                    rows[table] += 1
                elif table is not None:
                    table = None
                elif found := _COPY.fullmatch(line):
                    table = found[1].decode()
                    rows[table] = 0
        _expect(process.returncode, "pg_restore", errors)
    return rows


def _check(backup: Path) -> None:
    """Raise unless the archive is whole, Coplan's, and of a schema that this version knows."""
    listed = _run(None, "pg_restore", "--list", str(backup))
    if not set(_TABLE.findall(listed)) >= OURS:
        raise not_ours(backup, "PostgreSQL")
    _rows_in(backup)
    version = ("--data-only", "--table=alembic_version", *_PARTS, "--file=-", str(backup))
    script = _run(None, "pg_restore", *version)
    found = re.search(r"^COPY public\.alembic_version .*\n(\S+)\n", script, re.MULTILINE)
    refuse_unknown(found[1] if found else "none")


@contextlib.contextmanager
def _alone(address: URL) -> Iterator[Connection]:
    """Yield the one connection of Coplan's to the database; others wait, or are ``InUse``."""
    engine = create_engine(
        address, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    with told("The database cannot be restored"), engine.connect() as connection:
        if not connection.execute(text(f"SELECT pg_try_advisory_lock({IN_USE})")).scalar_one():
            raise InUse(path=f"the database {address.database}")
        yield connection


def _aside(connection: Connection, now: datetime) -> tuple[str | None, str]:
    """Return the name of the schema that keeps what is there, and the SQL that moves it there."""
    there = connection.exec_driver_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).scalars()
    tables = [name for name in there if name in _KNOWN]
    if not tables:
        return None, ""
    kept = f"coplan_before_restore_{stamp(now).replace('.', '_').lower()}"
    functions = connection.execute(
        text(
            "SELECT DISTINCT t.tgfoid::regprocedure::text FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
            " AND c.relname = ANY(:tables)"
        ),
        {"tables": tables},
    ).scalars()
    moves = [f'ALTER TABLE public."{name}" SET SCHEMA {kept}' for name in tables]
    moves += [f"ALTER FUNCTION {name} SET SCHEMA {kept}" for name in functions]
    return kept, "; ".join((f"CREATE SCHEMA {kept}", *moves, ""))


def _replace(address: URL, backup: Path, before: str, after: str) -> None:
    """Run the archive between two pieces of SQL, all in one session of psql's.

    Without its last word, COMMIT, which is said only when pg_restore has ended well, nothing stays.
    """
    psql = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--no-password"]
    psql.append(f"--dbname={_place(address)}")
    script = ["pg_restore", *_PARTS, "--file=-", str(backup)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603
            psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors,
            env=_environment(address),
        ) as session,
    ):  # fmt: skip
        assert session.stdin is not None  # noqa: S101 - for the type checker
        with contextlib.suppress(BrokenPipeError):  # psql says why
            session.stdin.write(before.encode() + b"\n")
            session.stdin.flush()
            wrote = subprocess.run(script, stdout=session.stdin, stderr=errors, check=False)  # noqa: S603
            if wrote.returncode == 0:
                session.stdin.write(after.encode() + b"\n")
            session.stdin.close()
        session.wait()
        _expect(session.returncode or wrote.returncode, "pg_restore", errors)


def _run(address: URL | None, *command: str) -> str:
    """Run a tool of PostgreSQL's to its end and return what it wrote."""
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=errors, check=False, env=_environment(address)
        )
        _expect(done.returncode, command[0], errors)
    return done.stdout.decode("utf-8", "replace")


def _expect(code: int, tool: str, errors: IO[bytes]) -> None:
    """Raise ``InvalidInput`` with the tool's last words unless it ended well."""
    if code:
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip().splitlines() or ["no reason"]
        why = said[0].removeprefix(f"{tool}: ").removeprefix("error: ")
        raise InvalidInput(what=f"{tool} failed: {why}.", remedy=UNCHANGED)


def _require(*tools: str) -> None:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        raise InvalidInput(
            what=f"{' and '.join(missing)} must be installed to do this with PostgreSQL.",
            remedy=f"Install PostgreSQL's client programs, of the server's version. {UNCHANGED}",
        )


def _place(address: URL) -> str:
    """Return the address as PostgreSQL's tools take it, without its password."""
    plain = URL.create(
        "postgresql", address.username, None, address.host, address.port, address.database,
        address.difference_update_query(("password",)).query,
    )  # fmt: skip
    return plain.render_as_string(hide_password=False)


def _environment(address: URL | None) -> dict[str, str]:
    given = None if address is None else address.password or address.query.get("password")
    secret = str(given or "")
    return {**os.environ, **({"PGPASSWORD": secret} if secret else {})}

"""Backing up a SQLite database while it is being written.

One read transaction sees the database as it is at one instant, whatever is committed meanwhile: the
rows are counted and the pages copied in it (SQLite's backup API; VACUUM INTO cannot run inside a
transaction, so its copy could be compared with no count). Writers do not wait for it.
PostgreSQL: storage/dumps.py.
"""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from bot.domain.errors import InvalidInput
from storage.engine import BUSY_MILLISECONDS
from storage.holding import BESIDE, file_of
from storage.placing import UNCHANGED, placed, refuse_existing, told
from storage.sealing import seal

OURS: Final = frozenset({"alembic_version", "plans", "outbox"})
"""Tables by which a database of Coplan's is known, whatever its schema."""
_STAMPED: Final = re.compile(r"coplan-\d{8}T\d{6}\.\d{3}Z\.(db|dump)")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made, and what is in it."""

    file: Path
    tables: int
    rows: int


def stamped(folder: Path, now: datetime, ending: str) -> Path:
    """Return the name of a backup made now, in a folder of many: they sort by their age."""
    return folder / f"coplan-{stamp(now)}.{ending}"


def stamp(now: datetime) -> str:
    """Return the instant as it stands in names, in UTC to the millisecond: 20261103T071500.123Z."""
    plain = now.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return plain.replace("-", "").replace(":", "") + "Z"


def prune(made: Path, keep: int) -> tuple[Path, ...]:
    """Keep ``made`` and the newest others of its folder, ``keep`` in all, and remove the rest.

    Only files that ``stamped`` named count. Returns those that could not be removed.
    """
    left = []
    others = (path for path in made.parent.iterdir() if path.name != made.name)
    mine = sorted((path for path in others if _STAMPED.fullmatch(path.name)), reverse=True)
    for old in mine[max(keep, 1) - 1 :]:
        try:
            old.unlink()
        except OSError:
            left.append(old)
    return tuple(left)


def back_up(url: str | URL, target: Path, *, over: bool, unfinished: str = "") -> BackedUp:
    """Copy the SQLite database at ``url`` to the file ``target``, checked and on the disk.

    Raises ``InvalidInput``, and leaves nothing, when the database is missing, damaged or none of
    Coplan's, when ``target`` is the database itself, or is there already (without ``over``), and
    when it cannot be written.
    """
    source = file_of(url)
    if source is None or not source.is_file():
        raise InvalidInput(
            what=f"There is no database {source}.",
            remedy=f"Name the one to back up with --database or --data. {UNCHANGED}",
        )
    if target.resolve() in {source.with_name(source.name + end) for end in ("", *BESIDE)}:
        raise InvalidInput(
            what=f"{target} is the database itself.", remedy=f"Choose another name. {UNCHANGED}"
        )
    if not over:
        refuse_existing(target)
    with (
        told(f"{source} cannot be backed up to {target}"),
        placed(target, over=over, unfinished=unfinished) as part,
    ):
        rows = _copied(source, part)
        seal(part)
    return BackedUp(file=target, tables=len(rows), rows=sum(rows.values()))


@contextlib.contextmanager
def opened(path: Path, *, mode: str = "rw") -> Iterator[sqlite3.Connection]:
    """Open a SQLite file that is there, for plain SQL; ``mode`` as in SQLite's file addresses."""
    address = f"{path.resolve().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}").close()
        yield connection


def tables_of(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the tables, but for SQLite's own."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in found if not name.startswith("sqlite_")}


def refuse_damaged(connection: sqlite3.Connection, what: str) -> None:
    """Raise ``InvalidInput`` unless the whole file is sound, and no row points nowhere."""
    (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if state != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise InvalidInput(what=f"{what} is damaged.", remedy=UNCHANGED)


def _copied(source: Path, part: Path) -> Mapping[str, int]:
    """Copy one snapshot into ``part``, check it, and return its rows by table."""
    with opened(source) as theirs, opened(part) as ours:
        theirs.execute("BEGIN")
        tables = tables_of(theirs)
        if not tables >= OURS:
            raise InvalidInput(
                what=f"{source} is not a database of Coplan's.", remedy=f"Name one. {UNCHANGED}"
            )
        rows = _counted(theirs, tables)
        theirs.backup(ours)
        theirs.execute("ROLLBACK")
        ours.execute("PRAGMA journal_mode=DELETE").close()  # all of it in one file
        refuse_damaged(ours, str(source))
        if _counted(ours, tables_of(ours)) != rows:
            raise InvalidInput(what=f"The copy of {source} is not like it.", remedy=UNCHANGED)
    return rows


def _counted(connection: sqlite3.Connection, tables: set[str]) -> dict[str, int]:
    counts = {}
    for table in tables:
        query = f'SELECT count(*) FROM "{table}"'  # noqa: S608 - a name from the database itself
        counts[table] = int(connection.execute(query).fetchone()[0])
    return counts

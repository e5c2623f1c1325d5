"""Putting a backup in the place of a SQLite database. PostgreSQL: storage/dumps.py.

Everything is done to a copy beside the database: it is checked, brought to this version's schema
and made ready to go on; then it takes the database's place by one renaming. The database that was
there keeps its rows under another name.
"""

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from bot.domain.errors import InUse, InvalidInput
from storage.backup import OURS, opened, refuse_damaged, stamp, tables_of
from storage.engine import held_by_another
from storage.holding import BESIDE, file_of, hold
from storage.migrate import upgrade
from storage.placing import UNCHANGED, placed, sync, told
from storage.sealing import intact, unseal
from storage.types import microseconds

SIGNATURE: Final = b"SQLite format 3\0"

# What was waiting when the backup was made may have been sent since: as if the sending had begun,
# so that the courier does what the operator chose for an unknown outcome.
DOUBT: Final = (
    "UPDATE {schema}outbox SET {how}, epoch = epoch + 1,"
    " attempts = CASE WHEN attempts < 1 THEN 1 ELSE attempts END"
    " WHERE state IN ('pending', 'leased') AND due_at <= {now}"
)
IN_DOUBT: Final = "state = 'pending', doubtful = (1 = 1), lease_until = NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: where the database that was there is kept (None: there was none).

    ``unknown`` counts the notices that may have been sent since the backup was made.
    """

    kept: str | None
    unknown: int


def restore(backup: Path, url: str | URL, now: datetime) -> Restored:
    """Put ``backup`` in the place of the SQLite database at ``url``.

    Raises, with nothing changed, ``InUse`` while Coplan runs on the database, ``NewerDatabase``
    for a backup of a newer version, and ``InvalidInput`` for one that is damaged, none of
    Coplan's, the database itself, or cannot be read, and for a database that cannot be written.
    """
    target = file_of(url)
    if target is None:
        raise ValueError("this is for SQLite")
    _refuse_unusable(backup, target)
    with (
        told(f"{backup} cannot be restored to {target}"),
        hold(url),
        placed(target, over=True) as part,
    ):
        shutil.copyfile(backup, part)
        for ending in ("-wal", "-journal"):  # a plain copy of a database may have its log beside it
            if (log := backup.with_name(backup.name + ending)).exists():
                shutil.copyfile(log, part.with_name(part.name + ending))
        unknown = _made_ready(part, backup, now)
        kept = _set_aside(target, now)
    return Restored(kept=str(kept) if kept else None, unknown=unknown)


def _refuse_unusable(backup: Path, target: Path) -> None:
    with told(f"{backup} cannot be read"):
        with backup.open("rb") as file:
            begins = file.read(len(SIGNATURE))
        same = target.exists() and backup.samefile(target)
    if same:
        raise InvalidInput(
            what=f"{backup} is the database itself.", remedy=f"Name a backup of it. {UNCHANGED}"
        )
    if begins != SIGNATURE:
        raise not_ours(backup, "SQLite")


def _made_ready(part: Path, backup: Path, now: datetime) -> int:
    """Check the copy, bring it to this schema, and return how many notices it cannot answer for."""
    if not intact(part):
        raise damaged(backup)
    unseal(part)
    with opened(part) as connection:
        if not tables_of(connection) >= OURS:
            raise not_ours(backup, "SQLite")
        refuse_damaged(connection, str(backup))
    upgrade(URL.create("sqlite", database=str(part)))
    with opened(part) as connection:
        statement = DOUBT.format(schema="", how=IN_DOUBT, now=microseconds(now))
        unknown = connection.execute(statement).rowcount
        connection.execute("PRAGMA journal_mode=DELETE").close()  # all of it in one file
    return unknown


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Give the database that is there a second name to keep, and return that; None: none is.

    What SQLite keeps beside it goes into it, or, where it is too damaged for that, goes along: it
    would spoil the one that takes its place.
    """
    kept = target.with_name(f"{target.stem}-before-restore-{stamp(now)}{target.suffix}")
    if target.exists():
        _settle(target)
        try:
            kept.hardlink_to(target)
        except FileExistsError:
            raise InvalidInput(
                what=f"{kept} is there already.", remedy=f"Try again in a second. {UNCHANGED}"
            ) from None
        except OSError:  # a file system without links
            shutil.copyfile(target, kept)
            sync(kept)
    for ending in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + ending).replace(kept.with_name(kept.name + ending))
    sync(target.parent)
    return kept if kept.exists() else None


def _settle(target: Path) -> None:
    """Have SQLite put everything into the one file, unless it is too damaged to be a database."""
    try:
        with opened(target) as connection:
            tables = tables_of(connection)
            if tables and not tables >= OURS:
                raise InvalidInput(
                    what=f"{target} is the database of something else.",
                    remedy=f"Name Coplan's with --database or --data. {UNCHANGED}",
                )
            connection.execute("PRAGMA journal_mode=DELETE").close()
    except sqlite3.Error as error:
        if held_by_another(error):
            raise InUse(path=target) from error


def not_ours(backup: Path, kind: str) -> InvalidInput:
    """Return what to say of a file that is no backup of such a database."""
    return InvalidInput(
        what=f"{backup} is not a backup of Coplan's from {kind}.",
        remedy=f"Name a file that “coplan backup” made of a {kind} database. {UNCHANGED}",
    )


def damaged(backup: Path) -> InvalidInput:
    """Return what to say of a backup whose seal is broken."""
    return InvalidInput(
        what=f"{backup} is damaged: it is not as it was when it was made.",
        remedy=f"Use another backup. {UNCHANGED}",
    )

"""The playground's file: whose it is, and emptying it."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from adapters.playground.tables import facts
from bot.domain.errors import InvalidInput

_SQLITE: Final = b"SQLite format 3\0"
_BESIDE: Final = ("-wal", "-shm", "-journal")
_MOST_KEPT: Final = 100
_ANOTHER: Final = "Name another with --data. Nothing was changed."


def check(path: Path, *, fresh: bool) -> None:
    """Raise ``InvalidInput`` unless a playground may live in the file; changes nothing.

    It is missing or empty, or a SQLite file that a playground made (without ``fresh``, which
    puts it aside: any one of Coplan's).
    """
    if path.is_dir():
        raise InvalidInput(
            what=f"{path} is a folder, not a file.",
            remedy="Name a file in it with --data. Nothing was changed.",
        )
    if not path.parent.is_dir():
        raise InvalidInput(what=f"There is no folder {path.parent}.", remedy=_ANOTHER)
    if not path.exists():
        return
    tables = _tables(path)
    known = {facts.name} if fresh else {facts.name, "alembic_version"}
    if tables is None or (tables and not tables & known):
        raise InvalidInput(what=f"{path} is not a database of the playground.", remedy=_ANOTHER)


def put_aside(path: Path) -> Path | None:
    """Rename a playground's file (``--fresh``); return its new name, None if it holds nothing.

    No older one is overwritten. What SQLite has not written into the file yet goes into it first,
    or, where that fails, along with it. Raises ``InvalidInput``, with nothing changed, when the
    folder does not allow it.
    """
    if not path.exists() or not path.stat().st_size:
        return None
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as known:
        known.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    names = (path.with_name(f"{path.name}.bak{number}") for number in ("", *range(2, _MOST_KEPT)))
    kept = next((name for name in names if not name.exists()), None)
    if kept is None:
        raise InvalidInput(
            what=f"There are {_MOST_KEPT - 1} files {path.name}.bak… beside {path.name} already.",
            remedy="Delete those you need no more. Nothing was changed.",
        )
    try:
        path.rename(kept)
    except OSError as error:
        raise InvalidInput(
            what=f"{path} cannot be put aside: {error.strerror}.", remedy=_ANOTHER
        ) from error
    for ending in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _tables(path: Path) -> set[str] | None:
    """Return the names of the tables in a SQLite file, None for any other; opens it to read only.

    What a killed playground wrote last lies in the log beside the file, so that is read too.
    """
    try:
        with path.open("rb") as stream:
            begins = stream.read(len(_SQLITE))
        if not begins:
            return set()
        if begins != _SQLITE:
            return None
        logged = path.with_name(path.name + "-wal").exists()
        how = "mode=ro" if logged else "mode=ro&immutable=1"
        address = f"{path.resolve().as_uri()}?{how}"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except (OSError, sqlite3.Error):
        return None
